"""Code suggestions: from words and from the own approved claims, never put in by themselves, and remembered when
taken."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claims.actions.suggest_codes import suggest_codes
from claims.models import ClaimDraft
from intelligence.models import LedgerEntry, LedgerOutcome
from tests.claims.cast import make_cast
from tests.factories.claims import ClaimFactory, decide
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
NEW = "/claims/new/"
ENOUGH = 3


@pytest.fixture(scope="module", autouse=True)
def enough():
    """Three claims are a group here; that it is eleven is tested in tests/intelligence/test_together.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("intelligence.together.SMALLEST", ENOUGH)
        yield


@pytest.fixture
def cast(real_db):
    cast = make_cast()
    adjudicator = make_user("payer", "Adjudicator", organization=cast.insurer)
    with acting_as("system", "test"):
        claims = [claim(cast) for _claim in range(ENOUGH)]
        denied = claim(cast, lines=[{"procedure_code": "X0002"}])
    for each in claims:
        decide(each, by=adjudicator)
    decide(denied, by=adjudicator, outcome="denied")
    return cast


def claim(cast, **more):
    lines = [{"procedure_code": "X0001"}, {"procedure_code": "X0010"}]
    return ClaimFactory(
        provider=cast.clinic, payer=cast.insurer, diagnoses=["E119", "I10"], **{"lines": lines, **more}
    )


def ask(cast, client, url=NEW, **boxes):
    return client.post(url, {"form_token": str(uuid4()), "diagnoses-0-code": "I10", "do": "suggest", **boxes})


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def offered(page):
    return set(re.findall(r'name="add_code" value="([^"]+)"', page.content.decode()))


def ledger():
    with acting_as("system", "test"):
        return list(LedgerEntry.objects.filter(kind="code_suggestion"))


def test_what_stands_with_a_diagnosis_is_suggested_and_not_put_in(cast):
    page = ask(cast, client_of(cast.biller))
    assert offered(page) == {"lines X0001", "lines X0010"}
    assert "100 %: in 3 of 3 of your approved claims with I10" in words(page)
    assert "Counted over your newest 3 approved claims." in words(page)
    assert 'name="lines-0-procedure" value="X' not in page.content.decode()
    assert not ledger()


def test_what_stands_with_a_procedure_is_suggested(cast):
    page = ask(cast, client_of(cast.biller), **{"diagnoses-0-code": "", "lines-0-procedure": "X0001"})
    assert offered(page) == {"diagnoses E11.9", "diagnoses I10"}
    assert "in 3 of 3 of your approved claims with X0001" in words(page)


def test_a_description_finds_codes_and_tells_the_own_use(cast):
    page = ask(
        cast, client_of(cast.biller), **{"diagnoses-0-code": "", "description": "essential hypertension"}
    )
    assert "diagnoses I10" in offered(page)
    assert "100 %: 2 of your 2 words fit; on 3 of your approved claims" in words(page)
    assert 'value="essential hypertension"' in page.content.decode()


def test_a_suggestion_is_added_kept_as_a_draft_and_remembered(cast):
    page = ask(cast, client_of(cast.biller), do="", add_code="lines X0010", description="secret words")
    assert page.status_code == 200
    assert offered(page) == {"lines X0001", "diagnoses E11.9"}
    with acting_as("provider", user=cast.biller, organization=cast.clinic):
        draft = ClaimDraft.objects.get()
        content = phi.value(draft, "content")
        (entry,), (outcome,) = LedgerEntry.objects.all(), LedgerOutcome.objects.all()
    assert content["lines-0-procedure"] == "X0010"
    assert "secret" not in str(content)
    assert (entry.answer, entry.draft_id, entry.organization_id) == ("X0010", draft.pk, cast.clinic.pk)
    assert (entry.confidence, entry.reasons) == (1, ["I10"])
    assert (outcome.verdict, outcome.decided_by_id) == ("agreed", cast.biller.pk)


def test_a_code_that_is_not_suggested_is_neither_added_nor_remembered(cast):
    page = ask(cast, client_of(cast.biller), do="", add_code="lines X0002")
    assert "This code is not suggested any more." in words(page)
    assert not ledger()
    assert 'value="X0002"' not in page.content.decode()


def test_nothing_to_suggest_says_what_would_help(cast):
    page = ask(cast, client_of(cast.biller), **{"diagnoses-0-code": "M54.5"})
    assert "Nothing to suggest." in words(page)


def test_a_stranger_learns_nothing_of_it(cast):
    outsider = make_user("provider", "Biller", organization=make_organization("provider"))
    page = ask(cast, client_of(outsider))
    assert not offered(page)
    assert "Counted over" not in words(page)


def test_many_codes_cost_no_more_queries_than_one(cast):
    counts = []
    for diagnoses in (("I10",), ("I10", "E119", "M545", "R51", "Z0000")):
        entry = cast.entry(diagnoses=diagnoses, lines=())
        with (
            acting_as("provider", user=cast.biller, organization=cast.clinic),
            CaptureQueriesContext(connection) as queries,
        ):
            suggest_codes(entry=entry, description="", today=cast.day, by=cast.biller)
        counts.append(len([each for each in queries if each["sql"].startswith("SELECT")]))
    assert counts[1] <= counts[0] <= 7
