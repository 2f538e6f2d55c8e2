"""Diagnoses and service lines, the repeating parts: CMS-1500 boxes 21 and 24."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import ComboInput
from claims.edits.entry import LineEntry
from claims.edits.facts import LIMITS
from claims.enums import ClaimType, UnitBasis
from claims.forms.fields import (
    ChoiceOf,
    CodeField,
    CodesField,
    EntryForm,
    NpiField,
    UnitsField,
    day,
    flag,
    money,
)
from codes.formats import bare_icd

LIMIT = LIMITS[ClaimType.PROFESSIONAL]
BASES = [(UnitBasis.UNIT, _("Units")), (UnitBasis.MINUTES, _("Minutes"))]
TYPED = ("procedure", "service_from", "service_to", "modifiers", "pointers", "charge", "rendering_npi")
"""A line in which nothing of this was typed is empty, whatever its place and units say by default."""


class DiagnosisForm(EntryForm):
    needed = frozenset({"code"})
    code = forms.CharField(
        label=_("Code"),
        required=False,
        widget=ComboInput(
            reverse_lazy("codes:icd10_search"), attrs={"data-with": "id_lines-0-service_from:on"}
        ),
    )
    sizes = {"code": "s"}

    def clean_code(self) -> str:
        return bare_icd(self.cleaned_data["code"])

    @property
    def is_empty(self) -> bool:
        return not (self["code"].value() or "").strip()


class LineForm(EntryForm):
    needed = frozenset(
        {"procedure", "service_from", "place_of_service", "pointers", "charge", "units", "unit_basis"}
    )
    sizes = {
        "procedure": "s",
        "place_of_service": "xs",
        "modifiers": "s",
        "pointers": "xs",
        "units": "xs",
        "unit_basis": "s",
    }

    service_from = day(_("From"))
    service_to = day(_("To"))
    place_of_service = CodeField(
        label=_("Place"), required=False, widget=ComboInput(reverse_lazy("codes:place_search"))
    )
    procedure = CodeField(
        label=_("Procedure"),
        required=False,
        widget=ComboInput(reverse_lazy("codes:procedure_search"), {"on": "service_from"}),
    )
    modifiers = CodesField(
        width=2, label=_("Modifiers"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    pointers = CodesField(
        width=1, label=_("Diagnoses"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    charge = money(_("Charge"))
    units = UnitsField(label=_("Units"), initial="1")
    unit_basis = ChoiceOf(label=_("Counted in"), choices=BASES, initial=UnitBasis.UNIT)
    rendering_npi = NpiField(
        label=_("Rendering NPI, if another person gave this service"), attrs={"list": "practitioners"}
    )
    is_emergency = flag(_("Emergency"))
    is_epsdt = flag(_("EPSDT or family planning"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["charge"].widget.attrs["data-sum"] = "charge"

    @property
    def is_empty(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in TYPED)

    @property
    def has_more(self) -> bool:
        """Something stands in the folded part of the line."""
        minutes = self["unit_basis"].value() not in ("", None, UnitBasis.UNIT)
        boxes = [self[name] for name in ("rendering_npi", "is_emergency", "is_epsdt")]
        return minutes or any(box.value() or box.errors for box in boxes)

    def entry(self) -> LineEntry:
        return LineEntry(
            procedure=self.value("procedure"),
            modifiers=self.value("modifiers") or (),
            pointers=self.value("pointers") or (),
            service_from=self.value("service_from"),
            service_to=self.value("service_to"),
            place_of_service=self.value("place_of_service"),
            units=self.value("units"),
            unit_basis=self.word("unit_basis", UnitBasis) or UnitBasis.UNIT,
            charge=self.value("charge"),
            rendering_npi=self.value("rendering_npi"),
            is_emergency=bool(self.value("is_emergency")),
            is_epsdt=bool(self.value("is_epsdt")),
        )


class _Rows(BaseFormSet):  # type: ignore[type-arg]  # it takes no types at run time
    """Rows that may all be empty; ``filled`` leaves out the empty ones at the end."""

    legend: Promise | str = ""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        # Every row is read, the empty ones too: nothing here is required.
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    @property
    def filled(self) -> list[Any]:
        rows = list(self.forms)
        while rows and rows[-1].is_empty:
            rows.pop()
        return rows


class DiagnosisRows(_Rows):
    legend = _("Diagnosis")


class LineRows(_Rows):
    legend = _("Service line")


# More than the limit can be kept and shown, so that nothing typed is lost; the edits object to it.
# The factory's types forget which class of rows it was given.
DiagnosisFormSet = cast(
    "type[DiagnosisRows]",
    formset_factory(
        DiagnosisForm,
        DiagnosisRows,
        extra=0,
        min_num=1,
        max_num=LIMIT.diagnoses,
        absolute_max=LIMIT.diagnoses * 2,
    ),
)
LineFormSet = cast(
    "type[LineRows]",
    formset_factory(
        LineForm, LineRows, extra=0, min_num=1, max_num=LIMIT.lines, absolute_max=LIMIT.lines * 2
    ),
)
