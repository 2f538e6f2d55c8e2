import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.together import LEAST_SHARE, MOST, SMALLEST, Pair, TogetherFacts, count, fit, uses, usual


def facts(*pairs, chosen=()):
    return TogetherFacts(tuple(Pair(*pair) for pair in pairs), frozenset(chosen))


def test_the_surest_stands_first_and_says_in_how_many_of_how_many():
    pairs = [("I10", "85025", 20, 52), ("I10", "99213", 41, 52)]
    first, second = usual(facts(*pairs))
    assert (first.code, first.given, first.together, first.sample) == ("99213", "I10", 41, 52)
    assert first.share == 0.7885
    assert second.code == "85025"


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        (("I10", "99213", SMALLEST, 20), True),
        (("I10", "99213", SMALLEST - 1, SMALLEST - 1), False),
        (("I10", "99213", 20, 100), True),
        (("I10", "99213", 19, 100), False),
    ],
)
def test_small_groups_and_rare_companions_are_left_out(pair, told):
    assert bool(usual(facts(pair))) == told


def test_what_is_chosen_is_not_suggested():
    assert usual(facts(("I10", "99213", 41, 52), chosen={"99213"})) == ()


def test_each_code_once_by_the_one_that_makes_it_surest():
    (only,) = usual(facts(("I10", "99213", 41, 52), ("E119", "99213", 30, 31)))
    assert only.given == "E119"


PAIRS = st.builds(
    Pair,
    st.sampled_from(["I10", "E119"]),
    st.sampled_from(["99213", "85025", "80061", "93000", "J1100", "99214", "99215"]),
    st.integers(0, 400),
    st.integers(400, 500),
)


@given(st.lists(PAIRS, max_size=30).map(tuple), st.frozensets(st.sampled_from(["99213", "85025"])))
def test_never_more_than_five_never_small_never_twice(pairs, chosen):
    found = usual(TogetherFacts(pairs, chosen))
    codes = [pair.code for pair in found]
    assert len(found) <= MOST
    assert len(codes) == len(set(codes))
    assert not set(codes) & chosen
    assert all(pair.together >= SMALLEST and pair.share >= LEAST_SHARE for pair in found)
    assert [pair.share for pair in found] == sorted((pair.share for pair in found), reverse=True)
    assert found == usual(TogetherFacts(pairs[::-1], chosen))


CLAIMS = [({"I10"}, {"99213", "85025"}), ({"I10", "E119"}, {"99213"}), ({"R51"}, {"70450"})]


def test_counting_pairs():
    assert set(count(CLAIMS, ["I10", "E119", "M545"])) == {
        Pair("I10", "99213", 2, 2),
        Pair("I10", "85025", 1, 2),
        Pair("E119", "99213", 1, 1),
    }
    assert count([], ["I10"]) == count(CLAIMS, []) == ()


def test_uses_too_few_to_be_told_are_left_out():
    assert uses([{"I10"}] * 11 + [{"E119"}] * 10) == {"I10": 11}


@pytest.mark.parametrize(
    ("typed", "words", "found", "asked"),
    [
        ("essential hypertension", "Essential (primary) hypertension", 2, 2),
        ("Hypertensive heart, of", "Essential (primary) hypertension", 0, 2),
        ("diabet foot", "Type 2 diabetes mellitus with foot ulcer", 2, 2),
        ("heart attack", "Acute myocardial infarction, unspecified", 0, 2),
        ("", "Fever", 0, 0),
    ],
)
def test_the_words_that_fit_are_the_confidence(typed, words, found, asked):
    fits = fit(typed, words)
    assert (fits.found, fits.asked) == (found, asked)
    assert fits.share == (found / asked if asked else 0)
