from dataclasses import replace
from decimal import Decimal

import pytest

from claims.adjudication import BALANCE, LineFacts, LineProposal, balance_claim, balance_line, reverse, totals
from tests.claims.adjudication.build import (
    CO,
    CODES,
    DENIED_ECG,
    ECG,
    OA,
    PAID_VISIT,
    PR,
    VISIT,
    adjust,
    decision,
)

HUNDRED = LineFacts(1, Decimal("100.00"))


def of(paid="0.00", *adjustments, **parts):
    """A proposal for a line of $100.00."""
    amounts = {name: Decimal(value) for name, value in parts.items()}
    return LineProposal(number=1, paid=Decimal(paid), adjustments=adjustments, **amounts)


PAID_60 = of("60.00", adjust(CO, "45", "40.00"), allowed="60.00")

# code, proposal for a line of $100.00, field, part of the sentence
CASES = [
    (
        "decision.amount_sign",
        of("-1.00", adjust(CO, "97", "101.00"), allowed="-1.00"),
        "lines-0-allowed",
        "Line 1",
    ),
    (
        "decision.allowed_above_charge",
        of("100.01", allowed="100.01"),
        "lines-0-allowed",
        "Line 1 allows $100.01, more than its charge of $100.00. They differ by $0.01.",
    ),
    (
        "decision.allowed_parts",
        of("60.00", adjust(CO, "45", "40.00"), allowed="70.00"),
        "lines-0-allowed",
        "Line 1 allows $70.00, but paid, deductible, copay and coinsurance make $60.00. "
        "They differ by $10.00.",
    ),
    (
        "decision.charge_balance",
        of("60.00", adjust(CO, "45", "39.60"), allowed="60.00"),
        "lines-0-adjustments",
        "Line 1 does not balance. Its charge is $100.00, but $60.00 paid and $39.60 of adjustments "
        "make $99.60. They differ by $0.40.",
    ),
    (
        "decision.patient_share",
        of("50.00", adjust(CO, "45", "45.00"), adjust(PR, "1", "5.00"), allowed="60.00", deductible="10.00"),
        "lines-0-deductible",
        "Line 1: PR-1 is $5.00, but the patient's part entered for it is $10.00.",
    ),
    (
        "decision.patient_share",
        of(
            "50.00", adjust(CO, "45", "40.00"), adjust(PR, "3", "10.00"), allowed="60.00", coinsurance="10.00"
        ),
        "lines-0-coinsurance",
        "PR-2 is $0.00",
    ),
    (
        "adjustment.zero",
        of("60.00", adjust(CO, "45", "40.00"), adjust(CO, "97", "0.00"), allowed="60.00"),
        "lines-0-adjustments-1-amount",
        "CO-97",
    ),
    (
        "adjustment.sign",
        of("60.00", adjust(CO, "45", "50.00"), adjust(CO, "97", "-10.00"), allowed="60.00"),
        "lines-0-adjustments-1-amount",
        "CO-97 is below zero",
    ),
    (
        "adjustment.repeated",
        of("60.00", adjust(CO, "45", "30.00"), adjust(CO, "45", "10.00"), allowed="60.00"),
        "lines-0-adjustments-1-reason",
        "CO-45 twice",
    ),
    (
        "adjustment.combination",
        of("0.00", adjust(PR, "97", "100.00")),
        "lines-0-adjustments-0-reason",
        "PR-97 is not a combination",
    ),
    (
        "adjustment.remark_needed",
        of("0.00", adjust(CO, "16", "100.00")),
        "lines-0-adjustments-0-remarks",
        "CO-16",
    ),
    (
        "adjustment.remark_needed",
        of("0.00", adjust(CO, "16", "100.00", "N1")),
        "lines-0-adjustments-0-remarks",
        "CO-16 needs",
    ),
    (
        "adjustment.remark_needed",
        of("0.00", adjust(CO, "252", "100.00")),
        "lines-0-adjustments-0-remarks",
        "CO-252",
    ),
    (
        "adjustment.remark_needed",
        of("0.00", adjust(PR, "96", "100.00")),
        "lines-0-adjustments-0-remarks",
        "PR-96",
    ),
    (
        "adjustment.remark_unfit",
        of("0.00", adjust(CO, "16", "100.00", "M15")),
        "lines-0-adjustments-0-remarks",
        "remark M15 does not belong to CO-16",
    ),
    (
        "adjustment.whole_charge",
        of("0.00", adjust(CO, "45", "100.00")),
        "lines-0-adjustments",
        "takes the whole charge of $100.00",
    ),
    (
        "adjustment.whole_charge",
        of("0.00", adjust(CO, "45", "60.00"), adjust(PR, "45", "40.00")),
        "lines-0-adjustments",
        "Line 1: reason 45",
    ),
]


@pytest.mark.parametrize(("code", "proposal", "field", "says"), CASES)
def test_what_is_wrong_is_named(code, proposal, field, says):
    found = [f for f in balance_line(HUNDRED, proposal, CODES) if f.code == code]
    assert found
    assert found[0].field == field
    assert says in str(found[0].sentence)
    assert found[0].blocks


def test_every_rule_has_a_case():
    assert {case[0] for case in CASES} | {"decision.line_open", "decision.line_unknown"} == set(BALANCE.rules)


def test_the_desk_example_balances():
    assert balance_claim(decision(PAID_VISIT, DENIED_ECG)) == []
    sums = totals((VISIT, ECG), (PAID_VISIT, DENIED_ECG))
    assert (sums.charge, sums.allowed, sums.paid, sums.patient_responsibility) == (
        Decimal("8512.40"),
        Decimal("612.30"),
        Decimal("369.84"),
        Decimal("242.46"),
    )


@pytest.mark.parametrize(
    "proposal",
    [
        PAID_60,
        of("100.00", allowed="100.00"),
        of("0.00", adjust(CO, "16", "100.00", "M51")),
        of("0.00", adjust(CO, "16", "100.00", "N1", "N706")),
        of("0.00", adjust(OA, "18", "100.00")),
        of("0.00", adjust(OA, "18", "100.00", "N1")),
        of("30.00", adjust(CO, "45", "40.00"), adjust(PR, "1", "30.00"), allowed="60.00", deductible="30.00"),
        of("60.00", adjust(PR, "45", "40.00"), allowed="60.00"),
    ],
)
def test_what_is_right_is_left_alone(proposal):
    assert balance_line(HUNDRED, proposal, CODES) == []


def test_a_line_without_charge_balances_with_nothing():
    assert balance_line(LineFacts(1, Decimal("0.00")), LineProposal(1), CODES) == []


def test_every_line_must_be_decided():
    found = balance_claim(decision(PAID_VISIT))
    assert [(f.code, f.field, str(f.sentence)) for f in found] == [
        ("decision.line_open", "lines-1", "Line 2 is not decided yet. A decision covers every line.")
    ]


def test_a_line_is_decided_once_and_belongs_to_the_claim():
    stranger = replace(DENIED_ECG, number=3)
    found = balance_claim(decision(PAID_VISIT, DENIED_ECG, DENIED_ECG, stranger))
    assert [(f.code, dict(f.sentence.values)) for f in found] == [
        ("decision.line_unknown", {"line": "2"}),
        ("decision.line_unknown", {"line": "3"}),
    ]


def test_a_reversal_balances_with_every_amount_negated():
    reversed_lines = tuple(LineFacts(line.number, -line.charge) for line in (VISIT, ECG))
    proposals = (reverse(PAID_VISIT), reverse(DENIED_ECG))
    assert balance_claim(decision(*proposals, lines=reversed_lines)) == []
    assert totals(reversed_lines, proposals).paid == Decimal("-369.84")
    assert reverse(reverse(PAID_VISIT)) == PAID_VISIT
    assert [a.group for a in proposals[0].adjustments] == [a.group for a in PAID_VISIT.adjustments]


def test_a_reversal_does_not_pay():
    back = LineFacts(1, Decimal("-100.00"))
    codes = {f.code for f in balance_line(back, PAID_60, CODES)}
    assert {"decision.amount_sign", "adjustment.sign", "decision.charge_balance"} <= codes
