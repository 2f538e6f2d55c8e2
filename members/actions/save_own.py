"""The provider's own identities (ruling 21) and the payer's plans (ruling 20): lists that their owner keeps."""

from collections.abc import Iterable

from accounts.models import User
from audit.actions import record
from audit.enums import Action, SubjectKind
from members import policies
from members.models import BillingProvider, Facility, Plan, Practitioner


def save_billing_provider(*, billing_provider: BillingProvider, changed: Iterable[str], by: User) -> None:
    """Write a new billing provider, or the ``changed`` columns of one. The usual one takes over from another.

    Raises ``Forbidden``.
    """
    policies.require_manage_patients(by)
    if billing_provider.is_default:
        others = BillingProvider.objects.visible_to(by).exclude(pk=billing_provider.pk)
        for other in others.filter(is_default=True):
            other.is_default = False
            other.touch("is_default")
    _save(billing_provider, changed, Action.BILLING_PROVIDER_SAVED, SubjectKind.BILLING_PROVIDER)


def save_practitioner(*, practitioner: Practitioner, changed: Iterable[str], by: User) -> None:
    """Write a new practitioner, or the ``changed`` columns of one. Raises ``Forbidden``."""
    policies.require_manage_patients(by)
    _save(practitioner, changed, Action.PRACTITIONER_SAVED, SubjectKind.PRACTITIONER)


def save_facility(*, facility: Facility, changed: Iterable[str], by: User) -> None:
    """Write a new facility, or the ``changed`` columns of one. Raises ``Forbidden``."""
    policies.require_manage_patients(by)
    _save(facility, changed, Action.FACILITY_SAVED, SubjectKind.FACILITY)


def save_plan(*, plan: Plan, changed: Iterable[str], by: User) -> None:
    """Write a new plan, or the ``changed`` columns of one, for its payer or in the administration. Raises
    ``Forbidden``."""
    policies.require_save_plans(by)
    fields = _write(plan, changed)
    if fields:
        record(Action.PLAN_SAVED, SubjectKind.PLAN, plan.pk, payer_id=plan.payer_id, fields=fields)


def _save(
    row: BillingProvider | Practitioner | Facility,
    changed: Iterable[str],
    action: Action,
    kind: SubjectKind,
) -> None:
    fields = _write(row, changed)
    if fields:
        record(action, kind, row.pk, provider_id=row.organization_id, fields=fields)


def _write(row: BillingProvider | Practitioner | Facility | Plan, changed: Iterable[str]) -> list[str]:
    fields = list(changed)
    if row._state.adding:
        row.save(force_insert=True)
    elif fields:
        row.touch(*fields)
    return fields
