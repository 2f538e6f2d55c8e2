"""The payer's roster by hand: members, their coverages, and what the payer says about them (ruling 19)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib import phi
from claimflow.lib.permissions import WrongState
from members import policies
from members.actions.doubles import organization_of, refuse_a_double
from members.enums import Verification
from members.models import Coverage, Member


def add_member(
    *,
    facts: Mapping[str, Any],
    coverage: Mapping[str, Any],
    is_another_person: bool = False,
    by: User,
) -> Member:
    """Put a person with a first coverage on the roster; ``facts`` and ``coverage`` are names of model fields.

    Raises ``Forbidden``, and ``LooksKnown`` unless ``is_another_person``.
    """
    policies.require_manage_members(by)
    if not is_another_person:
        refuse_a_double(Member, facts, by)
    member = Member(organization_id=organization_of(by), **facts)
    phi.fill_blind_indexes(member)
    member.save(force_insert=True)
    record(Action.MEMBER_ADDED, SubjectKind.MEMBER, member.pk, payer_id=member.organization_id)
    add_coverage(member=member, facts=coverage, by=by)
    return member


def add_coverage(*, member: Member, facts: Mapping[str, Any], by: User) -> Coverage:
    """One more coverage of a member. Raises ``Forbidden``, and ``WrongState`` when the member already has this
    plan from that day."""
    policies.require_manage_members(by)
    taken = Coverage.objects.filter(person=member, plan=facts["plan"], effective_from=facts["effective_from"])
    if taken.exists():
        raise WrongState(_("The member already has this plan from that day."), code="covered_already")
    coverage = Coverage(organization_id=member.organization_id, person=member, **facts)
    phi.fill_blind_indexes(coverage)
    coverage.save(force_insert=True)
    record(Action.COVERAGE_ADDED, SubjectKind.COVERAGE, coverage.pk, payer_id=coverage.organization_id)
    return coverage


def end_coverage(*, coverage: Coverage, last_day: date, by: User) -> Coverage:
    """``last_day`` is the last day in force, past or to come. Raises ``Forbidden``, and ``WrongState`` for a day
    before the coverage began."""
    policies.require_manage_members(by)
    coverage = _locked(coverage)
    _end(coverage, last_day, by)
    return coverage


def end_member(*, member: Member, last_day: date, by: User) -> int:
    """End every coverage that would last longer than ``last_day``, and return how many. Raises ``Forbidden``, and
    ``WrongState`` when one of them began later."""
    policies.require_manage_members(by)
    coverages = list(Coverage.objects.filter(person=member).select_for_update().order_by("id"))
    open_ones = [row for row in coverages if row.effective_to is None or row.effective_to > last_day]
    for coverage in open_ones:
        _refuse_before_start(coverage, last_day)
    for coverage in open_ones:
        _end(coverage, last_day, by)
    if open_ones:
        record(
            Action.MEMBER_ENDED,
            SubjectKind.MEMBER,
            member.pk,
            payer_id=member.organization_id,
            details={"ended": len(open_ones)},
        )
    return len(open_ones)


def verify_coverage(
    *, coverage: Coverage, verdict: Verification, last_day: date | None = None, by: User
) -> Coverage:
    """Say what the payer found out. ``ended`` needs ``last_day``. Raises ``Forbidden``, ``WrongState``."""
    policies.require_manage_members(by)
    coverage = _locked(coverage)
    if verdict == Verification.ENDED:
        _end(coverage, last_day or coverage.effective_to or timezone.localdate(timezone=by.time_zone), by)
        return coverage
    _mark(coverage, verdict, by)
    return coverage


def _locked(coverage: Coverage) -> Coverage:
    locked: Coverage = Coverage.objects.select_for_update().get(pk=coverage.pk)
    return locked


def _refuse_before_start(coverage: Coverage, last_day: date) -> None:
    if last_day < coverage.effective_from:
        raise WrongState(
            _("The coverage began on %(day)s, so its last day cannot be before. Nothing was changed.")
            % {"day": date_format(coverage.effective_from, "M j, Y")},
            code="ends_before_it_began",
        )


def _end(coverage: Coverage, last_day: date, by: User) -> None:
    _refuse_before_start(coverage, last_day)
    if coverage.effective_to == last_day and coverage.verification == Verification.ENDED:
        return
    coverage.effective_to = last_day
    old = _say(coverage, Verification.ENDED, by)
    coverage.touch("effective_to", "verification", "verified_by", "verified_at")
    record(
        Action.COVERAGE_ENDED,
        SubjectKind.COVERAGE,
        coverage.pk,
        payer_id=coverage.organization_id,
        old_status=old,
        new_status=coverage.verification,
        fields=["effective_to", "verification"],
    )


def _mark(coverage: Coverage, verdict: Verification, by: User) -> None:
    old = _say(coverage, verdict, by)
    coverage.touch("verification", "verified_by", "verified_at")
    record(
        Action.MEMBER_VERIFIED,
        SubjectKind.COVERAGE,
        coverage.pk,
        payer_id=coverage.organization_id,
        old_status=old,
        new_status=coverage.verification,
        fields=["verification"],
    )


def _say(coverage: Coverage, verdict: Verification, by: User) -> str:
    """Set who says what now; returns what was said before."""
    old: str = coverage.verification
    is_open = verdict == Verification.UNVERIFIED
    coverage.verification = verdict.value
    coverage.verified_by = None if is_open else by
    coverage.verified_at = None if is_open else timezone.now()
    return old
