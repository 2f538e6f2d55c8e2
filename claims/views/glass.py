"""Emergency openings of health data: ask, read, and the list that others sign off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.fresh import needs_fresh_factor
from accounts.models import User
from accounts.policies import user_of
from claimflow.lib import phi
from claimflow.lib.pages import Keyset, capped_count
from claimflow.lib.permissions import WrongState
from claims import policies
from claims.actions.glass import break_glass, open_glass, sides_of, sign_off, words_of
from claims.forms.glass import VERDICTS, GlassForm, SignOffForm
from claims.models import Claim, GlassGrant
from claims.presenters import opened_values

PAGE = 50
ORDER = Keyset([("created_at", "desc"), ("id", "desc")])


@require_safe
def glass(request: HttpRequest) -> HttpResponse:
    """Every opening, the newest first: who, which claim, until when, and who signed it off."""
    user = user_of(request)
    policies.require_glass(user)
    grants = _grants(user)
    page = ORDER.page(grants, request.GET.get("cursor"), PAGE)
    return render(
        request,
        "claims/glass.html",
        {
            "rows": page.rows,
            "page": page,
            "summary": capped_count(grants).text,
            "may_open": policies.can_break_glass(user),
            "may_review": policies.can_review_glass(user),
            "now": timezone.now(),
        },
    )


@needs_fresh_factor
@require_http_methods(["GET", "HEAD", "POST"])
def glass_open(request: HttpRequest) -> HttpResponse:
    """Which claim, and why."""
    user = user_of(request)
    policies.require_break_glass(user)
    form = GlassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        grant = break_glass(claim=form.claim, reason=form.cleaned_data["reason"], by=user)
        return redirect("claims:glass_claim", grant.pk)
    return render(request, "claims/glass_open.html", {"form": form})


@require_safe
def glass_claim(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """The claim in clear, to the person who opened it and while it is open."""
    user = user_of(request)
    policies.require_break_glass(user)
    grant = get_object_or_404(_grants(user).filter(user=user), pk=grant_id)
    claim = get_object_or_404(
        Claim.objects.visible_to(user).select_related("provider", "payer"), pk=grant.claim_id
    )
    lines = list(claim.lines.defer("authorization_number").order_by("line_no"))
    try:
        open_glass(claim=claim, lines=lines, by=user)
    except WrongState as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("claims:glass")
    return render(
        request,
        "claims/glass_claim.html",
        {
            "grant": grant,
            "claim": claim,
            "sides": sides_of(claim),
            "values": opened_values(claim),
            "lines": [(line, phi.value(line, "authorization_number") or "") for line in lines],
            "diagnoses": claim.diagnoses.order_by("letter"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def glass_sign_off(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Read the reason, and say what you find of it."""
    user = user_of(request)
    policies.require_glass(user)
    grant: Any = get_object_or_404(_grants(user), pk=grant_id)
    policies.require_review_glass(user, grant.user_id)
    form = SignOffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sign_off(
                grant=grant, verdict=form.cleaned_data["verdict"], note=form.cleaned_data["note"], by=user
            )
        except WrongState as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, _("The opening was signed off."))
        return redirect("claims:glass")
    words_of([grant])
    return render(
        request,
        "claims/glass_sign_off.html",
        {
            "grant": grant,
            "form": form,
            "reason": phi.value(grant, "reason"),
            "note": phi.value(grant, "note") or "",
            "verdict": VERDICTS.get(grant.verdict, ""),
        },
    )


def _grants(user: User) -> Any:
    """Without the claims' and the grants' sealed columns, which this kind may not select."""
    return (
        GlassGrant.objects.visible_to(user)
        .select_related("user", "reviewed_by", "claim")
        .defer("reason", "note", *(f"claim__{field.name}" for field in phi.encrypted_fields(Claim)))
    )
