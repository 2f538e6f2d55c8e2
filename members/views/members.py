"""The payer's roster by hand: list and search, member page, coverages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.policies import user_of
from audit.actions import record_access
from audit.enums import Action
from claimflow.lib import phi
from claimflow.lib.forms import error_links
from claimflow.lib.permissions import WrongState
from members import policies, presenters
from members.actions import keep_members
from members.actions.doubles import LooksKnown, organization_of
from members.enums import Verification
from members.forms import CoverageForm, EndForm, MemberForm, MemberSearchForm, VerifyForm
from members.forms.search import token
from members.models import Coverage, Member, Plan
from members.views.people import answer_of, find, seen_member
from members.views.tabs import payer_tabs

COVERAGES = Prefetch(
    "coverages",
    Coverage.objects.order_by("-effective_from", "id").select_related("plan", "verified_by"),
    to_attr="current",
)


@require_http_methods(["GET", "HEAD", "POST"])
def member_list(request: HttpRequest) -> HttpResponse:
    """Newest first, or those found. A search is posted, and answered with an address that does not hold it."""
    user = user_of(request)
    policies.require_manage_members(user)
    form = MemberSearchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        organization = organization_of(user)
        kind, indexes = form.wanted(organization, [organization])
        people = list(Member.objects.visible_to(user).found_by(kind, indexes)[:2])
        if people:
            several = f"{reverse('members:members')}?found={token(kind, indexes)}"
            return answer_of("members:member", people, several)
        record_access(Action.MEMBERS_SEARCHED, [])
        form.add_error(None, _("No member fits. Check the spelling, or add the member."))
    found = find(request, Member.objects.visible_to(user).prefetch_related(COVERAGES))
    rows = found.page.rows
    record_access(
        Action.MEMBERS_SEARCHED if found.is_search else Action.MEMBERS_LISTED,
        [seen_member(member, member.current) for member in rows],
    )
    today = timezone.localdate(timezone=user.time_zone)
    return render(
        request,
        "members/member_list.html",
        {
            "form": form,
            "found": found,
            "tabs": payer_tabs("members"),
            "rows": [_row(member, today) for member in rows],
        },
    )


def _row(member: Any, today: Any) -> dict[str, Any]:
    first = member.current[0] if member.current else None
    return {
        "member": member,
        "name": presenters.short_name(member),
        "coverage": first,
        "member_id": presenters.masked(first) if first else "",
        "more": len(member.current) - 1,
        "standing": presenters.standing_of(member.current, today),
        "verification": presenters.verification_of(first) if first else None,
    }


@require_safe
def member_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is it, and covered by what?"""
    user = user_of(request)
    policies.require_manage_members(user)
    member = _member(user, pk)
    record_access(
        Action.MEMBER_VIEWED,
        [seen_member(member, [row]) for row in member.current] or [seen_member(member, [])],
    )
    today = timezone.localdate(timezone=user.time_zone)
    facts = [
        (_("Date of birth"), presenters.day(phi.value(member, "birth_date"))),
        (_("Sex"), presenters.SEX.get(member.sex)),
        (_("Address"), presenters.address_lines(member)),
        (_("Phone"), phi.value(member, "phone")),
        (_("E-mail"), phi.value(member, "email")),
    ]
    return render(
        request,
        "members/member_detail.html",
        {
            "member": member,
            "name": presenters.full_name(member),
            "facts": facts,
            "standing": presenters.standing_of(member.current, today),
            "coverages": [
                {
                    "row": row,
                    "member_id": phi.value(row, "member_id"),
                    "group_number": phi.value(row, "group_number"),
                    "relationship": presenters.RELATIONSHIP.get(row.relationship),
                    "standing": presenters.standing_of([row], today),
                    "verification": presenters.verification_of(row),
                }
                for row in member.current
            ],
            "lasting": any(row.effective_to is None or row.effective_to > today for row in member.current),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: HttpRequest) -> HttpResponse:
    """A person with a first coverage, in one form."""
    user = user_of(request)
    policies.require_manage_members(user)
    data = request.POST if request.method == "POST" else None
    form, coverage = MemberForm(data), CoverageForm(data, plans=_plans(user), prefix="coverage")
    doubles: list[Any] = []
    if data is not None and all([form.is_valid(), coverage.is_valid()]):
        try:
            member = keep_members.add_member(
                facts=form.facts,
                coverage=coverage.facts,
                is_another_person=form.cleaned_data["is_another_person"],
                by=user,
            )
        except LooksKnown as refusal:
            doubles = [(person, presenters.short_name(person)) for person in refusal.people]
            form.add_error("is_another_person", refusal.sentence)
        else:
            messages.success(request, _("Member added."))
            return redirect("members:member", pk=member.pk)
    return render(
        request,
        "members/member_form.html",
        {
            "form": form,
            "coverage": coverage,
            "errors": error_links(form, coverage) if data is not None else [],
            "doubles": doubles,
            "asks_about_doubles": bool(doubles) or bool(data and data.get("is_another_person")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def coverage_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_members(user)
    member = _opened(user, pk)
    form = CoverageForm(request.POST if request.method == "POST" else None, plans=_plans(user))
    if request.method == "POST" and form.is_valid():
        try:
            keep_members.add_coverage(member=member, facts=form.facts, by=user)
        except WrongState as refusal:
            form.add_error("effective_from", refusal.sentence)
        else:
            messages.success(request, _("Coverage added."))
            return redirect("members:member", pk=member.pk)
    return _step(request, member, form, _("Add coverage"), _("Add coverage"), "members/coverage_form.html")


@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End every coverage of a member on one day."""
    user = user_of(request)
    policies.require_manage_members(user)
    member = _opened(user, pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = keep_members.end_member(member=member, last_day=form.cleaned_data["last_day"], by=user)
        except WrongState as refusal:
            form.add_error("last_day", refusal.sentence)
        else:
            messages.success(
                request,
                _("Coverages ended: %(count)d.") % {"count": ended} if ended else _("Nothing lasts longer."),
            )
            return redirect("members:member", pk=member.pk)
    return _step(request, member, form, _("End all coverages"), _("End all coverages"), danger=True)


@require_http_methods(["GET", "HEAD", "POST"])
def coverage_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_members(user)
    coverage = _coverage(user, pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_members.end_coverage(coverage=coverage, last_day=form.cleaned_data["last_day"], by=user)
        except WrongState as refusal:
            form.add_error("last_day", refusal.sentence)
        else:
            messages.success(request, _("Coverage ended."))
            return redirect("members:member", pk=coverage.person_id)
    return _step(
        request, coverage.person, form, _("End coverage"), _("End coverage"), coverage=coverage, danger=True
    )


@require_http_methods(["GET", "HEAD", "POST"])
def coverage_verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_members(user)
    coverage = _coverage(user, pk)
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_members.verify_coverage(
                coverage=coverage,
                verdict=Verification(form.cleaned_data["verdict"]),
                last_day=form.cleaned_data["last_day"],
                by=user,
            )
        except WrongState as refusal:
            form.add_error("last_day", refusal.sentence)
        else:
            messages.success(request, _("Verification saved."))
            return redirect("members:member", pk=coverage.person_id)
    return _step(
        request, coverage.person, form, _("Verify coverage"), _("Save verification"), coverage=coverage
    )


def _step(
    request: HttpRequest,
    member: Member,
    form: Any,
    title: str,
    button: str,
    template: str = "members/step.html",
    **more: Any,
) -> HttpResponse:
    context = {
        "member": member,
        "name": presenters.full_name(member),
        "form": form,
        "title": title,
        "button": button,
    }
    return render(request, template, {**context, **more})


def _member(user: User, pk: UUID) -> Any:
    return get_object_or_404(Member.objects.visible_to(user).prefetch_related(COVERAGES), pk=pk)


def _opened(user: User, pk: UUID) -> Any:
    """A member whose name the page shows."""
    member = _member(user, pk)
    record_access(Action.MEMBER_VIEWED, [seen_member(member, member.current)])
    return member


def _coverage(user: User, pk: UUID) -> Coverage:
    coverage: Coverage = get_object_or_404(
        Coverage.objects.visible_to(user).select_related("person", "plan"), pk=pk
    )
    record_access(Action.MEMBER_VIEWED, [seen_member(coverage.person, [coverage])])
    return coverage


def _plans(user: User) -> Any:
    return Plan.objects.filter(payer_id=user.organization_id, is_active=True).order_by("name")
