"""Events as sentences. Names of people and numbers of claims belong to upper apps, which register how to find them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.enums import Action, Outcome, Severity, SubjectKind
from audit.models import Access, Event
from claimflow.lib.system_user import SYSTEM_USER_ID
from claimflow.lib.templatetags.claimflow import date_time

Words = str | Promise


@dataclass(frozen=True)
class Label:
    """What a page shows for a subject: words without health data, and the page that it is on, if there is one."""

    text: str
    url: str = ""
    is_id: bool = False


@dataclass(frozen=True)
class People:
    """How an upper app names actors: `names` of these ids, as far as the reader may see them; `find` the ids of
    whoever fits what was typed (an address, a name)."""

    names: Callable[[Iterable[UUID]], Mapping[UUID, str]]
    find: Callable[[str], set[UUID]]


@dataclass(frozen=True)
class Organizations:
    """How an upper app names organizations: ``names`` of these ids, ``find`` the ids of those whose name begins with
    what was typed, ``payers`` (id, name) of every payer."""

    names: Callable[[Iterable[UUID]], Mapping[UUID, str]]
    find: Callable[[str], set[UUID]]
    payers: Callable[[], list[tuple[UUID, str]]]


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d|Z)$")
SubjectLabels = Callable[[Iterable[UUID]], Mapping[UUID, Label]]
Finder = Callable[[str], set[UUID]]

_people: list[People] = []
_organizations: list[Organizations] = []
_subjects: dict[str, SubjectLabels] = {}
_finders: dict[str, Finder] = {}


def register_people(people: People) -> None:
    _people[:] = [people]


def register_organizations(organizations: Organizations) -> None:
    _organizations[:] = [organizations]


def register_subjects(kind: SubjectKind, labels: SubjectLabels) -> None:
    """How to show subjects of a kind, e.g. claims by their number with a link to the claim page."""
    _subjects[str(kind)] = labels


def register_finder(kind: SubjectKind, find: Finder) -> None:
    """How to find subjects of a kind by what people call them, e.g. claims by their number: the ids that the reader's
    context shows, none when nothing is called so."""
    _finders[str(kind)] = find


def subjects_called(text: str) -> set[UUID]:
    """The ids of what a filter means: an id as it stands, or what the upper apps find."""
    try:
        return {UUID(text)}
    except ValueError:
        return {each for find in _finders.values() for each in find(text)}


def actors_like(text: str) -> set[UUID]:
    """The ids of the people that a filter means: an id, or what the accounts know."""
    try:
        return {UUID(text)}
    except ValueError:
        return _people[0].find(text) if _people else set()


def organizations_called(text: str) -> set[UUID]:
    """The ids of the organizations that a filter means: an id, or what the accounts know."""
    try:
        return {UUID(text)}
    except ValueError:
        return _organizations[0].find(text) if _organizations else set()


def payers() -> list[tuple[UUID, str]]:
    """(id, name) of every payer: a member ID means something at one payer only."""
    return _organizations[0].payers() if _organizations else []


SENTENCES: dict[str, Words] = {
    Action.CLAIM_SUBMITTED: gettext_lazy("Submitted the claim"),
    Action.CLAIM_RECEIVED: gettext_lazy("Received the claim"),
    Action.CLAIM_REJECTED: gettext_lazy("Rejected the claim at the front door"),
    Action.AI_CATEGORIZATION: gettext_lazy("Suggested a priority"),
    Action.PRIORITY_SET: gettext_lazy("Set the priority"),
    Action.CLAIM_PULLED: gettext_lazy("Took the claim for review"),
    Action.CLAIM_ASSIGNED: gettext_lazy("Assigned the claim"),
    Action.CLAIM_RELEASED: gettext_lazy("Put the claim back in the queue"),
    Action.LEASE_EXPIRED: gettext_lazy("Returned the claim to the queue when its time ran out"),
    Action.CLAIM_PENDED: gettext_lazy("Pended the claim"),
    Action.CLAIM_ANSWERED: gettext_lazy("Answered the payer's request"),
    Action.CLAIM_RESUMED: gettext_lazy("Resumed the review"),
    Action.CLAIM_APPROVED: gettext_lazy("Approved the claim"),
    Action.CLAIM_PARTIALLY_APPROVED: gettext_lazy("Partially approved the claim"),
    Action.CLAIM_DENIED: gettext_lazy("Denied the claim"),
    Action.DECISION_CORRECTED: gettext_lazy("Corrected the decision"),
    Action.CLAIM_WITHDRAWN: gettext_lazy("Withdrew the claim"),
    Action.WITHDRAWAL_REQUESTED: gettext_lazy("Asked to withdraw the claim"),
    Action.CLAIM_VOIDED: gettext_lazy("Voided the claim"),
    Action.CLAIM_REPLACED: gettext_lazy("Replaced the claim"),
    Action.CLAIM_REMITTED: gettext_lazy("Remitted the claim"),
    Action.CLAIM_APPEALED: gettext_lazy("Appealed the decision"),
    Action.PROPOSAL_MADE: gettext_lazy("Proposed a decision"),
    Action.PROPOSAL_RETURNED: gettext_lazy("Returned the proposed decision"),
    Action.SECOND_LOOK_ASKED: gettext_lazy("Asked for a second look at the proposed decision"),
    Action.RECATEGORIZATION_ASKED: gettext_lazy("Asked for new priorities of many claims"),
    Action.RECATEGORIZATION_STARTED: gettext_lazy("Started new priorities of many claims"),
    Action.RECATEGORIZATION_DISCARDED: gettext_lazy("Discarded new priorities of many claims"),
    Action.RECATEGORIZATION_FINISHED: gettext_lazy("Finished changing priorities of many claims"),
    Action.RECATEGORIZATION_UNDONE: gettext_lazy("Took back new priorities of many claims"),
    Action.COVERAGE_MATCHED: gettext_lazy("Matched the claim to a coverage"),
    Action.NOTE_ADDED: gettext_lazy("Added a note"),
    Action.NOTICE_SENT: gettext_lazy("Sent a notice"),
    Action.DRAFT_SAVED: gettext_lazy("Saved a draft"),
    Action.DRAFT_DELETED: gettext_lazy("Deleted a draft"),
    Action.RULES_ACTIVATED: gettext_lazy("Put a rule set in force"),
    Action.CLAIM_VIEWED: gettext_lazy("Viewed the claim"),
    Action.CLAIMS_LISTED: gettext_lazy("Saw the claim in a list"),
    Action.CLAIMS_SEARCHED: gettext_lazy("Searched claims"),
    Action.CLAIM_EXPORTED: gettext_lazy("Exported the claim"),
    Action.CLAIMS_EXPORTED: gettext_lazy("Exported claims"),
    Action.DRAFT_VIEWED: gettext_lazy("Viewed a draft"),
    Action.DRAFTS_LISTED: gettext_lazy("Saw a draft in a list"),
    Action.PATIENT_VIEWED: gettext_lazy("Viewed the patient"),
    Action.PATIENTS_LISTED: gettext_lazy("Saw the patient in a list"),
    Action.PATIENTS_SEARCHED: gettext_lazy("Searched patients"),
    Action.MEMBER_VIEWED: gettext_lazy("Viewed the member"),
    Action.MEMBERS_LISTED: gettext_lazy("Saw the member in a list"),
    Action.MEMBERS_SEARCHED: gettext_lazy("Searched members"),
    Action.DOCUMENT_VIEWED: gettext_lazy("Opened a document"),
    Action.BROKE_GLASS: gettext_lazy("Opened health data in an emergency"),
    Action.GLASS_SIGNED_OFF: gettext_lazy("Signed off an emergency opening of health data"),
    Action.PATIENT_SAVED: gettext_lazy("Saved the patient"),
    Action.MEMBER_ADDED: gettext_lazy("Added the member"),
    Action.MEMBER_CHANGED: gettext_lazy("Changed the member"),
    Action.MEMBER_ENDED: gettext_lazy("Ended the member"),
    Action.MEMBER_VERIFIED: gettext_lazy("Verified the member"),
    Action.COVERAGE_ADDED: gettext_lazy("Added a coverage"),
    Action.COVERAGE_ENDED: gettext_lazy("Ended a coverage"),
    Action.ROSTER_IMPORTED: gettext_lazy("Imported a roster"),
    Action.ELIGIBILITY_CHECKED: gettext_lazy("Asked whether a coverage is in force"),
    Action.PLAN_SAVED: gettext_lazy("Saved a plan"),
    Action.PRACTITIONER_SAVED: gettext_lazy("Saved a practitioner"),
    Action.FACILITY_SAVED: gettext_lazy("Saved a facility"),
    Action.BILLING_PROVIDER_SAVED: gettext_lazy("Saved a billing provider"),
    Action.SIGN_IN: gettext_lazy("Signed in"),
    Action.SIGN_IN_FAILED: gettext_lazy("Failed to sign in"),
    Action.SECOND_FACTOR_FAILED: gettext_lazy("Failed the second factor"),
    Action.IDENTITY_CONFIRMED: gettext_lazy("Confirmed who they are"),
    Action.FACTOR_REPLACED: gettext_lazy("Replaced the authenticator"),
    Action.EMAIL_CHANGE_ASKED: gettext_lazy("Asked for another e-mail address"),
    Action.EMAIL_CHANGE_STOPPED: gettext_lazy("Stopped the change of e-mail address"),
    Action.FORM_KEPT: gettext_lazy("Sent a form after the session had ended; it was kept"),
    Action.FORM_RESTORED: gettext_lazy("Was shown the kept form again"),
    Action.SIGN_OUT: gettext_lazy("Signed out"),
    Action.SESSION_ENDED: gettext_lazy("Session ended"),
    Action.LOCKED: gettext_lazy("Locked after too many attempts"),
    Action.UNLOCKED: gettext_lazy("Unlocked"),
    Action.PASSWORD_CHANGED: gettext_lazy("Changed the password"),
    Action.PASSWORD_FORGOTTEN: gettext_lazy("Asked for a link to a new password"),
    Action.PASSWORD_RESET: gettext_lazy("Reset the password"),
    Action.FACTOR_ENROLLED: gettext_lazy("Enrolled a second factor"),
    Action.FACTOR_RESET: gettext_lazy("Reset the second factor"),
    Action.BACKUP_CODES_MADE: gettext_lazy("Made new backup codes"),
    Action.BACKUP_CODE_USED: gettext_lazy("Used a backup code"),
    Action.NEW_DEVICE: gettext_lazy("Signed in with a new browser"),
    Action.ACCESS_DENIED: gettext_lazy("Was refused"),
    Action.USER_CREATED: gettext_lazy("Created the account"),
    Action.USER_CHANGED: gettext_lazy("Changed the account"),
    Action.USER_DEACTIVATED: gettext_lazy("Deactivated the account"),
    Action.USER_REACTIVATED: gettext_lazy("Reactivated the account"),
    Action.RIGHTS_CHANGED: gettext_lazy("Changed the account's rights"),
    Action.POLICY_CHANGED: gettext_lazy("Changed a security policy"),
    Action.ROLE_CREATED: gettext_lazy("Composed the role"),
    Action.ROLE_CHANGED: gettext_lazy("Changed the role"),
    Action.ROLE_DELETED: gettext_lazy("Deleted the role"),
    Action.AUTHORITY_CHANGED: gettext_lazy("Changed the limit and skills of the adjudicator"),
    Action.ORGANIZATION_CREATED: gettext_lazy("Created the organization"),
    Action.ORGANIZATION_CHANGED: gettext_lazy("Changed the organization"),
    Action.SETTING_CHANGED: gettext_lazy("Changed a setting"),
    Action.JOBS_RETRIED: gettext_lazy("Put failed jobs back into the queue"),
    Action.CODES_LOADED: gettext_lazy("Loaded a code set"),
    Action.VERSION_PROPOSED: gettext_lazy("Proposed a version of rules or a model"),
    Action.VERSION_ACTIVATED: gettext_lazy("Let a version of rules or a model answer"),
    Action.VERSION_SHADOWED: gettext_lazy("Let a version answer for comparison alone"),
    Action.VERSION_RETIRED: gettext_lazy("Retired a version of rules or a model"),
    Action.MODEL_BUDGET_SET: gettext_lazy("Set what remote models may cost"),
    Action.PURPOSE_STARTED: gettext_lazy("Started a command"),
    Action.KEYS_CHANGED: gettext_lazy("Exchanged encryption keys"),
    Action.BACKUP_MADE: gettext_lazy("Made a backup"),
    Action.BACKUP_CHECKED: gettext_lazy("Restored a backup to check it"),
    Action.AUDIT_VIEWED: gettext_lazy("Read the audit trail"),
    Action.AUDIT_VERIFIED: gettext_lazy("Verified the audit trail"),
    Action.AUDIT_EXPORTED: gettext_lazy("Exported the audit trail"),
    Action.ALERT_RAISED: gettext_lazy("Raised an alert"),
    Action.ALERT_TAKEN: gettext_lazy("Took the alert"),
    Action.ALERT_RESOLVED: gettext_lazy("Resolved the alert"),
}

SUBJECTS: dict[str, Words] = {
    SubjectKind.CLAIM: gettext_lazy("Claim"),
    SubjectKind.DRAFT: gettext_lazy("Draft"),
    SubjectKind.PATIENT: gettext_lazy("Patient"),
    SubjectKind.MEMBER: gettext_lazy("Member"),
    SubjectKind.COVERAGE: gettext_lazy("Coverage"),
    SubjectKind.PLAN: gettext_lazy("Plan"),
    SubjectKind.PRACTITIONER: gettext_lazy("Practitioner"),
    SubjectKind.FACILITY: gettext_lazy("Facility"),
    SubjectKind.BILLING_PROVIDER: gettext_lazy("Billing provider"),
    SubjectKind.DOCUMENT: gettext_lazy("Document"),
    SubjectKind.NOTICE: gettext_lazy("Notice"),
    SubjectKind.ROSTER: gettext_lazy("Roster"),
    SubjectKind.RULE_SET: gettext_lazy("Rule set"),
    SubjectKind.RECATEGORIZATION: gettext_lazy("Re-categorization"),
    SubjectKind.CODE_RELEASE: gettext_lazy("Code release"),
    SubjectKind.MODEL_VERSION: gettext_lazy("Version of rules or a model"),
    SubjectKind.USER: gettext_lazy("User"),
    SubjectKind.ORGANIZATION: gettext_lazy("Organization"),
    SubjectKind.ROLE: gettext_lazy("Role"),
    SubjectKind.SECURITY_POLICY: gettext_lazy("Security policy"),
    SubjectKind.ADDRESS: gettext_lazy("Unknown address"),
    SubjectKind.SETTING: gettext_lazy("Setting"),
    SubjectKind.COMMAND: gettext_lazy("Command"),
    SubjectKind.BACKUP: gettext_lazy("Backup"),
    SubjectKind.AUDIT: gettext_lazy("Audit trail"),
    SubjectKind.ALERT: gettext_lazy("Alert"),
}

KINDS: dict[str, Words] = {
    "login": gettext_lazy("at the door"),
    "provider": gettext_lazy("provider"),
    "payer": gettext_lazy("payer"),
    "admin": gettext_lazy("administrator"),
    "auditor": gettext_lazy("auditor"),
    "system": gettext_lazy("system"),
}

OUTCOMES: dict[str, Words] = {
    Outcome.SUCCESS: gettext_lazy("Done"),
    Outcome.FAILURE: gettext_lazy("Failed"),
    Outcome.DENIED: gettext_lazy("Refused"),
}

SEVERITIES: dict[str, Words] = {
    Severity.INFO: gettext_lazy("Info"),
    Severity.NOTICE: gettext_lazy("Notice"),
    Severity.WARNING: gettext_lazy("Warning"),
    Severity.CRITICAL: gettext_lazy("Critical"),
}

TONES: dict[str, str] = {
    Severity.INFO: "neutral",
    Severity.NOTICE: "neutral",
    Severity.WARNING: "warning",
    Severity.CRITICAL: "urgent",
}


@dataclass(frozen=True)
class Row:
    """One line of the auditor's page."""

    number: int
    at: dt.datetime
    actor: str
    kind: Words
    organization: str
    sentence: Words
    subject_kind: Words
    subject: Label
    subject_id: UUID | None
    note: str
    outcome: Words
    severity: Words
    tone: str


@dataclass(frozen=True)
class Reader:
    """One person who saw a patient: how often, first and last."""

    name: str
    kind: Words
    organization: str
    times: int
    first_at: dt.datetime
    last_at: dt.datetime


def event_rows(events: list[Event]) -> list[Row]:
    names, homes = _names(events), _homes(events)
    labels = _labels(events)
    return [
        Row(
            number=event.pk,
            at=event.at,
            actor=_actor(event.actor_id, names),
            kind=KINDS.get(event.kind, event.kind),
            organization=homes.get(event.organization_id, ""),
            sentence=sentence(event.action),
            subject_kind=SUBJECTS.get(event.subject_kind, event.subject_kind),
            subject=labels.get((event.subject_kind, event.subject_id), short(event.subject_id)),
            subject_id=event.subject_id,
            note=note(event),
            outcome="" if event.outcome == Outcome.SUCCESS else OUTCOMES[event.outcome],
            severity="" if event.severity == Severity.INFO else SEVERITIES[event.severity],
            tone=TONES[event.severity],
        )
        for event in events
    ]


def access_rows(accesses: list[Access]) -> list[Row]:
    names, homes = _names(accesses), _homes(accesses)
    labels = _labels(accesses)
    return [
        Row(
            number=access.pk,
            at=access.at,
            actor=_actor(access.actor_id, names),
            kind=KINDS.get(access.kind, access.kind),
            organization=homes.get(access.organization_id, ""),
            sentence=sentence(access.action),
            subject_kind=SUBJECTS.get(access.subject_kind or "", ""),
            subject=labels.get((access.subject_kind, access.subject_id), short(access.subject_id)),
            subject_id=access.subject_id,
            note=_shown_together(access),
            outcome="",
            severity="",
            tone="neutral",
        )
        for access in accesses
    ]


def readers(groups: list[Mapping[str, Any]]) -> list[Reader]:
    """Groups of accesses (actor_id, kind, organization_id, times, first_at, last_at) with their names."""
    names = _people_named({group["actor_id"] for group in groups})
    homes = _organizations_named({group["organization_id"] for group in groups})
    return [
        Reader(
            name=_actor(group["actor_id"], names) or str(KINDS.get(group["kind"], group["kind"])),
            kind=KINDS.get(group["kind"], group["kind"]),
            organization=homes.get(group["organization_id"], ""),
            times=group["times"],
            first_at=group["first_at"],
            last_at=group["last_at"],
        )
        for group in groups
    ]


def sentence(action: str) -> Words:
    """What was done, to stand behind who did it; a word that left the code speaks for itself."""
    return SENTENCES.get(action, action.replace("_", " "))


def note(event: Event) -> str:
    """States, fields and details in one line: codes and names of fields only, as they were recorded."""
    parts = []
    if event.new_status:
        steps = filter(None, (event.old_status, event.new_status))
        parts.append(" → ".join(_plain(step) for step in steps))
    if event.fields:
        parts.append(_("fields: %(names)s") % {"names": ", ".join(_plain(name) for name in event.fields)})
    parts += [f"{_plain(key)}: {_value(value)}" for key, value in event.details.items()]
    return "; ".join(parts)


def subject_labels(subjects: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], Label]:
    """What upper apps call these (kind, id); those that they do not know are left out."""
    wanted: dict[str, set[UUID]] = {}
    for kind, subject in subjects:
        wanted.setdefault(kind, set()).add(subject)
    return {
        (kind, subject): label
        for kind, ids in wanted.items()
        if kind in _subjects
        for subject, label in _subjects[kind](ids).items()
    }


def short(subject_id: UUID | None) -> Label:
    """An id as a page shows it: its end, which differs from row to row."""
    return Label(f"…{str(subject_id)[-12:]}", is_id=True) if subject_id else Label("")


def _shown_together(access: Access) -> str:
    if access.subject_id is None:
        return _("nothing found")
    if access.row_count == 1:
        return ""
    return ngettext("one row shown", "%(n)s rows shown together", access.row_count) % {"n": access.row_count}


def _actor(actor_id: UUID | None, names: Mapping[UUID, str]) -> str:
    if actor_id is None or actor_id == SYSTEM_USER_ID:
        return ""
    return names.get(actor_id) or short(actor_id).text


def _names(rows: list[Any]) -> Mapping[UUID, str]:
    return _people_named({row.actor_id for row in rows})


def _homes(rows: list[Any]) -> Mapping[UUID | None, str]:
    return _organizations_named({row.organization_id for row in rows})


def _people_named(ids: set[UUID | None]) -> Mapping[UUID, str]:
    wanted = {each for each in ids if each}
    return _people[0].names(wanted) if _people and wanted else {}


def _organizations_named(ids: set[UUID | None]) -> Mapping[UUID | None, str]:
    wanted = {each for each in ids if each}
    return dict(_organizations[0].names(wanted).items()) if _organizations and wanted else {}


def _labels(rows: list[Any]) -> Mapping[tuple[str | None, UUID | None], Label]:
    return dict(subject_labels((row.subject_kind, row.subject_id) for row in rows if row.subject_id).items())


def _value(value: Any) -> str:
    """Lists and yes or no in words; an instant in the reader's zone."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and _INSTANT.match(value):
        return date_time(localtime(dt.datetime.fromisoformat(value)))
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _plain(word: str) -> str:
    return word.replace("_", " ")
