"""People in front of a browser: each with a window of their own, coming in through the door."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Locator, Page

from accounts.models import Organization, User
from claimflow.lib.db.context import acting_as
from members.models import Plan
from tests.browser.conftest import SIZES
from tests.factories.members import BillingProviderFactory, CoverageFactory, MemberFactory, PlanFactory
from tests.signed_in import PASSWORD, SECRET, make_organization, make_user

NOISE = {"error", "warning"}


def code_now() -> str:
    """What the authenticator app of every person of tests/signed_in.py shows now."""
    totp = TOTP(base64.b32decode(SECRET), step=30, digits=6)
    totp.time = time.time()
    return f"{totp.token():06d}"


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[Page]:
    """A browser of one's own, 1280 px wide. It ends with nothing said on its console: no script error, no request that
    the Content-Security-Policy refused."""
    said: list[str] = []
    context = browser.new_context(viewport=SIZES["1280"], **options)
    context.on("console", lambda message: said.append(message.text) if message.type in NOISE else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert not said, "\n".join(said)


def come_in(page: Page, site: str, user: User) -> None:
    """Password, then code, as a person types them."""
    page.goto(f"{site}/sign-in/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code_now())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


# --- Boxes by the name of their input -----------------------------------------------------------------------


def box(page: Page, name: str) -> Locator:
    return page.locator(f'form[data-claim-form] [name="{name}"]')


def put(page: Page, name: str, text: str) -> None:
    """Type into a box, or choose by the words of the answer. Folded parts of the form are opened first."""
    control = box(page, name)
    for fold in control.locator("xpath=ancestor::details[not(@open)]").all():
        fold.locator("summary").first.click()
    if control.evaluate("control => control.tagName") == "SELECT":
        control.select_option(label=text)
    else:
        control.fill(text)


def held(page: Page, name: str) -> str:
    """What stands in a box now, for a select the words."""
    read = "control => control.tagName === 'SELECT' ? control.selectedOptions[0].textContent.trim() : control.value"
    return str(box(page, name).evaluate(read))


def objections(page: Page) -> dict[str, str]:
    """What the page says beside its boxes, by the box's name."""
    found: dict[str, str] = page.evaluate(
        """() => {
            const said = (box) => box.querySelector('.error').innerText.replace(/Error:\\s*/g, '').replace(/\\s+/g, ' ');
            return Object.fromEntries([...document.querySelectorAll('[data-field]')]
                .filter((box) => box.querySelector('.error'))
                .map((box) => [box.dataset.field.replace(/^id_/, ''), said(box).trim()]));
        }"""
    )
    return found


# --- A clinic and an insurer --------------------------------------------------------------------------------


@dataclass
class Office:
    """What a first claim needs: a biller with a billing provider, an insurer with a plan and a covered member."""

    clinic: Organization
    insurer: Organization
    plan: Plan
    biller: User
    adjudicator: User
    npi: str

    @property
    def boxes(self) -> dict[str, str]:
        """A claim of one line that nothing is said about."""
        served = timezone.localdate(timezone=self.biller.time_zone) - timedelta(days=14)
        return {
            "last_name": "Okafor",
            "first_name": "Adaeze",
            "birth_date_month": "3",
            "birth_date_day": "14",
            "birth_date_year": "1965",
            "sex": "Female",
            "payer": self.insurer.name,
            "plan": self.plan.name,
            "member_id": MEMBER_ID,
            "diagnoses-0-code": "I10",
            "lines-0-service_from": f"{served:%m/%d/%Y}",
            "lines-0-place_of_service": "11",
            "lines-0-procedure": "X0001",
            "lines-0-pointers": "A",
            "lines-0-charge": "150.00",
        }


MEMBER_ID = "AH00123456"


def make_office() -> Office:
    clinic = make_organization("provider", name="Riverside Medical Center")
    insurer = make_organization("payer", name="Acme Health Insurance")
    with acting_as("system", "test"):
        plan = PlanFactory(payer=insurer, name="Acme Choice PPO")
        billing = BillingProviderFactory(organization=clinic, name="Riverside Billing")
        person = MemberFactory(organization=insurer, last_name="Okafor", first_name="Adaeze")
        CoverageFactory(
            organization=insurer, person=person, plan=plan, member_id=MEMBER_ID, copay=Decimal(25)
        )
    return Office(
        clinic=clinic,
        insurer=insurer,
        plan=plan,
        biller=make_user("provider", "Biller", organization=clinic),
        adjudicator=make_user("payer", "Adjudicator", organization=insurer),
        npi=billing.npi,
    )
