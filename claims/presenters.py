"""Claims in words: states, events as sentences, decisions with their codes explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.enums import Action
from audit.models import Event
from audit.presenters import Label
from claimflow.lib import phi
from claimflow.lib.money import dollars
from claimflow.lib.sentences import sentence
from claimflow.lib.templatetags.claimflow import PRIORITIES as PRIORITY_LABELS
from claims.edits import EDITS
from claims.enums import (
    AccidentType,
    ClaimState,
    DenialReason,
    LineOutcome,
    PendReason,
    PublicStatus,
    Severity,
    Turn,
)
from claims.models import (
    Adjustment,
    AdjustmentRemark,
    Authority,
    Claim,
    ClaimFinding,
    Decision,
    LineDecision,
    ServiceLine,
)
from codes.enums import GroupCode, ProcedureCategory
from codes.models import AdjustmentReason, RemarkCode
from intelligence.models import LedgerEntry
from intelligence.presenters import REASON_WORDS

Words = str | Promise
S = ClaimState

STATE_LABELS: dict[ClaimState, Words] = {
    S.SUBMITTED: gettext_lazy("Submitted"),
    S.REJECTED: gettext_lazy("Rejected"),
    S.RECEIVED: gettext_lazy("Received"),
    S.IN_REVIEW: gettext_lazy("In review"),
    S.PENDED: gettext_lazy("Pended"),
    S.APPROVED: gettext_lazy("Approved"),
    S.PARTIALLY_APPROVED: gettext_lazy("Partly approved"),
    S.DENIED: gettext_lazy("Denied"),
    S.REMITTED: gettext_lazy("Remitted"),
    S.UNDER_APPEAL: gettext_lazy("Under appeal"),
    S.VOIDED: gettext_lazy("Withdrawn"),
    S.REPLACED: gettext_lazy("Replaced"),
}
SEVERITY_WORD = {Severity.ERROR: "block", Severity.WARNING: "warn", Severity.INFO: "info"}
"""In the words of templates/parts/_findings.html and static/claimflow/validate.js."""
WORD_SEVERITY = {word: severity for severity, word in SEVERITY_WORD.items()}
STATUS_LABELS: dict[PublicStatus, Words] = {
    PublicStatus.SUBMITTED: gettext_lazy("Submitted"),
    PublicStatus.APPROVED: gettext_lazy("Approved"),
    PublicStatus.DENIED: gettext_lazy("Denied"),
}
PEND_LABELS: dict[PendReason, Words] = {
    PendReason.RECORDS_NEEDED: gettext_lazy("medical records are needed"),
    PendReason.INFORMATION_NEEDED: gettext_lazy("information is missing"),
    PendReason.OTHER_INSURANCE: gettext_lazy("other insurance must be clarified"),
    PendReason.AUTHORIZATION_CHECK: gettext_lazy("the authorization is being checked"),
    PendReason.ELIGIBILITY_CHECK: gettext_lazy("the coverage is being checked"),
    PendReason.DUPLICATE_CHECK: gettext_lazy("a possible duplicate is being checked"),
    PendReason.CODE_SET_NOT_LOADED: gettext_lazy("a code set for the date of service is awaited"),
    PendReason.PRICING: gettext_lazy("the price is being worked out"),
    PendReason.CLINICAL_REVIEW: gettext_lazy("a clinician reviews it"),
    PendReason.OTHER: gettext_lazy("the payer has another reason"),
}
ACCIDENT_LABELS: dict[str, Words] = {
    AccidentType.EMPLOYMENT: gettext_lazy("At work"),
    AccidentType.AUTO: gettext_lazy("Auto accident"),
    AccidentType.OTHER: gettext_lazy("Other accident"),
}
GROUP_LABELS: dict[str, Words] = {
    GroupCode.CONTRACTUAL: gettext_lazy("The provider writes this off"),
    GroupCode.PATIENT: gettext_lazy("The patient owes this"),
    GroupCode.OTHER: gettext_lazy("Neither the provider nor the patient owes this"),
    GroupCode.PAYER: gettext_lazy("The payer does not pay this, and the patient may not be billed for it"),
}
OUTCOME_LABELS: dict[str, Words] = {
    LineOutcome.APPROVED: gettext_lazy("Approved"),
    LineOutcome.PARTIALLY_APPROVED: gettext_lazy("Partly approved"),
    LineOutcome.DENIED: gettext_lazy("Denied"),
}
DENIAL_LABELS: dict[str, Words] = {
    DenialReason.INVALID_PROCEDURE: gettext_lazy("The procedure code cannot be used"),
    DenialReason.INVALID_DIAGNOSIS: gettext_lazy("A diagnosis is missing or cannot be used"),
    DenialReason.NOT_COVERED: gettext_lazy("The service is not covered"),
    DenialReason.NOT_ELIGIBLE: gettext_lazy("The patient was not eligible on the date of service"),
    DenialReason.DUPLICATE: gettext_lazy("The claim was sent before"),
    DenialReason.INSUFFICIENT_DOCUMENTATION: gettext_lazy("The documentation is not sufficient"),
    DenialReason.OTHER: gettext_lazy("Another reason, explained below"),
}

SKILL_LABELS: dict[str, Words] = {
    ProcedureCategory.EMERGENCY: gettext_lazy("Emergency"),
    ProcedureCategory.CRITICAL_CARE: gettext_lazy("Critical care"),
    ProcedureCategory.PREVENTIVE: gettext_lazy("Preventive care"),
    ProcedureCategory.FOLLOW_UP_VISIT: gettext_lazy("Follow-up visits"),
    ProcedureCategory.VISIT: gettext_lazy("Visits"),
    ProcedureCategory.HOSPITAL: gettext_lazy("Hospital care"),
    ProcedureCategory.SURGERY: gettext_lazy("Surgery"),
    ProcedureCategory.ANESTHESIA: gettext_lazy("Anesthesia"),
    ProcedureCategory.IMAGING: gettext_lazy("Imaging"),
    ProcedureCategory.LABORATORY: gettext_lazy("Laboratory"),
    ProcedureCategory.DIAGNOSTIC_TEST: gettext_lazy("Diagnostic tests"),
    ProcedureCategory.THERAPY: gettext_lazy("Therapy"),
    ProcedureCategory.DRUG: gettext_lazy("Drugs"),
    ProcedureCategory.EQUIPMENT: gettext_lazy("Equipment and supplies"),
    ProcedureCategory.TRANSPORT: gettext_lazy("Transport"),
    ProcedureCategory.OTHER: gettext_lazy("Other services"),
}


def skills_in_words(skills: Iterable[str]) -> str:
    """ "Surgery, Imaging", in the order of the list."""
    held = set(skills)
    return ", ".join(str(words) for skill, words in SKILL_LABELS.items() if skill in held)


# --- Names --------------------------------------------------------------------------------------------------


def patient_in_short(claim: Claim) -> str:
    """Last name and initial, "Okafor, A", as lists show it (interface.md)."""
    first = phi.value(claim, "patient_first_name")
    return f"{phi.value(claim, 'patient_last_name')}, {first[:1]}"


def masked_member_id(text: str) -> str:
    """The last four, "…4471"; nothing of a short one."""
    tail = phi.last4(text)
    return f"…{tail}" if tail else "…"


def accidents(claim: Claim) -> str:
    """ "Auto accident, OH"; "" when there was none."""
    words = [str(ACCIDENT_LABELS.get(kind, kind)) for kind in claim.accident_types]
    return ", ".join([*words, claim.accident_state] if claim.accident_state else words)


OPENED: dict[str, Words] = {
    "patient_last_name": gettext_lazy("Patient's last name"),
    "patient_first_name": gettext_lazy("Patient's first name"),
    "patient_birth_date": gettext_lazy("Born"),
    "patient_address": gettext_lazy("Address"),
    "patient_phone": gettext_lazy("Phone"),
    "member_id": gettext_lazy("Member ID"),
    "group_number": gettext_lazy("Group number"),
    "insured_last_name": gettext_lazy("Insured's last name"),
    "insured_first_name": gettext_lazy("Insured's first name"),
    "insured_birth_date": gettext_lazy("Insured born"),
    "insured_address": gettext_lazy("Insured's address"),
    "other_insured": gettext_lazy("Other insured"),
    "patient_account_number": gettext_lazy("Patient account number"),
    "authorization_number": gettext_lazy("Authorization number"),
    "billing_tax_id": gettext_lazy("Billing tax ID"),
    "additional_information": gettext_lazy("Additional information"),
    "denial_explanation": gettext_lazy("Explanation of the denial"),
}
"""Every encrypted column of a claim, in the order in which an emergency shows them."""


def opened_values(claim: Claim) -> list[tuple[str, str]]:
    """What an emergency shows of a claim: each encrypted value that it has, with its label."""
    values = ((str(words), phi.value(claim, name)) for name, words in OPENED.items())
    return [(words, _in_one_line(value)) for words, value in values if value]


def _in_one_line(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_in_one_line(each) for each in value.values() if each)
    return date_format(value, "M j, Y") if isinstance(value, date) else str(value)


# --- Findings -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownFinding:
    """A stored finding in today's words, as ``parts/_findings.html`` reads it."""

    severity: str
    message: str
    line_no: int | None
    points: int = 0
    """What it took of the validation score, for whoever may see the score."""


def shown_findings(rows: Iterable[ClaimFinding], score: LedgerEntry | None = None) -> list[ShownFinding]:
    """Words are made anew from code and values; a rule that has left the book keeps its code. ``score`` says what
    each finding took."""
    took: dict[str, list[int]] = {}
    for code, adds in score.because if score else ():
        took.setdefault(code, []).append(int(-adds))
    return [_shown(row, took[row.code].pop() if took.get(row.code) else 0) for row in rows]


def _shown(row: ClaimFinding, points: int) -> ShownFinding:
    rule = EDITS.rules.get(row.code)
    words = row.code
    if rule is not None:
        try:
            words = " ".join(sentence(template, row.values).through(_) for template in (rule.says, rule.mend))
        except KeyError:
            words = row.code
    return ShownFinding(SEVERITY_WORD[Severity(row.severity)], words, row.line_no, points)


# --- The timeline -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One event as ``parts/_timeline.html`` draws it."""

    at: datetime
    sentence: str
    actor: str
    icon: str = ""
    tone: str = "neutral"


def timeline(claim: Claim, events: Iterable[Event], viewer: User, people: Mapping[UUID, str]) -> list[Entry]:
    """Events that both parties may see, newest first. ``people`` are the viewer's colleagues by id: they have
    names; the other side has a role and an organization."""
    entries = [
        Entry(
            at=event.when,
            sentence=_sentence(claim, event, people),
            actor=_actor(claim, event, viewer, people),
            icon=ICONS.get(event.action, ""),
            tone=TONES.get(event.action, "neutral"),
        )
        for event in events
        if event.action in SENTENCES
    ]
    return entries[::-1]


def _sentence(claim: Claim, event: Event, people: Mapping[UUID, str]) -> str:
    details = event.details or {}
    return str(SENTENCES[event.action]) % {
        "payer": claim.payer.name,
        "provider": claim.provider.name,
        "due": _due(details.get("due_at")),
        "priority": str(PRIORITY_LABELS.get(details.get("priority", ""), details.get("priority", ""))),
        "why": _either_word(REASON_WORDS, details.get("reason_codes")),
        "pended": _pended(details.get("reason_codes")),
        "to": _to(event, people),
    }


def _due(text: str | None) -> str:
    return date_format(localtime(datetime.fromisoformat(text)), "M j, Y") if text else _("the time agreed")


def _either_word(words: Mapping[Any, str], codes: list[str] | None) -> str:
    """The first reason in words, "" when there is none that we know."""
    for code in codes or ():
        if code in words:
            return f" ({_(words[code])})"
    return ""


def _to(event: Event, people: Mapping[UUID, str]) -> str:
    """The colleague who was given the claim; "" for whoever took it, and on the other side, which is told no names."""
    person = (event.details or {}).get("adjudicator")
    name = people.get(UUID(person), "") if person and person != str(event.actor_id) else ""
    return _(" to %(who)s") % {"who": name} if name else ""


def _pended(codes: list[str] | None) -> str:
    known = [str(PEND_LABELS[PendReason(code)]) for code in codes or () if code in list(PendReason)]
    return f": {', '.join(known)}" if known else ""


def _actor(claim: Claim, event: Event, viewer: User, people: Mapping[UUID, str]) -> str:
    if event.kind == "system" and event.action != Action.CLAIM_SUBMITTED:
        # The person whose request the system acted in is kept in the trail, but did not do this.
        return "ClaimFlow"
    if event.actor_id is not None and event.actor_id in people:
        return people[event.actor_id]
    if event.organization_id == claim.payer_id and viewer.organization_id != claim.payer_id:
        return _("An adjudicator of %(payer)s") % {"payer": claim.payer.name}
    if event.organization_id == claim.provider_id and viewer.organization_id != claim.provider_id:
        return _("A biller of %(provider)s") % {"provider": claim.provider.name}
    return ""


SENTENCES: dict[str, Words] = {
    Action.CLAIM_SUBMITTED: gettext_lazy("Submitted to %(payer)s."),
    Action.CLAIM_RECEIVED: gettext_lazy("Received. %(payer)s should decide by %(due)s."),
    Action.CLAIM_REJECTED: gettext_lazy("Rejected before review. It was not adjudicated."),
    Action.PRIORITY_SET: gettext_lazy("Priority set to %(priority)s%(why)s."),
    Action.CLAIM_PULLED: gettext_lazy("Taken for review."),
    Action.CLAIM_ASSIGNED: gettext_lazy("Assigned for review%(to)s."),
    Action.CLAIM_RELEASED: gettext_lazy("Returned to the queue."),
    Action.LEASE_EXPIRED: gettext_lazy("Returned to the queue, because the review took too long."),
    Action.CLAIM_PENDED: gettext_lazy("Pended%(pended)s."),
    Action.CLAIM_ANSWERED: gettext_lazy("The provider answered."),
    Action.CLAIM_RESUMED: gettext_lazy("Review resumed."),
    Action.CLAIM_APPROVED: gettext_lazy("Approved."),
    Action.CLAIM_PARTIALLY_APPROVED: gettext_lazy("Partly approved."),
    Action.CLAIM_DENIED: gettext_lazy("Denied."),
    Action.DECISION_CORRECTED: gettext_lazy("The decision was corrected."),
    Action.CLAIM_WITHDRAWN: gettext_lazy("Withdrawn by %(provider)s."),
    Action.WITHDRAWAL_REQUESTED: gettext_lazy("%(provider)s asked to withdraw the claim."),
    Action.CLAIM_VOIDED: gettext_lazy("Voided."),
    Action.CLAIM_REPLACED: gettext_lazy("Replaced by a later claim."),
    Action.CLAIM_REMITTED: gettext_lazy("Payment announced."),
    Action.CLAIM_APPEALED: gettext_lazy("%(provider)s appealed."),
}
ICONS: dict[str, str] = {
    Action.CLAIM_SUBMITTED: "send",
    Action.CLAIM_RECEIVED: "schedule",
    Action.CLAIM_REJECTED: "error_outline",
    Action.PRIORITY_SET: "flag",
    Action.CLAIM_PULLED: "visibility",
    Action.CLAIM_ASSIGNED: "visibility",
    Action.CLAIM_PENDED: "hourglass_empty",
    Action.CLAIM_APPROVED: "check_circle",
    Action.CLAIM_PARTIALLY_APPROVED: "check",
    Action.CLAIM_DENIED: "cancel",
    Action.CLAIM_WITHDRAWN: "do_not_disturb",
}
TONES: dict[str, str] = {
    Action.CLAIM_REJECTED: "urgent",
    Action.CLAIM_PENDED: "warning",
    Action.CLAIM_APPROVED: "good",
    Action.CLAIM_PARTIALLY_APPROVED: "good",
    Action.CLAIM_DENIED: "urgent",
}

# --- Decisions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """One adjustment: "CO-45", its amount, and what it means."""

    code: str
    amount: Decimal
    words: str
    who: str
    remarks: tuple[tuple[str, str], ...]

    @property
    def taken(self) -> Decimal:
        """As it stands under the charge: what is taken off is negative."""
        return -self.amount


@dataclass(frozen=True)
class DecidedLine:
    """One service line with what was decided about it."""

    line: ServiceLine
    decided: LineDecision
    outcome: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class ShownDecision:
    """The current decision of a claim, for both sides."""

    decision: Decision
    lines: list[DecidedLine]
    explanation: str
    reason: str


def shown_decision(claim: Claim, lines: Iterable[ServiceLine]) -> ShownDecision | None:
    """The claim's current decision with every amount and code in words; None before one. Six queries at any
    number of lines."""
    if claim.current_decision_id is None:
        return None
    decision = Decision.objects.get(pk=claim.current_decision_id)
    decided = {row.line_id: row for row in LineDecision.objects.filter(decision=decision)}
    remarks: dict[Any, list[str]] = {}
    adjustments = list(
        Adjustment.objects.filter(line_decision__in=decided.values()).order_by("group", "reason_code")
    )
    for remark in AdjustmentRemark.objects.filter(adjustment__in=adjustments).order_by("code"):
        remarks.setdefault(remark.adjustment_id, []).append(remark.code)
    words = _code_words(adjustments, remarks)
    reasons: dict[Any, list[Reason]] = {}
    for adjustment in adjustments:
        reasons.setdefault(adjustment.line_decision_id, []).append(
            Reason(
                code=str(adjustment),
                amount=adjustment.amount,
                words=words.get(adjustment.reason_code, ""),
                who=str(GROUP_LABELS.get(adjustment.group, "")),
                remarks=tuple((code, words.get(code, "")) for code in remarks.get(adjustment.pk, ())),
            )
        )
    return ShownDecision(
        decision=decision,
        lines=[
            DecidedLine(
                line,
                decided[line.pk],
                str(OUTCOME_LABELS[decided[line.pk].outcome]),
                tuple(reasons.get(decided[line.pk].pk, ())),
            )
            for line in lines
            if line.pk in decided
        ],
        explanation=phi.value(decision, "explanation") or "",
        reason=str(DENIAL_LABELS.get(decision.denial_reason_code, decision.denial_reason_code)),
    )


def _code_words(adjustments: list[Adjustment], remarks: Mapping[Any, list[str]]) -> dict[str, str]:
    reasons = AdjustmentReason.objects.filter(code__in={each.reason_code for each in adjustments})
    codes = {code for each in remarks.values() for code in each}
    return dict(reasons.values_list("code", "description")) | dict(
        RemarkCode.objects.filter(code__in=codes).values_list("code", "description")
    )


def next_steps(claim: Claim, last_filing_day: str) -> list[str]:
    """What the provider can do now, the first thing first."""
    payer = {"payer": claim.payer.name}
    if claim.state == S.REJECTED:
        return [
            _("%(payer)s has not reviewed this claim, so there is nothing to appeal.") % payer,
            _("Correct what the findings name, then send it again before %(day)s.")
            % {"day": last_filing_day},
        ]
    if claim.state == S.PENDED and claim.turn == Turn.PROVIDER:
        return [_("%(payer)s waits for you. Send what it asked for; until then its clock is paused.") % payer]
    if claim.state in (S.APPROVED, S.PARTIALLY_APPROVED):
        steps = [_("Post %(paid)s from %(payer)s.") % {**payer, "paid": dollars(claim.paid_amount)}]
        if claim.patient_responsibility:
            steps.append(
                _("Bill the patient for %(amount)s, and no more.")
                % {"amount": dollars(claim.patient_responsibility)}
            )
        if claim.state == S.PARTIALLY_APPROVED:
            steps.append(
                _("Read the reasons of the lines that were cut or denied before you write anything off.")
            )
        return steps
    if claim.state == S.DENIED:
        return [
            _("Read the explanation and the reason codes of each line."),
            _("If something was wrong on the claim, send a corrected one before %(day)s.")
            % {"day": last_filing_day},
            _("If you disagree, ask %(payer)s for a reconsideration in the time your contract gives.")
            % payer,
            _("Do not bill the patient for amounts in the group CO or PI."),
        ]
    return []


def claim_labels(ids: Iterable[UUID]) -> Mapping[UUID, Label]:
    """Claims in the audit trail: by their number, as far as the reader's context shows them, leading to the events
    about them."""
    numbers = Claim.objects.filter(pk__in=list(ids)).values_list("pk", "claim_number")
    page = reverse("audit:events")
    return {pk: Label(number or str(pk), f"{page}?subject={number or pk}") for pk, number in numbers}


def claims_called(text: str) -> set[UUID]:
    """The claim of that number, if the reader's context shows it."""
    number = text.strip().upper()
    return set(Claim.objects.filter(claim_number=number).values_list("pk", flat=True))


def limit_in_words(person: User) -> str:
    """How far somebody of the payer decides alone, by their own limit."""
    authority = Authority.objects.filter(user=person.pk).first()
    if authority is None or authority.most_paid is None:
        return _("No limit of their own")
    return _("Decides up to %(bound)s alone") % {"bound": dollars(authority.most_paid)}
