import csv
from decimal import Decimal
from pathlib import Path

import pytest

from claims.adjudication import (
    CODINGS,
    DENIAL,
    Adjustment,
    LineFacts,
    balance_claim,
    deny_claim,
    deny_line,
    judge_denial,
    main_refusal,
    outcome_of_claim,
    usual_coding,
)
from claims.enums import DenialReason, LineOutcome
from codes.enums import Scenario
from tests.claims.adjudication.build import ECG, VISIT, decision

GOOD_WORDS = "The records named in the claim did not arrive."


def test_all_seven_reasons_have_their_codes():
    assert set(CODINGS) == set(DenialReason)
    assert [reason for reason in DenialReason if usual_coding(reason) is None] == [DenialReason.OTHER]


CODED = [(reason, coding) for reason, codings in CODINGS.items() for coding in codings]


@pytest.mark.parametrize(("reason", "coding"), CODED)
def test_a_shortcut_makes_a_legal_denial(reason, coding):
    proposals = deny_claim((VISIT, ECG), coding)
    assert balance_claim(decision(*proposals)) == []
    assert outcome_of_claim(proposals) == LineOutcome.DENIED
    assert main_refusal(proposals).pair == (coding.group, coding.reason)


@pytest.mark.parametrize(
    ("reason", "label", "remarks", "scenario"),
    [
        (DenialReason.INVALID_PROCEDURE, "CO-16", ("M51",), Scenario.DATA),
        (DenialReason.INVALID_DIAGNOSIS, "CO-16", ("M76",), Scenario.DATA),
        (DenialReason.NOT_COVERED, "PR-96", ("N130",), Scenario.NOT_COVERED),
        (DenialReason.NOT_ELIGIBLE, "PR-27", (), Scenario.NOT_COVERED),
        (DenialReason.DUPLICATE, "OA-18", (), Scenario.DATA),
        (DenialReason.INSUFFICIENT_DOCUMENTATION, "CO-252", ("N706",), Scenario.DOCUMENTATION),
    ],
)
def test_the_usual_codes(reason, label, remarks, scenario):
    coding = usual_coding(reason)
    assert Adjustment(coding.group, coding.reason, Decimal(1)).label == label
    assert coding.remarks == remarks
    assert coding.scenario == scenario


def test_a_line_without_charge_has_nothing_to_refuse():
    coding = usual_coding(DenialReason.DUPLICATE)
    assert deny_line(LineFacts(1, Decimal("0.00")), coding).adjustments == ()


def test_every_rule_of_a_denial():
    cases = {
        "denial.reason_missing": (None, GOOD_WORDS),
        "denial.explanation_short": (DenialReason.OTHER, "  nineteen    chars ..."),
        "denial.explanation_long": (DenialReason.OTHER, "x" * 4001),
    }
    assert set(cases) == set(DENIAL.rules)
    for code, (reason, words) in cases.items():
        assert [f.code for f in judge_denial(reason, words)] == [code]


@pytest.mark.parametrize(("length", "enough"), [(0, False), (19, False), (20, True), (4000, True)])
def test_twenty_characters_are_enough(length, enough):
    assert (judge_denial(DenialReason.OTHER, "x" * length) == []) == enough


def test_white_space_does_not_count():
    found = judge_denial(DenialReason.OTHER, "a" + " " * 30 + "b")
    assert str(found[0].sentence) == "The explanation has 3 characters. It needs at least 20."


def test_the_shipped_code_lists_know_every_shortcut():
    path = Path(__file__).parents[3] / "codes" / "data" / "reason_combinations.tsv"
    if not path.exists():
        pytest.skip(f"CODE LIST MISSING: {path}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    legal = {(row["scenario"], row["group"], row["reason"]): row["remarks"].split() for row in rows}
    for _reason, coding in CODED:
        assert set(coding.remarks) <= set(legal[(coding.scenario, coding.group, coding.reason)])
