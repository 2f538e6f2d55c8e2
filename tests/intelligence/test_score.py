import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.edits import EDITS
from claims.edits.facts import ClaimFacts
from claims.edits.findings import run
from claims.enums import Severity
from intelligence.enums import FindingKind
from intelligence.score import PATH, TABLE, Deduction, Found, Score, ScoreFacts, read_table, score

CONTENT = json.loads(PATH.read_text(encoding="utf-8"))


def scored(*findings):
    return score(ScoreFacts(findings))


@pytest.mark.parametrize(
    ("findings", "value"),
    [
        ([], 100),
        ([Found("anything.new", "error")], 75),
        ([Found("payer.missing", "error", "payer")], 90),
        ([Found("service.late", "warning", "lines-0-service_from")], 90),
        ([Found("diagnosis.judged_by_newest", "info")], 100),
        ([Found("coverage.ended", "warning", "member_id")], 70),
        ([Found("line.repeated", "warning"), Found("line.repeated", "warning")], 70),
        ([Found("npi.length", "error")] * 7, 0),
        ([Found("admission.missing", "warning")], 90),
    ],
)
def test_a_score_is_what_the_findings_leave(findings, value):
    assert scored(*findings).value == value


def test_every_finding_is_named_with_what_it_takes():
    result = scored(Found("npi.length", "error", "billing_npi"), Found("diagnosis.judged_by_newest", "info"))
    taken = Deduction("npi.length", "billing_npi", 25)
    assert result.deductions == (taken, Deduction("diagnosis.judged_by_newest", "", 0))
    assert result.reasons == (taken,)
    assert result.version == TABLE.version == PATH.stem


def test_there_is_no_number_without_reasons():
    """The number is no field: nobody can make a score of 82 without saying what took 18."""
    assert set(Score.__dataclass_fields__) == {"deductions", "whole", "version"}
    with pytest.raises(TypeError):
        replace(scored(), value=82)


FOUND = st.builds(Found, st.sampled_from([*EDITS.rules, "later.rule"]), st.sampled_from(Severity))


@given(st.lists(FOUND, max_size=30), FOUND)
def test_one_more_finding_never_raises_the_score(findings, more):
    before, after = scored(*findings), scored(*findings, more)
    assert 0 <= after.value <= before.value <= 100
    assert before.value == max(0, 100 - sum(each.points for each in before.reasons))
    assert scored(*findings) == before


def test_an_empty_form_scores_nothing():
    found = run(ClaimFacts(today=date(2026, 11, 21), has_payer=False, has_plan=False))
    assert scored(*(Found(each.code, each.severity, each.field) for each in found)).value < 25


def test_the_table_is_well_formed():
    assert set(TABLE.kinds) == set(FindingKind)
    assert "judgment" in TABLE.where_from
    assert set(TABLE.findings) <= set(EDITS.rules)
    assert not any(EDITS.rules[code].adjustable for code in TABLE.findings), (
        "a payer's severity would not count"
    )
    for code, points in TABLE.findings.items():
        assert 0 < points.points <= 50
        assert points.because
        assert points.points != TABLE.kinds[Found(code, EDITS.rules[code].severity).kind].points


def test_a_table_without_a_kind_or_with_a_strange_one_is_an_error():
    with pytest.raises(KeyError):
        read_table({**CONTENT, "kinds": {"error": CONTENT["kinds"]["error"]}})
    with pytest.raises(ValueError, match="severe"):
        read_table({**CONTENT, "kinds": {"severe": {"points": 1, "because": "x"}}})
    with pytest.raises(ValueError, match="severe"):
        scored(Found("a.b", "severe"))
