"""The validation score: live in the form, kept as it was sent, shown to the payer with its reasons."""

import re

import pytest
from django.urls import reverse

from claimflow.lib.db.context import acting_as
from intelligence.models import LedgerEntry
from tests.claims.cast import make_cast
from tests.claims.test_form_page import typed
from tests.signed_in import client_of, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture
def cast(real_db):
    return make_cast()


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_form_tells_the_score_and_what_takes_of_it(cast):
    client = client_of(cast.biller)
    page = client.get("/claims/new/")
    assert re.search(r"Validation score \d{1,2} of 100", words(page))
    assert re.search(r"\d+ boxes are still empty\. \u2212\d+", words(page))
    answer = client.post(
        "/claims/check/", typed(cast, last_name="", **{"diagnoses-1-code": "E11.9", "lines-0-charge": "12,x"})
    ).json()
    points = {finding["message"][:24]: finding["points"] for finding in answer["findings"]}
    assert points["Line 1: Use only digits,"] == 25
    assert points["The patient's last name "] == 10
    assert points["No line points to diagno"] == 1
    assert answer["score"] == 100 - sum(finding["points"] for finding in answer["findings"])
    assert answer["empty"] == {"message": "1 box is still empty.", "points": 10}


def test_it_is_kept_as_it_was_sent_and_shown_to_the_payer_alone(cast):
    line = cast.line()
    claim = cast.submit(cast.entry(lines=(line, line), diagnoses=("I10", "E119")))
    with acting_as("payer", organization=cast.insurer):
        (entry,) = LedgerEntry.objects.filter(kind="validation_score")
    with acting_as("provider", user=cast.biller, organization=cast.clinic):
        assert not LedgerEntry.objects.exists()
    assert (entry.answer, entry.model_version, entry.claim_id) == ("84", "score-1", claim.pk)
    assert entry.because == [("line.repeated", -15), ("diagnosis.not_used", -1)]
    reader = make_user("payer", "Adjudicator", organization=cast.insurer)
    page = words(client_of(reader).get(reverse("payer:desk", args=[claim.pk])))
    assert "Validation score 84 of 100 when it was sent, by score-1." in page
    assert re.search(r"Line 2 repeats line 1\..*? \u221215 ", page)
    assert "\u22121 " in page
    provider_page = words(client_of(cast.biller).get(reverse("claims:detail", args=[claim.pk])))
    assert "Validation score" not in provider_page
