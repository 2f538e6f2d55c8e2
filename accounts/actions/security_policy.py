"""An administrator changes how people come in and stay in. In force with the next request (accounts/safeguards.py)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.models import SecurityPolicy, Session
from accounts.safeguards import INSIDE, STRICTER, is_inside, stricter_of
from audit.actions import record
from audit.enums import Action, Detail, Severity, SubjectKind


def change_policy(*, policy: SecurityPolicy, fields: Sequence[str], was: Mapping[str, Any]) -> None:
    """Save a new policy, or these fields of one; ``was`` are the values before (of a new one: the defaults). The trail
    has figures, of address ranges only how many. Raises ``IntegrityError`` if the organization has one already."""
    if policy._state.adding:
        policy.save(force_insert=True)
    else:
        policy.touch(*fields)
    changed = [name for name in STRICTER if name in fields]
    now = {name: getattr(policy, name) for name in changed}
    record(
        Action.POLICY_CHANGED,
        SubjectKind.SECURITY_POLICY,
        policy.pk,
        fields=fields,
        details={
            Detail.OLD_VALUES: [_figure(name, was[name]) for name in changed],
            Detail.NEW_VALUES: [_figure(name, now[name]) for name in changed],
        },
        severity=Severity.WARNING
        if any(_is_laxer(name, was[name], now[name]) for name in changed)
        else Severity.INFO,
    )


def _figure(name: str, value: Any) -> str:
    return f"{name}:{len(value) if STRICTER[name] == INSIDE else int(value)}"


def _is_laxer(name: str, was: Any, now: Any) -> bool:
    """Ranges that were dropped or joined by others count as laxer: somebody may come from elsewhere now."""
    if STRICTER[name] == INSIDE:
        return bool(was) and not set(now or ("anywhere",)) <= set(was)
    return bool(stricter_of(name, was, now) != now)


def sessions_outside(policy: SecurityPolicy) -> int:
    """How many sessions this policy's ranges end with their next request: said to whoever saved it."""
    if not policy.address_ranges:
        return 0
    live = Session.objects.filter(user__isnull=False, expire_date__gt=timezone.now())
    if policy.organization_id is not None:
        live = live.filter(organization_id=policy.organization_id)
    places = live.values_list("address", flat=True)
    return sum(not is_inside(place or "", policy.address_ranges) for place in places)
