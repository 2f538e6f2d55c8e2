"""The end of a session and one's own account, by keyboard at 390 px; and the back button after signing out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.session_store import digest
from claimflow.lib.db.context import acting_as
from members.models import Patient
from tests.browser.conftest import SCREENSHOTS, SIZES, assert_good
from tests.browser.people import code_now, make_office, window
from tests.browser.test_keyboard import come_in_by_keys, tab_to
from tests.harness import admin_connection
from tests.signed_in import PASSWORD, client_of

pytestmark = pytest.mark.browser
KEPT = "Your session ended. Nothing was lost. Check and submit again."
NAMES = {"last_name": "Okafor-Lindqvist", "first_name": "Adaeze"}


def seen(page: Page, minutes: float) -> None:
    """Move the last sight of this window's session into the past."""
    (cookie,) = [each for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME]
    with admin_connection(autocommit=True) as admin:
        admin.execute(
            "UPDATE accounts_session SET last_seen_at = now() - make_interval(secs => %s) WHERE session_key = %s",
            [minutes * 60, digest(cookie["value"])],
        )


def later(page: Page, minutes: float) -> None:
    """So long nobody does anything: on the server and on the page's clock, which then looks at itself."""
    seen(page, minutes)
    page.clock.set_fixed_time(page.evaluate("Date.now()") / 1000 + minutes * 60)
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def press(page: Page, name: str) -> None:
    """Tab to a button or link of this name, and Enter."""
    tab_to(page, f"element => element.textContent.trim().startsWith({name!r})")
    page.keyboard.press("Enter")


def test_the_session_ends_and_nothing_is_lost(browser: Browser, site: str) -> None:
    user = make_office().biller
    with window(browser) as page:
        page.set_viewport_size(SIZES["390"])
        page.clock.install()
        come_in_by_keys(page, site, user)
        page.goto(site + reverse("members:patient_add"))
        for name, text in NAMES.items():
            tab_to(page, f"element => element.name === {name!r}")
            page.keyboard.type(text)

        later(page, 28.5)
        dialog = page.get_by_role("dialog", name="Are you still there?")
        expect(dialog).to_be_visible()
        expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
        expect(page.locator("[data-session-clock]")).to_have_text(re.compile(r"1:(30|2\d)"))
        assert_good(page, "account/session-ends")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(page.locator("[name=first_name]")).to_be_focused()

        later(page, 31)
        page.wait_for_url(re.compile(r"/sign-in/\?next=.*kept"))
        expect(page.get_by_text("Your session has ended.")).to_be_visible()
        page.clock.resume()
        forget_codes(user)
        for text in (user.email, PASSWORD):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in/code/")
        page.keyboard.type(code_now())
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/patients/new/\?kept="))
        expect(page.get_by_text(KEPT)).to_be_visible()
        for name, text in NAMES.items():
            expect(page.locator(f"[name={name}]")).to_have_value(text)
        page.screenshot(path=SCREENSHOTS / "account" / "put-back-390.png")
        with acting_as("system", "test"):
            assert not Patient.objects.exists()


def forget_codes(user: User) -> None:
    """The same thirty seconds may be used again."""
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE accounts_totpdevice SET last_step = -1 WHERE user_id = %s", [user.pk])


def test_my_account_by_keyboard(browser: Browser, site: str) -> None:
    user = make_office().biller
    client_of(user)
    with window(browser) as page:
        page.set_viewport_size(SIZES["390"])
        come_in_by_keys(page, site, user)
        page.locator("details.menu summary").focus()
        page.keyboard.press("Enter")
        press(page, "My account")
        page.wait_for_url("**/account/")
        assert_good(page, "account/account")
        press(page, "Sign out there")
        expect(page.get_by_text("You are signed out there.")).to_be_visible()
        for name in ("password", "factor", "email"):
            page.goto(site + reverse(f"accounts:{name}"))
            assert_good(page, f"account/{name}")
        page.keyboard.type("new@example.com")
        page.keyboard.press("Enter")
        expect(page.get_by_text("We sent a link to both addresses.")).to_be_visible()


def test_back_shows_nothing_after_signing_out(page: Page, site: str, sign_in: Callable[[Any], None]) -> None:
    """Twice back, into pages that the browser might have in memory."""
    office = make_office()
    sign_in(office.biller)
    page.goto(site + reverse("accounts:account"))
    expect(page.locator("h1")).to_have_text("My account")
    page.goto(site + reverse("members:patients"))
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    for _ in range(2):
        page.go_back()
        expect(page.locator("h1")).to_have_text("Sign in")
        assert office.biller.email not in page.locator("main").inner_text()
