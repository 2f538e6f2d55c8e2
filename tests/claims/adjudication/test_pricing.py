from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claimflow.lib.money import ZERO, from_cents
from claims.adjudication import (
    CannotPrice,
    LineFacts,
    balance_claim,
    balance_line,
    outcome_of_line,
    price_claim,
    price_line,
    totals,
)
from claims.enums import LineOutcome
from members.eligibility import Benefits
from tests.claims.adjudication.build import CO, CODES, PAID_VISIT, VISIT, adjust, decision

AMOUNTS = st.integers(0, 5_000_000).map(from_cents)
SOME = st.integers(1, 5_000_000).map(from_cents)
RATES = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
BENEFITS = st.builds(
    Benefits,
    copay=AMOUNTS,
    deductible_left=AMOUNTS,
    coinsurance_rate=RATES,
    out_of_pocket_left=st.none() | AMOUNTS,
)


def priced(charge, allowed, **benefits):
    given_benefits = Benefits(**{name: Decimal(value) for name, value in benefits.items()})
    return price_line(LineFacts(1, Decimal(charge)), allowed=Decimal(allowed), benefits=given_benefits)


def parts(proposal):
    return [
        str(getattr(proposal, name)) for name in ("allowed", "copay", "deductible", "coinsurance", "paid")
    ]


@pytest.mark.parametrize(
    ("benefits", "expected"),
    [
        ({}, ["100.00", "0.00", "0.00", "0.00", "100.00"]),
        ({"copay": "20"}, ["100.00", "20", "0.00", "0.00", "80.00"]),
        ({"copay": "200"}, ["100.00", "100.00", "0.00", "0.00", "0.00"]),
        ({"deductible_left": "30.00"}, ["100.00", "0.00", "30.00", "0.00", "70.00"]),
        ({"deductible_left": "500.00"}, ["100.00", "0.00", "100.00", "0.00", "0.00"]),
        ({"deductible_left": "-5.00"}, ["100.00", "0.00", "0.00", "0.00", "100.00"]),
        ({"coinsurance_rate": "0.2"}, ["100.00", "0.00", "0.00", "20.00", "80.00"]),
        (
            {"copay": "20.00", "deductible_left": "30.00", "coinsurance_rate": "0.2"},
            ["100.00", "20.00", "30.00", "10.00", "40.00"],
        ),
        (
            {
                "copay": "20.00",
                "deductible_left": "30.00",
                "coinsurance_rate": "0.2",
                "out_of_pocket_left": "55.00",
            },
            ["100.00", "20.00", "30.00", "5.00", "45.00"],
        ),
        (
            {"copay": "20.00", "deductible_left": "30.00", "out_of_pocket_left": "0.00"},
            ["100.00", "0.00", "0.00", "0.00", "100.00"],
        ),
    ],
)
def test_the_patients_share(benefits, expected):
    assert parts(priced("150.00", "100.00", **benefits)) == expected


def test_the_desk_example():
    benefits = Benefits(copay=Decimal("150.00"), coinsurance_rate=Decimal("0.2"))
    proposal = price_line(VISIT, allowed=Decimal("612.30"), benefits=benefits)
    assert parts(proposal) == parts(PAID_VISIT)
    assert set(proposal.adjustments) == set(PAID_VISIT.adjustments)


def test_coinsurance_rounds_half_up():
    assert priced("10.00", "0.25", coinsurance_rate="0.1").coinsurance == Decimal("0.03")


def test_a_charge_below_the_fee_is_paid_as_charged():
    proposal = priced("80.00", "100.00")
    assert proposal.allowed == Decimal("80.00")
    assert proposal.adjustments == ()


def test_a_refused_part_stands_beside_the_price():
    line = LineFacts(1, Decimal("100.00"))
    proposal = price_line(line, allowed=Decimal("50.00"), refused=(adjust(CO, "97", "30.00", "M15"),))
    assert [(a.label, str(a.amount)) for a in proposal.adjustments] == [
        ("CO-97", "30.00"),
        ("CO-45", "20.00"),
    ]
    assert outcome_of_line(proposal) == LineOutcome.PARTIALLY_APPROVED
    assert balance_line(line, proposal, CODES) == []


@pytest.mark.parametrize(
    ("charge", "allowed", "refused", "says"),
    [
        ("100.00", "0.00", (), "Line 1 allows nothing of $100.00. Deny it with a reason instead."),
        ("100.00", "-1.00", (), "amount below zero"),
        ("-100.00", "0.00", (), "amount below zero"),
        ("100.00", "80.00", (adjust(CO, "97", "30.00"),), "more than its charge of $100.00"),
    ],
)
def test_what_cannot_balance_is_refused(charge, allowed, refused, says):
    with pytest.raises(CannotPrice) as refusal:
        price_line(LineFacts(1, Decimal(charge)), allowed=Decimal(allowed), refused=refused)
    assert says in str(refusal.value)
    assert refusal.value.words.through(str) == str(refusal.value)


@given(AMOUNTS, SOME, BENEFITS)
def test_pricing_always_balances(charge, allowed, benefits):
    line = LineFacts(1, charge)
    proposal = price_line(line, allowed=allowed, benefits=benefits)
    assert balance_line(line, proposal, CODES) == []
    assert outcome_of_line(proposal) == LineOutcome.APPROVED
    if benefits.out_of_pocket_left is not None:
        assert proposal.patient_responsibility <= benefits.out_of_pocket_left


@given(st.lists(st.tuples(SOME, SOME), min_size=1, max_size=6), BENEFITS)
def test_a_claim_uses_its_benefits_once(amounts, benefits):
    lines = [LineFacts(at + 1, charge) for at, (charge, _allowed) in enumerate(amounts)]
    proposals = price_claim(list(zip(lines, (allowed for _, allowed in amounts), strict=True)), benefits)
    assert balance_claim(decision(*proposals, lines=lines)) == []
    assert sum(p.copay for p in proposals) <= benefits.copay
    assert sum(p.deductible for p in proposals) <= benefits.deductible_left
    if benefits.out_of_pocket_left is not None:
        assert totals(lines, proposals).patient_responsibility <= benefits.out_of_pocket_left


@given(SOME, SOME, SOME)
def test_a_refused_part_always_balances(charge, allowed, refused):
    assume(allowed + refused <= charge)
    line = LineFacts(1, charge)
    proposal = price_line(
        line, allowed=allowed, refused=(replace(adjust(CO, "97", "1.00", "M15"), amount=refused),)
    )
    assert balance_line(line, proposal, CODES) == []
    assert proposal.paid > ZERO
