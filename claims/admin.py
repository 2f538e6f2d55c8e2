"""Claims in the Django admin, to look at: state, money and decisions change on the desk alone (ruling 53).

Columns about the patient are encrypted and not granted to the administrator; what is left is recorded as seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.policies import user_of
from audit.admin import WatchedAdmin
from audit.enums import Action, SubjectKind
from claimflow.lib.admin import ReadOnlyAdmin
from claimflow.lib.permissions import Forbidden, Refusal
from claims import policies
from claims.actions.recategorize import ask_recategorization
from claims.forms.recategorize import RecategorizeForm
from claims.models import (
    Adjustment,
    AdjustmentRemark,
    Assignment,
    Authority,
    Claim,
    ClaimDraft,
    ClaimFinding,
    ClaimSnapshot,
    DayCounter,
    Decision,
    Diagnosis,
    GlassGrant,
    Hold,
    LineDecision,
    PayerNote,
    Proposal,
    ProviderNote,
    Recategorization,
    RecategorizationItem,
    RuleSet,
    RuleSetInternal,
    ServiceLine,
    StateTransition,
)
from claims.views.recategorize import providers, shown_run, take_step


@admin.register(Claim)
class ClaimAdmin(WatchedAdmin):
    listed_as, viewed_as = Action.CLAIMS_LISTED, Action.CLAIM_VIEWED
    subject = SubjectKind.CLAIM
    list_display = [
        "__str__",
        "provider",
        "payer",
        "state",
        "priority",
        "billed_amount",
        "submitted_at",
    ]
    list_filter = ["state", "priority", "turn", "channel"]
    list_select_related = ["provider", "payer"]
    search_fields = ["claim_number__startswith", "provider__name", "payer__name"]
    search_help_text = _("A claim number such as CLM-20261120-0042, a provider or a payer")
    ordering = ["-submitted_at", "-id"]


class ChildAdmin(WatchedAdmin):
    """A row of a claim: seeing it is seeing the claim."""

    listed_as, viewed_as = Action.CLAIMS_LISTED, Action.CLAIM_VIEWED
    subject = SubjectKind.CLAIM
    subject_column = "claim_id"
    list_select_related = ["claim"]
    search_fields = ["claim__claim_number__startswith"]
    search_help_text = _("A claim number such as CLM-20261120-0042")
    ordering = ["-id"]


@admin.register(ServiceLine)
class ServiceLineAdmin(ChildAdmin):
    list_display = ["claim", "line_no", "procedure_code", "date_from", "place_of_service", "units", "charge"]
    search_fields = [*ChildAdmin.search_fields, "procedure_code__exact"]


@admin.register(Diagnosis)
class DiagnosisAdmin(ChildAdmin):
    list_display = ["claim", "letter", "code"]
    search_fields = [*ChildAdmin.search_fields, "code__exact"]


@admin.register(ClaimSnapshot)
class ClaimSnapshotAdmin(ChildAdmin):
    list_display = ["claim", "form", "mac_key_id", "created_at"]


@admin.register(ClaimFinding)
class ClaimFindingAdmin(ChildAdmin):
    list_display = ["claim", "stage", "severity", "code", "field", "line_no"]
    list_filter = ["stage", "severity"]
    search_fields = [*ChildAdmin.search_fields, "code__exact"]


@admin.register(Decision)
class DecisionAdmin(ChildAdmin):
    list_display = [
        "claim",
        "version",
        "kind",
        "outcome",
        "charge",
        "allowed",
        "paid",
        "decided_by",
        "decided_at",
    ]
    list_filter = ["kind", "outcome"]
    list_select_related = ["claim", "decided_by"]


@admin.register(LineDecision)
class LineDecisionAdmin(ChildAdmin):
    list_display = ["claim", "line", "outcome", "charge", "allowed", "paid", "patient_responsibility"]
    list_filter = ["outcome"]
    list_select_related = ["claim", "line"]


@admin.register(Adjustment)
class AdjustmentAdmin(ChildAdmin):
    list_display = ["claim", "group", "reason_code", "amount"]
    list_filter = ["group"]
    search_fields = [*ChildAdmin.search_fields, "reason_code__exact"]


@admin.register(AdjustmentRemark)
class AdjustmentRemarkAdmin(ChildAdmin):
    list_display = ["claim", "adjustment", "code"]
    list_select_related = ["claim", "adjustment"]
    search_fields = [*ChildAdmin.search_fields, "code__exact"]


@admin.register(Assignment)
class AssignmentAdmin(ChildAdmin):
    list_display = ["claim", "payer", "adjudicator", "assigned_by", "until"]
    list_select_related = ["claim", "payer", "adjudicator", "assigned_by"]


@admin.register(Hold)
class HoldAdmin(ChildAdmin):
    list_display = ["claim", "payer", "reasons", "turn", "until", "placed_at", "resolved_at"]
    list_filter = ["turn"]
    list_select_related = ["claim", "payer"]


@admin.register(Proposal)
class ProposalAdmin(ChildAdmin):
    list_display = ["claim", "payer", "state", "proposer", "reviewer", "updated_at"]
    list_filter = ["state"]
    list_select_related = ["claim", "payer", "proposer", "reviewer"]


@admin.register(PayerNote)
class PayerNoteAdmin(ChildAdmin):
    list_display = ["claim", "payer", "author", "kind", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["claim", "payer", "author"]


@admin.register(ProviderNote)
class ProviderNoteAdmin(ChildAdmin):
    list_display = ["claim", "provider", "author", "created_at"]
    list_select_related = ["claim", "provider", "author"]


@admin.register(ClaimDraft)
class ClaimDraftAdmin(WatchedAdmin):
    listed_as, viewed_as = Action.DRAFTS_LISTED, Action.DRAFT_VIEWED
    subject = SubjectKind.DRAFT
    list_display = ["__str__", "organization", "author", "purpose", "version", "updated_at"]
    list_filter = ["purpose"]
    list_select_related = ["organization", "author"]
    search_fields = ["organization__name"]
    ordering = ["-updated_at", "-id"]


@admin.register(Recategorization)
class RecategorizationAdmin(ReadOnlyAdmin):
    """Runs of the rules over a payer's waiting claims. The administrator asks, starts and takes back; claims are
    changed by the system alone (ruling 53)."""

    list_display = ["created_at", "payer", "state", "counted", "proposed", "applied", "skipped", "asked_by"]
    list_filter = ["state"]
    list_select_related = ["payer", "asked_by"]
    search_fields = ["payer__name"]
    ordering = ["-created_at", "-id"]
    change_list_template = "admin/claims/recategorization_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("ask/", view(self.ask_page), name="claims_recategorization_ask"),
            path("<uuid:pk>/run/", view(self.run_page), name="claims_recategorization_run"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_ask = policies.can_recategorize(user_of(request))
        return super().changelist_view(request, {"may_ask": may_ask, **(extra_context or {})})

    def ask_page(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        payers = list(Organization.objects.filter(kind="payer").order_by("name"))
        form = RecategorizeForm(
            request.POST if request.method == "POST" else None, providers=providers(), payers=payers
        )
        if request.method == "POST" and form.is_valid():
            try:
                run = ask_recategorization(by=user, **form.answer)
            except Forbidden:
                raise
            except Refusal as refusal:
                messages.error(request, refusal.sentence)
            else:
                return redirect("admin:claims_recategorization_run", pk=run.pk)
        title = str(_("Judge waiting claims again"))
        return self._page(request, "admin/claims/recategorization_ask.html", title, form=form)

    def run_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        user = user_of(request)
        runs = Recategorization.objects.select_related("payer", "provider", "asked_by", "undone_by")
        run = get_object_or_404(runs, pk=pk)
        policies.require_recategorize(run.payer, user)
        if request.method == "POST":
            take_step(request, run.pk, user)
            return redirect("admin:claims_recategorization_run", pk=run.pk)
        shown = shown_run(run)
        return self._page(request, "admin/claims/recategorization_run.html", str(shown.state), shown=shown)

    def _page(self, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "back": "admin:claims_recategorization_changelist",
            **more,
        }
        return TemplateResponse(request, template, context)


@admin.register(RecategorizationItem)
class RecategorizationItemAdmin(ChildAdmin):
    list_display = ["claim", "run", "earlier_priority", "priority", "state", "updated_at"]
    list_filter = ["state"]
    list_select_related = ["claim", "run"]


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnlyAdmin):
    list_display = ["payer", "version", "effective_from", "activated_at", "filing_limit_days"]
    list_select_related = ["payer"]
    search_fields = ["payer__name"]
    ordering = ["payer__name", "-version"]


@admin.register(RuleSetInternal)
class RuleSetInternalAdmin(ReadOnlyAdmin):
    list_display = ["payer", "rule_set", "auto_approve", "auto_approve_limit"]
    list_select_related = ["payer", "rule_set"]
    search_fields = ["payer__name"]


@admin.register(Authority)
class AuthorityAdmin(ReadOnlyAdmin):
    list_display = ["user", "organization", "most_paid", "skills", "set_by", "updated_at"]
    list_select_related = ["user", "organization", "set_by"]
    search_fields = ["user__email", "organization__name"]


@admin.register(GlassGrant)
class GlassGrantAdmin(ChildAdmin):
    list_display = ["claim", "user", "created_at", "until", "verdict", "reviewed_by", "reviewed_at"]
    list_filter = ["verdict"]
    list_select_related = ["claim", "user", "reviewed_by"]


@admin.register(DayCounter)
class DayCounterAdmin(ReadOnlyAdmin):
    list_display = ["day", "n", "updated_at"]
    ordering = ["-day"]


@admin.register(StateTransition)
class StateTransitionAdmin(ReadOnlyAdmin):
    list_display = ["source", "target", "side"]
    list_filter = ["side"]
    ordering = ["source", "target", "side"]
