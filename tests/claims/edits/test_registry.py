"""The list of edits: complete sentences, no health data, one name each, the document in step."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.edits import EDITS, run
from claims.edits.facts import (
    CircumstanceFacts,
    ClaimFacts,
    DiagnosisFacts,
    PatientFacts,
    PayerRules,
    ResubmissionFacts,
    ServiceLineFacts,
)
from claims.edits.findings import edit
from claims.enums import Severity
from codes.answers import CodeAnswer
from tests.claims.edits.build import GOOD, LINE, TODAY
from tests.claims.edits.cases import CASES

SECRET = "Zyxwvut"


def test_a_code_is_given_once():
    with pytest.raises(ValueError, match="Two rules"):
        edit("charge.missing", Severity.INFO, says="", mend="", source="")(list)


@pytest.mark.parametrize("rule", EDITS.rules.values(), ids=EDITS.rules)
def test_every_edit_says_what_why_and_what_to_do(rule):
    assert re.fullmatch(r"[a-z_0-9]+\.[a-z_0-9]+", rule.code)
    assert rule.source
    assert rule.check.__doc__
    for words in (rule.says, rule.mend):
        assert words.endswith(".")
        assert words[0].isupper() or words[0] == "{"
        assert not re.search(r"!|\bplease\b|\boops\b|\binvalid\b|\billegal\b", words, re.IGNORECASE)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sentences_have_all_their_values_and_can_be_translated(case):
    for finding in run(case.facts):
        rule = EDITS.rules[finding.code]
        for said in (finding.sentence, finding.mend):
            assert not re.search(r"[{}]|None", str(said))
            assert said.through("{}".format) == str(said)
        assert rule.names <= finding.values.keys()
        assert EDITS.tell(finding.code, finding.field, finding.severity, finding.values) == finding


def test_a_stored_finding_of_a_rule_that_is_gone_is_silent():
    assert EDITS.tell("gone.rule", "", Severity.INFO, {}) is None
    assert EDITS.tell("charge.missing", "lines-0-charge", Severity.ERROR, {}) is None


def test_findings_repeat_nothing_about_the_patient():
    """No name, birth date or member id in any sentence, whatever is wrong (ruling 30)."""
    born = date(1899, 4, 17)
    facts = replace(
        GOOD,
        patient=PatientFacts(
            last_name=SECRET * 20,
            first_name=SECRET,
            birth_date=born,
            member_id=f"{SECRET} 4711",
            insured_last_name=SECRET,
        ),
        diagnoses=(DiagnosisFacts(SECRET), DiagnosisFacts(SECRET)),
        lines=(
            replace(LINE, procedure=SECRET, modifiers=(SECRET,), pointers=(SECRET,), place_of_service=SECRET),
        ),
        billing_npi=SECRET,
        account_number=SECRET * 9,
        circumstances=CircumstanceFacts(accident_state=SECRET),
    )
    said = " ".join(f"{f.sentence} {f.mend} {f.field}" for f in run(facts))
    assert len(run(facts)) > 10
    for secret in (SECRET, SECRET.upper(), "4711", "1899", "Apr 17"):
        assert secret not in said


TEXT = st.text(max_size=8) | st.sampled_from(["99213", "X0001", "I219", "V7389", "25", "11", "A", "L", "Z"])
DAYS = st.none() | st.dates()
MONEY = st.none() | st.decimals(allow_nan=False, allow_infinity=False) | st.just(Decimal("1E+40"))
ANSWERS = st.none() | st.builds(
    CodeAnswer, code=st.just(""), known=st.booleans(), billable=st.booleans(), in_force_from=DAYS
)
FACTS = st.builds(
    ClaimFacts,
    today=st.just(TODAY) | st.dates(),
    payer=st.builds(PayerRules, name=TEXT, filing_limit_days=st.integers(1, 3650)),
    patient=st.builds(
        PatientFacts, birth_date=DAYS, last_name=TEXT, first_name=TEXT, sex=TEXT, member_id=TEXT
    ),
    billing_npi=TEXT,
    diagnoses=st.lists(st.builds(DiagnosisFacts, TEXT, ANSWERS), max_size=30).map(tuple),
    lines=st.lists(
        st.builds(
            ServiceLineFacts,
            procedure=TEXT,
            answer=ANSWERS,
            modifiers=st.lists(TEXT, max_size=5).map(tuple),
            pointers=st.lists(TEXT, max_size=5).map(tuple),
            service_from=DAYS,
            service_to=DAYS,
            units=MONEY,
            charge=MONEY,
            place_of_service=TEXT,
        ),
        max_size=4,
    ).map(tuple),
    circumstances=st.builds(CircumstanceFacts, accident_date=DAYS, onset_date=DAYS, admitted_on=DAYS),
    resubmission=st.builds(ResubmissionFacts, original_number=TEXT),
)


@settings(deadline=None)
@given(FACTS)
def test_any_facts_get_an_answer_and_always_the_same(facts):
    assert run(facts) == run(facts)
    assert all(str(finding.sentence) and str(finding.mend) for finding in run(facts))


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999999.99"), places=2))
def test_any_charge_in_range_is_taken(charge):
    assert run(replace(GOOD, lines=(replace(LINE, charge=charge),))) == []
