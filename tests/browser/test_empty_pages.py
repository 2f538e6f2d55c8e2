"""Pages over an empty house, and those of people who are new to it."""

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import Organization
from tests.browser.conftest import assert_good
from tests.browser.people import make_office, window
from tests.browser.test_pages import Sight, enter, look_at_all
from tests.signed_in import PASSWORD, make_organization, make_user

pytestmark = pytest.mark.browser

EMPTY = {
    "provider": (
        "claims:home claims:list claims:new claims:drafts notices:list members:patients members:billing_providers"
        " members:practitioners members:facilities"
    ),
    "payer": "payer:queue payer:numbers members:members members:plans members:roster audit:events",
}
RIGHTS = {"provider": ("Billing manager",), "payer": ("Supervisor",)}


@pytest.mark.parametrize("role", EMPTY)
def test_empty_pages_say_what_would_stand_there(browser: Browser, site: str, role: str) -> None:
    organization: Organization = make_organization(role, name="Newly Founded")
    user = make_user(role, *RIGHTS[role], organization=organization)
    with window(browser) as page:
        look_at_all(page, site, user, [Sight(name) for name in EMPTY[role].split()], f"empty/{role}")


STRENGTHS = {
    "harbor": "Too short: 6 of 12 characters",
    "claimflow1234": "Weak: easy to guess",
    "aaaabbbbcccc1111": "Weak: easy to guess",
    "harbor light in fog": "Good",
    "a sentence of several other words": "Strong",
}


def test_first_sign_in(browser: Browser, site: str) -> None:
    """A temporary password becomes one's own, then the second factor is set up."""
    user = make_user("provider", "Biller", organization=make_organization("provider"), enrolled=False)
    with window(browser) as page:
        page.goto(f"{site}/sign-in/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/first/password/")
        meter = page.locator(".strength")
        expect(meter).to_be_hidden()
        for typed, said in STRENGTHS.items():
            page.get_by_label("New password").fill(typed)
            expect(meter).to_have_text(said)
        assert_good(page, "door/first-password")
        page.get_by_label("The same password again").fill("a sentence of several other words")
        page.keyboard.press("Enter")
        page.wait_for_url("**/first/factor/")
        assert_good(page, "door/first-factor")


def test_code_page(browser: Browser, site: str) -> None:
    user = make_office().biller
    with window(browser) as page:
        page.goto(f"{site}/sign-in/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/sign-in/code/")
        page.get_by_label("Code").fill("12345")
        page.get_by_role("button", name="Continue").click()
        assert_good(page, "door/code-refused")


ROSTER = (
    "member_id,last_name,first_name,birth_date,sex,plan,effective_from\n"
    "AH1,Okafor,Adaeze,1965-03-14,F,Acme Choice PPO,2026-01-01\n"
    "AH2,Lind,Marcus,1965-33-14,M,Acme Choice PPO,2026-01-01\n"
)


def test_roster_preview(browser: Browser, site: str) -> None:
    office = make_office()
    with window(browser) as page:
        enter(page, site, office.adjudicator)
        page.goto(f"{site}/members/roster/")
        page.locator("input[type=file]").set_input_files(
            {"name": "roster.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()}
        )
        page.locator("main form button").first.click()
        page.wait_for_url("**/members/roster/*-*/")
        assert_good(page, "pages/test/members-roster-preview")
