"""The main job on real input: three published 837P examples are typed, refused, mended, submitted, pulled and decided;
the biller reads why, the auditor finds who did it, and the trail is proven unbroken."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import Organization, User
from claimflow.lib.db.context import acting_as
from members.models import Plan
from tests import x12
from tests.browser.conftest import ROOT, assert_good
from tests.browser.people import box, come_in, held, objections, put, window
from tests.corpora import corpus
from tests.factories.members import BillingProviderFactory, CoverageFactory, MemberFactory, PlanFactory
from tests.harness import truncate_tenants
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.browser

PAYER = "Heisman Insurance Company"
PLAN = "Heisman Choice"
TODAY = Callable[[], date]


@dataclass(frozen=True)
class Story:
    """What is mended in a file, and what becomes of the claim. ``npis`` are those that fail: the right ones have the
    right check digit, and start with 1 where the file's did not. ``icd10`` names the same condition."""

    file: str
    npis: dict[str, str]
    icd10: dict[str, tuple[str, str]]
    decide: Callable[[Page], None]
    state: str
    sums: tuple[str, str, str]
    """Charge, paid, patient owes, as the claim page shows them."""
    reasons: tuple[str, ...]
    """What the claim page says of the decision."""
    benefits: dict[str, Decimal] = field(default_factory=dict)


# --- How each claim is decided ------------------------------------------------------------------------------


def approve_below_charge(page: Page) -> None:
    """The price list allows less than the first line charges; copay and coinsurance follow from the coverage."""
    page.locator("#id_lines-0-allowed").fill("42.00")
    expect(page.locator("[data-total=paid]")).to_have_text("68.30")
    assert_good(page, "journey/08-desk-approve")
    page.get_by_role("button", name="Approve", exact=True).click()


def approve_in_part(page: Page) -> None:
    """One line below its charge, one refused, one by amounts, one as charged. Without its explanation it is not sent."""
    page.locator("#id_lines-0-allowed").fill("32.00")
    verdict(page, 2, "Deny")
    page.locator("#id_lines-1-refusal").select_option(label="The service is not covered")
    verdict(page, 3, "Enter amounts")
    for name, amount in (("allowed", "30.00"), ("paid", "30.00"), ("adjustments-0-amount", "4.00")):
        page.locator(f"#id_lines-2-{name}").fill(amount)
    page.locator("#id_lines-2-adjustments-0-reason").select_option("CO-45")
    expect(page.locator("[data-desk-line]").nth(2).get_by_text("Not explained yet: 1.00")).to_be_visible()
    page.get_by_role("button", name="Approve in part", exact=True).click()
    expect(page.get_by_role("heading", name="There are 2 problems")).to_be_visible()
    assert_good(page, "journey/09-desk-does-not-balance")
    page.locator("#id_lines-2-adjustments-0-amount").fill("5.00")
    page.get_by_label("Explanation for the provider").fill(
        "Line 2 is not a benefit of this plan. The other lines are paid by our price list."
    )
    assert_good(page, "journey/10-desk-partial")
    page.get_by_role("button", name="Approve in part", exact=True).click()


def deny_all(page: Page) -> None:
    """The whole claim, for a reason that every line shares."""
    page.get_by_label("Reason for denying the whole claim").select_option(
        label="The documentation is not sufficient"
    )
    page.get_by_label("Explanation for the provider").fill(
        "The accident report is missing. Send it with a corrected claim."
    )
    assert_good(page, "journey/11-desk-deny")
    page.get_by_role("button", name="Deny claim", exact=True).click()


def verdict(page: Page, line: int, word: str) -> None:
    page.get_by_role("radiogroup", name=f"Decision for line {line}").get_by_text(word, exact=True).click()


STORIES = (
    Story(
        file="lfh__837_demo.drug.example10.1.837",
        npis={},
        icd10={"03591": ("A46", "Erysipelas")},
        decide=approve_below_charge,
        state="Approved",
        sums=("$103.37", "$68.30", "$27.07"),
        reasons=("CO-45", "PR-3", "PR-2"),
        benefits={"copay": Decimal(10), "coinsurance_percent": Decimal(20)},
    ),
    Story(
        file="lfh__837_demo.example2.837",
        npis={"9876543210": "1912301953", "5812345679": "1812345670"},
        icd10={
            "0340": ("J02.0", "Streptococcal pharyngitis"),
            "V7389": ("Z11.59", "Encounter for screening for other viral diseases"),
        },
        decide=approve_in_part,
        state="Partly approved",
        sums=("$100.00", "$72.00", "$15.00"),
        reasons=("PR-96", "N130", "CO-45", "Line 2 is not a benefit of this plan."),
    ),
    Story(
        file="lfh__837_demo.autoaccident.837",
        npis={"1253695747": "1253695740", "2366552595": "2366552596", "1235767887": "1235767880"},
        icd10={
            "8540": ("S06.9X0A", "Unspecified intracranial injury without loss of consciousness, initial")
        },
        decide=deny_all,
        state="Denied",
        sums=("$185.00", "$0.00", "$0.00"),
        reasons=("CO-252", "N706", "The documentation is not sufficient", "The accident report is missing."),
    ),
)


# --- The house before the first claim -----------------------------------------------------------------------


@dataclass
class House:
    """A clinic with its billing providers and an insurer with its roster, as customers would have them."""

    clinic: Organization
    insurer: Organization
    biller: User
    adjudicator: User
    auditor: User
    plan: Plan
    papers: dict[str, x12.Claim]


@pytest.fixture
def house(site: str) -> House:
    truncate_tenants()  # the page tests leave their demonstration for each other
    papers = {story.file: x12.read(corpus("x12-837p", story.file)) for story in STORIES}
    clinic = make_organization("provider", name="Associated Medical Group")
    insurer = make_organization("payer", name=PAYER)
    with acting_as("system", "test"):
        plan = PlanFactory(payer=insurer, name=PLAN)
        for story in STORIES:
            paper = papers[story.file]
            billing, insured = paper.parties["85"], paper.parties["IL"]
            number = story.npis.get(billing.number, billing.number)
            BillingProviderFactory(organization=clinic, npi=number, name=billing.name.title())
            person = MemberFactory(
                organization=insurer,
                last_name=insured.last_name,
                first_name=insured.first_name,
                birth_date=insured.born or date(1970, 1, 1),
            )
            CoverageFactory(
                organization=insurer, person=person, plan=plan, member_id=insured.number, **story.benefits
            )
    return House(
        clinic=clinic,
        insurer=insurer,
        biller=make_user("provider", "Biller", organization=clinic),
        adjudicator=make_user("payer", "Adjudicator", organization=insurer),
        auditor=make_user("admin", "Auditor"),
        plan=plan,
        papers=papers,
    )


# --- Paper to boxes -----------------------------------------------------------------------------------------


def us(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def boxes_of(paper: x12.Claim, billing: str) -> dict[str, str]:
    """What a biller types: the file as it is. The payer's name and the billing provider are chosen from lists."""
    patient, insured = paper.patient, paper.parties["IL"]
    boxes = {
        "last_name": patient.last_name,
        "first_name": patient.first_name,
        **birth("birth_date", patient.born),
        "sex": patient.sex,
        "line1": patient.street,
        "city": patient.city,
        "state": patient.state,
        "postal_code": patient.postal_code,
        "account_number": paper.account_number,
        "payer": PAYER,
        "plan": PLAN,
        "member_id": insured.number,
        "group_number": paper.group_number,
        "relationship": paper.relationship,
        "billing_npi": billing,
    }
    if paper.is_dependent:
        boxes |= {"insured_last_name": insured.last_name, "insured_first_name": insured.first_name}
    for code, name in (("82", "rendering"), ("77", "facility")):
        if code in paper.parties:
            boxes |= {f"{name}_npi": paper.parties[code].number, f"{name}_name": paper.parties[code].name}
    for at, diagnosis in enumerate(paper.diagnoses):
        boxes[f"diagnoses-{at}-code"] = diagnosis
    for at, line in enumerate(paper.lines):
        boxes |= {f"lines-{at}-{name}": text for name, text in line_boxes(line).items()}
    if paper.accident_date:
        boxes |= {
            "accident": "Auto accident",
            "accident_date": us(paper.accident_date),
            "accident_state": paper.accident_state,
        }
    if paper.onset_date:
        boxes["onset_date"] = us(paper.onset_date)
    return {name: text for name, text in boxes.items() if text}


def line_boxes(line: x12.Line) -> dict[str, str]:
    return {
        "service_from": us(line.served),
        "place_of_service": line.place,
        "procedure": line.procedure,
        "modifiers": " ".join(line.modifiers),
        "pointers": line.pointers,
        "charge": str(line.charge),
        "units": f"{line.units.normalize():f}",
    }


def birth(name: str, born: date | None) -> dict[str, str]:
    return (
        {f"{name}_month": str(born.month), f"{name}_day": str(born.day), f"{name}_year": str(born.year)}
        if born
        else {}
    )


def expected_objections(story: Story, paper: x12.Claim) -> dict[str, str]:
    """Every fault of the file, at its box, in the form's own words."""
    said = {}
    for at, code in enumerate(paper.diagnoses):
        said[f"diagnoses-{at}-code"] = (
            f"{code} is not an ICD-10-CM code. It looks like ICD-9-CM, but dates of service from October 1, 2015 need "
            "ICD-10-CM. Search for the diagnosis in words to find its ICD-10-CM code."
        )
    for at, line in enumerate(paper.lines):
        last = line.served + timedelta(days=365)
        said[f"lines-{at}-service_from"] = (
            f"Line {at + 1} is too late for {PAYER}, which takes claims within 365 days of the service. For "
            f"{line.served:%b} {line.served.day}, {line.served.year} the last day was {last:%b} {last.day}, {last.year}. "
            "Check the date. If it is right, ask the payer for an exception before you submit."
        )
    for code, name in (("82", "rendering_npi"), ("77", "facility_npi")):
        number = paper.parties[code].number if code in paper.parties else ""
        if number in story.npis:
            said[name] = (
                "This NPI fails its check digit. A digit is wrong, or two are swapped. Compare all 10 digits with the "
                "provider's record."
                if number[0] in "12"
                else "This NPI does not start with 1 or 2, as every NPI does. Check that it is an NPI and not a license, "
                "tax or payer number."
            )
    return said


def mended(story: Story, paper: x12.Claim, today: date) -> dict[str, str]:
    """The boxes that change: dates by whole weeks, diagnoses, NPIs."""
    latest = max(line.served for line in paper.lines)
    weeks = timedelta(weeks=((today - latest).days - 1) // 7)
    boxes = {f"lines-{at}-service_from": us(line.served + weeks) for at, line in enumerate(paper.lines)}
    boxes |= {f"diagnoses-{at}-code": story.icd10[code][0] for at, code in enumerate(paper.diagnoses)}
    for code, name in (("82", "rendering_npi"), ("77", "facility_npi")):
        if code in paper.parties and paper.parties[code].number in story.npis:
            boxes[name] = story.npis[paper.parties[code].number]
    if paper.accident_date:
        boxes["accident_date"] = us(paper.accident_date + weeks)
    if paper.onset_date:
        boxes["onset_date"] = us(paper.onset_date + weeks)
    assert all(today - timedelta(days=60) <= line.served + weeks <= today for line in paper.lines)
    return boxes


# --- The biller ---------------------------------------------------------------------------------------------


def type_claim(page: Page, boxes: dict[str, str], lines: int) -> None:
    for _line in range(lines - 1):
        page.get_by_role("button", name="Add line").click()
    for name, text in boxes.items():
        put(page, name, text)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit claim").click()


def send_one(page: Page, site: str, story: Story, house: House) -> str:
    """Type, read the objections, mend, submit; gives the claim's number."""
    paper = house.papers[story.file]
    billing = paper.parties["85"]
    number = story.npis.get(billing.number, billing.number)
    boxes = boxes_of(paper, f"{billing.name.title()}, NPI {number}")
    page.goto(f"{site}/claims/new/")
    offered = box(page, "billing_npi").locator("option").all_inner_texts()
    assert (billing.number in story.npis) is not any(billing.number in words for words in offered)
    type_claim(page, boxes, len(paper.lines))
    short = story.file.split(".")[1]
    expect(page.locator("[data-check-total]")).to_have_text(str(paper.charge))
    submit(page)
    expect(page.locator(".error-summary")).to_be_visible()
    expected = expected_objections(story, paper)
    assert objections(page) == expected
    linked = page.locator(".error-summary a").all_inner_texts()
    assert set(linked) == set(expected.values())
    assert {name: held(page, name) for name in boxes} == boxes, "typed and lost"
    assert_good(page, f"journey/03-form-objects-{short}")
    for name, text in mended(story, paper, timezone.localdate(timezone=house.biller.time_zone)).items():
        print(f"{story.file}: {name}: {boxes[name]} replaced by {text}")
        put(page, name, text)
    if billing.number in story.npis:
        print(f"{story.file}: billing_npi: {billing.number} replaced by {number}")
    print(f"{story.file}: payer: {paper.parties['PR'].name} replaced by {PAYER}")
    assert_good(page, f"journey/04-form-mended-{short}")
    submit(page)
    expect(
        page.locator(".message, .usa-alert, [role=status]").filter(has_text="was submitted to")
    ).to_be_visible()
    expect(page.locator(".claim-head")).to_contain_text("Received")
    assert_good(page, f"journey/05-submitted-{short}")
    shown = page.locator("h1").inner_text()
    for line in paper.lines:
        expect(page.get_by_role("region", name="Service lines").get_by_text(line.procedure)).to_be_visible()
    return shown


# --- The journey --------------------------------------------------------------------------------------------


def manage(*arguments: str, copies: Path) -> str:
    """A command of the product as an operator would run it: another process, the same database."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "AUDIT_COPY_DIR": str(copies)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
    return done.stdout


def test_main_job_on_real_claims(browser: Browser, site: str, house: House, tmp_path: Path) -> None:
    numbers: dict[str, Story] = {}
    with window(browser) as biller:
        biller.goto(site)
        assert_good(biller, "journey/01-sign-in")
        come_in(biller, site, house.biller)
        assert_good(biller, "journey/02-home-empty")
        for story in STORIES:
            numbers[send_one(biller, site, story, house)] = story
        biller.goto(f"{site}/claims/")
        for number in numbers:
            expect(biller.get_by_role("link", name=number)).to_be_visible()
        assert_good(biller, "journey/06-claims")

        with window(browser) as desk:
            come_in(desk, site, house.adjudicator)
            assert_good(desk, "journey/07-queue")
            for _claim in numbers:
                desk.get_by_role("button", name="Next claim").click()
                number = desk.locator("h1").inner_text()
                numbers[number].decide(desk)
                expect(desk.get_by_text(f"Claim {number} was")).to_be_visible()
            assert_good(desk, "journey/12-queue-empty")

        manage("run_worker", "--once", copies=tmp_path)
        for number, story in numbers.items():
            read_decision(biller, site, number, story)
        biller.goto(f"{site}/notices/")
        for number, story in numbers.items():
            word = {"Approved": "approved", "Denied": "denied"}.get(story.state, "partially approved")
            expect(biller.get_by_role("row", name=f"{number} was {word}")).to_be_visible()
        assert_good(biller, "journey/14-notices")

    with window(browser) as audit:
        come_in(audit, site, house.auditor)
        find_events(audit, site, list(numbers))
    print(manage("audit_seal", "--once", copies=tmp_path))
    verdict = manage("audit_verify", copies=tmp_path)
    print(verdict)
    assert "The trail is unbroken." in verdict


def read_decision(page: Page, site: str, number: str, story: Story) -> None:
    """Amounts, codes, reasons, who, and what to do next."""
    page.goto(f"{site}/claims/")
    page.get_by_role("link", name=number).click()
    expect(page.locator(".claim-head")).to_contain_text(story.state)
    assert tuple(page.locator(".claim-sums dd").all_inner_texts()) == story.sums
    for words in story.reasons:
        expect(page.get_by_text(words, exact=words.isupper()).first).to_be_visible()
    happened = page.locator(".timeline").inner_text()
    for words in ("Submitted to", "Received.", "Taken for review.", f"{story.state}."):
        assert words in happened
    expect(page.get_by_text(f"An adjudicator of {PAYER}").first).to_be_visible()
    expect(page.get_by_role("heading", name="What to do next")).to_be_visible()
    assert_good(page, f"journey/13-decision-{story.file.split('.')[1]}")


def find_events(page: Page, site: str, numbers: list[str]) -> None:
    page.goto(f"{site}/audit/")
    rows: Any = page.locator("table tbody tr")
    told = rows.all_inner_texts()
    for words in (
        "Submitted the claim",
        "Took the claim for review",
        "Approved the claim",
        "Denied the claim",
    ):
        assert any(words in row for row in told), words
    assert any("Partially approved the claim" in row for row in told)
    assert_good(page, "journey/15-audit")
    page.get_by_label("What").select_option(label="Denied the claim")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.wait_for_url("**action=claim_denied**")
    denied = rows.filter(has_text="Denied the claim")
    expect(denied).to_have_count(1)
    expect(rows.filter(has_text="Approved the claim")).to_have_count(0)
    assert_good(page, "journey/16-audit-filtered")
    page.goto(f"{site}/audit/reads/")
    assert_good(page, "journey/17-audit-reads")
