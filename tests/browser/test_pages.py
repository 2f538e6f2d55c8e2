"""Every page of every role over the demonstration: photographed at 1280 and 390 px, sound by axe,
nothing sticking out at 200 % zoom, nothing said on the console."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, Page

from accounts.models import User
from claimflow.demo import seed
from claimflow.lib.db.context import acting_as
from claims.actions.glass import break_glass
from claims.actions.recategorize import work_on
from claims.models import Claim, ClaimDraft, Recategorization
from members.models import BillingProvider, Coverage, Facility, Member, Patient, Plan, Practitioner
from tests.browser.conftest import SIZES, assert_good
from tests.browser.people import window
from tests.harness import truncate_tenants
from tests.signed_in import client_of

pytestmark = pytest.mark.browser

CLAIMS = 120
"""Enough of the demonstration's stories to have every state; the whole of it takes minutes."""
ZOOMED = {"width": 640, "height": 450}
"""What a window of 1280 px has left at 200 %."""

BILLER, ADJUDICATOR, SUPERVISOR = "demo@claimflow.com", "test@example.com", "supervisor@acme.example"
AUDITOR, ADMINISTRATOR = "auditor@claimflow.example", "admin@claimflow.example"
CLINICS_ADMINISTRATOR, INSURERS_ADMINISTRATOR = "people@riverside.example", "people@acme.example"


@dataclass(frozen=True)
class Sight:
    """A page as somebody sees it: the name of its URL, a query, and the row that its address names."""

    name: str
    query: str = ""
    row: Callable[[User], Any] | None = None
    label: str = ""

    def address(self, user: User) -> str:
        key = None
        if self.row:
            with acting_as("system", "test"):
                key = self.row(user)
            assert key is not None, f"the demonstration has nothing to show at {self.name}"
        return reverse(self.name, args=[key] if key else []) + self.query

    @property
    def picture(self) -> str:
        return (self.label or self.name).replace(":", "-")


def own(model: type[Any], **facts: Any) -> Callable[[User], Any]:
    """The key of one row of the person's organization."""
    return lambda user: (
        model.objects.filter(organization_id=user.organization_id, **facts)
        .values_list("pk", flat=True)
        .first()
    )


def claim(state: str, side: str) -> Callable[[User], Any]:
    return lambda user: (
        Claim.objects.filter(**{f"{side}_id": user.organization_id, "state": state})
        .values_list("pk", flat=True)
        .first()
    )


def leased(user: User) -> Any:
    """A claim that this person has just taken."""
    waiting = Claim.objects.filter(payer_id=user.organization_id, state="received").first()
    client_of(user).post(reverse("payer:take", args=[waiting.pk]))
    return waiting.pk


def leased_by_a_colleague(_user: User) -> Any:
    return leased(User.objects.get(email=ADJUDICATOR))


def colleague(email: str) -> Callable[[User], Any]:
    return lambda _user: User.objects.get(email=email).pk


def opened_in_an_emergency(user: User) -> Any:
    """A claim whose health data this person has just opened."""
    some = Claim.objects.filter(state="received").first()
    with acting_as("admin", user=user):
        return break_glass(claim=some, reason="A patient's complaint is looked into.", by=user).pk


def opened_by_the_auditor(_user: User) -> Any:
    return opened_in_an_emergency(User.objects.get(email=AUDITOR))


def counted(user: User) -> Any:
    """A run of the rules over this payer's claims, counted and not started."""
    run = Recategorization(payer_id=user.organization_id, asked_by=user)
    run.save(force_insert=True)
    while work_on(run_id=run.pk):
        pass
    return run.pk


def plan_of(user: User) -> Any:
    return Plan.objects.filter(payer_id=user.organization_id).values_list("pk", flat=True).first()


def sights(states: str, name: str, side: str) -> list[Sight]:
    return [Sight(name, row=claim(state, side), label=f"{name}-{state}") for state in states.split()]


STATES = "received pended approved partially_approved denied"
PAGES: dict[str, list[Sight]] = {
    BILLER: [
        *map(Sight, ("claims:home", "claims:list", "claims:new", "claims:drafts", "notices:list")),
        *map(Sight, ("accounts:account", "accounts:details", "accounts:confirm", "accounts:email_agree")),
        *(
            Sight("claims:list", f"?tab={tab}", label=f"claims-list-{tab}")
            for tab in ("yours", "approved", "denied")
        ),
        Sight("claims:list", "?number=CLM-00000000-0000", label="claims-list-nothing"),
        Sight("claims:draft", row=own(ClaimDraft)),
        Sight("claims:draft_delete", row=own(ClaimDraft)),
        *sights(STATES, "claims:detail", "provider"),
        Sight("claims:withdraw", row=claim("received", "provider")),
        *map(Sight, ("members:patients", "members:patient_add")),
        Sight("members:patient", row=own(Patient)),
        Sight("members:patient_edit", row=own(Patient)),
        *map(Sight, ("members:billing_providers", "members:practitioners", "members:facilities")),
        *map(Sight, ("members:billing_provider_add", "members:practitioner_add", "members:facility_add")),
        Sight("members:billing_provider", row=own(BillingProvider)),
        Sight("members:practitioner", row=own(Practitioner)),
        Sight("members:facility", row=own(Facility)),
        Sight("codes:browse"),
        Sight("codes:browse", "?q=hypertension", label="codes-browse-found"),
        Sight("codes:chapter", row=lambda _user: "9"),
        Sight("codes:icd10_code", row=lambda _user: "I10"),
        Sight("codes:icd10_code", row=lambda _user: "E11", label="codes-icd10-heading"),
    ],
    ADJUDICATOR: [
        Sight("payer:queue"),
        *(
            Sight("payer:queue", f"?tab={tab}", label=f"payer-queue-{tab}")
            for tab in ("mine", "second", "pended", "decided")
        ),
        Sight("payer:queue", "?priority=urgent&charge_from=90000", label="payer-queue-nothing"),
        *sights(STATES, "payer:desk", "payer"),
        Sight("payer:desk", row=leased, label="payer-desk-mine"),
        Sight("payer:pend", row=leased),
        Sight("payer:priority", row=leased),
        *map(
            Sight,
            ("members:members", "members:member_add", "members:plans", "members:plan_add", "members:roster"),
        ),
        Sight("members:member", row=own(Member)),
        Sight("members:member_end", row=own(Member)),
        Sight("members:coverage_add", row=own(Member)),
        Sight("members:coverage_verify", row=own(Coverage)),
        Sight("members:coverage_end", row=own(Coverage)),
        Sight("members:plan", row=plan_of),
    ],
    SUPERVISOR: [
        Sight("payer:desk", row=leased_by_a_colleague, label="payer-desk-of-a-colleague"),
        Sight("payer:recategorize"),
        Sight("payer:recategorization", row=counted),
        Sight("audit:events", label="audit-events-of-a-payer"),
        Sight("payer:numbers", "?days=90"),
        Sight("payer:suggestions", "?days=90"),
    ],
    CLINICS_ADMINISTRATOR: [
        *map(Sight, ("accounts:people", "accounts:invite")),
        Sight("accounts:people", "?q=zzz", label="accounts-people-nothing"),
        Sight("accounts:person", row=colleague(BILLER)),
        Sight("accounts:person", row=colleague(CLINICS_ADMINISTRATOR), label="accounts-person-myself"),
        *(
            Sight(f"accounts:person_{step}", row=colleague(BILLER))
            for step in ("active", "reset_password", "reset_factor")
        ),
    ],
    INSURERS_ADMINISTRATOR: [Sight("payer:authority", row=colleague(ADJUDICATOR))],
    ADMINISTRATOR: [Sight("claims:glass_sign_off", row=opened_by_the_auditor)],
    AUDITOR: [
        *map(Sight, ("audit:events", "audit:reads", "audit:who_saw", "claims:glass_open")),
        Sight("claims:glass_claim", row=opened_in_an_emergency),
        Sight("claims:glass"),
        Sight("audit:events", "?action=claim_denied", label="audit-events-filtered"),
        Sight("audit:events", "?first_day=tomorrow", label="audit-events-nothing"),
    ],
}
NO_PAGE = {
    "home": "redirects by role",
    "accounts:next_step": "redirects",
    "accounts:sign_out": "only POST",
    "accounts:session": "JSON",
    "accounts:email_link": "redirects",
    "accounts:email_stop": "only POST",
    "accounts:end_one": "only POST",
    "accounts:end_others": "only POST",
    "accounts:forgotten_link": "redirects",
    "notices:mark_read": "only POST",
    "codes:icd10_search": "JSON",
    "codes:procedure_search": "JSON",
    "codes:modifier_search": "JSON",
    "codes:place_search": "JSON",
    "codes:reason_search": "JSON",
    "codes:remark_search": "JSON",
    "accounts:alert_take": "only POST",
    "accounts:alert_resolve": "only POST",
    "audit:export": "a file",
    "audit:verify": "only POST",
    "members:coverage_check": "only POST",
    "members:roster_template": "a file",
    "members:roster_confirm": "only POST",
    "members:roster_discard": "only POST",
    "claims:find": "only POST",
    "claims:check": "JSON",
    "claims:correct": "only POST",
    "accounts:person_sign_out": "only POST",
    "accounts:person_unlock": "only POST",
    "payer:return": "only POST",
    "payer:next": "only POST",
    "payer:recategorization_step": "only POST",
    "payer:export": "a file",
    "payer:take": "only POST",
    "payer:assign": "only POST",
    "payer:decide": "only POST",
    "payer:release": "only POST",
    "payer:resume": "only POST",
    "payer:note": "only POST",
    **dict.fromkeys(("healthz", "readyz", "api_health", "api_health_db"), "for machines"),
    "gallery_codes": "JSON",
    "gallery_check": "JSON",
}
ELSEWHERE = {
    "accounts:alerts": "test_security.py",
    "accounts:alert": "test_security.py",
    "accounts:sign_in": "test_journey.py",
    "accounts:code": "test_empty_pages.py",
    "accounts:first_password": "test_empty_pages.py",
    "accounts:first_factor": "test_empty_pages.py",
    "accounts:forgotten": "test_recovery.py",
    "accounts:forgotten_sent": "test_recovery.py",
    "accounts:forgotten_password": "test_recovery.py",
    "accounts:backup_codes": "test_recovery.py",
    "accounts:backup_codes_shown": "test_recovery.py",
    "accounts:nothing_yet": "test_gallery.py",
    "accounts:password": "test_account.py",
    "accounts:factor": "test_account.py",
    "accounts:email": "test_account.py",
    "accounts:person_password": "test_people.py",
    "codes:block": "one block of the chapter that the walk opens",
    "members:roster_preview": "test_empty_pages.py",
    "gallery": "test_gallery.py",
    "gallery_narrow": "test_gallery.py",
}
"""Pages that are photographed by another test."""


# --- Looking ------------------------------------------------------------------------------------------------


def names_of(patterns: list[Any], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            yield from names_of(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


def test_no_page_is_forgotten() -> None:
    seen = {sight.name for own in PAGES.values() for sight in own}
    assert set(names_of(get_resolver().url_patterns)) - seen - NO_PAGE.keys() - ELSEWHERE.keys() == set()


def enter(page: Page, site: str, user: User) -> None:
    key = client_of(user, is_fresh=True).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])


def look(page: Page, address: str, name: str) -> None:
    """One page: it answers, and is sound at every size."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, f"{address} answers {answer.status}"
    assert page.locator("h1").count() == 1, f"{name} has not one heading"
    assert "ClaimFlow" in page.title(), name
    assert_good(page, name)
    page.set_viewport_size(ZOOMED)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} at 200 % is {wide} px too wide"
    page.set_viewport_size(SIZES["1280"])


def look_at_all(page: Page, site: str, user: User, sights: list[Sight], folder: str) -> None:
    """All of them, and only then the faults of all of them."""
    enter(page, site, user)
    faults = []
    for sight in sights:
        try:
            look(page, site + sight.address(user), f"{folder}/{sight.picture}")
        except AssertionError as fault:
            faults.append(f"{sight.picture}: {fault}")
    assert not faults, "\n\n".join(faults)


# --- Over the demonstration ---------------------------------------------------------------------------------


@pytest.fixture
def demonstration(server: str, django_db_blocker: Any) -> Iterator[str]:
    """The server over the demonstration, made anew only when another test has emptied the house in between."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        if seed.found() != seed.Found.WHOLE:
            truncate_tenants()
            patch.setattr(seed, "CLAIMS", CLAIMS)
            seed.seed()
        yield server


@pytest.fixture(scope="module", autouse=True)
def empty_afterwards(django_db_setup: None) -> Iterator[None]:
    yield
    truncate_tenants()


@pytest.mark.slow
@pytest.mark.parametrize("email", PAGES)
def test_pages_of_the_demonstration(browser: Browser, demonstration: str, email: str) -> None:
    with acting_as("system", "test"):
        user = User.objects.get(email=email)
    with window(browser) as page:
        look_at_all(page, demonstration, user, PAGES[email], f"pages/{email.split('@')[0]}")
