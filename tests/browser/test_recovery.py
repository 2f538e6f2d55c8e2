"""Somebody who forgot the password and left the phone at home comes back in, by keyboard on a narrow screen."""

import re

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.actions import forgotten, mail
from accounts.actions.backup_codes import make_backup_codes
from accounts.models import OutgoingMail, PasswordReset
from claimflow.lib.db.context import acting_as
from tests.browser.conftest import SIZES, assert_good
from tests.browser.people import window
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.browser
NEW = "a new sentence of several words"


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the thing with these words has the focus."""
    for _press in range(20):
        if page.evaluate("document.activeElement.textContent").strip() == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words} cannot be reached by keyboard")


def link_in_the_mail() -> str:
    """What the worker does with the request, and the path that its mail leads to."""
    with acting_as("system", "answer_forgotten"):
        forgotten.answer(reset_id=PasswordReset.objects.get().pk)
    with acting_as("system", "send_mail"):
        waiting = OutgoingMail.objects.get(kind="password_forgotten")
        mail.send(mail_id=waiting.pk)
    return re.search(r"/forgotten/link/[\w-]+/", django_mail.outbox[-1].body)[0]


def test_back_in_without_password_and_phone(browser: Browser, site: str) -> None:
    user = make_user("provider", "Biller", organization=make_organization())
    code = make_backup_codes(user=user)[0]
    with window(browser) as page:
        page.set_viewport_size(SIZES["390"])
        page.goto(f"{site}/sign-in/")
        tab_to(page, "Forgot your password?")
        page.keyboard.press("Enter")
        page.wait_for_url("**/forgotten/")
        assert_good(page, "door/forgotten")
        page.keyboard.type(user.email)
        page.keyboard.press("Enter")
        page.wait_for_url("**/forgotten/sent/")
        assert_good(page, "door/forgotten-sent")

        page.goto(site + link_in_the_mail())
        assert page.url == site + reverse("accounts:forgotten_password")
        assert_good(page, "door/forgotten-password")
        page.get_by_label("New password").focus()
        page.keyboard.type(NEW)
        page.keyboard.press("Tab")
        page.keyboard.type(NEW)
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in/")
        expect(page.get_by_text("Your password is changed.")).to_be_visible()

        page.keyboard.type(user.email)
        page.keyboard.press("Tab")
        page.keyboard.type(NEW)
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in/code/")
        tab_to(page, "Use a backup code")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in/code/?with=backup")
        assert_good(page, "door/backup-code")
        page.keyboard.type(code.lower())
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)

        page.goto(site + reverse("accounts:backup_codes"))
        assert_good(page, "account/backup-codes")
        tab_to(page, "Make ten new codes")
        page.keyboard.press("Enter")
        page.wait_for_url("**/account/backup-codes/new/")
        assert_good(page, "account/backup-codes-shown")
        shown = page.locator("#backup-codes").inner_text().split()
        assert len(shown) == 10
        page.emulate_media(media="print")
        expect(page.locator("#backup-codes")).to_be_visible()
        expect(page.get_by_text(f"ClaimFlow, {user.email}")).to_be_visible()
        expect(page.get_by_role("button", name="Copy")).to_be_hidden()
        page.emulate_media(media="screen")
        tab_to(page, "I have kept them")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/account/" not in url)
