"""The main job with the keyboard alone, and again without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from claimflow.lib.db.context import acting_as
from tests.browser.conftest import SCREENSHOTS
from tests.browser.people import Office, code_now, come_in, make_office, window
from tests.browser.people import put as put_with_mouse
from tests.factories.claims import ClaimFactory
from tests.signed_in import PASSWORD

pytestmark = pytest.mark.browser

MOST_STOPS = 60
"""Tab stops between one box and the next that is filled: none is ever that far away."""


@pytest.fixture
def office(site: str) -> Office:
    return make_office()


def come_in_by_keys(page: Page, site: str, user: User) -> None:
    """The cursor stands in the first box of each page."""
    page.goto(f"{site}/sign-in/")
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/")
    page.keyboard.type(code_now())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def tab_to(page: Page, is_there: str) -> None:
    """Press Tab, only forward, until the script's question about the focused element is answered with true."""
    for _stop in range(MOST_STOPS):
        if page.evaluate(f"(({is_there}))(document.activeElement)"):
            return
        page.keyboard.press("Tab")
        visible = page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")
        assert visible or page.evaluate("document.activeElement === document.body"), (
            "the focus cannot be seen"
        )
    raise AssertionError(f"Tab does not lead to {is_there}")


def put(page: Page, name: str, text: str) -> None:
    """Go to a box and type; a select takes the first letters of its answer."""
    tab_to(page, f"element => element.name === {name!r}")
    page.keyboard.type(text)


def submit_by_keys(page: Page, office: Office) -> str:
    page.keyboard.press("c")
    page.wait_for_url("**/claims/new/")
    for name, text in office.boxes.items():
        put(page, name, text)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("was submitted to")).to_be_visible()
    return page.locator("h1").inner_text()


def test_biller_needs_no_mouse(browser: Browser, site: str, office: Office) -> None:
    with window(browser) as page:
        come_in_by_keys(page, site, office.biller)
        number = submit_by_keys(page, office)
        page.keyboard.press("g")
        page.keyboard.press("c")
        page.wait_for_url("**/claims/")
        page.keyboard.press("j")
        expect(page.locator("tr.is-here .claim-number")).to_have_text(number)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(number)
        page.keyboard.press("Escape")
        page.wait_for_url("**/claims/")


def test_lines_are_added_and_codes_chosen_by_keys(browser: Browser, site: str, office: Office) -> None:
    with window(browser) as page:
        come_in_by_keys(page, site, office.biller)
        page.keyboard.press("c")
        page.wait_for_url("**/claims/new/")
        put(page, "diagnoses-0-code", "essential hypertension")
        expect(page.locator(".combo-list [role=option]").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#id_diagnoses-0-code")).to_have_value("I10")
        tab_to(page, "element => element.name === 'add_lines'")
        page.keyboard.press("Enter")
        expect(page.locator("#id_lines-1-service_from")).to_be_focused()


def test_adjudicator_needs_no_mouse(browser: Browser, site: str, office: Office) -> None:
    with window(browser) as page:
        wait_for_decision(office, claims=3)
        come_in_by_keys(page, site, office.adjudicator)
        for decide in (approve_by_keys, deny_by_keys, pend_by_keys):
            page.keyboard.press("g")
            page.keyboard.press("q")
            page.wait_for_url("**/queue/")
            page.keyboard.press("n")
            page.wait_for_url("**/desk/**")
            number = page.locator("h1").inner_text()
            decide(page)
            expect(page.get_by_text(f"Claim {number} was")).to_be_visible()


def wait_for_decision(office: Office, *, claims: int) -> None:
    with acting_as("system", "test"):
        for _claim in range(claims):
            ClaimFactory(provider=office.clinic, payer=office.insurer, submitted_by=office.biller)


def approve_by_keys(page: Page) -> None:
    put(page, "lines-0-allowed", "100.00")
    page.keyboard.press("Escape")
    page.keyboard.press("a")


def deny_by_keys(page: Page) -> None:
    """d leads to what is missing before it denies."""
    page.keyboard.press("d")
    expect(page.locator("#id_denial_reason")).to_be_focused()
    page.keyboard.type("The service is not")
    page.keyboard.press("Tab")
    page.keyboard.type("This service is not part of the plan.")
    page.keyboard.press("Escape")
    page.keyboard.press("d")


def pend_by_keys(page: Page) -> None:
    page.keyboard.press("p")
    page.wait_for_url("**/pend/")
    tab_to(page, "element => element.name === 'reasons'")
    page.keyboard.press("Space")
    put(page, "no_timer_because", "The hospital has announced the records.")
    page.keyboard.press("Control+Enter")


# --- Without JavaScript -------------------------------------------------------------------------------------


def picture(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"plain/{name}.png", full_page=True)


def test_main_job_without_javascript(browser: Browser, site: str, office: Office) -> None:
    with window(browser, java_script_enabled=False) as page:
        come_in(page, site, office.biller)
        number = submit_plainly(page, site, office)
        picture(page, "1-submitted")
    with window(browser, java_script_enabled=False) as page:
        come_in(page, site, office.adjudicator)
        decide_plainly(page, number)
        picture(page, "3-decided")


def submit_plainly(page: Page, site: str, office: Office) -> str:
    """A second line comes from the server; a wrong charge comes back with everything typed."""
    page.goto(f"{site}/claims/new/")
    for name, text in office.boxes.items():
        put_with_mouse(page, name, text)
    page.get_by_role("button", name="Add line").click()
    for name, text in (("procedure", "X0002"), ("pointers", "A"), ("charge", "1,2.3")):
        put_with_mouse(page, f"lines-1-{name}", text)
    page.get_by_role("button", name="Submit claim").click()
    expect(page.locator(".error-summary")).to_contain_text("There is 1 problem")
    for name in ("member_id", "lines-0-charge", "lines-0-service_from"):
        expect(page.locator(f"[name={name}]")).to_have_value(office.boxes[name])
    expect(page.locator("[name=lines-1-charge]")).to_have_value("1,2.3")
    put_with_mouse(page, "lines-1-charge", "42.50")
    page.get_by_role("button", name="Submit claim").click()
    expect(page.get_by_text("was submitted to")).to_be_visible()
    return page.locator("h1").inner_text()


def decide_plainly(page: Page, number: str) -> None:
    page.get_by_role("button", name="Next claim").click()
    expect(page.locator("h1")).to_have_text(number)
    page.locator("#id_lines-0-allowed").fill("120.00")
    page.get_by_role("button", name="Price lines").click()
    expect(page.locator("[data-line-priced]").first).to_contain_text("copay 25.00, pays 95.00")
    picture(page, "2-priced")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text(f"Claim {number} was approved.")).to_be_visible()
