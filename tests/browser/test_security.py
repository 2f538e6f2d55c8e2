"""A security officer on a phone's width, with the keyboard alone: the alert, its end, the trail, who saw a patient."""

import uuid

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.enums import AlertKind
from accounts.models import Alert
from audit.actions import Seen, record, record_access
from audit.enums import Action, Severity, SubjectKind
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from tests.browser.conftest import SIZES, assert_good
from tests.browser.people import window
from tests.browser.test_keyboard import put, tab_to
from tests.signed_in import client_of, make_organization, make_user

pytestmark = pytest.mark.browser
MEMBER = "W-123 456"


@pytest.fixture
def officer(site):
    """A locked account with its alert, and a member whom one adjudicator saw."""
    payer = make_organization("payer", name="Acme Health")
    reader = make_user("payer", "Adjudicator", organization=payer)
    now = timezone.now()
    with acting_as("system", "test"):
        record(Action.LOCKED, SubjectKind.USER, reader.pk, payer_id=payer.pk, outcome="failure")
        alert = Alert.objects.create(
            kind=AlertKind.SIGN_IN_LOCKED,
            severity=Severity.WARNING,
            subject_kind=SubjectKind.USER,
            subject_id=reader.pk,
            organization=payer,
            happened_at=now,
            last_at=now,
            dedupe_key="one",
        )
        record(Action.ALERT_RAISED, SubjectKind.ALERT, alert.pk, payer_id=payer.pk)
    person = phi.blind_index("member_id", payer.pk, MEMBER)
    with acting_as("payer", user=reader, organization=payer):
        seen = Seen("claim", uuid.uuid4(), None, payer.pk, person.value, person.key_id)
        record_access(Action.CLAIM_VIEWED, [seen])
    return make_user("payer", "Organization administrator", "Auditor", organization=payer), reader


def follow(page: Page, text: str) -> None:
    """Tab to the link or button of this name and press Enter."""
    tab_to(page, f"element => (element.innerText || '').trim() === {text!r}")
    page.keyboard.press("Enter")


def test_an_officer_needs_no_mouse(browser: Browser, site: str, officer) -> None:
    user, reader = officer
    with window(browser) as page:
        key = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
        page.set_viewport_size(SIZES["390"])
        page.goto(f"{site}/security/")
        assert_good(page, "security/alerts")
        follow(page, "An account was locked")
        page.wait_for_url("**/security/*-*/")
        assert_good(page, "security/alert")
        follow(page, "Take this alert")
        expect(page.get_by_text("The alert is yours.")).to_be_visible()
        put(page, "resolution", "She had a new keyboard.")
        follow(page, "Resolve alert")
        expect(page.get_by_text("Nothing waits for you")).to_be_visible()
        assert_good(page, "security/no-alerts")

        page.goto(f"{site}/audit/")
        put(page, "severity", "War")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Locked after too many attempts").last).to_be_visible()
        assert_good(page, "security/audit-warnings")
        follow(page, "Who saw a patient")
        page.wait_for_url("**/audit/patient/")
        put(page, "member_id", MEMBER)
        page.keyboard.press("Enter")
        expect(page.get_by_role("cell", name=reader.full_name).first).to_be_visible()
        assert MEMBER not in page.url
        assert_good(page, "security/who-saw")
