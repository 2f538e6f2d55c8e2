"""The provider's lists and home: scope, tabs, filters, orders, pages, their cost, and who looked."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Access
from claimflow.lib.db.context import acting_as
from claims.models import Claim
from tests.claims.cast import make_cast
from tests.factories.claims import ClaimFactory, decide
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
LIST = "/claims/"
PAGES = [LIST, "/home/", "/claims/drafts/"]


@pytest.fixture
def cast(real_db):
    return make_cast()


@pytest.fixture
def client(cast):
    return client_of(cast.biller)


def claims(cast, n=1, **more):
    with acting_as("system", "test"):
        return [
            ClaimFactory(provider=cast.clinic, payer=cast.insurer, submitted_by=cast.biller, **more)
            for _ in range(n)
        ]


def decided(cast, outcome):
    adjudicator = make_user("payer", "Adjudicator", organization=cast.insurer)
    (claim,) = claims(cast)
    decide(claim, by=adjudicator, outcome=outcome)
    return claim


def numbers(page):
    return re.findall(r'class="claim-number" href="[^"]+">([^<]+)<', page.content.decode())


def shown(client, **query):
    return numbers(client.get(LIST, query))


def test_a_claim_stands_in_the_list_with_name_and_initial_only(client, cast):
    (claim,) = claims(cast, patient_last_name="Okafor", patient_first_name="Adaeze")
    html = client.get(LIST).content.decode()
    assert claim.claim_number in html
    assert "Okafor, A" in html
    assert "Adaeze" not in html
    assert claim.member_id not in html


def test_tabs_hold_what_they_say(client, cast):
    (waiting,) = claims(cast)
    (rejected,) = claims(cast, state="rejected")
    (asked,) = claims(cast, state="pended", turn="provider", clock="paused")
    (withdrawn,) = claims(cast, state="voided")
    approved, denied = decided(cast, "approved"), decided(cast, "denied")
    tabs = {
        "all": {waiting, rejected, asked, withdrawn, approved, denied},
        "progress": {waiting, asked},
        "yours": {rejected, asked},
        "approved": {approved},
        "denied": {denied},
        "rejected": {rejected},
        "withdrawn": {withdrawn},
    }
    for tab, expected in tabs.items():
        assert set(shown(client, tab=tab)) == {claim.claim_number for claim in expected}, tab
    html = client.get(LIST).content.decode()
    counts = dict(re.findall(r'<a href="[^"]*tab=(\w+)[^"]*"[^>]*>[^<]*<span class="count">([^<]+)<', html))
    assert counts == {tab: str(len(expected)) for tab, expected in tabs.items() if tab != "all"}
    # The documents' three words, and the exact states (ruling 28)
    assert set(shown(client, status="submitted")) == {waiting.claim_number, asked.claim_number}
    assert shown(client, status="approved") == [approved.claim_number]
    assert shown(client, status="denied") == [denied.claim_number]
    assert shown(client, status="is-pended") == [asked.claim_number]


def test_the_approved_tab_leads_whoever_may_to_the_export_under_its_filters(client, cast):
    decided(cast, "approved")
    link = 'href="/approved-claims.csv?charge_min=1"'
    manager = client_of(make_user("provider", "Billing manager", organization=cast.clinic))
    query = {"tab": "approved", "charge_min": "1", "sort": "number"}
    assert link in manager.get(LIST, query).content.decode()
    assert "approved-claims.csv" not in manager.get(LIST).content.decode()
    assert "approved-claims.csv" not in client.get(LIST, query).content.decode()


def test_filters_narrow(client, cast):
    small, large = (
        claims(cast, lines=[{"charge": Decimal(charge), "date_from": day, "date_to": day}])[0]
        for charge, day in (
            ("10.00", timezone.localdate() - timedelta(days=30)),
            ("900.00", timezone.localdate() - timedelta(days=2)),
        )
    )
    assert shown(client, number=small.claim_number.lower()) == [small.claim_number]
    assert shown(client, charge_min="100") == [large.claim_number]
    assert shown(client, charge_max="100,00") == [small.claim_number]
    assert shown(client, served_from="-5") == [large.claim_number]
    assert shown(client, served_to="-20") == [small.claim_number]
    assert len(shown(client, payer=str(cast.insurer.pk))) == 2
    assert shown(client, payer=str(cast.clinic.pk)) == []
    html = client.get(LIST, {"charge_min": "lots", "served_from": "soon"}).content.decode()
    assert "Use only digits" in html
    assert "Enter a date such as" in html


@pytest.mark.parametrize("sort", ["number", "service", "submitted", "charge", "state", "due"])
def test_every_order_pages_through_all_and_back(client, cast, sort):
    for at in range(30):
        claims(cast, lines=[{"charge": Decimal(1 + at % 7)}])
    for direction in ("", "-"):
        seen, url, back = [], f"{LIST}?sort={direction}{sort}", None
        while url:
            page = client.get(url)
            seen += numbers(page)
            following = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
            url = LIST + following[1].replace("&amp;", "&") if following else None
        assert len(seen) == len(set(seen)) == 30
        previous = re.search(r'rel="prev" href="([^"]+)"', page.content.decode())
        back = numbers(client.get(LIST + previous[1].replace("&amp;", "&")))
        assert back == seen[:25]


def test_a_claim_is_found_by_member_id_and_no_address_holds_it(client, cast):
    (mine,) = claims(cast, member_id="WX-445566")
    claims(cast)
    answer = client.post("/claims/find/", {"member_id": "wx445566"})
    assert answer.status_code == 302
    assert "445566" not in answer.url
    assert shown(client, person=answer.url.split("person=")[1]) == [mine.claim_number]
    for nothing in ("", "---", "ZZ999", "\x00", "😀"):
        answer = client.post("/claims/find/", {"member_id": nothing})
        assert (answer.status_code, answer.url) == (302, LIST)
    assert client.get("/claims/find/").status_code == 405


def test_a_token_for_a_member_cannot_be_made_up(client, cast):
    claims(cast)
    assert shown(client, person="WyJhYmMiXQ:forged") == []


def test_every_list_is_recorded_with_whom_it_showed(client, cast):
    made = claims(cast, 3)
    for url in PAGES:
        client.get(url)
    with acting_as("auditor"):
        rows = list(Access.objects.filter(action="claims_listed", subject_id__isnull=False))
        drafts = Access.objects.filter(action="drafts_listed").count()
    assert {row.subject_id for row in rows} == {claim.pk for claim in made}
    assert all(row.person_bidx and row.bi_key_id for row in rows)
    assert drafts == 2  # the home page and the list of drafts, both empty


@pytest.mark.parametrize("url", PAGES)
def test_a_list_costs_the_same_for_1_and_50_rows(client, cast, url):
    claims(cast)
    claims(cast, state="rejected")
    client.get(url)
    counts = []
    for more in (0, 50):
        claims(cast, more // 2)
        claims(cast, more // 2, state="rejected")
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 30, counts


def test_nobody_sees_another_organizations_claims(cast):
    (claim,) = claims(cast)
    outsider = client_of(make_user("provider", "Biller", organization=make_organization("provider")))
    for url in (LIST, "/home/", f"{LIST}?number={claim.claim_number}"):
        assert numbers(outsider.get(url)) == []


@pytest.mark.parametrize("url", PAGES)
def test_a_person_without_the_right_gets_403(cast, url):
    colleague = client_of(make_user("provider", "Organization administrator", organization=cast.clinic))
    payer = client_of(make_user("payer", "Adjudicator", organization=cast.insurer))
    assert colleague.get(url).status_code == 403
    assert payer.get(url).status_code == 403
    assert colleague.post("/claims/find/", {"member_id": "A1"}).status_code == 403


def test_empty_lists_say_what_would_stand_here(client):
    assert "No claims yet" in client.get(LIST).content.decode()
    assert "No drafts" in client.get("/claims/drafts/").content.decode()
    assert "No claim fits these filters" in client.get(LIST, {"number": "CLM-1"}).content.decode()
    assert "No claim waits for" in client.get("/home/").content.decode()


def test_the_home_page_counts_what_needs_the_biller(client, cast):
    claims(cast, state="rejected")
    decided(cast, "approved")
    html = client.get("/home/").content.decode()
    stats = re.findall(r'class="stat-value">([^<]+)</span> <span class="stat-label">([^<]+)<', html)
    assert stats == [("1", "Needs you"), ("0", "Drafts"), ("1", "Decided in 7 days")]
    assert "Correct and send again" in html


PARAMETERS = ["tab", "sort", "cursor", "number", "payer", "status", "served_from", "served_to", "charge_min", "charge_max",
              "person", "unknown"]  # fmt: skip
ODD = st.text(max_size=60) | st.sampled_from(
    [
        "\x00",
        "-",
        "--due",
        "is-",
        "NaN",
        "1e309",
        "9" * 60,
        "😀",
        "x" * 2000,
        "%00",
        "' OR 1=1 --",
        "[]",
        "0001-01-01",
    ]
)


def test_no_parameter_breaks_the_lists(client, cast):
    claims(cast)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(PARAMETERS), ODD | st.lists(ODD, max_size=3), max_size=6))
    def odd(query):
        assert client.get(LIST, query).status_code == 200
        assert client.get("/claims/drafts/", query).status_code == 200

    odd()


def test_lists_use_the_tenants_index(cast):
    """The provider stands in the index condition, under row-level security, whatever the order."""
    claims(cast)
    with acting_as("provider", user=cast.biller, organization=cast.clinic), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
        )
        for columns in (("number_day", "number_n"), ("service_date", "seq"), ("submitted_at", "seq"),
                        ("billed_amount", "seq"), ("state", "seq"), ("due_at", "seq")):  # fmt: skip
            for sign in ("", "-"):
                rows = Claim.objects.visible_to(cast.biller).order_by(
                    *(f"{sign}{column}" for column in columns)
                )
                plan = rows[:26].explain()
                assert "Sort" not in plan, (columns, plan)
                assert re.search(r"Index Cond: \(.*provider_id", plan), (columns, plan)
