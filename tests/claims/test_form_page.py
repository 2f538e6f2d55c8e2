"""The claim form: nothing typed is lost, every objection stands beside its box, and no input breaks it."""

import json
import re
import string
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Access, Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claims.forms.content import (
    NAMES,
    as_data,
    content_of_claim,
    content_of_post,
    with_row_added,
    with_row_removed,
)
from claims.models import Claim, ClaimDraft
from members.models import Patient
from tests.claims.cast import make_cast
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
NEW = "/claims/new/"


@pytest.fixture
def cast(real_db):
    return make_cast()


@pytest.fixture
def client(cast):
    return client_of(cast.biller)


def typed(cast, **changes):
    """The form of a claim without fault, as a browser sends it."""
    return {
        "form_token": str(uuid4()),
        "version": "",
        "payer": str(cast.insurer.pk),
        "plan": str(cast.plan.pk),
        "last_name": "Okafor",
        "first_name": "Adaeze",
        "birth_date_month": "3",
        "birth_date_day": "15",
        "birth_date_year": "1965",
        "sex": "F",
        "member_id": "AH00123456",
        "relationship": "self",
        "billing_npi": cast.billing.npi,
        "patient_signature_on_file": "on",
        "diagnoses-TOTAL_FORMS": "4",
        "diagnoses-0-code": "I10",
        "lines-TOTAL_FORMS": "1",
        "lines-0-service_from": "yesterday",
        "lines-0-place_of_service": "11",
        "lines-0-procedure": "99213",
        "lines-0-pointers": "a",
        "lines-0-charge": "150,00",
        "lines-0-units": "1",
        "lines-0-unit_basis": "UN",
        **changes,
    }


def post(client, cast, do="submit", url=NEW, **changes):
    return client.post(url, {**typed(cast, **changes), **({"do": do} if do else {})})


def drafts(cast):
    with acting_as("provider", user=cast.biller, organization=cast.clinic):
        return [(draft, phi.value(draft, "content")) for draft in ClaimDraft.objects.all()]


def box(page, name):
    """The part of the page around one box."""
    html = page.content.decode()
    found = re.search(rf'data-field="id_{name}">(.*?)(?=data-field=|</section>|</fieldset>)', html, re.S)
    assert found, name
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]))


# --- It works ---


def test_a_claim_is_submitted_and_its_page_follows(client, cast):
    page = post(client, cast)
    with acting_as("system", "test"):
        claim = Claim.objects.get()
    assert page.status_code == 302
    assert page.url == f"/claims/{claim.pk}/"
    landing = client.get(page.url)
    assert f"Claim {claim.claim_number} was submitted to Acme Health." in landing.content.decode()


def test_the_same_form_posted_twice_leads_to_the_same_claim(client, cast):
    token = str(uuid4())
    first, second = post(client, cast, form_token=token), post(client, cast, form_token=token)
    assert first.url == second.url


def test_a_draft_posted_twice_leads_to_its_claim(client, cast):
    token = str(uuid4())
    url = post(client, cast, do="save", form_token=token).url
    first = post(client, cast, url=url, form_token=token)
    second = post(client, cast, url=url, form_token=token)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url


def test_an_empty_form_names_every_box_that_a_claim_needs(client, cast):
    page = client.post(NEW, {"do": "submit", "form_token": str(uuid4())})
    assert page.status_code == 200
    for name, words in {
        "last_name": "The patient&#x27;s last name is missing.",
        "birth_date": "The birth date is missing or is not a real day.",
        "payer": "No payer is chosen.",
        "member_id": "The member ID is missing.",
        "billing_npi": "The billing provider&#x27;s NPI is missing.",
        "diagnoses-0-code": "The claim has no diagnosis.",
        "lines-0-procedure": "The claim has no service line.",
    }.items():
        assert words in box(page, name), name
    assert "problems" in page.content.decode()


BAD = [
    ("lines-0-charge", "12,x", "Use only digits, a decimal point and commas"),
    ("lines-0-charge", "12.345", "Use at most two digits after the decimal point"),
    ("lines-0-charge", "999999999", "The amount is too large"),
    ("lines-0-charge", "-5", "is below zero"),
    ("lines-0-charge", "", "has no charge"),
    ("lines-0-service_from", "02/30/2026", "The calendar has no 02/30/2026"),
    ("lines-0-service_from", "soon", "Enter a date such as"),
    ("lines-0-service_from", "12/31/2099", "in the future"),
    ("lines-0-service_from", "01/02/2005", "is too late for Acme Health"),
    ("lines-0-service_to", "01/02/2005", "before it starts"),
    ("lines-0-procedure", "ABC", "has neither the form of CPT"),
    ("lines-0-procedure", "X9999", "is not in the loaded list"),
    ("lines-0-modifiers", "25 25", "the same modifier twice"),
    ("lines-0-modifiers", "25 59 76 77 78", "At most 4 fit"),
    ("lines-0-modifiers", "ÄÖ", "not two letters or digits"),
    ("lines-0-pointers", "", "points to no diagnosis"),
    ("lines-0-pointers", "Z", "does not have"),
    ("lines-0-place_of_service", "1", "not in the CMS list"),
    ("lines-0-units", "many", "Enter the units as a number"),
    ("lines-0-units", "0", "above 0"),
    ("lines-0-units", "1e5", "Enter the units as a number"),
    ("lines-0-rendering_npi", "1234567890", "fails its check digit"),
    ("diagnoses-0-code", "250.00", "looks like ICD-9-CM"),
    ("diagnoses-0-code", "I21", "Choose a more specific code"),
    ("diagnoses-0-code", "banana", "does not look like an ICD-10-CM code"),
    ("billing_npi", "1234567890", "fails its check digit"),
    ("billing_npi", "1234567893", "not one of your organization"),
    ("rendering_npi", "12345", "An NPI has 10"),
    ("referring_npi", "٣٣٣٣٣٣٣٣٣٣", "other than the digits 0 to 9"),
    ("facility_npi", "9876543210", "does not start with 1 or 2"),
    ("member_id", "AH 12#4", "1 to 50 letters, digits and hyphens"),
    ("member_id", "A" * 51, "1 to 50 letters"),
    ("last_name", "x" * 101, "At most 100 fit"),
    ("last_name", "  ", "last name is missing"),
    ("sex", "Q", "sex is missing"),
    ("relationship", "cousin", "relationship"),
    ("payer", "not-a-uuid", "No payer is chosen"),
    ("payer", str(UUID(int=7)), "No payer is chosen"),
    ("plan", str(UUID(int=7)), "No plan of this payer"),
    ("accident", "auto", ""),
    ("account_number", "9" * 39, "At most 38 fit"),
    ("authorization_number", "9" * 51, "At most 50 fit"),
    ("onset_date", "31/31/2026", "The calendar has no"),
    ("admitted_on", "12/31/2099", "in the future"),
    ("group_number", "9" * 51, "at most 50 characters"),
    ("state", "NEW", "at most 2 characters"),
    ("additional_information", "x" * 401, "at most 400 characters"),
]


@pytest.mark.parametrize(
    ("name", "value", "words"), BAD, ids=[f"{name}-{at}" for at, (name, *_) in enumerate(BAD)]
)
def test_bad_input_is_said_beside_its_box_and_nothing_is_lost(client, cast, name, value, words):
    page = post(client, cast, **{name: value})
    assert page.status_code == 200
    html = page.content.decode()
    if words:
        assert words in box(page, name).replace("&#x27;", "'"), box(page, name)
    for kept in ("Okafor", "Adaeze", "AH00123456" if name != "member_id" else value):
        if name != "last_name" or kept != "Okafor":
            assert kept in html
    ((_draft, content),) = drafts(cast)
    assert content[name] == value
    with acting_as("system", "test"):
        assert not Claim.objects.exists()


def test_the_birth_date_is_read_from_three_boxes(client, cast):
    for parts, words in (
        ({"birth_date_month": "2", "birth_date_day": "30"}, "The calendar has no 02/30/1965"),
        ({"birth_date_year": "65"}, "four digits"),
        ({"birth_date_day": ""}, "must also have"),
        ({"birth_date_year": "1890"}, "120 years"),
        ({"birth_date_year": "2099"}, "in the future"),
    ):
        page = post(client, cast, **parts)
        assert words in box(page, "birth_date"), parts


def test_what_cannot_be_parsed_comes_back_as_typed(client, cast):
    url = post(
        client, cast, do="save", **{"lines-0-charge": "12,x", "lines-0-service_from": "last tuesday"}
    ).url
    html = client.get(url).content.decode()
    assert 'value="12,x"' in html
    assert 'value="last tuesday"' in html
    assert "There is" not in html  # an opened draft reproaches nothing


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "NEW"),
        ("other_member_id", "9" * 51),
        ("facility_npi", "1"),
        ("onset_date", "x"),
        ("lines-0-rendering_npi", "1"),
    ],
)
def test_a_folded_part_opens_where_something_is_wrong(client, cast, name, value):
    html = post(client, cast, **{name: value}).content.decode()
    before = html[: html.index(f'name="{name}"')]
    assert before[before.rindex("<details") :].startswith('<details class="more" open>')


def test_a_message_repeats_nothing_about_the_patient(client, cast):
    page = post(client, cast, last_name="Zyxwvut" * 20, member_id="Zyxwvut 4711", **{"lines-0-charge": "x"})
    said = " ".join(re.findall(r'class="error"[^>]*>(.*?)</div>', page.content.decode(), re.S))
    assert said
    assert "Zyxwvut" not in said
    assert "4711" not in said


# --- Without JavaScript ---


def test_lines_and_diagnoses_are_added_and_removed_by_buttons(client, cast):
    page = post(client, cast, do="", add_lines="1", **{"lines-0-charge": "12,x"})
    html = page.content.decode()
    assert 'name="lines-1-procedure"' in html
    assert 'value="12,x"' in html
    two = {"lines-TOTAL_FORMS": "2", "lines-1-procedure": "93010", "lines-1-charge": "9.99"}
    html = post(client, cast, do="", remove_lines="0", **two).content.decode()
    assert 'name="lines-1-procedure"' not in html
    assert 'value="93010"' in html
    html = post(client, cast, do="", add_diagnoses="1").content.decode()
    assert 'name="diagnoses-4-code"' in html
    html = post(client, cast, do="", remove_diagnoses="0", **{"diagnoses-1-code": "E11.9"}).content.decode()
    assert 'name="diagnoses-0-code" value="E11.9"' in html
    with acting_as("system", "test"):
        assert not Claim.objects.exists()


def test_the_51st_line_is_kept_and_objected_to(client, cast):
    lines = {}
    for at in range(51):
        lines |= {f"lines-{at}-{name}": value for name, value in {
            "service_from": "yesterday", "place_of_service": "11", "procedure": "99213", "pointers": "A",
            "charge": f"{100 + at}", "units": "1",
        }.items()}  # fmt: skip
    page = post(client, cast, **lines, **{"lines-TOTAL_FORMS": "51"})
    assert "The claim has 51 lines. At most 50 fit on one claim." in box(page, "lines-0-procedure")
    assert 'name="lines-50-charge" value="150"' in page.content.decode()


def test_enter_checks_and_sends_nothing(client, cast):
    page = post(client, cast, do="check", **{"lines-0-charge": ""})
    assert "has no charge" in box(page, "lines-0-charge")
    assert drafts(cast) == []


# --- Patients ---


def test_patients_are_found_and_fill_the_form(client, cast):
    post(client, cast, line1="12 Elm St", phone="518 555 0100")
    empty = {"form_token": str(uuid4()), "do": "find_patient", "lines-0-charge": "77.70"}
    for search in (
        {"member_id": "ah-0012 3456".replace(" ", "")},
        {"last_name": "okafor", "first_name": "ADAEZE"},
        {"last_name": "Okafor", "birth_date_month": "3", "birth_date_day": "15", "birth_date_year": "1965"},
    ):
        html = client.post(NEW, {**empty, **search}).content.decode()
        value = re.search(r'name="use_patient" value="([^"]+)"', html)
        assert value, search
    picked = {"form_token": str(uuid4()), "use_patient": value[1], "lines-0-charge": "77.70"}
    html = client.post(NEW, picked).content.decode()
    for kept in (
        'value="Okafor"',
        'value="12 Elm St"',
        'value="AH00123456"',
        'value="77.70"',
        'value="518 555 0100"',
    ):
        assert kept in html
    with acting_as("system", "test"):
        patient = Patient.objects.get().pk
    with acting_as("auditor"):
        seen = list(Access.objects.filter(action="patients_searched"))
    assert len(seen) == 3
    assert {row.subject_id for row in seen} == {patient}


def test_nobody_finds_another_organizations_patient(client, cast):
    stranger = make_cast(clinic="Other Clinic", insurer="Other Health")
    stranger.submit()
    html = client.post(
        NEW, {"form_token": str(uuid4()), "do": "find_patient", "last_name": "Okafor", "first_name": "Adaeze"}
    ).content.decode()
    assert "No patient of your organization fits." in html
    with acting_as("system", "test"):
        theirs = Patient.objects.get().pk
    html = client.post(NEW, {"form_token": str(uuid4()), "use_patient": str(theirs)}).content.decode()
    assert "Okafor" not in html


# --- Checks while one fills in ---


def check(client, cast, **changes):
    return client.post("/claims/check/", typed(cast, **changes)).json()


def test_the_check_names_boxes_by_id_and_counts(client, cast):
    answer = check(client, cast, **{"lines-0-charge": "12,x", "last_name": ""})
    by_field = {finding["field"]: finding for finding in answer["findings"]}
    assert by_field["id_lines-0-charge"]["severity"] == "block"
    assert by_field["id_last_name"]["quiet"] is True
    assert answer["counts"]["block"] == 1
    assert answer["counts"]["missing"] == 1
    assert answer["sections"]["patient"] == {"missing": 1, "wrong": 0}
    assert answer["total"] == "0.00"


def test_the_payer_is_asked_once_for_each_member_and_day(client, cast):
    def asked():
        with acting_as("auditor"):
            return Access.objects.filter(action="eligibility_checked").count()

    answer = check(client, cast)
    assert "has no member with this ID" in json.dumps(answer["findings"])
    again = check(client, cast, coverage_answer=answer["coverage"])
    assert again["coverage"] == answer["coverage"]
    assert asked() == 1
    check(client, cast, coverage_answer=answer["coverage"], member_id="AH00999999")
    assert asked() == 2
    check(client, cast, coverage_answer="forged")
    assert asked() == 3


# --- Drafts ---


def test_a_draft_is_saved_opened_and_recorded(client, cast):
    page = post(client, cast, do="save", last_name="Lind")
    ((draft, content),) = drafts(cast)
    assert page.url == f"/claims/drafts/{draft.pk}/"
    assert content["last_name"] == "Lind"
    assert 'value="Lind"' in client.get(page.url).content.decode()
    with acting_as("auditor"):
        assert Access.objects.filter(action="draft_viewed", subject_id=draft.pk).count() == 1
        assert [event.action for event in Event.objects.about("draft", draft.pk)] == ["draft_saved"]


def test_two_windows_do_not_overwrite_each_other(client, cast):
    token = str(uuid4())
    url = post(client, cast, do="save", form_token=token).url
    assert post(client, cast, do="save", url=url, version="1", last_name="First").status_code == 302
    page = post(client, cast, do="save", url=url, version="1", last_name="Second")
    html = page.content.decode()
    assert "changed in another window" in html
    assert 'value="Second"' in html
    assert drafts(cast)[0][1]["last_name"] == "First"
    version = re.search(r'name="version" value="(\d+)"', html)[1]
    assert post(client, cast, do="save", url=url, version=version, last_name="Second").status_code == 302
    assert drafts(cast)[0][1]["last_name"] == "Second"


def test_a_draft_is_kept_while_one_types(client, cast):
    token = str(uuid4())
    data = {**typed(cast, form_token=token), "do": "save"}
    answer = client.post(NEW, data, headers={"Accept": "application/json"}).json()
    assert answer["version"] == 1
    stale = client.post(answer["url"], {**data, "version": "7"}, headers={"Accept": "application/json"})
    assert stale.status_code == 409
    assert "another window" in stale.json()["sentence"]


def test_a_submission_that_fails_leaves_a_draft(client, cast):
    page = post(client, cast, **{"lines-0-charge": "x"})
    ((draft, _content),) = drafts(cast)
    assert f'action="/claims/drafts/{draft.pk}/"' in page.content.decode()


def test_a_draft_deleted_elsewhere_is_typed_on_as_a_new_one(client, cast):
    token = str(uuid4())
    url = post(client, cast, do="save", form_token=token).url
    client.post(f"{url}delete/")
    assert drafts(cast) == []
    assert client.get(url).status_code == 404
    assert client.post(url, {**typed(cast), "do": "save"}).status_code == 404
    assert post(client, cast, do="save", form_token=token).status_code == 302
    assert len(drafts(cast)) == 1


# --- Who may ---


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_get_404_and_colleagues_without_the_right_403(client, cast, method):
    url = post(client, cast, do="save").url
    outsider = client_of(make_user("provider", "Biller", organization=make_organization("provider")))
    colleague = client_of(make_user("provider", "Organization administrator", organization=cast.clinic))
    payer = client_of(make_user("payer", "Adjudicator", organization=cast.insurer))
    assert getattr(outsider, method)(url).status_code == 404
    assert getattr(outsider, method)(f"{url}delete/").status_code == 404
    assert getattr(colleague, method)(url).status_code == 403
    assert getattr(colleague, method)(f"{url}delete/").status_code == 403
    assert getattr(payer, method)(url).status_code == 404
    for other in (colleague, payer):
        assert getattr(other, method)(NEW).status_code == 403
    assert colleague.post("/claims/check/").status_code == 403
    assert client.get("/claims/check/").status_code == 405


def test_the_form_costs_the_same_for_1_and_50_lines(client, cast):
    counts = []
    for lines in (1, 50):
        url = post(client, cast, do="save", **{"lines-TOTAL_FORMS": str(lines)}, **{
            f"lines-{at}-procedure": "X0001" for at in range(lines)
        }).url  # fmt: skip
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 40, counts


# --- Odd input ---

ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "\x00", "0", "-1", "9" * 20, "1e309", "NaN", "😀" * 40, "x" * 3000, "%s", "'", "<b>"]
    ),
    st.text(alphabet=string.punctuation + "٠١٢", max_size=12),
)
NAMES_OF_BOXES = sorted(NAMES) + [
    f"{rows}-{at}-{name}"
    for rows, names in {
        "lines": ["procedure", "service_from", "service_to", "modifiers", "pointers", "charge", "units", "unit_basis",
                  "place_of_service", "rendering_npi", "is_epsdt"],
        "diagnoses": ["code"],
    }.items()
    for at in (0, 1, 7, 99, 999)
    for name in names
]  # fmt: skip
CONTROL = ["form_token", "version", "coverage_answer", "lines-TOTAL_FORMS", "diagnoses-TOTAL_FORMS", "lines-INITIAL_FORMS",
           "do", "add_lines", "remove_lines", "remove_diagnoses", "use_patient"]  # fmt: skip


def test_no_input_breaks_the_form(client, cast):
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.dictionaries(
            st.sampled_from(NAMES_OF_BOXES), ODD | st.lists(ODD, min_size=2, max_size=3), max_size=12
        ),
        st.dictionaries(st.sampled_from(CONTROL), ODD, max_size=3),
        st.sampled_from(["submit", "save", "check", "find_patient", "nonsense", ""]),
    )
    def odd(boxes, control, do):
        page = client.post(NEW, {**typed(cast), **boxes, "do": do, **control})
        assert page.status_code in (200, 302), page.status_code
        answer = client.post("/claims/check/", {**typed(cast), **boxes, **control})
        assert answer.status_code == 200

    odd()


# --- The raw content itself ---


def test_a_claim_typed_anew_describes_the_same_claim(client, cast):
    post(
        client, cast, line1="12 Elm St", city="Albany", state="ny", postal_code="12207", group_number="G1",
        accident="auto", accident_date="yesterday", accident_state="oh", has_other_coverage="on",
        other_payer="Other Health", rendering_npi=cast.doctor.npi, **{"lines-0-modifiers": "25,59"},
    )  # fmt: skip
    with acting_as("provider", user=cast.biller, organization=cast.clinic):
        claim = Claim.objects.get()
        content = content_of_claim(claim)
    page = client.post(NEW, {**content, "form_token": str(uuid4()), "do": "submit"})
    assert page.status_code == 302
    with acting_as("provider", user=cast.biller, organization=cast.clinic):
        again = Claim.objects.exclude(pk=claim.pk).get()
        same = content_of_claim(again)
    assert same == content


def test_rows_move_up_when_one_is_removed():
    content = {"lines-TOTAL_FORMS": "3", "lines-0-charge": "1", "lines-1-charge": "2", "lines-2-charge": "3"}
    assert with_row_removed(content, "lines", 1) == {
        "lines-TOTAL_FORMS": "2", "lines-0-charge": "1", "lines-1-charge": "3",
    }  # fmt: skip
    for nonsense in (-1, 3, 999):
        assert with_row_removed(content, "lines", nonsense) == content
    grown = with_row_added({"lines-TOTAL_FORMS": "1", "lines-0-service_from": "11/21"}, "lines")
    assert (grown["lines-TOTAL_FORMS"], grown["lines-1-service_from"]) == ("2", "11/21")


def test_only_boxes_of_the_form_are_kept():
    data = as_data({})
    data.update(
        {
            "last_name": "Okafor",
            "csrfmiddlewaretoken": "secret",
            "evil": "x",
            "lines-0-evil": "x",
            "do": "save",
        }
    )
    kept = content_of_post(data)
    assert kept == {"last_name": "Okafor", "lines-TOTAL_FORMS": "1", "diagnoses-TOTAL_FORMS": "1"}
