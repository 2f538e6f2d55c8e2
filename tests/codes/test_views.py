"""The code pages: JSON for the combo boxes, a browser for people, and no parameter that breaks them."""

import json

import pytest
from django.urls import reverse

from claimflow.lib.db.context import acting_as
from codes.models import RemarkCode

pytestmark = pytest.mark.slow

SEARCHES = [
    "icd10_search",
    "procedure_search",
    "modifier_search",
    "place_search",
    "reason_search",
    "remark_search",
]
ODD = [
    "",
    "a",
    "\0",
    "\0\0'",
    "%",
    "_",
    "\\",
    "é" * 500,
    "x" * 5000,
    "'; DROP TABLE",
    "&|!:*()<->",
    "\ud7ff\uffff",
    "E11\n",
    "0" * 99,
]
ODD_DAYS = [
    "",
    "x",
    "9999-99-99",
    "0001-01-01",
    "9999-12-31",
    "11/21",
    "today",
    "\0",
    "2026-02-30",
    "1" * 500,
    "-999",
]


def get(client, name, *args, **query):
    return client.get(reverse(f"codes:{name}", args=args), query)


def results(client, name, **query):
    response = get(client, name, **query)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def test_diagnoses_as_the_combo_box_wants_them(biller):
    answer = results(biller, "icd10_search", q="e11.9", on="2026-06-01")
    assert answer["results"] == [
        {
            "value": "E11.9",
            "label": "E11.9",
            "note": "Type 2 diabetes mellitus without complications",
            "billable": True,
        }
    ]
    assert "more" not in answer
    assert answer["note"] == ""


def test_a_heading_is_told(biller):
    assert results(biller, "icd10_search", q="E11")["results"][0]["note"].endswith("(heading, not billable)")


def test_who_judged_stands_under_the_list(biller):
    answer = results(biller, "icd10_search", q="E11.9", on="11/21/2026")
    assert answer["more"] == answer["note"] == "Judged by FY2026 April, the newest loaded."


def test_the_date_of_service_may_be_typed_as_in_the_form(biller):
    assert results(biller, "icd10_search", q="E11.9", on="06/01/2025")["results"] == []


def test_at_most_twenty(biller):
    assert len(results(biller, "icd10_search", q="fracture")["results"]) == 20


def test_remarks_are_narrowed_to_those_that_fit_the_reason(biller):
    every = results(biller, "remark_search")
    fitting = results(biller, "remark_search", reason="CO-16")
    codes = {row["value"] for row in fitting["results"]}
    assert "M51" in codes
    assert codes < {row["value"] for row in every["results"]}
    assert fitting["more"] == "These remarks may stand with CO-16."
    with acting_as("system", "test"):
        alerts = set(RemarkCode.objects.filter(is_alert=True).values_list("code", flat=True))
    assert alerts <= codes


@pytest.mark.parametrize("reason", ["not_covered", "CO-", "-", "ZZ-16", "CO-99999"])
def test_a_reason_that_is_none_narrows_nothing(biller, reason):
    assert "more" not in results(biller, "remark_search", reason=reason)


def test_procedures_modifiers_places_and_remarks(biller):
    assert results(biller, "procedure_search", q="appendix")["results"][0]["value"] == "X0056"
    assert results(biller, "modifier_search", q="left side")["results"][0]["value"] == "LT"
    assert results(biller, "place_search", q="27", on="2026-01-01")["results"][0]["value"] == "27"
    assert results(biller, "place_search", q="27", on="2020-01-01")["results"] == []
    assert len(results(biller, "place_search")["results"]) >= 51
    assert results(biller, "remark_search", q="N29")["results"][0]["value"] == "N29"


def test_reasons_with_their_legal_combinations(biller):
    answer = results(biller, "reason_search", q="16", group="CO", scenario="data")["results"]
    assert [one["value"] for one in answer] == ["16"]
    assert answer[0]["needs_remark"]
    assert answer[0]["combinations"][0]["remark_required"]
    assert "M51" in answer[0]["combinations"][0]["remarks"]
    groups = {
        pair["group"]
        for one in results(biller, "reason_search", group="PR")["results"]
        for pair in one["combinations"]
    }
    assert groups == {"PR"}
    assert results(biller, "reason_search", scenario="nothing")["results"] == []


@pytest.mark.parametrize("name", SEARCHES)
def test_odd_parameters_get_an_answer(biller, name):
    for text in ODD:
        assert get(biller, name, q=text).status_code == 200, text
    for day in ODD_DAYS:
        assert get(biller, name, q="E11", on=day, group=day, scenario=day).status_code == 200, day


@pytest.mark.parametrize("name", [*SEARCHES, "browse"])
def test_closed_to_strangers_and_to_posting(client, biller, name):
    assert get(client, name).status_code == 302
    assert biller.post(reverse(f"codes:{name}")).status_code == 405


def test_the_browser_shows_chapters_then_what_was_searched(biller):
    page = get(biller, "browse").content.decode()
    assert "Diseases of the circulatory system" in page
    assert reverse("codes:chapter", args=["9"]) in page
    page = get(biller, "browse", q="astma", on="2026-06-01").content.decode()
    assert "Showing results for “asthma”." in page
    assert reverse("codes:icd10_code", args=["J45.998"]) + "?on=2026-06-01" in page


def test_the_browser_says_when_nothing_was_found_or_loaded(biller):
    assert "No code found" in get(biller, "browse", q="zzzzqqxx").content.decode()
    assert "No code set is loaded for this date" in get(biller, "browse", on="2020-01-01").content.decode()


def test_odd_parameters_of_the_browser(biller):
    for text in ODD:
        assert get(biller, "browse", q=text).status_code == 200, text
    for day in ODD_DAYS:
        assert get(biller, "browse", q="E11", on=day).status_code == 200, day


def test_chapter_block_and_code(biller):
    page = get(biller, "chapter", "9").content.decode()
    assert "Chapter 9: Diseases of the circulatory system" in page
    assert "Ischemic heart diseases" in page
    page = get(biller, "block", "I20-I25").content.decode()
    assert reverse("codes:icd10_code", args=["I21"]) in page
    page = get(biller, "icd10_code", "e11.65", on="2026-06-01").content.decode()
    assert "Type 2 diabetes mellitus with hyperglycemia" in page
    assert "Billable" in page
    assert reverse("codes:icd10_code", args=["E11.6"]) in page
    assert "E08-E13: Diabetes mellitus" in page
    assert "newest loaded" not in page


def test_a_heading_lists_the_codes_below_and_its_instructions(biller):
    page = get(biller, "icd10_code", "E11", on="2026-11-01").content.decode()
    assert "A claim needs one of the billable codes below." in page
    assert reverse("codes:icd10_code", args=["E11.9"]) + "?on=2026-11-01" in page
    assert "Never together with (Excludes1)" in page
    assert "Judged by FY2026 April, the newest loaded." in page


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("icd10_code", "NOPE"),
        ("icd10_code", "'"),
        ("icd10_code", "\0"),
        ("icd10_code", "x" * 300),
        ("chapter", "99"),
        ("block", "A00-A01"),
    ],
)
def test_unknown_is_404(biller, name, code):
    assert get(biller, name, code).status_code == 404


def test_a_day_before_the_oldest_is_404_on_a_code(biller):
    assert get(biller, "icd10_code", "E11.9", on="2020-01-01").status_code == 404
