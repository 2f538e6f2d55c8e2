"""Every part of the interface in every state, at /gallery/. Not in production; all is invented."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimflow.lib.forms import (
    ComboField,
    FilterForm,
    MemorableDateField,
    MoneyField,
    PlainForm,
    ServiceDateField,
    with_pressed_line,
)
from claimflow.lib.templatetags.claimflow import STATES
from claimflow.middleware.gate import open_to_all

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Maximiliana Bartholomea"
LONG_PROVIDER = "Saint Bartholomew Regional Medical Center and Affiliated Outpatient Rehabilitation Clinics"
CODES = (
    ("X0001", "Office visit, established patient"),
    (
        "X0002",
        "Office visit, new patient, with a detailed history that takes more than one line of a narrow list",
    ),
    ("X0003", "Emergency department visit"),
    ("X0004", "Chest X-ray, two views"),
    ("X0005", "Preventive visit, adult"),
)
MIDDLE = (("", _("Choose")), ("f", _("Female")), ("m", _("Male")), ("u", _("Unknown")))


class SampleForm(PlainForm):
    """One field of every kind."""

    member_id = forms.CharField(label=_("Member ID"), help_text=_("As printed on the card."), max_length=50)
    born_on = MemorableDateField(label=_("Date of birth"), help_text=_("For example 4 27 1965."))
    sex = forms.ChoiceField(label=_("Sex on the card"), choices=MIDDLE)
    served_on = ServiceDateField(
        label=_("Service date"), help_text=_("A date such as 11/21, or today, or yesterday.")
    )
    charge = MoneyField(label=_("Charge"))
    procedure = ComboField(
        label=_("Procedure"),
        help_text=_("Code or words."),
        url=reverse_lazy("gallery_codes"),
        sends={"on": "served_on"},
        required=False,
    )
    email = forms.EmailField(label=_("E-mail of the office"), required=False)
    turn = forms.ChoiceField(
        label=_("What should happen next?"),
        widget=forms.RadioSelect,
        choices=(("send", _("Send it to the payer")), ("keep", _("Keep it as a draft"))),
    )
    shown = forms.MultipleChoiceField(
        label=_("Show on the list"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=(("charge", _("Charge")), ("due", _("Due date"))),
    )
    explanation = forms.CharField(
        label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3}), min_length=20, required=False
    )
    agreed = forms.BooleanField(
        label=_("I have checked the claim"), help_text=_("The payer relies on it."), required=True
    )
    sizes = {"sex": "s", "procedure": "l"}


class SampleLineForm(PlainForm):
    """One service line, as the claim form repeats it."""

    procedure = ComboField(label=_("Procedure"), url=reverse_lazy("gallery_codes"))
    served_on = ServiceDateField(label=_("Service date"))
    charge = MoneyField(
        label=_("Charge"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "data-sum": "charge"}),
    )
    sizes = {"procedure": "m"}


class SampleFilter(FilterForm):
    """The filter bar of the queue."""

    q = forms.CharField(label=_("Search"), required=False)
    priority = forms.ChoiceField(
        label=_("Priority"),
        required=False,
        choices=(("", _("Any")), ("urgent", _("Urgent")), ("standard", _("Standard"))),
    )
    least = MoneyField(label=_("Charge from"), required=False)
    since = ServiceDateField(label=_("Since"), required=False)


class SampleReason(PlainForm):
    """What a destructive step asks for."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


SampleLines = forms.formset_factory(SampleLineForm, extra=0, min_num=1, max_num=50)


@open_to_all
def gallery(request: HttpRequest) -> HttpResponse:
    """The whole gallery; POST answers with the forms filled in wrongly, or with one line more or less."""
    form = SampleForm(request.POST) if request.method == "POST" else SampleForm()
    return render(request, "gallery/gallery.html", {**_shown(), "sample": form, "lines": _lines(request)})


@open_to_all
def codes(request: HttpRequest) -> JsonResponse:
    """The combo box's answers: the sample codes that contain what was typed."""
    typed = request.GET.get("q", "").strip().lower()
    found = [
        {"value": code, "label": code, "note": words}
        for code, words in CODES
        if typed in code.lower() or typed in words.lower()
    ]
    return JsonResponse({"results": found})


@open_to_all
def check(request: HttpRequest) -> JsonResponse:
    """The checks of the sample form, in the form that static/claimflow/validate.js expects."""
    form = SampleForm(request.POST)
    findings = [
        {"field": f"id_{name}", "severity": "block", "message": str(error)}
        for name, errors in form.errors.items()
        for error in errors
    ]
    charge = form.cleaned_data.get("charge")
    if charge and charge > Decimal(5000):
        message = str(_("A charge above $5,000.00 makes the claim urgent."))
        findings.append({"field": "id_charge", "severity": "info", "message": message})
    blocking = sum(finding["severity"] == "block" for finding in findings)
    counts = {"block": blocking, "warn": 0, "info": len(findings) - blocking}
    return JsonResponse({"findings": findings, "counts": counts, "total": f"{charge or Decimal():,.2f}"})


@open_to_all
def narrow(request: HttpRequest) -> HttpResponse:
    """The layout of sign-in pages."""
    return render(request, "gallery/narrow.html", {"sample": SampleReason()})


def _lines(request: HttpRequest) -> Any:
    if request.method == "POST" and "line-TOTAL_FORMS" in request.POST:
        changed = with_pressed_line(request.POST, "line")
        return SampleLines(changed or request.POST, prefix="line")
    return SampleLines(prefix="line", initial=[{"procedure": "X0001", "charge": Decimal("120.00")}, {}])


def _shown() -> dict[str, Any]:
    now = timezone.now()
    wrong = {
        "member_id": "",
        "born_on_month": "2",
        "born_on_day": "30",
        "born_on_year": "1965",
        "served_on": "31/31",
        "charge": "1,2.3",
        "email": "riverside",
        "explanation": "Too short",
    }
    filters = SampleFilter({"q": "", "priority": "urgent", "least": "5,000"})
    filters.is_valid()
    return {
        "states": list(STATES),
        "priorities": ("urgent", "standard", "routine"),
        "tones": ("urgent", "warning", "good", "accent", "neutral"),
        "levels": ("info", "success", "warning", "error"),
        "wrong": SampleForm({f"wrong-{name}": value for name, value in wrong.items()}, prefix="wrong"),
        "disabled": _disabled(),
        "filters": filters,
        "empty_filters": SampleFilter(),
        "reason": SampleReason(prefix="void"),
        "chips": [
            SimpleNamespace(label=_("Urgent"), remove_url="?"),
            SimpleNamespace(label=_("From $5,000.00"), remove_url="?"),
        ],
        "tabs": _tabs(),
        "stats": _stats(),
        "rows": _rows(now),
        "facts": _facts(),
        "entries": _entries(now),
        "findings": _findings(),
        "trend": [3, 5, 4, 8, 12, 7, 9, 14, 11, 16, 12, 18],
        "now": now,
        "long_name": LONG_NAME,
        "none": None,
    }


def _disabled() -> SampleReason:
    form = SampleReason(initial={"reason": "Sent twice by mistake."}, prefix="disabled")
    form.fields["reason"].disabled = True
    return form


def _tabs() -> list[SimpleNamespace]:
    words = (
        ("Available", 128),
        ("Mine", 2),
        ("Pended", 14),
        ("Second look", "1,000+"),
        ("Decided today", None),
    )
    return [
        SimpleNamespace(label=label, url="#tabs", count=count, current=label == "Available")
        for label, count in words
    ]


def _stats() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(value="128", label=_("Available"), url="#stats", tone="", hint=""),
        SimpleNamespace(value="2", label=_("Mine"), url="#stats", tone="", hint=_("one until 2:20 PM")),
        SimpleNamespace(value="9", label=_("At risk"), url="#stats", tone="warning", hint=""),
        SimpleNamespace(value="1", label=_("Overdue"), url="#stats", tone="urgent", hint=""),
        SimpleNamespace(
            value="96.2%", label=_("Decided in time"), url="", tone="good", hint=_("last 30 days")
        ),
    ]


def _rows(now: datetime) -> list[SimpleNamespace]:
    words = (
        ("0042", "urgent", "in_review", "Okafor, A", "Riverside EM", "Emergency visit +3", "8512.40", 1, 0),
        ("0107", "urgent", "received", LONG_NAME, LONG_PROVIDER, "Appendectomy", "12900.00", 2, -2),
        (
            "0011",
            "standard",
            "pended",
            "Lind, M",
            "Harbor Surgical",
            "Chest X-ray, two views",
            "240.00",
            3,
            1,
        ),
        (
            "0012",
            "standard",
            "partially_approved",
            "Ng, T",
            "Harbor Surgical",
            "Office visit",
            "99999999.99",
            9,
            4,
        ),
        (
            "10003",
            "routine",
            "denied",
            "Ortiz, L",
            "Lakeside Family Practice",
            "Preventive visit",
            "0.50",
            30,
            12,
        ),
    )
    return [
        SimpleNamespace(
            number=f"CLM-20261120-{number}",
            priority=priority,
            state=state,
            patient=patient,
            provider=provider,
            services=services,
            charge=Decimal(charge),
            received_at=now - timedelta(days=days, hours=2),
            due_at=now + timedelta(days=due, minutes=30),
            turn="payer" if state != "pended" else "provider",
        )
        for number, priority, state, patient, provider, services, charge, days, due in words
    ]


def _facts() -> list[Any]:
    return [
        (_("Patient"), LONG_NAME),
        (_("Member ID"), "XYZ-4471-0098"),
        (_("Service dates"), "Nov 18, 2026 to Nov 20, 2026"),
        SimpleNamespace(term=_("Provider"), value=LONG_PROVIDER, note="NPI 1234567893"),
        (_("Prior authorization"), ""),
        (_("Accident"), _("No")),
    ]


def _entries(now: datetime) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            at=now - timedelta(hours=1),
            sentence=_("Partly approved: $369.84 of $8,512.40."),
            actor=_("Adjudicator, Acme Health"),
            detail=_("Line 2 denied: the record does not show that the test was ordered.\nSend the order."),
            icon="check",
            tone="good",
            url="",
        ),
        SimpleNamespace(
            at=now - timedelta(days=1),
            sentence=_("Review started."),
            actor=_("Acme Health"),
            icon="",
            tone="accent",
        ),
        SimpleNamespace(
            at=now - timedelta(days=2),
            sentence=_("Submitted."),
            actor="Maria Alvarez",
            icon="send",
            tone="neutral",
        ),
    ]


def _findings() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            severity="block", message=_("Line 2: enter a charge."), field="id_charge", code="missing-charge"
        ),
        SimpleNamespace(
            severity="warn", message=_("Possible duplicate of CLM-20261119-0031."), field="", code=""
        ),
        SimpleNamespace(
            severity="info", message=_("Judged by FY2026, the newest loaded."), field="", code=""
        ),
    ]


urlpatterns = [
    path("gallery/", gallery, name="gallery"),
    path("gallery/codes/", codes, name="gallery_codes"),
    path("gallery/check/", check, name="gallery_check"),
    path("gallery/narrow/", narrow, name="gallery_narrow"),
]
