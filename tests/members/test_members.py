"""The payer's roster by hand: list, search, page, coverages, verification."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimflow.lib.db.context import acting_as
from members.models import Coverage, Member
from tests.factories.members import CoverageFactory, MemberFactory
from tests.members.pages import ODD, accesses, events, person, text

pytestmark = pytest.mark.slow

LIST = "members:members"


def make_member(house: Any, member_id: str = "W100200300", **more: Any) -> Coverage:
    with acting_as("system", "test"):
        member = MemberFactory(organization=house.insurer, **more)
        coverage: Coverage = CoverageFactory(person=member, plan=house.plan, member_id=member_id)
    return coverage


def covered(house: Any, **changes: Any) -> dict[str, Any]:
    return {
        "plan": house.plan.pk,
        "member_id": "W-1",
        "relationship": "self",
        "effective_from": "01/01/2026",
        "deductible": "500",
        "copay": "25,50",
        "coinsurance_percent": "20",
        **changes,
    }


def under(prefix: str, posted: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix}-{name}": value for name, value in posted.items()}


def test_the_list_shows_the_minimum_and_records_it(house: Any) -> None:
    coverage = make_member(house, last_name="Okafor")
    page = text(house.client("adjudicator").get(reverse(LIST)))
    assert "Okafor, A" in page
    assert "···0300" in page
    assert "In force" in page
    assert "Adaeze" not in page
    assert "W100200300" not in page
    (row,) = accesses("members_listed")
    assert (row.subject_id, row.person_bidx) == (coverage.person_id, coverage.member_bidx)


def test_as_many_queries_for_fifty_as_for_one(house: Any) -> None:
    client, counts = house.client("adjudicator"), []
    for total in (1, 49):
        for number in range(total):
            make_member(house, member_id=f"W{total}{number}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(LIST)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "typed",
    [
        {"last_name": "OKAFOR", "first_name": "adaeze "},
        {"last_name": "Okafor", "birth_date_month": "3", "birth_date_day": "14", "birth_date_year": "1965"},
        {"member_id": "w100-200-300"},
    ],
)
def test_exact_search(house: Any, typed: dict[str, str]) -> None:
    coverage = make_member(house, last_name="Okafor")
    make_member(house, member_id="X9", last_name="Lind")
    client = house.client("adjudicator")
    answer = client.post(reverse(LIST), typed)
    assert answer["Location"] == reverse("members:member", args=[coverage.person_id])
    assert "No member fits" in text(client.post(reverse(LIST), {"last_name": "Oka", "first_name": "Adaeze"}))


def test_the_page_shows_everything_and_is_recorded(house: Any) -> None:
    coverage = make_member(house)
    page = text(house.client("adjudicator").get(reverse("members:member", args=[coverage.person_id])))
    assert "W100200300" in page
    assert "Mar 14, 1965" in page
    assert "Silver PPO" in page
    assert "Not verified" in page
    assert accesses("member_viewed")[0].person_bidx == coverage.member_bidx


def test_add_member_with_coverage(house: Any) -> None:
    client = house.client("adjudicator")
    url = reverse("members:member_add")
    assert client.get(url).status_code == 200
    posted = {**person(), **under("coverage", covered(house))}
    assert client.post(url, posted).status_code == 302
    with acting_as("system", "test"):
        coverage = Coverage.objects.get()
    assert (str(coverage.copay), str(coverage.deductible), coverage.organization_id) == (
        "25.50",
        "500.00",
        house.insurer.pk,
    )
    assert events("member_added", "coverage_added") == ["member_added", "coverage_added"]
    # Twice is harmless: the second is asked about.
    again = client.post(url, posted)
    assert "already on your list" in text(again)
    assert client.post(url, {**posted, "is_another_person": "on"}).status_code == 302
    with acting_as("system", "test"):
        assert Member.objects.count() == 2


def test_add_coverage(house: Any) -> None:
    coverage = make_member(house)
    client = house.client("adjudicator")
    url = reverse("members:coverage_add", args=[coverage.person_id])
    assert client.get(url).status_code == 200
    assert client.post(url, covered(house)).status_code == 302
    assert "already has this plan from that day" in text(client.post(url, covered(house)))
    assert events("coverage_added") == ["coverage_added"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"plan": "x"}, "Choose one of the answers offered."),
        ({"member_id": "W 1"}, "Remove everything else."),
        ({"effective_to": "12/31/2025"}, "before the first day"),
        ({"coinsurance_percent": "101"}, "100 or less"),
        ({"out_of_pocket_limit": "100"}, "below the deductible"),
        ({"effective_from": "02/30/2026"}, "The calendar has no"),
    ],
)
def test_bad_coverage_is_said_beside_the_field(house: Any, changes: dict[str, str], words: str) -> None:
    coverage = make_member(house)
    url = reverse("members:coverage_add", args=[coverage.person_id])
    assert words in text(house.client("adjudicator").post(url, covered(house, **changes)))


def test_end_coverage(house: Any) -> None:
    coverage = make_member(house)
    client = house.client("adjudicator")
    url = reverse("members:coverage_end", args=[coverage.pk])
    assert client.get(url).status_code == 200
    assert "cannot be before" in text(client.post(url, {"last_day": "12/31/2019"}))
    for _twice in range(2):
        assert client.post(url, {"last_day": "06/30/2026"}).status_code == 302
    with acting_as("system", "test"):
        coverage.refresh_from_db()
    assert (coverage.effective_to, coverage.verification, coverage.verified_by_id) == (
        date(2026, 6, 30), "ended", house.adjudicator.pk,
    )  # fmt: skip
    assert events("coverage_ended") == ["coverage_ended"]


def test_end_member_ends_what_lasts(house: Any) -> None:
    coverage = make_member(house)
    with acting_as("system", "test"):
        done = CoverageFactory(
            person=coverage.person,
            plan=house.plan,
            effective_from=date(2018, 1, 1),
            effective_to=date(2018, 12, 31),
        )
    client = house.client("adjudicator")
    assert (
        client.post(
            reverse("members:member_end", args=[coverage.person_id]), {"last_day": "06/30/2026"}
        ).status_code
        == 302
    )
    with acting_as("system", "test"):
        coverage.refresh_from_db()
        done.refresh_from_db()
    assert coverage.effective_to == date(2026, 6, 30)
    assert done.effective_to == date(2018, 12, 31)
    assert events("member_ended", "coverage_ended") == ["coverage_ended", "member_ended"]


def test_a_coverage_that_begins_later_stops_the_end_of_all(house: Any) -> None:
    coverage = make_member(house)
    with acting_as("system", "test"):
        CoverageFactory(person=coverage.person, plan=house.plan, effective_from=date(2026, 9, 1))
    url = reverse("members:member_end", args=[coverage.person_id])
    page = house.client("adjudicator").post(url, {"last_day": "06/30/2026"})
    assert "began on Sep 1, 2026" in text(page)
    with acting_as("system", "test"):
        assert not Coverage.objects.exclude(effective_to=None).exists()


@pytest.mark.parametrize("verdict", ["verified", "not_found", "ended"])
def test_verify(house: Any, verdict: str) -> None:
    coverage = make_member(house)
    client = house.client("adjudicator")
    url = reverse("members:coverage_verify", args=[coverage.pk])
    assert client.get(url).status_code == 200
    last_day = "06/30/2026" if verdict == "ended" else ""
    assert client.post(url, {"verdict": verdict, "last_day": last_day}).status_code == 302
    with acting_as("system", "test"):
        coverage.refresh_from_db()
    assert (coverage.verification, coverage.verified_by_id) == (verdict, house.adjudicator.pk)
    assert coverage.verified_at is not None
    page = text(client.get(reverse("members:member", args=[coverage.person_id])))
    assert house.adjudicator.full_name in page


def test_verify_says_what_is_missing(house: Any) -> None:
    url = reverse("members:coverage_verify", args=[make_member(house).pk])
    client = house.client("adjudicator")
    assert "Choose an answer." in text(client.post(url, {"last_day": ""}))
    assert "Enter the last day" in text(client.post(url, {"verdict": "ended"}))


@pytest.mark.parametrize("name", ["members", "member_add", "plans", "plan_add", "roster", "roster_template"])
def test_only_with_the_right(house: Any, name: str) -> None:
    url = reverse(f"members:{name}")
    assert house.client("adjudicator").get(url).status_code == 200
    for who in ("insurer_colleague", "biller"):
        assert house.client(who).get(url).status_code == 403


def test_strangers_find_nothing(house: Any) -> None:
    coverage = make_member(house, last_name="Okafor")
    client = house.client("other_adjudicator")
    for name in ("member", "member_end", "coverage_add"):
        assert client.get(reverse(f"members:{name}", args=[coverage.person_id])).status_code == 404
    for name in ("coverage_end", "coverage_verify"):
        assert client.get(reverse(f"members:{name}", args=[coverage.pk])).status_code == 404
    assert "Okafor" not in text(client.get(reverse(LIST)))
    assert (
        house.client("insurer_colleague")
        .get(reverse("members:member", args=[coverage.person_id]))
        .status_code
        == 403
    )


def test_no_parameter_breaks_a_page(house: Any) -> None:
    coverage = make_member(house)
    client = house.client("adjudicator")
    for odd in ODD:
        assert client.get(reverse(LIST), {"cursor": odd, "found": odd}).status_code == 200
        assert client.post(
            reverse(LIST), {"last_name": odd, "first_name": odd, "member_id": odd}
        ).status_code in {200, 302}
        posted = {
            **person(last_name=odd),
            **under("coverage", covered(house, plan=odd, copay=odd, effective_from=odd)),
        }
        assert client.post(reverse("members:member_add"), posted).status_code == 200
        for name in ("coverage_end", "coverage_verify"):
            url = reverse(f"members:{name}", args=[coverage.pk])
            assert client.post(url, {"last_day": odd, "verdict": odd}).status_code in {200, 302}
