"""The decision as it is typed: line by line, kept as text, read as proposals (claims.adjudication).

A line is approved at a price (the parts follow from allowed amount and benefits), denied for a reason, or entered
amount by amount. PR-1, PR-2 and PR-3 are never typed: they are the deductible, coinsurance and copay boxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimflow.lib.forms import ErrorLink, PlainForm
from claimflow.lib.money import ZERO, format_money
from claims.adjudication import (
    CODINGS,
    Adjustment,
    CannotPrice,
    DenialCoding,
    LineFacts,
    LineProposal,
    Totals,
    deny_line,
    price_line,
    totals,
    usual_coding,
)
from claims.adjudication.denials import LONGEST_EXPLANATION, NOT_ELIGIBLE
from claims.edits.findings import Finding
from claims.enums import DenialReason
from claims.forms.desk_line import (
    MOST_ROWS,
    PATIENT_SHARE,
    AdjustmentForm,
    DeskLine,
    LineForm,
    ReasonList,
    Verdict,
    parse_pair,
    remark_codes,
    typed_rows,
)
from claims.forms.fields import ChoiceOf
from claims.models import ServiceLine
from claims.presenters import DENIAL_LABELS
from codes.enums import GroupCode, Scenario
from members.eligibility import Benefits
from members.enums import Standing


@dataclass(frozen=True)
class Pricing:
    """What the price of a line depends on beside the line."""

    benefits: Benefits
    standing: Standing


class DecisionForm(PlainForm):
    """What is said about the whole claim."""

    denial_reason = ChoiceOf(
        label=gettext_lazy("Reason for denying the whole claim"),
        choices=[("", gettext_lazy("Choose a reason")), *DENIAL_LABELS.items()],
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation for the provider"),
        help_text=gettext_lazy(
            "Needed when anything is refused, at least 20 characters: what was missing, what to do."
        ),
        required=False,
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notes = forms.CharField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Only your organization reads it."),
        required=False,
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    sizes = {"denial_reason": "l", "explanation": "xl", "notes": "xl"}
    says_optional = False

    @property
    def reason(self) -> DenialReason | None:
        typed = getattr(self, "cleaned_data", {}).get("denial_reason", "")
        return DenialReason(typed) if typed in list(DenialReason) else None


class DeskForms:
    """The whole decision: ``read`` makes proposals of it, ``priced`` the text of a priced one."""

    most_rows = MOST_ROWS

    def __init__(
        self,
        lines: Sequence[ServiceLine],
        *,
        reasons: ReasonList,
        pricing: Pricing,
        data: Mapping[str, str] | None = None,
        version: int = 0,
        more_of: str = "",
    ) -> None:
        """``more_of`` is the index of a line that gets an empty row of adjustment behind those in use."""
        self.pricing, self.reasons = pricing, reasons
        self.errors: list[ErrorLink] = []
        self.data: dict[str, str] = dict(data) if data is not None else initial(lines, pricing)
        if data is None or "version" not in self.data:
            self.data["version"] = str(version)
        self.head = DecisionForm(self.data)
        refusals = self._refusals()
        codes = [("", _("None")), *reasons.choices(adverse_only=False)]
        self.blank = AdjustmentForm(prefix="lines-__line__-adjustments-__row__", choices=codes)
        self.lines = [
            DeskLine(
                index,
                line,
                LineForm(self.data, prefix=f"lines-{index}", refusals=refusals),
                typed_rows(self.data, index, codes, more=more_of == str(index)),
            )
            for index, line in enumerate(lines)
        ]

    @property
    def version(self) -> int:
        typed = self.data.get("version", "0")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0

    def _refusals(self) -> list[Any]:
        shortcuts = [(reason.value, DENIAL_LABELS[reason]) for reason in DenialReason if CODINGS[reason]]
        return [
            ("", _("As for the whole claim")),
            (_("Common reasons"), shortcuts),
            *self.reasons.choices(adverse_only=True),
        ]

    # --- Reading ---

    def read(self) -> bool:
        """Fill every line's proposal. False, with ``errors``, if an amount cannot be read or priced."""
        self.errors = []
        self.head.is_valid()
        self._collect(self.head)
        left = self.pricing.benefits
        for own in self.lines:
            own.form.is_valid()
            self._collect(own.form, own.line.line_no)
            for row in own.rows:
                row.is_valid()
                self._collect(row, own.line.line_no)
            proposal = self._propose(own, left)
            if proposal is not None:
                own.proposal = proposal
                left = left.after(
                    copay=proposal.copay,
                    deductible=proposal.deductible,
                    coinsurance=proposal.coinsurance,
                )
        return not self.errors

    def _collect(self, form: PlainForm, line_no: int | None = None) -> None:
        place = _("Line %(line)s: ") % {"line": line_no} if line_no else ""
        for bound in form:
            self.errors += [ErrorLink(bound.target, f"{place}{error}") for error in bound.errors]  # type: ignore[attr-defined]  # a PlainBoundField

    def _propose(self, own: DeskLine, left: Benefits) -> LineProposal | None:
        verdict = own.form.chosen
        if verdict == Verdict.DENY:
            return self._deny(own)
        return self._as_typed(own) if verdict == Verdict.CUSTOM else self._price(own, left)

    def _deny(self, own: DeskLine) -> LineProposal:
        coding = self._coding(own)
        if coding is None:
            if own.line.charge:
                self._add_error(own.form, "refusal", _("Choose the reason why this line is denied."), own)
            return LineProposal(own.line.line_no)
        own.places = [own.form]
        return deny_line(own.facts, coding)

    def _coding(self, own: DeskLine) -> DenialCoding | None:
        """The line's own reason, else the claim's; with the remark codes typed beside it, if any."""
        typed = own.form.cleaned_data.get("refusal", "") or (
            self.head.reason.value if self.head.reason else ""
        )
        remarks = remark_codes(own.form.cleaned_data)
        if (pair := parse_pair(typed)) is not None:
            return DenialCoding(Scenario.DATA, pair[0], pair[1], remarks)
        if typed not in list(DenialReason):
            return None
        coding = coding_of(DenialReason(typed), self.pricing.standing)
        if coding is None or not remarks:
            return coding
        return DenialCoding(coding.scenario, coding.group, coding.reason, remarks)

    def _as_typed(self, own: DeskLine) -> LineProposal:
        told = own.form.cleaned_data
        amounts = {
            name: told.get(name) or ZERO for name in ("allowed", "deductible", "copay", "coinsurance", "paid")
        }
        typed = [
            (row, adjustment)
            for row in own.rows
            if not row.is_empty and (adjustment := row.adjustment()) is not None
        ]
        shares = [
            (box, Adjustment(GroupCode.PATIENT, code, amounts[box]))
            for code, box in PATIENT_SHARE.items()
            if amounts[box]
        ]
        own.places = [*(row for row, _each in typed), *(box for box, _each in shares)]
        adjustments = tuple(each for _place, each in [*typed, *shares])
        return LineProposal(own.line.line_no, **amounts, adjustments=adjustments)

    def _price(self, own: DeskLine, left: Benefits) -> LineProposal | None:
        """Empty means the whole charge."""
        if "allowed" in own.form.errors:
            return None
        allowed = own.form.cleaned_data.get("allowed")
        try:
            proposal = price_line(
                own.facts, allowed=own.line.charge if allowed is None else allowed, benefits=left
            )
        except CannotPrice as error:
            self._add_error(own.form, "allowed", error.words.through(_), own)
            return None
        own.places = ["allowed"] * len(proposal.adjustments)
        return proposal

    def _add_error(self, form: PlainForm, name: str, message: str, own: DeskLine) -> None:
        form.add_error(name, message)
        self.errors.append(ErrorLink(form[name].target, message))  # type: ignore[attr-defined]  # a PlainBoundField

    # --- What was read ---

    @property
    def proposals(self) -> tuple[LineProposal, ...]:
        return tuple(own.proposal for own in self.lines if own.proposal is not None)

    @property
    def totals(self) -> Totals:
        return totals([own.facts for own in self.lines], self.proposals)

    @property
    def explanation(self) -> str:
        return str(self.head.cleaned_data.get("explanation") or "")

    @property
    def notes(self) -> str:
        return str(self.head.cleaned_data.get("notes") or "")

    def deny_all(self) -> None:
        """Mark every line as denied; a reason of its own stays where one was chosen."""
        for own in self.lines:
            name = own.form.add_prefix("verdict")
            if own.form.chosen != Verdict.DENY:
                self.data[own.form.add_prefix("refusal")] = ""
                self.data[own.form.add_prefix("remarks")] = ""
            self.data[name] = Verdict.DENY.value

    def content(self) -> dict[str, str]:
        """What a proposal keeps: every box as it was typed."""
        return {name: text for name, text in self.data.items() if name != "version" and is_ours(name)}

    def priced(self) -> dict[str, str]:
        """The same with the amounts of the approved lines as they were priced."""
        content = self.content()
        for own in self.lines:
            if own.proposal is not None and own.form.chosen == Verdict.APPROVE:
                content |= amounts_of(own.index, own.proposal)
                for row in range(MOST_ROWS):
                    for name in ("reason", "amount", "remarks"):
                        content.pop(f"lines-{own.index}-adjustments-{row}-{name}", None)
                content |= rows_of(own.index, own.proposal)
        return content

    # --- Findings at their fields ---

    def show(self, findings: Iterable[Finding]) -> None:
        """Put each finding at the box it names, in its own words; the summary links to it."""
        for finding in findings:
            message = f"{finding.sentence.through(_)} {finding.mend.through(_)}"
            target = self._field_of(finding.field)
            if target is None:
                self.errors.append(ErrorLink("", message))
                continue
            form, name = target
            form.add_error(name, message)
            self.errors.append(ErrorLink(form[name].target, message))  # type: ignore[attr-defined]  # a PlainBoundField

    def _field_of(self, path: str) -> tuple[PlainForm, str] | None:
        parts = path.split("-")
        if parts[0] != "lines" or len(parts) < 2:
            return (self.head, path) if path in self.head.fields else None
        own = self.lines[int(parts[1])]
        if len(parts) == 2:
            return own.form, "verdict"
        if parts[2] != "adjustments":
            return own.form, self._visible_box(own, parts[2])
        if len(parts) < 5:
            return own.form, self._visible_box(own, "paid")
        return self._row_of(own, int(parts[3]), parts[4])

    @staticmethod
    def _visible_box(own: DeskLine, name: str) -> str:
        """A box that is open under this verdict."""
        return {Verdict.CUSTOM: name, Verdict.DENY: "refusal", Verdict.APPROVE: "allowed"}[own.form.chosen]

    @staticmethod
    def _row_of(own: DeskLine, at: int, name: str) -> tuple[PlainForm, str]:
        place = own.places[at] if at < len(own.places) else "paid"
        if isinstance(place, str):
            return own.form, place
        if isinstance(place, LineForm):
            return place, {"remarks": "remarks"}.get(name, "refusal")
        return place, name


# --- Text and values ---------------------------------------------------------------------------------------------


def coding_of(reason: DenialReason, standing: Standing) -> DenialCoding | None:
    """The shortcut's codes; those of "not eligible" depend on why the patient is not."""
    if reason == DenialReason.NOT_ELIGIBLE and standing in NOT_ELIGIBLE:
        return NOT_ELIGIBLE[standing]
    return usual_coding(reason)


def initial(lines: Sequence[ServiceLine], pricing: Pricing) -> dict[str, str]:
    """The form as it opens: every line approved at its charge, less the member's share."""
    data: dict[str, str] = {}
    left = pricing.benefits
    for index, line in enumerate(lines):
        data[f"lines-{index}-verdict"] = Verdict.APPROVE.value
        proposal = price_line(LineFacts(line.line_no, line.charge), allowed=line.charge, benefits=left)
        left = left.after(
            copay=proposal.copay, deductible=proposal.deductible, coinsurance=proposal.coinsurance
        )
        data |= amounts_of(index, proposal) | rows_of(index, proposal)
    return data


def amounts_of(index: int, proposal: LineProposal) -> dict[str, str]:
    """The boxes of a line."""
    names = ("allowed", "deductible", "copay", "coinsurance", "paid")
    return {f"lines-{index}-{name}": _amount(getattr(proposal, name), name) for name in names}


def rows_of(index: int, proposal: LineProposal) -> dict[str, str]:
    """The rows of adjustments of a line, without the patient's share, which stands in the boxes."""
    rows = [
        each
        for each in proposal.adjustments
        if not (each.group == GroupCode.PATIENT and each.reason in PATIENT_SHARE)
    ]
    data = {}
    for at, row in enumerate(rows):
        prefix = f"lines-{index}-adjustments-{at}-"
        data[prefix + "reason"], data[prefix + "amount"] = row.label, format_money(row.amount)
        data[prefix + "remarks"] = " ".join(row.remarks)
    return data


def is_ours(name: str) -> bool:
    """A field of this form, and nothing else that a request may carry."""
    return name.startswith("lines-") or name in DecisionForm.base_fields


def _amount(amount: Decimal, name: str) -> str:
    """Empty boxes read better than zeros, save for what is allowed and paid."""
    return format_money(amount) if amount or name in ("allowed", "paid") else ""
