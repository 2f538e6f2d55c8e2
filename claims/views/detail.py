"""One claim from its provider's side: whose turn is it, what was decided, what can I do?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import UserRole
from accounts.models import User
from accounts.policies import user_of
from audit.enums import Action, SubjectKind
from audit.models import Event
from audit.policies import can_read
from claimflow.lib import phi
from claimflow.lib.permissions import WrongState
from claimflow.lib.sentences import us_date
from claims import policies
from claims.actions.withdraw import withdraw
from claims.edits.facts import PayerRules
from claims.enums import ClaimState, Stage, Turn
from claims.models import Claim
from claims.presenters import (
    accidents,
    masked_member_id,
    next_steps,
    shown_decision,
    shown_findings,
    timeline,
)
from claims.views.lists import seen
from codes.formats import dotted_icd
from codes.models import Icd10Code
from intelligence.presenters import in_words


@require_GET
def claim_detail(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    user = user_of(request)
    claim = _claim_or_404(user, claim_id)
    policies.require_view(user)
    seen(Action.CLAIM_VIEWED, [claim])
    lines = list(claim.lines.order_by("line_no"))
    return render(
        request,
        "claims/claim_detail.html",
        {
            "claim": claim,
            "patient_name": _name(claim),
            "lines": lines,
            "decision": shown_decision(claim, lines),
            "diagnoses": _diagnoses(claim),
            "findings": shown_findings(claim.findings.filter(stage=_stage(claim)).order_by("line_no", "id")),
            "may_read_trail": can_read(user),
            "timeline": timeline(claim, _events(claim), user, _colleagues(user)),
            "steps": next_steps(claim, us_date(_rules(claim).last_filing_day(claim.service_date))),
            "facts": _facts(claim),
            "people": _people(claim),
            "priority_why": in_words(claim.priority_reasons),
            "can_withdraw": policies.can_withdraw(user, claim),
            "can_correct": policies.can_copy(user, claim) and claim.turn == Turn.PROVIDER,
            "is_waiting": claim.state in (ClaimState.RECEIVED, ClaimState.IN_REVIEW, ClaimState.PENDED),
            "notes": [
                (note, phi.value(note, "body"))
                for note in claim.provider_notes.select_related("author").order_by("created_at")
            ],
        },
    )


@require_http_methods(["GET", "POST"])
def claim_withdraw(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Ask first, then take the claim back."""
    user = user_of(request)
    claim = _claim_or_404(user, claim_id)
    policies.require_withdraw(user)
    if request.method == "POST":
        try:
            withdraw(claim=claim, by=user)
        except WrongState as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("Claim %(number)s was withdrawn.") % {"number": claim.claim_number})
        return redirect("claims:detail", claim.pk)
    if not policies.can_withdraw(user, claim):
        messages.error(request, _("This claim can no longer be withdrawn. Its page says what comes next."))
        return redirect("claims:detail", claim.pk)
    return render(request, "claims/claim_withdraw.html", {"claim": claim})


def _claim_or_404(user: User, claim_id: UUID) -> Claim:
    """A claim of the person's own provider: strangers, and the payer's people, find nothing here."""
    if user.role != UserRole.PROVIDER:
        raise Http404
    claim: Claim = get_object_or_404(
        Claim.objects.visible_to(user).select_related(
            "payer", "provider", "plan", "rule_set", "submitted_by", "prior_claim"
        ),
        pk=claim_id,
    )
    return claim


def _name(claim: Claim) -> str:
    return f"{phi.value(claim, 'patient_last_name')}, {phi.value(claim, 'patient_first_name')}"


def _stage(claim: Claim) -> str:
    """A rejection is explained by what the payer's side found; else the biller's own findings are enough."""
    return (Stage.RECEIPT if claim.state == ClaimState.REJECTED else Stage.SUBMISSION).value


def _events(claim: Claim) -> list[Event]:
    return list(Event.objects.about(SubjectKind.CLAIM, claim.pk).since(claim.created_at - timedelta(days=1)))


def _colleagues(user: User) -> dict[UUID, str]:
    people = User.objects.filter(organization_id=user.organization_pk)
    return {person.pk: person.full_name for person in people}


def _rules(claim: Claim) -> PayerRules:
    limit = claim.rule_set.filing_limit_days if claim.rule_set else PayerRules().filing_limit_days
    return PayerRules(filing_limit_days=limit)


def _diagnoses(claim: Claim) -> list[dict[str, Any]]:
    rows = list(claim.diagnoses.order_by("letter"))
    answers = Icd10Code.objects.judge_many((row.code, claim.service_date) for row in rows)
    return [
        {
            "letter": row.letter,
            "code": dotted_icd(row.code),
            "words": answers[row.code, claim.service_date].description,
        }
        for row in rows
    ]


def _people(claim: Claim) -> list[tuple[str, str]]:
    """Who submitted and who decided: a name for the own side, role and organization for the other."""
    submitted = claim.submitted_by.full_name if claim.submitted_by_id else ""
    rows = [(_("Submitted by"), submitted)]
    if claim.adjudicated_by_id:
        rows.append((_("Decided by"), _("An adjudicator of %(payer)s") % {"payer": claim.payer.name}))
    return rows


def _facts(claim: Claim) -> list[tuple[str, list[tuple[str, Any]]]]:
    """The claim's other boxes by group, empty ones left out."""
    insured = " ".join(
        filter(None, (phi.value(claim, "insured_first_name"), phi.value(claim, "insured_last_name")))
    )
    address = phi.value(claim, "patient_address") or {}
    groups = [
        (
            _("Patient and coverage"),
            [
                (_("Date of birth"), us_date(phi.value(claim, "patient_birth_date"))),
                (_("Sex"), {"F": _("Female"), "M": _("Male")}.get(claim.patient_sex, _("Unknown"))),
                (_("Member ID"), masked_member_id(phi.value(claim, "member_id"))),
                (_("Group number"), phi.value(claim, "group_number")),
                (_("Plan"), claim.plan.name if claim.plan else ""),
                (_("Relationship to the insured"), claim.get_relationship_display()),
                (_("Insured"), insured),
                (_("Address"), ", ".join(filter(None, address.values()))),
                (_("Patient account number"), phi.value(claim, "patient_account_number")),
            ],
        ),
        (
            _("Providers"),
            [
                (_("Billing"), f"{claim.billing_name}, NPI {claim.billing_npi}"),
                (_("Rendering"), _party(claim.rendering_name, claim.rendering_npi)),
                (_("Referring"), _party(claim.referring_name, claim.referring_npi)),
                (_("Facility"), _party(claim.facility_name, claim.facility_npi)),
            ],
        ),
        (
            _("Circumstances and numbers"),
            [
                (_("Authorization number"), phi.value(claim, "authorization_number")),
                (_("Accident"), accidents(claim)),
                (_("Date of the accident"), _day(claim.accident_date)),
                (_("Illness began"), _day(claim.onset_date)),
                (_("Admitted"), _day(claim.hospitalized_from)),
                (_("Discharged"), _day(claim.hospitalized_to)),
                (_("Additional information"), phi.value(claim, "additional_information")),
            ],
        ),
    ]
    filled = [(title, [(term, value) for term, value in rows if value]) for title, rows in groups]
    return [(title, rows) for title, rows in filled if rows]


def _party(name: str, npi: str) -> str:
    return ", ".join(filter(None, (name, f"NPI {npi}" if npi else "")))


def _day(day: Any) -> str:
    return us_date(day) if day else ""
