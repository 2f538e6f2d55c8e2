"""Codes judged on their date of service."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimflow.lib.db.context import acting_as
from codes.enums import CodeSystem, ProcedureCategory
from codes.models import Icd10Code, Modifier, PlaceOfService, Procedure

pytestmark = pytest.mark.usefixtures("codes_db")
IN_YEAR = date(2026, 6, 1)


def judge(code, on=IN_YEAR, kind="provider"):
    with acting_as(kind):
        return Icd10Code.objects.judge(code, on=on)


@pytest.mark.parametrize("kind", ["anonymous", "provider", "payer", "admin", "auditor", "system"])
def test_every_kind_may_ask(kind):
    with acting_as(kind, "test"):
        assert Icd10Code.objects.judge("e11.9", on=IN_YEAR).known


def test_a_billable_code():
    answer = judge(" e11.9 ")
    assert (answer.code, answer.known, answer.billable) == ("E119", True, True)
    assert answer.description == "Type 2 diabetes mellitus without complications"
    assert answer.release == "FY2026 April"
    assert not answer.judged_by_newest
    assert not answer.before_oldest


def test_a_heading_names_narrower_codes():
    answer = judge("E11")
    assert answer.known
    assert not answer.billable
    assert answer.narrower == ("E11.00", "E11.01", "E11.10", "E11.11", "E11.21")


@pytest.mark.parametrize("code", ["E11.99", "250.00", "ZZZ", "", "E11.9'; --", "x" * 500])
def test_an_unknown_code(code):
    answer = judge(code)
    assert not answer.known
    assert not answer.billable
    assert answer.release == "FY2026 April"


def test_the_newest_answers_for_later_days_and_says_so():
    assert judge("E11.9", date(2026, 9, 30)).judged_by_newest is False
    later = judge("E11.9", date(2026, 10, 1))
    assert (later.known, later.judged_by_newest, later.release) == (True, True, "FY2026 April")


def test_an_april_release_counts_from_october_and_nothing_answers_before():
    assert judge("E11.9", date(2025, 10, 1)).known
    before = judge("E11.9", date(2025, 9, 30))
    assert (before.known, before.before_oldest, before.release) == (False, True, "")


def test_many_codes_take_one_query():
    asked = [(code, day) for code in ("E119", "I10", "J189", "NOPE") for day in (IN_YEAR, date(2026, 11, 1))]
    with acting_as("provider"), CaptureQueriesContext(connection) as queries:
        answers = Icd10Code.objects.judge_many(asked)
    assert len(answers) == 8
    assert answers["I10", IN_YEAR].known
    assert not answers["NOPE", IN_YEAR].known
    assert sum("codes_icd10code" in query["sql"] for query in queries) == 1


def test_no_codes_take_no_query():
    with acting_as("provider"), CaptureQueriesContext(connection) as queries:
        assert Icd10Code.objects.judge_many([]) == {}
        assert Procedure.objects.judge_many(["99213", "bad"]) == {"99213": None, "BAD": None}
    assert not any("codes_" in query["sql"] for query in queries)


def test_procedures():
    with acting_as("provider"):
        answers = Procedure.objects.judge_many(["x0010", "X9999", "99213", "J1885", "rubbish"])
        ended = Procedure.objects.judge("X0065")
    emergency = answers["X0010"]
    assert emergency.known
    assert emergency.emergency
    assert emergency.category is ProcedureCategory.EMERGENCY
    assert emergency.system is CodeSystem.DEMO
    assert not answers["X9999"].known
    assert answers["99213"] is answers["J1885"] is answers["RUBBISH"] is None
    assert ended.in_force_to == date(2024, 12, 31)


def test_procedures_in_force():
    with acting_as("provider"):
        codes = Procedure.objects.in_force(date(2024, 12, 31)).values_list("code", flat=True)
        assert "X0065" in codes
        assert "X0066" not in codes


def test_places_and_modifiers():
    with acting_as("provider"):
        assert "27" in PlaceOfService.objects.known(date(2023, 10, 1))
        assert "27" not in PlaceOfService.objects.known(date(2023, 9, 30))
        assert "11" in PlaceOfService.objects.known()
        assert {"25", "59", "LT", "XS"} <= Modifier.objects.known()
