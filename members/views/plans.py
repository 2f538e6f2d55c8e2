"""The payer's plans (ruling 20)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policies import user_of
from claimflow.lib.pages import Keyset, capped_count
from members import policies, presenters
from members.actions.doubles import organization_of
from members.actions.save_own import save_plan
from members.forms import PlanForm
from members.models import Plan
from members.views.tabs import payer_tabs

PAGE = 50
BY_NAME = Keyset([("name", "asc"), ("id", "asc")])


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_members(user)
    plans = Plan.objects.visible_to(user)
    page = BY_NAME.page(plans, request.GET.get("cursor"), PAGE)
    return render(
        request,
        "members/plan_list.html",
        {
            "tabs": payer_tabs("plans"),
            "rows": [
                (
                    plan,
                    presenters.LINE_OF_BUSINESS.get(plan.line_of_business),
                    presenters.FUNDING.get(plan.funding),
                )
                for plan in page.rows
            ],
            "page": page,
            "summary": capped_count(plans).text,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_form(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_members(user)
    plan = (
        get_object_or_404(Plan.objects.visible_to(user), pk=pk)
        if pk
        else Plan(payer_id=organization_of(user))
    )
    form = PlanForm(request.POST if request.method == "POST" else None, instance=plan)
    if request.method == "POST" and form.is_valid():
        save_plan(plan=form.instance, changed=form.changed_data, by=user)
        messages.success(request, _("Plan saved."))
        return redirect("members:plans")
    return render(
        request, "members/plan_form.html", {"form": form, "title": _("Change plan") if pk else _("Add plan")}
    )
