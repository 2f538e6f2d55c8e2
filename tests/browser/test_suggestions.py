"""A biller writes a claim with suggestions and watches its score, by keyboard alone; the payer sees what it was."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from claimflow.lib.db.context import acting_as
from claims.models import Claim
from tests.browser.conftest import assert_good
from tests.browser.people import box, make_office, put
from tests.factories.claims import ClaimFactory, decide

pytestmark = pytest.mark.browser


@pytest.fixture
def office(site, monkeypatch):
    monkeypatch.setattr("intelligence.together.SMALLEST", 3)
    office = make_office()
    with acting_as("system", "test"):
        lines = [{"procedure_code": "X0001"}, {"procedure_code": "X0010", "charge": Decimal("80.00")}]
        claims = [
            ClaimFactory(provider=office.clinic, payer=office.insurer, diagnoses=["I10", "E119"], lines=lines)
            for _claim in range(3)
        ]
    for claim in claims:
        decide(claim, by=office.adjudicator)
    return office


def test_a_code_is_suggested_added_and_scored_by_keyboard(page, site, office, sign_in, faults):
    sign_in(office.biller)
    page.goto(f"{site}/claims/new/")
    for name, text in {**office.boxes, "lines-0-procedure": ""}.items():
        put(page, name, text)
    score = page.locator("[data-check-score]")
    page.get_by_label("Service or illness in a few words").fill("type 2 diabetes")
    expect(score).to_have_text("90")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    add = page.get_by_role("button", name="Add X0010")
    expect(page.get_by_text("100 %: in 3 of 3 of your approved claims with I10").first).to_be_visible()
    assert_good(page, "suggestions/01-suggested")
    add.focus()
    page.keyboard.press("Enter")
    expect(box(page, "lines-0-procedure")).to_have_value("X0010")
    expect(score).to_have_text("100")
    box(page, "lines-0-charge").press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/claims/[0-9a-f-]{36}/$"))
    with acting_as("system", "test"):
        claim = Claim.objects.get(state="received")
    sign_in(office.adjudicator)
    page.goto(f"{site}/desk/{claim.pk}/")
    expect(page.get_by_text("of 100 when it was sent")).to_be_visible()
    assert_good(page, "suggestions/02-desk")
