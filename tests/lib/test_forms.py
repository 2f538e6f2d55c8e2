"""Fields give domain types, keep what was typed and speak plainly; what is drawn names its hint and error."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from claimflow.lib.forms import (
    ComboField,
    ErrorLink,
    FilterForm,
    MemorableDateField,
    MoneyField,
    PlainForm,
    ServiceDateField,
    error_links,
    with_pressed_line,
)

TODAY = date(2026, 11, 21)


def today() -> date:
    return TODAY


class ClaimForm(PlainForm):
    member_id = forms.CharField(label="Member ID", help_text="As on the card.", max_length=5)
    npi = forms.CharField(label="NPI", required=False)
    payer = forms.ChoiceField(label="Payer", choices=[("a", "Acme")])
    turn = forms.ChoiceField(label="What now?", widget=forms.RadioSelect, choices=[("s", "Send")])
    born_on = MemorableDateField(label="Date of birth", today=today)
    served_on = ServiceDateField(label="Service date", today=today)
    charge = MoneyField(label="Charge")
    procedure = ComboField(label="Procedure", url="/codes/", sends={"on": "served_on"}, required=False)
    agreed = forms.BooleanField(label="Checked")
    sizes = {"npi": "s"}


GOOD = {
    "member_id": "AB123",
    "payer": "a",
    "turn": "s",
    "born_on_month": "4",
    "born_on_day": "27",
    "born_on_year": "1965",
    "served_on": "yesterday",
    "charge": "1234,50",
    "agreed": "on",
}


def filled(**changes: str) -> ClaimForm:
    return ClaimForm({**GOOD, **changes})


# --- Values ------------------------------------------------------------------------------------------------


def test_fields_give_domain_types() -> None:
    form = filled()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born_on"] == date(1965, 4, 27)
    assert form.cleaned_data["served_on"] == date(2026, 11, 20)
    assert form.cleaned_data["charge"] == Decimal("1234.50")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"charge": ""}, "charge", "Enter the charge."),
        ({"charge": "12,3,4"}, "charge", "The commas and points do not fit together."),
        ({"charge": "-5"}, "charge", "Enter an amount of at least $0.00."),
        ({"charge": "100000000"}, "charge", "The amount is too large."),
        ({"member_id": ""}, "member_id", "Enter the member ID."),
        ({"member_id": "ABCDEF"}, "member_id", "Use at most 5 characters; there are 6."),
        ({"payer": ""}, "payer", "Choose the payer."),
        ({"payer": "z"}, "payer", "Choose one of the answers offered."),
        ({"turn": ""}, "turn", "Choose an answer."),
        ({"agreed": ""}, "agreed", "Check this box to go on."),
        ({"served_on": "soon"}, "served_on", "Enter a date such as 11/21/2026, 11/21 or today."),
        ({"served_on": "2/30/2026"}, "served_on", "The calendar has no 02/30/2026."),
        ({"born_on_month": "", "born_on_day": "", "born_on_year": ""}, "born_on", "Enter the date of birth."),
        ({"born_on_year": ""}, "born_on", "Date of birth must also have: year."),
        ({"born_on_month": "", "born_on_day": ""}, "born_on", "Date of birth must also have: month, day."),
        ({"born_on_year": "65"}, "born_on", "Enter the year with four digits"),
        ({"born_on_month": "13"}, "born_on", "Enter the month as a number from 1 to 12."),
        ({"born_on_day": "31"}, "born_on", "The calendar has no 04/31/1965."),
        ({"born_on_day": "x"}, "born_on", "The calendar has no 04/x/1965."),
        ({"born_on_year": "2027"}, "born_on", "Date of birth must be in the past."),
        ({"born_on_year": "1906"}, "born_on", "Date of birth must be less than 120 years ago."),
    ],
)
def test_words_of_errors(changes: dict[str, str], field: str, message: str) -> None:
    form = filled(**changes)
    assert not form.is_valid()
    assert message in form.errors[field][0]
    assert set(form.errors) == {field}


def test_month_may_be_a_word() -> None:
    form = filled(born_on_month="Apr")
    assert form.is_valid()
    assert form.cleaned_data["born_on"] == date(1965, 4, 27)


def test_oldest_birthday_that_passes() -> None:
    field = MemorableDateField(today=today)
    assert field.clean(["11", "22", "1906"]) == date(1906, 11, 22)
    with pytest.raises(ValidationError):
        field.clean(["11", "21", "1906"])


def test_own_words_of_a_field_stand() -> None:
    class Form(PlainForm):
        name = forms.CharField(error_messages={"required": "Say who it is."})

    assert Form({}).errors["name"] == ["Say who it is."]


@pytest.mark.parametrize(
    ("label", "message"),
    [("Your password", "Enter your password."), ("NPI", "Enter the NPI."), (None, "Enter the name.")],
)
def test_missing_is_said_as_people_say_it(label: str | None, message: str) -> None:
    class Form(PlainForm):
        name = forms.CharField(label=label)

    assert Form({}).errors["name"] == [message]


# --- Drawing -----------------------------------------------------------------------------------------------


def test_hint_and_error_are_named_by_the_field() -> None:
    html = str(filled(member_id="")["member_id"].as_field_group())
    assert 'aria-describedby="id_member_id_helptext id_member_id_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_member_id_helptext"' in html
    assert 'id="id_member_id_error"' in html
    assert 'class="usa-input"' in html


def test_what_was_typed_is_kept() -> None:
    form = filled(charge="1,2.3", served_on="soon", born_on_month="13", born_on_year="65")
    html = str(form)
    for typed in ("1,2.3", "soon", 'value="13"', 'value="65"'):
        assert typed in html


def test_stored_values_are_shown_as_people_write_them() -> None:
    html = str(
        ClaimForm(
            initial={
                "charge": Decimal("1234.50"),
                "served_on": date(2026, 1, 5),
                "born_on": date(1965, 4, 27),
            }
        )
    )
    for shown in ('value="1,234.50"', 'value="01/05/2026"', 'value="4"', 'value="1965"'):
        assert shown in html


def test_unchanged_values_are_not_changes() -> None:
    form = ClaimForm(GOOD, initial={"born_on": date(1965, 4, 27), "charge": Decimal("1234.50")})
    form.is_valid()
    assert "born_on" not in form.changed_data


def test_optional_is_said_and_required_is_not() -> None:
    form = ClaimForm()
    assert "(optional)" in str(form["npi"].as_field_group())
    assert "(optional)" not in str(form["member_id"].as_field_group())
    assert "required" not in str(form["member_id"])


def test_filters_do_not_say_optional() -> None:
    class Filter(FilterForm):
        q = forms.CharField(required=False)

    assert "(optional)" not in str(Filter()["q"].as_field_group())


def test_size_tells_the_length() -> None:
    form = ClaimForm()
    assert "field-s" in str(form["npi"].as_field_group())
    assert "field-s" in str(form["charge"].as_field_group())
    assert "field-m" in str(form["member_id"].as_field_group())


def test_combo_for_several_codes_says_so() -> None:
    class Remarks(PlainForm):
        one = ComboField(url="/codes/")
        many = ComboField(url="/codes/", several=True)

    assert "data-combo-several" not in str(Remarks()["one"])
    assert "data-combo-several" in str(Remarks()["many"])


def test_combo_sends_the_other_field_of_its_own_line() -> None:
    form = ClaimForm(prefix="line-3")
    html = str(form["procedure"])
    assert 'data-url="/codes/"' in html
    assert 'data-with="id_line-3-served_on:on"' in html


def test_values_are_escaped() -> None:
    html = str(filled(member_id='"><b>'))
    assert "<b>" not in html


# --- Error summary -----------------------------------------------------------------------------------------


def test_links_lead_to_the_first_box() -> None:
    form = filled(born_on_year="", turn="", member_id="")
    form.is_valid()
    assert [link.target for link in error_links(form)] == ["id_member_id", "id_turn_0", "id_born_on_0"]


def test_links_of_lines_say_which_line() -> None:
    class Line(PlainForm):
        charge = MoneyField(label="Charge")

    lines = forms.formset_factory(Line, extra=0)(
        MultiValueDict(
            {
                "form-TOTAL_FORMS": ["2"],
                "form-INITIAL_FORMS": ["2"],
                "form-0-charge": ["1"],
                "form-1-charge": [""],
            }
        )
    )
    lines.legend = "Service line"  # type: ignore[attr-defined]
    assert error_links(lines, extra=[("id_x", "Say why.")]) == [
        ErrorLink("id_form-1-charge", "Service line 2: Enter the charge."),
        ErrorLink("id_x", "Say why."),
    ]


def test_unbound_forms_have_no_links() -> None:
    assert error_links(ClaimForm()) == []


def test_errors_of_the_whole_form_have_no_target() -> None:
    form = filled()
    form.is_valid()
    form.add_error(None, "The claim was sent already.")
    assert error_links(form) == [ErrorLink("", "The claim was sent already.")]


# --- Lines without JavaScript ------------------------------------------------------------------------------


POSTED = (
    "line-TOTAL_FORMS=3&line-INITIAL_FORMS=0"
    "&line-0-code=A&line-1-code=B&line-2-code=C&line-2-mod=1&line-2-mod=2"
)


def test_line_is_added() -> None:
    changed = with_pressed_line(QueryDict(POSTED + "&add_line=1"), "line")
    assert changed is not None
    assert changed["line-TOTAL_FORMS"] == "4"
    assert changed["line-2-code"] == "C"


def test_line_is_removed_and_later_ones_move_up() -> None:
    changed = with_pressed_line(QueryDict(POSTED + "&remove_line=1&other-1-code=X"), "line")
    assert changed is not None
    assert changed["line-TOTAL_FORMS"] == "2"
    assert [changed["line-0-code"], changed["line-1-code"]] == ["A", "C"]
    assert changed.getlist("line-1-mod") == ["1", "2"]
    assert "line-2-code" not in changed
    assert changed["other-1-code"] == "X"


@pytest.mark.parametrize("pressed", ["", "&remove_line=3", "&remove_line=x", "&remove_line=", "&add_other=1"])
def test_nothing_pressed(pressed: str) -> None:
    assert with_pressed_line(QueryDict(POSTED + pressed), "line") is None


def test_nonsense_counts_are_left_to_the_formset() -> None:
    assert with_pressed_line(QueryDict("line-TOTAL_FORMS=-1&add_line=1"), "line") is None
