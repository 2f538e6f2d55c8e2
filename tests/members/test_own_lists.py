"""The provider's own lists and the payer's plans: list, add, change, who may not."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from members.models import BillingProvider, Facility, Plan, Practitioner
from tests.factories.members import (
    BillingProviderFactory,
    FacilityFactory,
    PlanFactory,
    PractitionerFactory,
    npi,
)
from tests.members.pages import ODD, events, text

pytestmark = pytest.mark.slow

OWN = {
    "billing_provider": (
        BillingProvider,
        {"name": "Riverside", "npi": npi(1), "tax_id": "12-3456789", "tax_id_kind": "ein"},
    ),
    "practitioner": (Practitioner, {"last_name": "Lind", "first_name": "Mira", "npi": npi(1)}),
    "facility": (Facility, {"name": "Riverside Hall"}),
}
LISTS = {
    "billing_providers": BillingProviderFactory,
    "practitioners": PractitionerFactory,
    "facilities": FacilityFactory,
}


@pytest.mark.parametrize("word", OWN)
def test_add_and_change(house: Any, word: str) -> None:
    model, posted = OWN[word]
    client = house.client("biller")
    assert (
        client.post(reverse(f"members:{word}_add"), {**posted, "active_from": "01/01/2026"}).status_code
        == 302
    )
    with acting_as("system", "test"):
        row = model.objects.get()
    assert row.organization_id == house.clinic.pk
    url = reverse(f"members:{word}", args=[row.pk])
    assert client.get(url).status_code == 200
    assert (
        client.post(url, {**posted, "active_from": "01/01/2026", "active_to": "02/01/2026"}).status_code
        == 302
    )
    with acting_as("system", "test"):
        row.refresh_from_db()
    assert str(row.active_to) == "2026-02-01"
    assert events(f"{word}_saved") == [f"{word}_saved"] * 2


def test_a_tax_id_is_kept_encrypted_and_not_listed(house: Any) -> None:
    client = house.client("biller")
    client.post(reverse("members:billing_provider_add"), OWN["billing_provider"][1])
    with acting_as("system", "test"):
        assert phi.value(BillingProvider.objects.get(), "tax_id") == "123456789"
    assert "123456789" not in text(client.get(reverse("members:billing_providers")))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("123", "An NPI has 10 digits."),
        ("12345678AB", "digits only"),
        ("3234567893", "starts with 1 or 2"),
        ("1234567890", "The last digit does not fit"),
        ("", "Enter the NPI."),
    ],
)
def test_an_npi_is_checked_in_words(house: Any, typed: str, words: str) -> None:
    page = house.client("biller").post(
        reverse("members:practitioner_add"), {"last_name": "Lind", "npi": typed}
    )
    assert words in text(page)


def test_one_npi_stands_once(house: Any) -> None:
    client = house.client("biller")
    client.post(reverse("members:practitioner_add"), OWN["practitioner"][1])
    again = client.post(reverse("members:practitioner_add"), OWN["practitioner"][1])
    assert "already on the list" in text(again)


def test_the_usual_billing_provider_hands_over(house: Any) -> None:
    with acting_as("system", "test"):
        first = BillingProviderFactory(organization=house.clinic, is_default=True)
    posted = {**OWN["billing_provider"][1], "is_default": "on"}
    assert house.client("biller").post(reverse("members:billing_provider_add"), posted).status_code == 302
    with acting_as("system", "test"):
        first.refresh_from_db()
        assert not first.is_default
        assert BillingProvider.objects.filter(is_default=True).count() == 1


def test_dates_in_the_wrong_order(house: Any) -> None:
    posted = {**OWN["facility"][1], "active_from": "02/01/2026", "active_to": "01/01/2026"}
    page = text(house.client("biller").post(reverse("members:facility_add"), posted))
    assert "before the start date" in page


@pytest.mark.parametrize("name", LISTS)
def test_as_many_queries_for_fifty_as_for_one(house: Any, name: str) -> None:
    client, counts = house.client("biller"), []
    for total in (1, 49):
        with acting_as("system", "test"):
            LISTS[name].create_batch(total, organization=house.clinic)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"members:{name}")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_strangers_find_nothing(house: Any) -> None:
    with acting_as("system", "test"):
        rows = {
            word: factory(organization=house.clinic)
            for word, factory in zip(OWN, LISTS.values(), strict=True)
        }
        plan = PlanFactory(payer=house.insurer)
    stranger = house.client("other_biller")
    for word, row in rows.items():
        assert stranger.get(reverse(f"members:{word}", args=[row.pk])).status_code == 404
    assert house.client("other_adjudicator").get(reverse("members:plan", args=[plan.pk])).status_code == 404


def test_plans(house: Any) -> None:
    client = house.client("adjudicator")
    posted = {
        "name": "Gold",
        "line_of_business": "commercial",
        "state": "ny",
        "funding": "insured",
        "is_active": "on",
    }
    assert client.post(reverse("members:plan_add"), posted).status_code == 302
    assert "This payer already has a plan of that name." in text(
        client.post(reverse("members:plan_add"), posted)
    )
    with acting_as("system", "test"):
        plan = Plan.objects.get(name="Gold")
        PlanFactory(name="Somebody else's")
    assert (plan.payer_id, plan.state) == (house.insurer.pk, "NY")
    url = reverse("members:plan", args=[plan.pk])
    assert client.post(url, {**posted, "is_active": ""}).status_code == 302
    with acting_as("system", "test"):
        plan.refresh_from_db()
    assert not plan.is_active
    page = text(client.get(reverse("members:plans")))
    assert "Gold" in page
    assert "Somebody else" not in page
    assert events("plan_saved") == ["plan_saved"] * 2


def test_plan_queries(house: Any) -> None:
    client, counts = house.client("adjudicator"), []
    for total in (0, 48):
        with acting_as("system", "test"):
            PlanFactory.create_batch(total, payer=house.insurer)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("members:plans")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_no_parameter_breaks_a_page(house: Any) -> None:
    client = house.client("biller")
    for odd in ODD:
        for name in LISTS:
            assert client.get(reverse(f"members:{name}"), {"cursor": odd}).status_code == 200
        posted = {
            "name": odd,
            "npi": odd,
            "active_from": odd,
            "tax_id": odd,
            "state": odd,
            "place_of_service": odd,
        }
        for word in OWN:
            assert client.post(reverse(f"members:{word}_add"), posted).status_code == 200
    payer = house.client("adjudicator")
    for odd in ODD:
        assert payer.get(reverse("members:plans"), {"cursor": odd}).status_code == 200
        assert (
            payer.post(reverse("members:plan_add"), {"name": odd, "state": odd, "funding": odd}).status_code
            == 200
        )
