"""Patients, members and rosters in a real Chromium: reached by keyboard, free of faults at 1280 and 390 pixels."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from claimflow.lib.db.context import acting_as
from members.models import Coverage, Patient
from tests.browser.conftest import assert_good
from tests.factories.members import (
    BillingProviderFactory,
    CoverageFactory,
    FacilityFactory,
    MemberFactory,
    PatientCoverageFactory,
    PatientFactory,
    PlanFactory,
    PractitionerFactory,
)
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.browser
ROSTER = (
    "member_id,last_name,first_name,birth_date,plan,effective_from\n"
    "W1,Okafor,Adaeze,1965-03-14,Silver PPO,2026-01-01\n"
    "W 2,Lind,Mira,1980-02-31,Silver PPO,2026-01-01\n"
)


@pytest.fixture
def house(site: str) -> dict[str, Any]:
    clinic = make_organization("provider", name="Riverside Clinic")
    insurer = make_organization("payer", name="Harbor Health")
    with acting_as("system", "test"):
        plan = PlanFactory(payer=insurer, name="Silver PPO")
        for number in range(4):
            patient = PatientFactory(organization=clinic)
            PatientCoverageFactory(patient=patient, plan=plan, payer=insurer)
            CoverageFactory(
                person=MemberFactory(organization=insurer), plan=plan, member_id=f"W20030{number}"
            )
        BillingProviderFactory(organization=clinic, is_default=True)
        PractitionerFactory(organization=clinic)
        FacilityFactory(organization=clinic, city="Albany", state="NY")
    return {
        "biller": make_user("provider", "Biller", organization=clinic),
        "adjudicator": make_user("payer", "Adjudicator", organization=insurer),
        "plan": plan,
        "patient": patient,
    }


@pytest.fixture
def open_page(page: Page, site: str, faults: list[str]) -> Callable[..., None]:
    def go(name: str, *args: Any) -> None:
        page.goto(site + reverse(f"members:{name}", args=args))

    return go


def test_the_provider_s_pages(page: Page, house: Any, sign_in: Any, open_page: Any) -> None:
    sign_in(house["biller"])
    for name in (
        "patients", "patient_add", "billing_providers", "billing_provider_add", "practitioners", "facilities",
        "facility_add",
    ):  # fmt: skip
        open_page(name)
        assert_good(page, f"members-{name}")
    open_page("patient", house["patient"].pk)
    assert_good(page, "members-patient")
    open_page("patient_edit", house["patient"].pk)
    assert_good(page, "members-patient_edit")


def test_a_patient_by_keyboard_alone(page: Page, house: Any, sign_in: Any, open_page: Any) -> None:
    sign_in(house["biller"])
    open_page("patients")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Add patient")).to_be_visible()
    page.get_by_label("Last name", exact=True).focus()
    page.keyboard.type("Diaz")
    page.keyboard.press("Tab")
    page.keyboard.type("Luz")
    for part in ("3", "14", "1980"):
        page.keyboard.press("Tab")
        page.keyboard.type(part)
    page.keyboard.press("Tab")
    page.keyboard.press("F")
    page.get_by_label("Payer", exact=True).focus()
    page.keyboard.type("Harbor")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("W-77 !")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="There is 1 problem")).to_be_visible()
    assert_good(page, "members-patient_add-error")
    page.get_by_label("Member ID").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("W-77")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Diaz, Luz")).to_be_visible()
    page.get_by_role("button", name="Ask the payer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("does not know this member ID")).to_be_visible()
    assert_good(page, "members-patient-asked")
    with acting_as("system", "test"):
        assert Patient.objects.count() == 5


def test_the_payer_s_pages(page: Page, house: Any, sign_in: Any, open_page: Any) -> None:
    sign_in(house["adjudicator"])
    for name in ("members", "member_add", "plans", "plan_add", "roster"):
        open_page(name)
        assert_good(page, f"members-{name}")
    with acting_as("system", "test"):
        coverage = Coverage.objects.first()
    assert coverage is not None
    for name in ("member", "member_end", "coverage_add"):
        open_page(name, coverage.person_id)
        assert_good(page, f"members-{name}")
    for name in ("coverage_verify", "coverage_end"):
        open_page(name, coverage.pk)
        assert_good(page, f"members-{name}")


def test_a_roster(page: Page, house: Any, sign_in: Any, open_page: Any) -> None:
    sign_in(house["adjudicator"])
    open_page("roster")
    choose = page.get_by_label("Roster file")
    choose.set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()})
    page.get_by_role("button", name="Upload and preview").click()
    expect(page.get_by_text("The calendar has no such day")).to_be_visible()
    assert_good(page, "members-roster-faults")
    page.get_by_role("link", name="Upload again").click()
    mended = ROSTER.replace("W 2", "W2").replace("02-31", "02-28")
    choose.set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": mended.encode()})
    page.get_by_role("button", name="Upload and preview").click()
    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
    assert_good(page, "members-roster-preview")
    page.get_by_role("button", name="Apply roster").click()
    expect(page.get_by_role("heading", name="Roster applied")).to_be_visible()
    assert_good(page, "members-roster-applied")
