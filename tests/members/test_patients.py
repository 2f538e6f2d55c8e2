"""The provider's patients: list, search, page, form, and the question to the payer."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from members.models import Patient, PatientCoverage
from tests.factories.members import CoverageFactory, PatientCoverageFactory, PatientFactory
from tests.members.pages import ODD, accesses, events, lines, person, text

pytestmark = pytest.mark.slow

LIST = "members:patients"


def make_patient(house: Any, member_id: str = "W100200300", **more: Any) -> Patient:
    with acting_as("system", "test"):
        patient = PatientFactory(organization=house.clinic, **more)
        PatientCoverageFactory(patient=patient, plan=house.plan, payer=house.insurer, member_id=member_id)
    return patient


def test_the_list_shows_the_minimum_and_records_it(house: Any) -> None:
    patient = make_patient(house, last_name="Okafor")
    page = text(house.client("biller").get(reverse(LIST)))
    assert "Okafor, A" in page
    assert "···0300" in page
    assert "Adaeze" not in page
    assert "W100200300" not in page
    assert "1965" not in page
    (row,) = accesses("patients_listed")
    assert row.subject_id == patient.pk
    assert row.person_bidx == phi.blind_index("member_id", house.insurer.pk, "W100200300").value


def test_as_many_queries_for_fifty_as_for_one(house: Any) -> None:
    client = house.client("biller")
    counts = []
    for total in (1, 49):
        for _each in range(total):
            make_patient(house, member_id=f"W{total}{_each}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(LIST)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_go_on(house: Any) -> None:
    for number in range(27):
        make_patient(house, member_id=f"W{number:05d}")
    client = house.client("biller")
    first = text(client.get(reverse(LIST)))
    assert first.count("/patients/0") >= 25
    assert "cursor=" in first


@pytest.mark.parametrize(
    "typed",
    [
        {"last_name": "okafor ", "first_name": "ADAEZE"},
        {"last_name": "Okafor", "birth_date_month": "3", "birth_date_day": "14", "birth_date_year": "1965"},
        {"member_id": "w-100 200300"},
    ],
)
def test_exact_search_opens_the_one(house: Any, typed: dict[str, str]) -> None:
    patient = make_patient(house, last_name="Okafor")
    make_patient(house, member_id="X9", last_name="Lind")
    answer = house.client("biller").post(reverse(LIST), typed)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("members:patient", args=[patient.pk])


def test_several_found_stand_behind_an_address_that_says_nothing(house: Any) -> None:
    for number in range(3):
        make_patient(house, member_id=f"W{number}", last_name="Okafor")
    make_patient(house, member_id="X9", last_name="Lind")
    client = house.client("biller")
    answer = client.post(reverse(LIST), {"last_name": "Okafor", "first_name": "Adaeze"})
    assert "kafor" not in answer["Location"].lower()
    page = text(client.get(answer["Location"]))
    assert page.count("Okafor, A") == 3
    assert "Lind" not in page
    assert len(accesses("patients_searched")) == 3


def test_nobody_found_keeps_what_was_typed(house: Any) -> None:
    page = house.client("biller").post(reverse(LIST), {"last_name": "Nobody", "first_name": "Nina"})
    assert "No patient fits" in text(page)
    assert 'value="Nobody"' in text(page)
    assert accesses("patients_searched")[0].row_count == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter the whole last name, or a member ID."),
        ({"last_name": "Okafor"}, "Enter the first name or the date of birth as well."),
        ({"member_id": "---"}, "A member ID has letters or digits."),
        (
            {"last_name": "O", "birth_date_month": "2", "birth_date_day": "30", "birth_date_year": "1990"},
            "no 02/30/1990",
        ),
    ],
)
def test_search_says_what_is_missing(house: Any, typed: dict[str, str], words: str) -> None:
    assert words in text(house.client("biller").post(reverse(LIST), typed))


def test_the_page_masks_member_ids_and_is_recorded(house: Any) -> None:
    patient = make_patient(house)
    page = text(house.client("biller").get(reverse("members:patient", args=[patient.pk])))
    assert "Adaeze" in page
    assert "Mar 14, 1965" in page
    assert "W100200300" not in page
    assert "···0300" in page
    assert accesses("patient_viewed")[0].subject_id == patient.pk


def test_add_with_coverages(house: Any) -> None:
    client = house.client("biller")
    assert client.get(reverse("members:patient_add")).status_code == 200
    coverage = {
        "payer": house.insurer.pk,
        "plan": house.plan.pk,
        "member_id": "W-1",
        "relationship": "child",
        "insured_last_name": "Okafor",
        "insured_first_name": "Obi",
        "effective_from": "01/01/2026",
    }
    answer = client.post(reverse("members:patient_add"), person(city="Albany", state="ny", **lines(coverage)))
    assert answer.status_code == 302
    with acting_as("system", "test"):
        patient = Patient.objects.get()
        row = PatientCoverage.objects.get()
    assert phi.value(patient, "last_name") == "Okafor"
    assert phi.value(patient, "address")["state"] == "NY"
    assert phi.value(row, "insured")["first_name"] == "Obi"
    assert row.payer_id == house.insurer.pk
    assert events("patient_saved") == ["patient_saved"]


def test_a_double_is_asked_about(house: Any) -> None:
    known = make_patient(house, last_name="Okafor")
    client = house.client("biller")
    page = client.post(reverse("members:patient_add"), person(**lines()))
    assert page.status_code == 200
    assert reverse("members:patient", args=[known.pk]) in text(page)
    assert "already on your list" in text(page)
    assert (
        client.post(reverse("members:patient_add"), person(is_another_person="on", **lines())).status_code
        == 302
    )
    with acting_as("system", "test"):
        assert Patient.objects.count() == 2


def test_edit_changes_only_what_changed_and_puts_coverages_aside(house: Any) -> None:
    patient = make_patient(house, last_name="Okafor")
    client = house.client("biller")
    url = reverse("members:patient_edit", args=[patient.pk])
    page = text(client.get(url))
    assert "W100200300" in page
    answer = client.post(url, person(last_name="Okafor-Lind", phone="518-555-0100", **lines()))
    assert answer.status_code == 302
    with acting_as("system", "test"):
        patient.refresh_from_db()
        assert phi.value(patient, "last_name") == "Okafor-Lind"
        assert not PatientCoverage.objects.get().is_active
    # The same card comes back: one row, in use again.
    card = {"payer": house.insurer.pk, "member_id": "w100200300", "relationship": "self"}
    assert client.post(url, person(**lines(card))).status_code == 302
    with acting_as("system", "test"):
        assert PatientCoverage.objects.get().is_active


def test_the_same_card_twice_is_refused(house: Any) -> None:
    card = {"payer": house.insurer.pk, "member_id": "W1", "relationship": "self"}
    page = house.client("biller").post(reverse("members:patient_add"), person(**lines(card, card)))
    assert "entered twice" in text(page)
    with acting_as("system", "test"):
        assert not Patient.objects.exists()


def test_an_empty_line_is_no_coverage(house: Any) -> None:
    client = house.client("biller")
    empty = {"payer": "", "member_id": "", "relationship": "self"}
    assert client.post(reverse("members:patient_add"), person(**lines(empty))).status_code == 302
    with acting_as("system", "test"):
        assert Patient.objects.exists()
        assert not PatientCoverage.objects.exists()


def test_lines_come_and_go_without_javascript(house: Any) -> None:
    client = house.client("biller")
    posted = person(add_coverage="1", **lines({"member_id": "W1"}))
    page = text(client.post(reverse("members:patient_add"), posted))
    assert 'name="coverage-1-member_id"' in page
    assert 'value="W1"' in page
    assert "error-summary" not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_name": ""}, "Enter the last name."),
        ({"birth_date_year": "2999"}, "must be in the past"),
        ({"sex": "Q"}, "Choose one of the answers offered."),
        ({"state": "New York"}, "at most 2"),
        ({"postal_code": "1"}, "5 digits"),
        ({"email": "x"}, "name@example.com"),
    ],
)
def test_bad_input_is_said_beside_the_field(house: Any, changes: dict[str, str], words: str) -> None:
    page = text(house.client("biller").post(reverse("members:patient_add"), person(**changes, **lines())))
    assert words in page
    assert "Adaeze" in page


def test_bad_coverage_is_said_beside_the_field(house: Any) -> None:
    foreign = {"payer": house.insurer.pk, "plan": "x", "member_id": "W 1!", "relationship": "spouse"}
    page = text(house.client("biller").post(reverse("members:patient_add"), person(**lines(foreign))))
    assert "Choose one of the answers offered." in page
    assert "Remove everything else." in page
    assert "Say who the insured is" in page


def test_ask_the_payer(house: Any) -> None:
    patient = make_patient(house)
    with acting_as("system", "test"):
        coverage = PatientCoverage.objects.get()
    client = house.client("biller")
    url = reverse("members:coverage_check", args=[coverage.pk])
    page = reverse("members:patient", args=[patient.pk])
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == page
    assert "does not know this member ID" in text(client.get(page))
    with acting_as("system", "test"):
        CoverageFactory(person__organization=house.insurer, plan=house.plan, member_id="W100200300")
    client.post(url)
    assert "Harbor Health says yes" in text(client.get(page))
    assert len(accesses("eligibility_checked")) == 2
    for _each in range(30):
        client.post(url)
    assert "many members in a short time" in text(client.get(page))


PAGES = ["patients", "patient_add", "billing_providers", "practitioners", "facilities"]


@pytest.mark.parametrize("name", [*PAGES, "billing_provider_add", "practitioner_add", "facility_add"])
def test_only_with_the_right(house: Any, name: str) -> None:
    url = reverse(f"members:{name}")
    assert house.client("biller").get(url).status_code == 200
    for who in ("clinic_colleague", "adjudicator"):
        assert house.client(who).get(url).status_code == 403


def test_strangers_find_nothing(house: Any) -> None:
    patient = make_patient(house)
    with acting_as("system", "test"):
        coverage = PatientCoverage.objects.get()
    client = house.client("other_biller")
    assert client.get(reverse("members:patient", args=[patient.pk])).status_code == 404
    assert client.get(reverse("members:patient_edit", args=[patient.pk])).status_code == 404
    assert client.post(reverse("members:coverage_check", args=[coverage.pk])).status_code == 404
    assert "Okafor" not in text(client.get(reverse(LIST)))
    assert (
        house.client("clinic_colleague").get(reverse("members:patient", args=[patient.pk])).status_code == 403
    )


def test_no_parameter_breaks_a_page(house: Any) -> None:
    client = house.client("biller")
    for odd in ODD:
        assert client.get(reverse(LIST), {"cursor": odd, "found": odd}).status_code == 200
        for name in ("last_name", "member_id", "birth_date_year"):
            assert client.post(
                reverse(LIST), {"last_name": "x", "first_name": "y", name: odd}
            ).status_code in {200, 302}
        posted = {**person(), **lines({"payer": odd, "plan": odd, "member_id": odd, "known_as": odd})}
        for name in ("last_name", "birth_date_day", "phone", "coverage-TOTAL_FORMS", "remove_coverage"):
            assert client.post(reverse("members:patient_add"), {**posted, name: odd}).status_code in {
                200,
                302,
            }
