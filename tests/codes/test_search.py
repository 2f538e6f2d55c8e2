"""Search as you type over the whole of ICD-10-CM."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimflow.lib.db.context import acting_as
from codes.search import CAP, LIMIT, find_icd10, find_procedures

pytestmark = pytest.mark.usefixtures("codes_db")
IN_YEAR = date(2026, 6, 1)


def find(text, on=IN_YEAR, **more):
    with acting_as("provider"):
        return find_icd10(text, on=on, **more)


def codes(text, **more):
    return [hit.code for hit in find(text, **more).hits]


@pytest.mark.parametrize("text", ["E11", "e11", " e11 ", "E11."])
def test_a_beginning_of_a_code_lists_the_codes_in_order(text):
    found = codes(text)
    assert found[:3] == ["E11", "E11.0", "E11.00"]
    assert len(found) == LIMIT


@pytest.mark.parametrize("text", ["E11.9", "E119", "e119"])
def test_a_whole_code_with_or_without_its_point(text):
    found = find(text)
    assert [hit.code for hit in found.hits] == ["E11.9"]
    assert found.hits[0].billable
    assert found.sentences == ()


def test_a_heading_says_that_it_is_one():
    assert not find("E11").hits[0].billable


def test_the_category_with_two_letters():
    assert codes("qa0")[0] == "QA0"


def test_a_code_and_words():
    assert codes("c50 left")
    assert all(code.startswith("C50") for code in codes("c50 left"))
    assert all("left" in hit.description.lower() for hit in find("c50 left").hits)


def test_what_looks_like_a_code_but_is_a_word():
    assert "D51.9" in codes("b12")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("left knee pain", "M25.562"),
        ("pain knee left", "M25.562"),
        ("type 2 diab hypergly", "E11.65"),
        ("high blood pressure", "I10"),
        ("Ménière", "H81.02"),
        ("meniere", "H81.02"),
        ("crohn's", "K50.913"),
        ("crohns", "K50.913"),
        ("chest pain", "R07.9"),
        ("coughs", "R05.1"),
        ("fracture of the femur", "S72.8X2S"),
    ],
)
def test_words_in_any_order_and_beginnings_of_words(text, code):
    assert code in codes(text)


@pytest.mark.parametrize("text", ["asthma", "hypertension"])
def test_billable_before_headings(text):
    billable = [hit.billable for hit in find(text).hits]
    assert billable == sorted(billable, reverse=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [("hypertension", "I10"), ("cough", "R05.9"), ("chest pain", "R07.9"), ("low back pain", "M54.50")],
)
def test_the_general_before_the_special(text, code):
    assert codes(text)[0] == code


@pytest.mark.parametrize(
    ("typed", "meant", "code"),
    [
        ("diabtes", "diabetes", "E23.2"),
        ("hypertenshun", "hypertension", "I1A.0"),
        ("pnuemonia", "pneumonia", "A01.03"),
        ("newmonia", "pneumonia", "A01.03"),
        ("astma", "asthma", "J45.998"),
        ("artritis", "arthritis", "B26.85"),
        ("diarhea", "diarrhea", "K59.1"),
        ("apendicitis", "appendicitis", "K37"),
        ("miocardial infraction", "myocardial infarction", "I25.2"),
        ("anxeity", "anxiety", "F41.1"),
        ("mygraine", "migraine", "G43.D1"),
        ("fractre femur", "fracture femur", "S72.8X2S"),
        ("hart failure", "heart failure", "I50.9"),
    ],
)
def test_misspellings_are_mended_and_it_says_so(typed, meant, code):
    found = find(typed)
    assert found.sentences[0] == f"Showing results for “{meant}”."
    assert code in [hit.code for hit in found.hits]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("heart attack", "I25.2"),
        ("uti", "N39.0"),
        ("copd", "J44.9"),
        ("breast cancer", "C79.81"),
        ("flu", "J11.89"),
    ],
)
def test_what_people_say_finds_what_the_list_says(said, code):
    found = find(said, limit=100)
    assert code in [hit.code for hit in found.hits]
    assert found.sentences[0].startswith("Showing results for")


def test_words_that_nothing_means():
    assert find("zzzzqqxx").hits == ()


def test_too_many_says_to_type_more():
    assert f"More than {CAP} codes fit" in find("fracture").sentences[0]
    assert "codes fit" in find("asthma").sentences[0]


@pytest.mark.parametrize("text", ["a", "7", "-", "'", "&|!:*()", "\0", "the"])
def test_short_and_odd_texts_get_an_answer(text):
    find(text)


def test_one_letter_is_too_little():
    assert find("a").sentences == ("Type at least two letters.",)


def test_nothing_typed_finds_nothing():
    assert find("  ").hits == ()


def test_later_days_say_who_judged_and_earlier_days_that_nothing_can():
    assert find("E11.9", on=date(2026, 10, 1)).sentences == ("Judged by FY2026 April, the newest loaded.",)
    early = find("E11.9", on=date(2025, 9, 30))
    assert (early.hits, early.sentences) == ((), ("No code set is loaded for this date.",))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text):
    assert len(find(text).hits) <= LIMIT


def test_procedures_by_code_and_words_as_of_a_day():
    with acting_as("provider"):
        assert [hit.code for hit in find_procedures("x0014", on=IN_YEAR).hits] == ["X0014"]
        assert "X0014" in [hit.code for hit in find_procedures("critical hour", on=IN_YEAR).hits]
        assert find_procedures("X0065", on=date(2024, 1, 1)).hits
        assert not find_procedures("X0065", on=IN_YEAR).hits
        assert len(find_procedures("", on=IN_YEAR).hits) == LIMIT


def test_cpt_and_hcpcs_come_back_by_format_alone():
    with acting_as("provider"):
        found = find_procedures("99213", on=IN_YEAR)
    assert [(hit.code, hit.description) for hit in found.hits] == [("99213", "CPT")]
    assert "Only the format" in found.sentences[0]
