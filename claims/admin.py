"""Claims in the Django admin, to look at: state, money and decisions change on the desk alone (ruling 53).

Columns about the patient are encrypted and not granted to the administrator; what is left is recorded as seen."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.admin import WatchedAdmin
from audit.enums import Action, SubjectKind
from claimflow.lib.admin import ReadOnlyAdmin
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
    RuleSet,
    RuleSetInternal,
    ServiceLine,
    StateTransition,
)


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
