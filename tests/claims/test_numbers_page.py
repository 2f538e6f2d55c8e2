"""The numbers page and its rows: right numbers, hidden groups, one payer's alone, and the same cost at any size."""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Access
from claimflow.lib.db.context import acting_as
from intelligence.actions.ledger import About, Said, record_outcome, remember_many
from intelligence.enums import OverrideReason, SuggestionKind, Verdict
from tests.claims.desk_cast import make_desk
from tests.factories.intelligence import FACTS
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
PAGE, ROWS = "/numbers/", "/numbers/suggestions/"
SAID = Said(
    kind=SuggestionKind.PRIORITY, answer="urgent", facts=FACTS, model="rules", model_version="scorecard-1",
    rules_version="rules-3", confidence=0.96, because=(("high_charge", 1.2),), latency=10,
)  # fmt: skip


@pytest.fixture
def cast(real_db):
    return make_desk()


def story(cast, claim, agreed=20, overrode=4):
    """Urgent: 20 agreed with, 4 made routine; standard: 3 agreed with and one failed at some cost."""
    with acting_as("system", "test"):
        about = About.claim(claim)
        urgent = remember_many(suggestions=[(SAID, about)] * (agreed + overrode))
        few = remember_many(suggestions=[(replace(SAID, answer="standard"), about)] * 3)
        remember_many(suggestions=[(replace(SAID, failure="deadline", cost=1500, model="lamp"), about)])
        for at, entry in enumerate((*urgent[overrode:], *few, *urgent[:overrode])):
            change = {"answer": "routine", "reason": OverrideReason.LESS_URGENT}
            is_agreed = at < agreed + 3
            record_outcome(
                entry=entry,
                verdict=Verdict.AGREED if is_agreed else Verdict.OVERRODE,
                by=cast.adjudicator,
                **({} if is_agreed else change),
            )


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def rows_of(client, page, number):
    """Follow the link of a number, and count the rows."""
    html = page.content.decode()
    url = re.search(rf'href="({ROWS}[^"]*)"[^>]*>(?:<span class="stat-value">)?{number}<', html)[1]
    return words(client.get(unquote(url.replace("&amp;", "&"))))


def test_the_supervisor_reads_the_numbers_and_follows_them_to_their_rows(cast):
    claim = cast.claim()
    story(cast, claim)
    client = client_of(cast.supervisor)
    page = client.get(PAGE)
    said = words(page)
    assert "28 Suggestions 27 Judged by a person 85.2 % Agreed with 4 Changed 1 Failed $0.0015 Cost" in said
    assert (
        said.count("too few to be told") == 4
    )  # urgent is hidden beside standard, twice; one bucket, one person
    assert "lamp" in said
    assert "rules-3 with scorecard-1 Active" in said
    changed = rows_of(client, page, 4)
    assert "4 suggestions" in changed
    assert f"{claim.claim_number}" in changed
    assert "Charge above $5,000.00" in changed
    assert "Routine" in changed
    assert "deadline" not in changed
    assert "1 suggestion" in rows_of(client, page, 1)
    with acting_as("auditor"):
        assert Access.objects.filter(action="claims_listed", subject_id=claim.pk).exists()


def test_the_rows_of_a_small_group_do_not_count_it(cast):
    story(cast, cast.claim(), agreed=2, overrode=1)
    client = client_of(cast.supervisor)
    for group in (
        {"person": cast.adjudicator.pk},
        {"provider": cast.clinic.pk},
        {"low": "0.95", "high": "0.98"},
    ):
        assert "fewer than 11 suggestions" in words(client.get(ROWS, {"verdict": "judged", **group}))
    nobody = {"verdict": "judged", "person": cast.supervisor.pk}
    assert "0 suggestions" in words(client.get(ROWS, nobody))


def test_an_empty_time_says_so(cast):
    page = words(client_of(cast.supervisor).get(PAGE, {"days": "7"}))
    assert "No suggestions in this time" in page
    assert "No budget is set, so no remote model is asked." in page


def test_filters_that_cannot_be_read_are_left_out(cast):
    client = client_of(cast.supervisor)
    bad = {"days": "x", "provider": "x", "low": "9", "day": "x", "answer": "x", "verdict": "x", "cursor": "x"}
    assert client.get(ROWS, bad).status_code == client.get(PAGE, bad).status_code == 200


def test_another_payer_sees_nothing_and_the_platforms_auditor_all(cast):
    story(cast, cast.claim())
    rival = make_user("payer", "Supervisor", organization=make_organization("payer"))
    assert "No suggestions in this time" in words(client_of(rival).get(PAGE))
    assert "No suggestion fits" in words(client_of(rival).get(ROWS))
    auditor = client_of(make_user("admin", "Auditor"))
    assert "28 Suggestions" in words(auditor.get(PAGE))
    rows = auditor.get(ROWS)
    assert "28 suggestions" in words(rows)
    assert "/desk/" not in rows.content.decode()
    assert client_of(cast.adjudicator).get(PAGE).status_code == 403


def test_the_cost_is_the_same_for_few_and_many_rows(cast):
    client = client_of(cast.supervisor)
    counts = []
    for _more in range(2):
        story(cast, cast.claim())
        found = []
        for url in (PAGE, ROWS):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0][0] <= 40
