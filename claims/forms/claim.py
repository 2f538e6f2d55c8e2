"""The claim form as one thing: its parts, the claim it describes, and where each finding stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import OrganizationKind, OrganizationStatus
from accounts.models import Organization, User
from claimflow.lib.forms import ErrorLink, PlainBoundField
from claimflow.lib.money import format_money
from claims.edits import Finding
from claims.edits.entry import ClaimEntry
from claims.enums import Severity
from claims.forms.circumstances import CircumstancesForm, ReferenceForm
from claims.forms.content import Content, as_data
from claims.forms.coverage import CoverageForm
from claims.forms.fields import EntryForm
from claims.forms.lines import DiagnosisFormSet, LineFormSet
from claims.forms.parties import PartiesForm
from claims.forms.patient import PatientForm
from claims.presenters import SEVERITY_WORD, WORD_SEVERITY
from intelligence.score import TABLE, Found, Score, ScoreFacts, score
from members.models import BillingProvider, Facility, Plan, Practitioner


@dataclass(frozen=True)
class OwnLists:
    """What the selects and suggestions of the form offer."""

    payers: list[Organization]
    plans: list[Plan]
    billing_providers: list[BillingProvider]
    practitioners: list[Practitioner]
    facilities: list[Facility]

    @classmethod
    def of(cls, user: User) -> OwnLists:
        """Five queries."""
        return cls(
            payers=list(
                Organization.objects.filter(
                    kind=OrganizationKind.PAYER.value, status=OrganizationStatus.ACTIVE.value
                ).order_by("name")
            ),
            plans=list(Plan.objects.visible_to(user).filter(is_active=True).order_by("name")),
            billing_providers=list(BillingProvider.objects.visible_to(user).order_by("-is_default", "name")),
            practitioners=list(Practitioner.objects.visible_to(user).order_by("last_name", "first_name")),
            facilities=list(Facility.objects.visible_to(user).order_by("name")),
        )


UNREADABLE = "entry.unreadable"
"""What could not be read is an error to the score, though no rule of the book."""


@dataclass(frozen=True)
class Problem:
    """One thing to say, where, by which rule, and whether it only says that a box is still empty."""

    target: str
    severity: str
    message: str
    missing: bool = False
    rule: str = UNREADABLE

    @property
    def field(self) -> str:
        """The id of an input, as ``_findings.html`` and validate.js call it."""
        return self.target

    @property
    def found(self) -> Found:
        return Found(self.rule, WORD_SEVERITY[self.severity].value, self.target)

    @property
    def points(self) -> int:
        """What it takes of the validation score."""
        return TABLE.of(self.found).points


@dataclass
class Section:
    """One part of the page and how much of it is still empty."""

    name: str
    label: str
    missing: int = 0
    wrong: int = 0


class ClaimForms:
    """Every part of the form over one raw content. Nothing is shown as wrong until ``show`` is called."""

    def __init__(self, content: Mapping[str, Any], *, lists: OwnLists, today: date) -> None:
        data, day = as_data(content), lambda: today
        self.content: Content = dict(content)
        self.lists = lists
        self.patient = PatientForm(data, today=day)
        self.coverage = CoverageForm(data, today=day, payers=lists.payers, plans=lists.plans)
        self.parties = PartiesForm(data, today=day, billing_providers=lists.billing_providers)
        self.circumstances = CircumstancesForm(data, today=day)
        self.references = ReferenceForm(data, today=day)
        self.diagnoses = DiagnosisFormSet(data, prefix="diagnoses", form_kwargs={"today": day})
        self.lines = LineFormSet(data, prefix="lines", form_kwargs={"today": day})
        self._unreadable = self._read()
        self._fields = {
            form.add_prefix(bound.name): (form, bound)
            for form in self._parts()
            for bound in form.visible_fields()
            if isinstance(bound, PlainBoundField)
        }
        self.extra: list[tuple[str, str]] = []
        self.problems: list[Problem] = self.unreadable

    # --- Reading ---

    @property
    def heads(self) -> tuple[EntryForm, ...]:
        return (self.coverage, self.patient, self.parties, self.circumstances, self.references)

    def _parts(self) -> Iterator[EntryForm]:
        """In the order of the page."""
        yield from (self.patient, self.coverage, self.parties)
        yield from self.diagnoses.forms
        yield from self.lines.forms
        yield from (self.circumstances, self.references)

    def _read(self) -> dict[str, list[str]]:
        """Clean every part and put what it objects to aside, by the name of the input."""
        found: dict[str, list[str]] = {}
        for form in self._parts():
            for name, errors in form.errors.items():
                found[form.add_prefix(name)] = [str(error) for error in errors]
            form.errors.clear()
        for rows in (self.diagnoses, self.lines):
            rows.is_valid()
            rows.non_form_errors().clear()
        return found

    def entry(self) -> ClaimEntry:
        """The claim that is described. What could not be read is missing from it; see ``can_be_read``."""
        return ClaimEntry(
            coverage=self.coverage.entry(),
            patient=self.patient.entry(),
            parties=self.parties.entry(),
            diagnoses=tuple(row.value("code") for row in self.diagnoses.filled),
            lines=tuple(row.entry() for row in self.lines.filled),
            circumstances=self.circumstances.entry(),
            consents=self.references.consents(),
            authorization_number=self.references.value("authorization_number"),
            amount_paid_by_patient=self.references.value("amount_paid_by_patient"),
            note=self.references.value("note"),
        )

    @property
    def can_be_read(self) -> bool:
        return not self._unreadable

    # --- Saying ---

    @property
    def unreadable(self) -> list[Problem]:
        return [
            Problem(self.target_of(name), "block", self._placed(name, message))
            for name, messages in self._unreadable.items()
            for message in messages
        ]

    @staticmethod
    def _placed(name: str, message: str) -> str:
        """The line's number before what is said about one of its boxes, as the edits do."""
        rows, _dash, rest = name.partition("-")
        at = rest.partition("-")[0]
        if rows != "lines" or not at.isdigit():
            return message
        return _("Line %(number)s: %(message)s") % {"number": int(at) + 1, "message": message}

    def judge(self, findings: Iterable[Finding], words: Mapping[str, str] | None = None) -> None:
        """Put the words of each code beside it. Join the edits' findings with what could not be read. Where
        a box could not be read, that is said, and the edit that finds it empty is not."""
        for name in ("code", "procedure"):
            for row in (*self.diagnoses.forms, *self.lines.forms):
                if name in row.fields:
                    row.fields[name].widget.note = (words or {}).get(row.value(name), "")
        self.problems = self.unreadable
        for finding in findings:
            if finding.field in self._unreadable and finding.blocks:
                continue
            self.problems.append(
                Problem(
                    # A note needs no box: it is listed, and no field is marked.
                    "" if finding.severity == Severity.INFO else self.target_of(finding.field),
                    SEVERITY_WORD[finding.severity],
                    f"{finding.sentence.through(_)} {finding.mend.through(_)}",
                    finding.code.endswith(".missing"),
                    finding.code,
                )
            )

    def show(self) -> None:
        """Put what blocks beside its box, and what has no box on top."""
        bound_at = {bound.target: (form, bound.name) for form, bound in self._fields.values()}
        for problem in self.problems:
            if problem.severity == "block" and problem.target in bound_at:
                form, name = bound_at[problem.target]
                form.add_error(name, problem.message)
            elif problem.severity == "block":
                self.extra.append((problem.target, problem.message))

    @property
    def error_links(self) -> list[ErrorLink]:
        """The error summary, in the order of the page."""
        links = [ErrorLink(target, message) for target, message in self.extra]
        for _form, bound in self._fields.values():
            links += [ErrorLink(bound.target, str(error)) for error in bound.errors]
        return links

    def target_of(self, name: str) -> str:
        """The id of the input that a field's path names; "lines" is the first line's procedure."""
        name = {"lines": "lines-0-procedure", "diagnoses": "diagnoses-0-code"}.get(name, name)
        return self._fields[name][1].target if name in self._fields else ""

    @property
    def opened(self) -> dict[str, bool]:
        """Which folded parts of the page stand open: those in which something is entered, or objected to."""
        return {
            "address": _shows(self.patient, "line1 line2 city state postal_code phone account_number"),
            "insured": self.coverage["relationship"].value() not in ("", None, "self")
            or _shows(
                self.coverage,
                "insured_last_name insured_first_name insured_birth_date insured_sex",
            ),
            "other_plan": _shows(self.coverage, "has_other_coverage other_payer other_member_id"),
            "others": _shows(self.parties, "referring_npi referring_name facility_npi facility_name"),
            "circumstances": _shows(
                self.circumstances,
                " ".join(name for name in self.circumstances.fields if name != "onset_qualifier"),
            ),
        }

    # --- The panel ---

    @property
    def total(self) -> str:
        return format_money(self.entry().charge)

    @property
    def score(self) -> Score:
        return score(ScoreFacts(tuple(problem.found for problem in self.problems)))

    @property
    def empty(self) -> dict[str, Any]:
        """The boxes still empty, told as one: they are in the score, but not in the panel's list."""
        count = sum(problem.missing for problem in self.problems)
        words = ngettext("%(count)s box is still empty.", "%(count)s boxes are still empty.", count)
        points = sum(problem.points for problem in self.problems if problem.missing)
        return {"message": words % {"count": count} if count else "", "points": points}

    @property
    def listed(self) -> list[Problem]:
        """For the panel: everything but boxes that are still empty."""
        return [problem for problem in self.problems if not problem.missing]

    @property
    def counts(self) -> dict[str, int]:
        """Of the panel's list, by severity; ``missing`` boxes apart."""
        counts = dict.fromkeys(("block", "warn", "info"), 0)
        for problem in self.listed:
            counts[problem.severity] += 1
        return {**counts, "missing": sum(problem.missing for problem in self.problems)}

    @property
    def sections(self) -> list[Section]:
        """Completeness by section, in the order of the page."""
        rows = [
            Section("patient", _("Patient")),
            Section("coverage", _("Coverage")),
            Section("providers", _("Providers")),
            Section("diagnoses", _("Diagnoses")),
            Section("lines", _("Service lines")),
            Section("more", _("Circumstances and numbers")),
        ]
        by_name = {section.name: section for section in rows}
        homes = {id(self.coverage): "coverage", id(self.patient): "patient", id(self.parties): "providers"}
        homes |= {id(form): "diagnoses" for form in self.diagnoses.forms}
        homes |= {id(form): "lines" for form in self.lines.forms}
        home_of = {bound.target: homes.get(id(form), "more") for form, bound in self._fields.values()}
        for problem in self.problems:
            section = by_name[home_of.get(problem.target, "more")]
            section.missing += problem.missing
            section.wrong += problem.severity == "block" and not problem.missing
        return rows


def _shows(form: EntryForm, names: str) -> bool:
    """Is anything entered in these boxes, or said about them?"""
    boxes = [form[name] for name in names.split()]
    return any(box.errors or _is_filled(box.value()) for box in boxes)


def _is_filled(value: object) -> bool:
    return any(value) if isinstance(value, list) else bool(value)
