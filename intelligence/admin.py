"""The ledger in the Django admin, to look at: nobody changes what was suggested or judged. Versions of rules and models
with the steps that administrators take with them, and what remote models may cost.

A suggestion tells something of a patient's care, so what the administrator sees is recorded as seen of the claim or
draft that it is about."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind
from audit.actions import Seen
from audit.admin import WatchedAdmin
from audit.enums import Action, SubjectKind
from claimflow.lib.admin import HouseAdmin, ReadOnlyAdmin
from claimflow.lib.permissions import Refusal
from intelligence.actions import versions
from intelligence.actions.answering import answering_unapproved
from intelligence.actions.budget import set_budget
from intelligence.forms import PRESSES, PressForm, ProposalForm
from intelligence.models import (
    LedgerEntry,
    LedgerOutcome,
    ModelVersion,
    RemoteBudget,
    RemoteCircuit,
    RemoteSpending,
)
from intelligence.policies import can_manage_versions
from intelligence.presenters import version_rows


class LedgerAdmin(WatchedAdmin):
    listed_as, viewed_as = Action.CLAIMS_LISTED, Action.CLAIM_VIEWED

    def seen(self, row: Any) -> Seen:
        entry = getattr(row, "entry", row)
        return Seen(
            SubjectKind.CLAIM if entry.claim_id else SubjectKind.DRAFT,
            entry.claim_id or entry.draft_id,
            provider_id=entry.provider_id,
            payer_id=entry.payer_id,
        )


@admin.register(LedgerEntry)
class LedgerEntryAdmin(LedgerAdmin):
    list_display = [
        "kind",
        "answer",
        "confidence",
        "organization",
        "model",
        "model_version",
        "latency",
        "failure",
        "made_at",
    ]
    list_filter = ["kind", "model", "is_shadow"]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "failure__exact"]
    search_help_text = _("A payer's or provider's name, or the code of a failure")
    ordering = ["-made_at", "-id"]


@admin.register(LedgerOutcome)
class LedgerOutcomeAdmin(LedgerAdmin):
    list_display = ["entry", "verdict", "answer", "reason", "organization", "decided_by", "decided_at"]
    list_filter = ["verdict", "reason"]
    list_select_related = ["entry", "organization", "decided_by"]
    search_fields = ["organization__name", "decided_by__email__startswith"]
    search_help_text = _("An organization's name or a person's address")
    ordering = ["-decided_at", "-id"]


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """Versions to look at, and the page on which they are proposed, activated and taken back."""

    list_display = ["__str__", "kind", "state", "proposed_by", "activated_by", "activated_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["proposed_by", "activated_by"]
    search_fields = ["model", "scorecard", "rules"]
    ordering = ["kind", "-created_at"]
    change_list_template = "admin/intelligence/version_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("steps/", view(self.steps_page), name="intelligence_modelversion_steps"),
            *super().get_urls(),
        ]

    def steps_page(self, request: HttpRequest) -> HttpResponse:
        """Every version with the steps that this administrator may take; POST takes one."""
        if not can_manage_versions(request.user):
            raise PermissionDenied
        if request.method == "POST":
            return self._step(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Versions of rules and models"),
            "versions": version_rows(by=request.user),
            "unapproved": answering_unapproved(),
            "form": ProposalForm(),
        }
        return TemplateResponse(request, "admin/intelligence/version_steps.html", context)

    def _step(self, request: HttpRequest) -> HttpResponse:
        proposal, press = ProposalForm(request.POST), PressForm(request.POST)
        try:
            if press.is_valid():
                step = press.cleaned_data["press"]
                version = PRESSES[step](version_id=press.cleaned_data["version"], by=request.user)
                messages.success(
                    request,
                    gettext("Done. From the next submission: %(version)s is %(state)s.")
                    % {"version": version, "state": version.state},
                )
            elif proposal.is_valid():
                version = versions.propose(name=proposal.cleaned_data["name"], by=request.user)
                messages.success(
                    request,
                    gettext("%(version)s answers for the ledger alone from now on.") % {"version": version},
                )
            else:
                messages.error(request, gettext("Choose a version to propose."))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        except ModelVersion.DoesNotExist:
            messages.error(request, gettext("This version is not there."))
        return redirect("admin:intelligence_modelversion_steps")


@admin.register(RemoteBudget)
class RemoteBudgetAdmin(HouseAdmin):
    list_display = ["organization", "daily", "monthly", "updated_at"]
    list_select_related = ["organization"]
    search_fields = ["organization__name"]
    fields = ["organization", "daily", "monthly"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["organization"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only payers have queues to sort."""
        if db_field.name == "organization":
            kwargs["queryset"] = db_field.related_model.objects.filter(kind=OrganizationKind.PAYER.value)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        set_budget(budget=obj, fields=fields, is_new=obj._state.adding, by=request.user)


@admin.register(RemoteSpending)
class RemoteSpendingAdmin(ReadOnlyAdmin):
    list_display = ["organization", "period", "begins_on", "calls", "spent", "reserved"]
    list_filter = ["period"]
    list_select_related = ["organization"]
    search_fields = ["organization__name"]
    ordering = ["-begins_on", "-id"]


@admin.register(RemoteCircuit)
class RemoteCircuitAdmin(ReadOnlyAdmin):
    list_display = ["adapter", "failures", "open_until", "updated_at"]
