"""A roster file in two steps: read it and show what it would do; then, confirmed, do it whole or not at all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record, record_many
from audit.enums import Action, SubjectKind
from claimflow.lib import jobs, phi
from claimflow.lib.permissions import WrongState
from members import policies
from members.actions.compare_roster import Step, Verdict, compare
from members.actions.doubles import organization_of
from members.enums import UploadState, Verification
from members.models import Coverage, Member, Plan, RosterUpload
from members.roster.read import Roster, read

BATCH = 500
MANY = 1000  # rows that came at once: the planner should know of them before its own next look


def upload_roster(*, content: bytes, by: User) -> RosterUpload:
    """Read a file and keep what it says, encrypted, until it is confirmed. Members and coverages stay as they are.

    Raises ``Forbidden``, and ``members.roster.read.Unreadable`` for a file that cannot be used at all.
    """
    policies.require_manage_members(by)
    plans = Plan.objects.visible_to(by).filter(payer_id=by.organization_id, is_active=True)
    roster = read(
        content,
        plans=list(plans.values_list("name", flat=True)),
        today=timezone.localdate(timezone=by.time_zone),
    )
    verdicts = Counter(step.verdict for step in compare(roster.rows, by=by))
    upload = RosterUpload(
        organization_id=organization_of(by),
        uploaded_by=by,
        content=_stored(roster),
        rows=roster.count,
        faults=len(roster.faults),
        **_counts(verdicts),
    )
    upload.save(force_insert=True)
    return upload


def apply_roster(*, upload: RosterUpload, by: User) -> RosterUpload:
    """Write every row in this transaction. Applied once; asked again, it only says so.

    What the file does is worked out anew, because the roster may have moved since the preview. Raises
    ``Forbidden``, and ``WrongState`` for a file with faulty cells, one discarded, or a plan that is gone.
    """
    policies.require_manage_members(by)
    upload = _locked(upload)
    if upload.state == UploadState.APPLIED:
        return upload
    if upload.state != UploadState.WAITING or upload.faults:
        raise WrongState(_("This file cannot be applied any more. Upload it again."), code="cannot_apply")
    rows = phi.value(upload, "content")["rows"]
    try:
        steps = compare(rows, by=by, lock=True)
    except KeyError:
        raise WrongState(
            _("A plan of this file was renamed since it was uploaded. Nothing was changed; upload it again."),
            code="plan_gone",
        ) from None
    _write(steps)
    for name, count in _counts(Counter(step.verdict for step in steps)).items():
        setattr(upload, name, count)
    _finish(upload, UploadState.APPLIED)
    record_many(_events(steps))
    record(
        Action.ROSTER_IMPORTED,
        SubjectKind.ROSTER,
        upload.pk,
        payer_id=upload.organization_id,
        details={
            "rows": upload.rows, "added": upload.added, "changed": upload.changed, "ended": upload.ended,
        },
    )  # fmt: skip
    return upload


def discard_roster(*, upload: RosterUpload, by: User) -> None:
    """Empty a file that waits for its confirmation; one that was applied stays so. Raises ``Forbidden``."""
    policies.require_manage_members(by)
    upload = _locked(upload)
    if upload.state == UploadState.WAITING:
        _finish(upload, UploadState.DISCARDED)


def forget_rosters(*, before: datetime) -> int:
    """Take away uploads made before that moment, applied or not; returns how many. For the system's job."""
    _total, by_model = RosterUpload.objects.filter(created_at__lt=before).delete()
    return by_model.get("members.RosterUpload", 0)


def _locked(upload: RosterUpload) -> RosterUpload:
    """One import at a time in an organization: two files with the same new member would both add them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))", [str(upload.organization_id)]
        )
    locked: RosterUpload = RosterUpload.objects.select_for_update().get(pk=upload.pk)
    return locked


def _stored(roster: Roster) -> dict[str, Any]:
    return {
        "rows": roster.rows,
        "faults": [
            {
                "row": fault.row,
                "column": fault.column,
                "template": fault.message.template,
                "values": list(fault.message.values),
                "typed": fault.typed,
            }
            for fault in roster.faults
        ],
        "notes": [{"template": note.template, "values": list(note.values)} for note in roster.notes],
    }


def _counts(verdicts: Mapping[Verdict, int]) -> dict[str, int]:
    return {verdict.value: verdicts.get(verdict, 0) for verdict in Verdict}


def _finish(upload: RosterUpload, state: UploadState) -> None:
    upload.state, upload.content = state.value, None
    upload.applied_at = timezone.now() if state == UploadState.APPLIED else None
    upload.touch("state", "content", "applied_at", *(verdict.value for verdict in Verdict))


def _write(steps: Sequence[Step]) -> None:
    new_members = {step.member.pk: step.member for step in steps if step.member._state.adding}
    new_coverages = [step.coverage for step in steps if step.verdict == Verdict.ADDED]
    changed: dict[Any, tuple[Member, set[str]]] = {}
    for step in steps:
        if step.member_fields and step.member.pk not in new_members:
            changed.setdefault(step.member.pk, (step.member, set()))[1].update(step.member_fields)
    for row in (*new_members.values(), *new_coverages):
        phi.fill_blind_indexes(row)
    Member.objects.bulk_create(new_members.values(), batch_size=BATCH)
    Coverage.objects.bulk_create(new_coverages, batch_size=BATCH)
    for member, fields in changed.values():
        member.touch(*sorted(fields), *phi.fill_blind_indexes(member))
    for step in steps:
        if step.coverage_fields and step.verdict != Verdict.ADDED:
            _touch(step)
    if len(new_members) + len(new_coverages) > MANY:
        jobs.enqueue("analyze_members")


def _touch(step: Step) -> None:
    coverage, fields = step.coverage, list(step.coverage_fields)
    if (
        "effective_to" in fields
        and step.verdict != Verdict.ENDED
        and coverage.verification == Verification.ENDED
    ):
        # It lasts longer than somebody said: what was said about its end no longer stands.
        coverage.verification = Verification.UNVERIFIED.value
        coverage.verified_by = coverage.verified_at = None
        fields += ["verification", "verified_by", "verified_at"]
    coverage.touch(*fields, *phi.fill_blind_indexes(coverage))


def _events(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Set-wise: an event for each member and each coverage that came or changed."""
    events: list[dict[str, Any]] = []
    told: set[Any] = set()
    for step in steps:
        payer = {"payer_id": step.coverage.organization_id}
        coverage = {"subject_kind": SubjectKind.COVERAGE.value, "subject_id": step.coverage.pk, **payer}
        member = {"subject_kind": SubjectKind.MEMBER.value, "subject_id": step.member.pk, **payer}
        if step.member_fields and step.member.pk not in told:
            told.add(step.member.pk)
            is_new = "birth_date" in step.member_fields
            action = Action.MEMBER_ADDED if is_new else Action.MEMBER_CHANGED
            events.append({"action": action.value, **member, "fields": [] if is_new else step.member_fields})
        if step.verdict == Verdict.ADDED:
            events.append({"action": Action.COVERAGE_ADDED.value, **coverage})
        elif step.coverage_fields:
            ended = step.verdict == Verdict.ENDED
            action = Action.COVERAGE_ENDED if ended else Action.MEMBER_CHANGED
            events.append({"action": action.value, **coverage, "fields": step.coverage_fields})
    return events
