"""Distances of typed words, and which known word was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.icd10.spelling import distance, nearest


@pytest.mark.parametrize(
    ("typed", "word", "start", "whole"),
    [
        ("asthma", "asthma", 0, 0),
        ("astma", "asthma", 1, 1),
        ("pnuemonia", "pneumonia", 1, 1),
        ("hyper", "hypertension", 0, 7),
        ("ab", "ba", 1, 1),
        ("x", "y", 1, 1),
    ],
)
def test_distance(typed, word, start, whole):
    assert distance(typed, word) == (start, whole)


def test_the_nearest_words_come_by_edits_then_first_letter_then_use():
    assert nearest("hart", [("harm", 5), ("heart", 900), ("hello", 9000)]) == ["heart", "harm"]
    assert nearest("bart", [("cart", 9000), ("barn", 5)]) == ["barn", "cart"]
    assert nearest("bart", [("cart", 9000), ("barn", 5)], most=1) == ["barn"]
    assert nearest("zzzz", [("heart", 900)]) == []
    assert nearest("heart", []) == []


words = st.text(alphabet="abcdef", min_size=1, max_size=8)


@given(words, words)
def test_distance_is_bounded_and_zero_only_for_the_same(typed, word):
    start, whole = distance(typed, word)
    assert 0 <= start <= whole <= max(len(typed), len(word))
    assert (whole == 0) == (typed == word)
    assert (start == 0) == word.startswith(typed)
