"""Decisions as arithmetic and legality: facts in, proposals and findings out; no database."""

from claims.adjudication.balance import BALANCE, balance_claim, balance_line
from claims.adjudication.denials import (
    CODINGS,
    DENIAL,
    DenialCoding,
    deny_claim,
    deny_line,
    judge_denial,
    usual_coding,
)
from claims.adjudication.facts import (
    Adjustment,
    Combination,
    DecisionFacts,
    LineFacts,
    LineProposal,
    ReasonCodes,
    Totals,
    reverse,
    totals,
)
from claims.adjudication.outcome import is_adverse, main_refusal, outcome_of_claim, outcome_of_line
from claims.adjudication.pricing import CannotPrice, price_claim, price_line

__all__ = [
    "BALANCE",
    "CODINGS",
    "DENIAL",
    "Adjustment",
    "CannotPrice",
    "Combination",
    "DecisionFacts",
    "DenialCoding",
    "LineFacts",
    "LineProposal",
    "ReasonCodes",
    "Totals",
    "balance_claim",
    "balance_line",
    "deny_claim",
    "deny_line",
    "is_adverse",
    "judge_denial",
    "main_refusal",
    "outcome_of_claim",
    "outcome_of_line",
    "price_claim",
    "price_line",
    "reverse",
    "totals",
    "usual_coding",
]
