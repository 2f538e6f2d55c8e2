"""The raw claim form: field name to text, a list for repeated names. It is what a draft keeps, and it is
never judged here."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from accounts.models import User
from claimflow.lib import phi
from claims.forms.circumstances import CircumstancesForm, ReferenceForm
from claims.forms.coverage import CoverageForm
from claims.forms.fields import EntryForm
from claims.forms.lines import DiagnosisForm, LineForm
from claims.forms.parties import PartiesForm
from claims.forms.patient import PatientForm
from claims.models import Claim
from codes.formats import dotted_icd
from members.models import BillingProvider, Patient, PatientCoverage

Content = dict[str, Any]

ROWS: dict[str, type[EntryForm]] = {"diagnoses": DiagnosisForm, "lines": LineForm}
BLANK_ROWS = {"diagnoses": 4, "lines": 1}
CODE_BOXES = {"diagnoses": "code", "lines": "procedure"}
MOST_ROWS = {"diagnoses": 24, "lines": 100}
DATE_PARTS = ("month", "day", "year")
_ROW = re.compile(r"(?P<rows>diagnoses|lines)-(?P<at>[0-9]{1,3})-(?P<field>[a-z_]{1,40})")


def _names() -> frozenset[str]:
    names: set[str] = set()
    parts: tuple[type[EntryForm], ...] = (
        CoverageForm,
        PatientForm,
        PartiesForm,
        CircumstancesForm,
        ReferenceForm,
    )
    for form in parts:
        for name in form.base_fields:
            names |= {f"{name}_{part}" for part in DATE_PARTS} if name.endswith("birth_date") else {name}
    return frozenset(names)


NAMES = _names()


def content_of_post(data: QueryDict) -> Content:
    """What was typed, all of it, and nothing that is not a box of the form."""
    content: Content = {}
    for name in data:
        row = _ROW.fullmatch(name)
        if name in NAMES or (row and row["field"] in ROWS[row["rows"]].base_fields):
            values = data.getlist(name)
            content[name] = values[0] if len(values) == 1 else values
    for rows in ROWS:
        content[f"{rows}-TOTAL_FORMS"] = str(_total(data.get(f"{rows}-TOTAL_FORMS"), content, rows))
    return content


def as_data(content: Mapping[str, Any]) -> QueryDict:
    """Raw content as Django's forms read it."""
    data = QueryDict(mutable=True)
    for name, value in content.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    for rows in ROWS:
        data[f"{rows}-TOTAL_FORMS"] = str(_total(content.get(f"{rows}-TOTAL_FORMS"), content, rows))
        data[f"{rows}-INITIAL_FORMS"] = "0"
    return data


def _total(said: Any, content: Mapping[str, Any], rows: str) -> int:
    """The number of rows: what the form says, but never fewer than were typed, whatever it says."""
    count = int(said) if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 4 else 0
    typed = [int(row["at"]) + 1 for name in content if (row := _ROW.fullmatch(name)) and row["rows"] == rows]
    return min(max([count, 1, *typed]), MOST_ROWS[rows])


# --- Rows added and removed without JavaScript --------------------------------------------------------------


def with_row_added(content: Mapping[str, Any], rows: str) -> Content:
    """One more row. A service line begins with the date and place of the one before."""
    at = _total(content.get(f"{rows}-TOTAL_FORMS"), content, rows)
    if at >= MOST_ROWS[rows]:
        return dict(content)
    grown = {**content, f"{rows}-TOTAL_FORMS": str(at + 1)}
    if rows == "lines":
        grown[f"lines-{at}-units"] = "1"
        for field in ("service_from", "place_of_service"):
            grown[f"lines-{at}-{field}"] = content.get(f"lines-{at - 1}-{field}", "")
    return grown


def with_code_added(content: Mapping[str, Any], rows: str, code: str) -> Content:
    """With a code in the first row that has none, or in a new one; the same if there is no room."""
    field = CODE_BOXES[rows]
    count = _total(content.get(f"{rows}-TOTAL_FORMS"), content, rows)
    free = (at for at in range(count) if not str(content.get(f"{rows}-{at}-{field}", "")).strip())
    at = next(free, count)
    grown = dict(content) if at < count else with_row_added(content, rows)
    return {**grown, f"{rows}-{at}-{field}": code} if at < MOST_ROWS[rows] else grown


def with_row_removed(content: Mapping[str, Any], rows: str, at: int) -> Content:
    """Without one row; the later ones move up."""
    count = _total(content.get(f"{rows}-TOTAL_FORMS"), content, rows)
    if not 0 <= at < count or count == 1:
        return dict(content)
    kept: Content = {}
    for name, value in content.items():
        row = _ROW.fullmatch(name)
        if not row or row["rows"] != rows:
            kept[name] = value
        elif int(row["at"]) != at:
            kept[f"{rows}-{int(row['at']) - (int(row['at']) > at)}-{row['field']}"] = value
    kept[f"{rows}-TOTAL_FORMS"] = str(count - 1)
    return kept


# --- Where content comes from -------------------------------------------------------------------------------


def blank(by: User) -> Content:
    """A new form: the usual billing provider, the usual answers, room for four diagnoses and one line."""
    usual = (
        BillingProvider.objects.visible_to(by)
        .order_by("-is_default", "name")
        .values_list("npi", flat=True)
        .first()
    )
    return {
        "relationship": "self",
        "billing_npi": usual or "",
        "referring_qualifier": "DN",
        "onset_qualifier": "431",
        "patient_signature_on_file": "on",
        "benefits_assigned": "on",
        "accepts_assignment": "on",
        "lines-0-units": "1",
        **{f"{rows}-TOTAL_FORMS": str(count) for rows, count in BLANK_ROWS.items()},
    }


def content_of_patient(patient: Patient, coverage: PatientCoverage | None) -> Content:
    """The boxes that a patient from the own list fills."""
    address = phi.value(patient, "address") or {}
    content = {
        "patient": str(patient.pk),
        "last_name": phi.value(patient, "last_name"),
        "first_name": phi.value(patient, "first_name"),
        **_date_parts("birth_date", phi.value(patient, "birth_date")),
        "sex": patient.sex,
        **{name: address.get(name, "") for name in ("line1", "line2", "city", "state", "postal_code")},
        "phone": phi.value(patient, "phone") or "",
        "account_number": phi.value(patient, "account_number") or "",
    }
    if coverage is None:
        return content
    insured = phi.value(coverage, "insured") or {}
    born = insured.get("birth_date") or ""
    return {
        **content,
        "payer": str(coverage.payer_id),
        "plan": str(coverage.plan_id or ""),
        "member_id": phi.value(coverage, "member_id"),
        "group_number": phi.value(coverage, "group_number") or "",
        "relationship": coverage.relationship,
        "insured_last_name": insured.get("last_name", ""),
        "insured_first_name": insured.get("first_name", ""),
        **_date_parts("insured_birth_date", date.fromisoformat(born) if born else None),
        "insured_sex": insured.get("sex", ""),
    }


def content_of_claim(claim: Claim) -> Content:
    """A claim typed anew: what a correction starts from."""
    address = phi.value(claim, "patient_address") or {}
    other = phi.value(claim, "other_insured") or {}
    content: Content = {
        "patient": str(claim.patient_id or ""),
        "payer": str(claim.payer_id),
        "plan": str(claim.plan_id or ""),
        "last_name": phi.value(claim, "patient_last_name"),
        "first_name": phi.value(claim, "patient_first_name"),
        **_date_parts("birth_date", phi.value(claim, "patient_birth_date")),
        "sex": claim.patient_sex,
        **{name: address.get(name, "") for name in ("line1", "line2", "city", "state", "postal_code")},
        "phone": phi.value(claim, "patient_phone") or "",
        "account_number": phi.value(claim, "patient_account_number") or "",
        "member_id": phi.value(claim, "member_id"),
        "group_number": phi.value(claim, "group_number") or "",
        "relationship": claim.relationship,
        "insured_last_name": phi.value(claim, "insured_last_name") or "",
        "insured_first_name": phi.value(claim, "insured_first_name") or "",
        **_date_parts("insured_birth_date", phi.value(claim, "insured_birth_date")),
        "insured_sex": claim.insured_sex,
        "other_payer": other.get("payer_name", ""),
        "other_member_id": other.get("member_id", ""),
        "billing_npi": claim.billing_npi,
        "rendering_npi": claim.rendering_npi,
        "rendering_name": claim.rendering_name,
        "referring_npi": claim.referring_npi,
        "referring_name": claim.referring_name,
        "referring_qualifier": claim.referring_qualifier or "DN",
        "facility_npi": claim.facility_npi,
        "facility_name": claim.facility_name,
        "accident": claim.accident_types[0] if claim.accident_types else "",
        "accident_date": _day(claim.accident_date),
        "accident_state": claim.accident_state,
        "onset_date": _day(claim.onset_date),
        "onset_qualifier": claim.onset_qualifier or "431",
        "unable_to_work_from": _day(claim.unable_to_work_from),
        "unable_to_work_to": _day(claim.unable_to_work_to),
        "admitted_on": _day(claim.hospitalized_from),
        "discharged_on": _day(claim.hospitalized_to),
        "outside_lab_charge": _amount(claim.outside_lab_charge),
        "additional_information": phi.value(claim, "additional_information") or "",
        "authorization_number": phi.value(claim, "authorization_number") or "",
        "amount_paid_by_patient": _amount(claim.amount_paid_by_patient or None),
    }
    for name in (
        "has_other_coverage", "outside_lab", "patient_signature_on_file", "benefits_assigned", "accepts_assignment",
    ):  # fmt: skip
        if getattr(claim, name):
            content[name] = "on"
    codes = list(claim.diagnoses.order_by("letter").values_list("code", flat=True))
    for at, code in enumerate(codes):
        content[f"diagnoses-{at}-code"] = dotted_icd(code)
    lines = list(claim.lines.order_by("line_no"))
    for at, line in enumerate(lines):
        content |= {f"lines-{at}-{name}": value for name, value in _line(line).items()}
    return {**content, "diagnoses-TOTAL_FORMS": str(len(codes)), "lines-TOTAL_FORMS": str(len(lines))}


def _line(line: Any) -> Content:
    return {
        "service_from": _day(line.date_from),
        "service_to": _day(line.date_to) if line.date_to != line.date_from else "",
        "place_of_service": line.place_of_service,
        "procedure": line.procedure_code,
        "modifiers": " ".join(line.modifiers),
        "pointers": "".join(line.pointers),
        "charge": _amount(line.charge),
        "units": f"{line.units.normalize():f}",
        "unit_basis": line.unit_basis,
        "rendering_npi": line.rendering_npi,
        **({"is_emergency": "on"} if line.is_emergency else {}),
        **({"is_epsdt": "on"} if line.is_epsdt else {}),
    }


def _date_parts(name: str, day: date | None) -> Content:
    values = (str(day.month), str(day.day), str(day.year)) if day else ("", "", "")
    return {f"{name}_{part}": value for part, value in zip(DATE_PARTS, values, strict=True)}


def _day(day: date | None) -> str:
    return day.strftime("%m/%d/%Y") if day else ""


def _amount(amount: Decimal | None) -> str:
    return f"{amount:.2f}" if amount is not None else ""
