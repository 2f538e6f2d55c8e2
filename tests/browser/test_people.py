"""An organization's administrator with the keyboard alone, on a telephone's width: invites somebody, reads the password
out, and closes the account again."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SIZES, assert_good
from tests.browser.people import window
from tests.browser.test_pages import enter
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.browser


def test_invite_and_deactivate(browser: Browser, site: str) -> None:
    clinic = make_organization("provider", name="Riverside Clinic")
    with window(browser) as page:
        page.set_viewport_size(SIZES["390"])
        enter(page, site, make_user("provider", "Organization administrator", organization=clinic))
        page.goto(f"{site}/")
        expect(page.get_by_role("heading", name="People", level=1)).to_be_visible()
        page.get_by_role("link", name="Invite person").focus()
        page.keyboard.press("Enter")
        page.get_by_label("E-mail address").focus()
        for typed in ("ada@riverside.example", "Ada", "Marsh"):
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        page.get_by_role("checkbox", name=re.compile("Nurse:")).focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Temporary password")).to_be_visible()
        expect(page.locator("#temporary-password")).to_have_text(re.compile("^.{16}$"))
        assert_good(page, "people/temporary-password")
        page.set_viewport_size(SIZES["390"])
        page.get_by_role("link", name="Back to the list").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("First sign-in pending", exact=True).last).to_be_visible()
        page.get_by_role("link", name="Ada Marsh").focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Deactivate account").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Deactivate account").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Ada Marsh was signed out and cannot sign in any more.")).to_be_visible()
