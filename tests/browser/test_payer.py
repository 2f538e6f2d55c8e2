"""An adjudicator's morning in a real browser: queue, desk, keys, and what it looks like."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from claims.models import Claim, ClaimFinding
from tests.browser.conftest import assert_good
from tests.claims.desk_cast import WHY, Desk, make_desk

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def morning(cast: Desk) -> list[Claim]:
    """A queue worth looking at."""
    now = timezone.now()
    coverage = cast.covered(
        copay=Decimal("20.00"), deductible=Decimal("500.00"), coinsurance_percent=Decimal("20.00"),
        out_of_pocket_limit=Decimal("3000.00"),
    )  # fmt: skip
    stories: list[dict[str, Any]] = [
        {"priority": "urgent", "due_at": now + timedelta(hours=3), "coverage": coverage,
         "diagnoses": ["I21.4", "I10"],
         "lines": [{"charge": Decimal("8000.00"), "procedure_code": "X0002"},
                   {"charge": Decimal("512.40"), "procedure_code": "X0004"}]},
        {"priority": "urgent", "due_at": now - timedelta(hours=1), "has_other_coverage": True},
        {"lines": [{"charge": Decimal("640.00")}, {}, {}]},
        {"frequency_code": "7", "original_reference": "CLM-20260101-0001"},
        {"priority": "routine", "patient_last_name": "Featherstonehaugh-Cholmondeley"},
        {"priority": "routine", "accident_types": ["auto"], "accident_state": "NY"},
    ]  # fmt: skip
    claims = [cast.claim(submitted_at=now - timedelta(days=4), **{"due_at": now + timedelta(days=3), **story})
              for story in stories]  # fmt: skip
    from claimflow.lib.db.context import acting_as

    with acting_as("system", "test"):
        ClaimFinding(
            **claims[0].as_parent(), stage="receipt", code="diagnosis.judged_by_newest", severity="info"
        ).save(force_insert=True)
    return claims


def test_the_queue(
    site: str, page: Page, sign_in: Callable[[Any], None], faults: list[str], cast: Desk
) -> None:
    morning(cast)
    sign_in(cast.adjudicator)
    page.goto(f"{site}/queue/")
    expect(page.get_by_role("button", name="Next claim")).to_be_visible()
    assert_good(page, "payer-queue")
    page.goto(f"{site}/queue/?amount_min=99999")
    assert_good(page, "payer-queue-empty")


def test_a_plain_claim_is_approved_with_the_keyboard_alone(
    site: str, page: Page, sign_in: Callable[[Any], None], faults: list[str], cast: Desk
) -> None:
    cast.claim(lines=[{"charge": Decimal("150.00")}])
    sign_in(cast.adjudicator)
    page.goto(f"{site}/queue/")
    page.keyboard.press("n")
    page.wait_for_url("**/desk/**")
    expect(page.get_by_role("heading", name="Decision")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("was approved.")).to_be_visible()


def test_the_desk_prices_while_typing_and_denies_in_three_steps(
    site: str, page: Page, sign_in: Callable[[Any], None], faults: list[str], cast: Desk
) -> None:
    claim = morning(cast)[0]
    sign_in(cast.adjudicator)
    page.goto(f"{site}/desk/{claim.pk}/")
    assert_good(page, "payer-desk-free")
    page.get_by_role("button", name="Take this claim").click()
    page.get_by_label("Allowed").first.fill("612.30")
    expect(page.locator("[data-line-priced]").first).to_contain_text("copay 20.00, deductible 500.00")
    expect(page.locator("[data-total=allowed]")).to_have_text("1,124.70")
    page.get_by_role("radiogroup", name="Decision for line 2").get_by_label("Deny").check()
    expect(page.get_by_role("button", name="Approve in part")).to_be_visible()
    assert_good(page, "payer-desk")
    page.get_by_role("radiogroup", name="Decision for line 1").get_by_label("Enter amounts").check()
    expect(page.locator("[data-line-balance]").first).to_have_text("Balances.")
    expect(page.get_by_label("Coinsurance").first).to_have_value("18.46")
    page.evaluate("scrollTo(0, 0)")
    assert_good(page, "payer-desk-amounts")
    page.locator("h1").click()
    page.keyboard.press("d")
    reason = page.get_by_label("Reason for denying the whole claim")
    expect(reason).to_be_focused()
    reason.select_option("not_covered")
    page.get_by_label("Explanation for the provider").fill("Too short")
    page.get_by_role("button", name="Deny claim").click()
    expect(page.locator(".error-summary")).to_contain_text("It needs at least 20.")
    assert_good(page, "payer-desk-errors")
    page.get_by_label("Explanation for the provider").fill(WHY)
    page.get_by_role("button", name="Deny claim").click()
    expect(page.get_by_text("was denied.")).to_be_visible()
    page.goto(f"{site}/desk/{claim.pk}/")
    assert_good(page, "payer-desk-decided")


def test_remarks_are_suggested_and_a_second_reason_is_added_with_the_keyboard_alone(
    site: str, page: Page, sign_in: Callable[[Any], None], faults: list[str], cast: Desk
) -> None:
    claim = cast.taken(lines=[{"charge": Decimal("150.00"), "procedure_code": "X0002"}])
    sign_in(cast.adjudicator)
    page.goto(f"{site}/desk/{claim.pk}/")
    page.get_by_label("Enter amounts").focus()
    page.keyboard.press("Space")
    page.get_by_label("Allowed").fill("90")
    page.get_by_role("textbox", name="Paid").fill("90")
    adjustments = page.locator("[data-adjustment]")
    adjustments.get_by_label("Reason").select_option("CO-45")
    adjustments.get_by_label("Amount").fill("30")
    add = page.get_by_role("button", name="Add reason to line 1")
    add.focus()
    page.keyboard.press("Enter")
    second = adjustments.nth(1)
    expect(second.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("CO-16")
    expect(second.get_by_label("Reason")).to_have_value("CO-16")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    page.keyboard.press("Tab")
    remarks = second.get_by_role("combobox", name="Remark codes")
    expect(remarks).to_be_focused()
    page.keyboard.press("ArrowDown")
    options = second.locator(".combo-list [role=option]")
    expect(options.first).to_be_visible()
    expect(second.get_by_text("These remarks may stand with CO-16.")).to_be_visible()
    page.keyboard.type("M51")
    expect(options).to_have_count(1)
    assert_good(page, "payer-desk-remarks")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(remarks).to_have_value("M51")
    page.keyboard.type(" n70")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(remarks).to_have_value(re.compile(r"^M51 N70\d$"))
    expect(page.locator("[data-line-balance]")).to_have_text("Balances.")
    expect(adjustments).to_have_count(2)
    assert_good(page, "payer-desk-two-reasons")
    page.get_by_role("radiogroup", name="Decision for line 1").get_by_label("Deny").check()
    page.locator(".when-deny").get_by_label("Reason").select_option("CO-16")
    denial = page.locator(".when-deny").get_by_role("combobox", name="Remark codes")
    denial.press("ArrowDown")
    expect(page.locator(".when-deny [role=option]").first).to_be_visible()
    assert_good(page, "payer-desk-deny-remarks")


def test_a_supervisor_assigns_with_the_keyboard_alone(
    site: str, page: Page, sign_in: Callable[[Any], None], faults: list[str], cast: Desk
) -> None:
    claim = morning(cast)[0]
    sign_in(cast.supervisor)
    page.goto(f"{site}/desk/{claim.pk}/")
    assert_good(page, "payer-desk-assign")
    page.get_by_label("Assign to").focus()
    page.keyboard.type(cast.other.full_name[:12])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("was assigned to")).to_be_visible()
    page.goto(f"{site}/desk/{claim.pk}/")
    expect(page.get_by_text("works on it until")).to_be_visible()
    page.get_by_role("button", name="Take this claim").click()
    page.get_by_text("Assign", exact=True).click()
    assert_good(page, "payer-desk-assign-own")


def test_pend_and_release(
    site: str, page: Page, sign_in: Callable[[Any], None], faults: list[str], cast: Desk
) -> None:
    claim = cast.taken()
    sign_in(cast.adjudicator)
    page.goto(f"{site}/desk/{claim.pk}/")
    page.keyboard.press("p")
    page.wait_for_url("**/pend/")
    assert_good(page, "payer-pend")
    page.get_by_label("Medical records are needed").check()
    page.get_by_role("textbox", name="Comes back on").fill(
        (timezone.localdate() + timedelta(days=5)).strftime("%m/%d/%Y")
    )
    page.get_by_role("button", name="Pend claim").click()
    expect(page.get_by_text("was pended.")).to_be_visible()
    page.goto(f"{site}/desk/{claim.pk}/")
    assert_good(page, "payer-desk-pended")
    page.goto(f"{site}/queue/?tab=pended")
    assert_good(page, "payer-queue-pended")


def test_everything_works_without_javascript(
    site: str, browser: Any, sign_in: Callable[[Any], None], cast: Desk
) -> None:
    from tests.signed_in import client_of

    claim = cast.taken(lines=[{"charge": Decimal("150.00")}])
    from django.conf import settings

    context = browser.new_context(java_script_enabled=False)
    key = client_of(cast.adjudicator).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/desk/{claim.pk}/")
    page.get_by_label("Allowed").fill("100")
    page.get_by_role("button", name="Price lines").click()
    page.get_by_label("Enter amounts").check()
    expect(page.get_by_label("Paid")).to_have_value("100.00")
    page.get_by_role("button", name="Add reason to line 1").click()
    expect(page.locator("[data-adjustment]")).to_have_count(2)
    expect(page.locator("[data-adjustment]").nth(1).get_by_label("Reason")).to_be_focused()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Everything balances")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("was approved.")).to_be_visible()
    context.close()


def test_a_priority_is_changed_with_the_keyboard_alone_on_a_narrow_screen(
    site: str, page: Page, sign_in: Callable[[Any], None], faults: list[str], cast: Desk
) -> None:
    claim = cast.claim(priority="routine")
    from claimflow.lib.db.context import acting_as
    from tests.factories.intelligence import LedgerEntryFactory

    with acting_as("system", "test"):
        LedgerEntryFactory(claim=claim)
    sign_in(cast.adjudicator)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/desk/{claim.pk}/")
    page.locator("summary", has_text="99.8 % confidence").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="Emergency visit, high severity")).to_be_visible()
    page.get_by_role("link", name="Change priority").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/priority/")
    page.get_by_label("Urgent").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Why?")).to_be_focused()
    page.keyboard.type("Another")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Say in a few words why.")
    assert_good(page, "payer-priority-errors")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_label("In your own words").focus()
    page.keyboard.type("The clinic called.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is now urgent.")).to_be_visible()
    expect(page.get_by_text("The clinic called.")).to_be_visible()
