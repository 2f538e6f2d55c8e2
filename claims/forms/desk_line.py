"""One line of the decision as it is typed: its verdict, its boxes, and its rows of adjustments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimflow.lib.forms import ComboField, MoneyField, PlainForm
from claimflow.lib.money import ZERO
from claims.adjudication import (
    Adjustment,
    LineFacts,
    LineProposal,
)
from claims.forms.fields import ChoiceOf
from claims.models import ServiceLine
from codes.enums import GroupCode, Scenario
from codes.models import ReasonCombination

MOST_ROWS = 12
PATIENT_SHARE = {"1": "deductible", "2": "coinsurance", "3": "copay"}
SCENARIO_LABELS = {
    "": gettext_lazy("Price and earlier payer"),
    Scenario.DOCUMENTATION: gettext_lazy("Documentation is missing"),
    Scenario.DATA: gettext_lazy("Data is missing or wrong"),
    Scenario.NOT_COVERED: gettext_lazy("Not covered"),
    Scenario.NOT_SEPARATELY_PAYABLE: gettext_lazy("Not paid separately"),
}


class Verdict(StrEnum):
    """How a line is decided."""

    APPROVE = "approve"
    DENY = "deny"
    CUSTOM = "custom"


VERDICTS = [
    (Verdict.APPROVE, gettext_lazy("Approve")),
    (Verdict.DENY, gettext_lazy("Deny")),
    (Verdict.CUSTOM, gettext_lazy("Enter amounts")),
]


@dataclass(frozen=True)
class ReasonList:
    """The legal combinations as choices, from the loaded lists; one query."""

    rows: tuple[ReasonCombination, ...]

    @classmethod
    def load(cls) -> ReasonList:
        return cls(tuple(ReasonCombination.objects.select_related("reason").order_by("position")))

    def choices(self, *, adverse_only: bool) -> list[Any]:
        """Grouped by the question a refusal starts from; each pair once."""
        groups: dict[str, dict[str, str]] = {}
        seen: set[str] = set()
        for row in self.rows:
            label = f"{row.group}-{row.reason.code}"
            of_boxes = row.group == GroupCode.PATIENT and row.reason.code in PATIENT_SHARE
            if label in seen or of_boxes or (adverse_only and not row.scenario):
                continue
            seen.add(label)
            groups.setdefault(row.scenario, {})[label] = f"{label} {row.reason.description}"
        return [(SCENARIO_LABELS[name], list(own.items())) for name, own in groups.items()]


def remarks_field(reason: str) -> ComboField:
    """Several remark codes; those that fit what the box ``reason`` beside it holds are offered."""
    return ComboField(
        label=gettext_lazy("Remark codes"),
        required=False,
        max_length=60,
        url=reverse_lazy("codes:remark_search"),
        sends={"reason": reason},
        several=True,
    )


class AdjustmentForm(PlainForm):
    """A row of adjustment: reason, amount, remark codes. Empty rows say nothing."""

    reason = ChoiceOf(label=gettext_lazy("Reason"), choices=[])
    amount = MoneyField(label=gettext_lazy("Amount"), required=False)
    remarks = remarks_field("reason")
    sizes = {"reason": "xl", "remarks": "s"}
    says_optional = False

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.choices = choices

    @property
    def is_empty(self) -> bool:
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields)

    def adjustment(self) -> Adjustment | None:
        """None if there is no reason to read."""
        pair = parse_pair(self.cleaned_data.get("reason", ""))
        if pair is None:
            return None
        return Adjustment(*pair, self.cleaned_data.get("amount") or ZERO, remark_codes(self.cleaned_data))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.is_empty and "reason" in told and parse_pair(told["reason"]) is None:
            self.add_error("reason", _("Choose the reason of this amount, or clear the row."))
        return told


class LineForm(PlainForm):
    """What is decided about one line."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=VERDICTS,
        widget=forms.RadioSelect,
        required=False,  # without a word a line is approved
    )
    allowed = MoneyField(label=gettext_lazy("Allowed"), required=False)
    deductible = MoneyField(label=gettext_lazy("Deductible"), required=False)
    copay = MoneyField(label=gettext_lazy("Copay"), required=False)
    coinsurance = MoneyField(label=gettext_lazy("Coinsurance"), required=False)
    paid = MoneyField(label=gettext_lazy("Paid"), required=False)
    refusal = ChoiceOf(label=gettext_lazy("Reason"), choices=[])
    remarks = remarks_field("refusal")
    sizes = {"refusal": "xl", "remarks": "s"}
    says_optional = False

    def __init__(self, *args: Any, refusals: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refusal"].widget.choices = refusals

    @property
    def chosen(self) -> Verdict:
        typed = self.data.get(self.add_prefix("verdict"), "")
        return Verdict(typed) if typed in list(Verdict) else Verdict.APPROVE


@dataclass
class DeskLine:
    """A billed line with its form and its rows of adjustments."""

    index: int
    line: ServiceLine
    form: LineForm
    rows: list[AdjustmentForm]
    proposal: LineProposal | None = None
    places: list[PlainForm | str] = field(default_factory=list)
    """Where each adjustment of the proposal was typed: a row, the line's own form, or the name of a box."""

    @property
    def takes_more(self) -> bool:
        """Whether another row of adjustment may be added."""
        return len(self.rows) < MOST_ROWS

    @property
    def facts(self) -> LineFacts:
        return LineFacts(self.line.line_no, self.line.charge)


def parse_pair(text: str) -> tuple[GroupCode, str] | None:
    """ "CO-45" as group and reason code; None for anything else."""
    group, _dash, reason = text.partition("-")
    if group not in list(GroupCode) or not (reason.isascii() and reason.isalnum()) or len(reason) > 5:
        return None
    return GroupCode(group), reason


def remark_codes(told: Mapping[str, Any]) -> tuple[str, ...]:
    """ "M51, n706" as codes, each once."""
    typed = (told.get("remarks") or "").upper().replace(",", " ").replace(";", " ").split()
    return tuple(dict.fromkeys(typed))


def typed_rows(
    data: Mapping[str, str], index: int, choices: list[Any], *, more: bool
) -> list[AdjustmentForm]:
    """The rows that hold anything, at least one, and an empty one with the cursor in it if ``more`` is asked for."""
    used = 0
    for at in range(MOST_ROWS):
        prefix = f"lines-{index}-adjustments-{at}-"
        if any(data.get(prefix + name, "").strip() for name in ("reason", "amount", "remarks")):
            used = at + 1
    rows = [
        AdjustmentForm(data, prefix=f"lines-{index}-adjustments-{at}", choices=choices)
        for at in range(min(max(used + more, 1), MOST_ROWS))
    ]
    if more:
        rows[-1].fields["reason"].widget.attrs["autofocus"] = True
    return rows
