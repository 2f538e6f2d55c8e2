from claims.models.adjustment import Adjustment
from claims.models.adjustment_remark import AdjustmentRemark
from claims.models.assignment import Assignment
from claims.models.authority import Authority
from claims.models.claim import Claim
from claims.models.day_counter import DayCounter
from claims.models.decision import Decision
from claims.models.diagnosis import Diagnosis
from claims.models.draft import ClaimDraft
from claims.models.finding import ClaimFinding
from claims.models.glass_grant import GlassGrant
from claims.models.hold import Hold
from claims.models.line_decision import LineDecision
from claims.models.payer_note import PayerNote
from claims.models.proposal import Proposal
from claims.models.provider_note import ProviderNote
from claims.models.recategorization import Recategorization
from claims.models.recategorization_item import RecategorizationItem
from claims.models.rule_set import RuleSet
from claims.models.rule_set_internal import RuleSetInternal
from claims.models.service_line import ServiceLine
from claims.models.snapshot import ClaimSnapshot
from claims.models.state_transition import StateTransition

__all__ = [
    "Adjustment",
    "AdjustmentRemark",
    "Assignment",
    "Authority",
    "Claim",
    "ClaimDraft",
    "ClaimFinding",
    "ClaimSnapshot",
    "DayCounter",
    "Decision",
    "Diagnosis",
    "GlassGrant",
    "Hold",
    "LineDecision",
    "PayerNote",
    "Proposal",
    "ProviderNote",
    "Recategorization",
    "RecategorizationItem",
    "RuleSet",
    "RuleSetInternal",
    "ServiceLine",
    "StateTransition",
]
