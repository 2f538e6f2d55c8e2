"""The provider's patients: list and search, page, form, and the question to the payer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import OrganizationKind, OrganizationStatus
from accounts.models import Organization, User
from accounts.policies import user_of
from audit.actions import record_access
from audit.enums import Action
from claimflow.lib import phi
from claimflow.lib.forms import error_links, with_pressed_line
from claimflow.lib.permissions import Refusal
from members import policies, presenters
from members.actions.check_coverage import check_coverage
from members.actions.doubles import LooksKnown, organization_of
from members.actions.save_patient import TwiceCovered, save_patient
from members.enums import Sex
from members.forms import PatientForm, PatientSearchForm, coverage_formset
from members.forms.coverage import PREFIX
from members.forms.search import token
from members.models import Patient, PatientCoverage, Plan
from members.views.people import answer_of, find, seen_patient
from members.views.tabs import provider_tabs

COVERAGES = Prefetch(
    "coverages",
    PatientCoverage.objects.filter(is_active=True).order_by("position", "id").select_related("payer", "plan"),
    to_attr="current",
)


@require_http_methods(["GET", "HEAD", "POST"])
def patient_list(request: HttpRequest) -> HttpResponse:
    """Newest first, or those found. A search is posted, and answered with an address that does not hold it."""
    user = user_of(request)
    policies.require_manage_patients(user)
    form = PatientSearchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        organization = organization_of(user)
        kind, indexes = form.wanted(organization, [payer.pk for payer in _payers(all_of_them=True)])
        people = list(Patient.objects.visible_to(user).found_by(kind, indexes)[:2])
        if people:
            return answer_of(
                "members:patient", people, f"{reverse('members:patients')}?found={token(kind, indexes)}"
            )
        record_access(Action.PATIENTS_SEARCHED, [])
        form.add_error(None, _("No patient fits. Check the spelling, or add the patient."))
    found = find(request, Patient.objects.visible_to(user).prefetch_related(COVERAGES))
    rows = found.page.rows
    record_access(
        Action.PATIENTS_SEARCHED if found.is_search else Action.PATIENTS_LISTED,
        [seen_patient(patient, patient.current) for patient in rows],
    )
    return render(
        request,
        "members/patient_list.html",
        {
            "form": form,
            "found": found,
            "tabs": provider_tabs("patients"),
            "rows": [
                (
                    patient,
                    presenters.short_name(patient),
                    [(row, presenters.masked(row)) for row in patient.current],
                )
                for patient in rows
            ],
        },
    )


@require_safe
def patient_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is it, and who pays?"""
    user = user_of(request)
    policies.require_manage_patients(user)
    patient = _patient(user, pk)
    record_access(
        Action.PATIENT_VIEWED,
        [seen_patient(patient, [row]) for row in patient.current] or [seen_patient(patient, [])],
    )
    facts = [
        (_("Date of birth"), presenters.day(phi.value(patient, "birth_date"))),
        (_("Sex"), presenters.SEX[Sex(patient.sex)]),
        (_("Address"), presenters.address_lines(patient)),
        (_("Phone"), phi.value(patient, "phone")),
        (_("E-mail"), phi.value(patient, "email")),
        (_("Patient account number"), phi.value(patient, "account_number")),
    ]
    return render(
        request,
        "members/patient_detail.html",
        {
            "patient": patient,
            "name": presenters.full_name(patient),
            "facts": facts,
            "coverages": [
                (row, presenters.masked(row), presenters.RELATIONSHIP.get(row.relationship))
                for row in patient.current
            ],
            "can_ask": policies.can_check_coverage(user),
        },
    )


@require_POST
def coverage_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the payer: yes, no or unknown, today in the provider's zone."""
    user = user_of(request)
    policies.require_check_coverage(user)
    coverage = get_object_or_404(
        PatientCoverage.objects.visible_to(user).select_related("payer"), pk=pk, is_active=True
    )
    try:
        answer = check_coverage(
            payer=coverage.payer,
            member_id=phi.value(coverage, "member_id"),
            on=timezone.localdate(timezone=user.time_zone),
            by=user,
        )
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        say = messages.success if answer == "yes" else messages.warning
        say(request, presenters.answer_sentence(answer, coverage.payer.name))
    return redirect("members:patient", pk=coverage.patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
def patient_add(request: HttpRequest) -> HttpResponse:
    return _patient_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def patient_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_patients(user)
    patient = _patient(user, pk)
    record_access(Action.PATIENT_VIEWED, [seen_patient(patient, patient.current)])
    return _patient_form(request, patient)


def _patient_form(request: HttpRequest, patient: Patient | None) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_patients(user)
    pressed = with_pressed_line(request.POST, PREFIX) if request.method == "POST" else None
    data = pressed or (request.POST if request.method == "POST" else None)
    known = list(getattr(patient, "current", []))
    form = PatientForm(data, initial=PatientForm.of(patient) if patient else None)
    payers = {payer.pk: payer for payer in (*_payers(), *(row.payer for row in known))}
    lines = coverage_formset(
        data,
        payers=payers.values(),
        plans=Plan.objects.visible_to(user).filter(payer_id__in=payers).order_by("name"),
        known=known,
    )
    doubles: list[Any] = []
    if data is not None and pressed is None and all([form.is_valid(), lines.is_valid()]):
        try:
            saved = save_patient(
                patient=patient,
                facts=form.facts,
                coverages=lines.facts,
                is_another_person=form.cleaned_data["is_another_person"],
                by=user,
            )
        except LooksKnown as refusal:
            doubles = [(person, presenters.short_name(person)) for person in refusal.people]
            form.add_error("is_another_person", refusal.sentence)
        except TwiceCovered as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Patient saved."))
            return redirect("members:patient", pk=saved.pk)
    shown = pressed is None
    return render(
        request,
        "members/patient_form.html",
        {
            "form": form,
            "lines": lines,
            "patient": patient,
            "errors": error_links(form, lines) if shown and data is not None else [],
            "doubles": doubles,
            "asks_about_doubles": bool(doubles) or bool(data and data.get("is_another_person")),
        },
    )


def _patient(user: User, pk: UUID) -> Any:
    return get_object_or_404(Patient.objects.visible_to(user).prefetch_related(COVERAGES), pk=pk)


def _payers(*, all_of_them: bool = False) -> list[Organization]:
    payers = Organization.objects.filter(kind=OrganizationKind.PAYER.value).order_by("name")
    return list(payers if all_of_them else payers.filter(status=OrganizationStatus.ACTIVE.value))
