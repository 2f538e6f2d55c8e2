"""Money for remote models: reserved before a call, settled after it. The stop is hard: what might not fit is not asked.

Amounts are micro-dollars. Call these in the system's context, each in a transaction of its own; whoever reserves
holds the payer's budget row, so that two at once cannot both take the last of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import OrganizationKind
from accounts.models import OrganizationProfile
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib.permissions import require
from intelligence.enums import SpendingPeriod
from intelligence.models import RemoteBudget, RemoteSpending
from intelligence.policies import require_versions

MICROS_IN_A_CENT = 10_000


@dataclass(frozen=True, slots=True)
class Reservation:
    """``amount`` held in the rows of one day and its month, until it is settled."""

    spendings: tuple[UUID, ...]
    amount: int


def reserve(*, organization_id: UUID, amount: int, at: datetime | None = None) -> Reservation | None:
    """Hold ``amount`` of today's and this month's budget; None when it does not fit into both, or there is none."""
    budget = RemoteBudget.objects.select_for_update().filter(pk=organization_id).first()
    if budget is None:
        return None
    today = _today(organization_id, at or timezone.now())
    limits = {SpendingPeriod.DAY: budget.daily, SpendingPeriod.MONTH: budget.monthly}
    spendings = []
    for period, limit in limits.items():
        spending = _spending(organization_id, period, today)
        if spending.reserved + spending.spent + amount > int(limit * 100) * MICROS_IN_A_CENT:
            return None
        spendings.append(spending)
    for spending in spendings:
        spending.reserved += amount
        spending.calls += 1
        spending.touch("reserved", "calls")
    return Reservation(tuple(spending.pk for spending in spendings), amount)


def settle(reservation: Reservation, *, cost: int) -> None:
    """Give back what was held and count what it cost, in the day and month in which the call began."""
    _locked(reservation).update(
        reserved=F("reserved") - reservation.amount, spent=F("spent") + cost, updated_at=timezone.now()
    )


def release(reservation: Reservation) -> None:
    """Give back what was held for a call that did not happen."""
    _locked(reservation).update(
        reserved=F("reserved") - reservation.amount, calls=F("calls") - 1, updated_at=timezone.now()
    )


def set_budget(*, budget: RemoteBudget, fields: Sequence[str], is_new: bool, by: Any) -> None:
    """Save a payer's budget. Raises ``Forbidden`` without the right, and for an organization that is no payer."""
    require_versions(by)
    require(
        budget.organization.kind == OrganizationKind.PAYER,
        _("Only a payer's claims are sorted by a model. Choose a payer."),
    )
    if is_new:
        budget.save(force_insert=True)
    else:
        budget.touch(*fields)
    record(
        Action.MODEL_BUDGET_SET,
        SubjectKind.ORGANIZATION,
        budget.organization_id,
        payer_id=budget.organization_id,
        fields=fields,
    )


def _locked(reservation: Reservation) -> QuerySet[RemoteSpending]:
    """The rows that hold it, locked as ``reserve`` locks them: the day, then its month. An UPDATE alone takes them in
    any order, and two at once could wait for each other."""
    rows: QuerySet[RemoteSpending] = RemoteSpending.objects.filter(pk__in=reservation.spendings)
    list(rows.order_by("period").select_for_update().values_list("pk"))
    return rows


def _today(organization_id: UUID, moment: datetime) -> date:
    """The day in the payer's zone (ruling 17)."""
    zone = OrganizationProfile.objects.filter(pk=organization_id).values_list("time_zone", flat=True).first()
    return timezone.localdate(moment, timezone=ZoneInfo(zone or "UTC"))


def _spending(organization_id: UUID, period: SpendingPeriod, today: date) -> RemoteSpending:
    begins_on = today if period == SpendingPeriod.DAY else today.replace(day=1)
    spending: RemoteSpending = RemoteSpending.objects.select_for_update().get_or_create(
        organization_id=organization_id, period=period.value, begins_on=begins_on
    )[0]
    return spending
