from datetime import date

from claimflow.lib.sentences import sentence, us_date


def test_a_sentence_is_english_until_it_is_translated():
    said = sentence("Line {line} is open.", {"line": 3})
    assert str(said) == "Line 3 is open."
    assert said.through({"Line {line} is open.": "La línea {line} está abierta."}.__getitem__) == (
        "La línea 3 está abierta."
    )


def test_values_with_braces_are_only_values():
    assert str(sentence("It says {what}.", {"what": "{line}"})) == "It says {line}."


def test_dates_are_american():
    assert us_date(date(2026, 11, 1)) == "Nov 1, 2026"
