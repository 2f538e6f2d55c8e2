"""Forms that draw themselves with the parts of templates/parts/, and the fields that every app needs.

A page writes ``{{ form }}`` or ``{{ form.name.as_field_group }}``; label, hint, error, ``aria-describedby``
and ``aria-invalid`` follow. docs/interface.md shows the syntax.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.renderers import TemplatesSetting
from django.forms.utils import pretty_name
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimflow.lib import dates, kept, money

Words = str | Promise

_WIDE = (forms.EmailInput, forms.URLInput, forms.Textarea, forms.ClearableFileInput)
_SHORT = (forms.NumberInput, forms.TimeInput)


class PlainBoundField(BoundField):
    """One field of a form as the part ``parts/_field.html`` needs it."""

    @property
    def kind(self) -> str:
        """Which branch of the part draws it: text, select, textarea, checkbox, choices, boxes or file."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choices"
        if isinstance(widget, forms.MultiWidget):
            return "boxes"
        if isinstance(widget, forms.Select):
            return "select"
        if isinstance(widget, forms.FileInput):
            return "file"
        return "textarea" if isinstance(widget, forms.Textarea) else "text"

    @property
    def size(self) -> str:
        """xs, s, m, l or xl: the width of the box tells the length of the answer."""
        sizes: Mapping[str, str] = getattr(self.form, "sizes", {})
        if self.name in sizes:
            return sizes[self.name]
        widget = self.field.widget
        if own := getattr(self.field, "size", ""):
            return str(own)
        if isinstance(widget, _SHORT):
            return "s"
        return "l" if isinstance(widget, _WIDE) else "m"

    @property
    def optional(self) -> bool:
        """True if the label should say so: not for a lone checkbox, never in a filter bar, and not for what the
        form's ``needed`` names although the field itself lets it be empty (drafts)."""
        return (
            not self.field.required
            and self.kind != "checkbox"
            and getattr(self.form, "says_optional", True)
            and self.name not in getattr(self.form, "needed", ())
        )

    @property
    def target(self) -> str:
        """The id of the first thing in the field that can take the focus."""
        return f"{self.auto_id}_0" if self.kind in {"choices", "boxes"} else str(self.auto_id)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        classes = {
            "select": "usa-select",
            "textarea": "usa-textarea",
            "text": "usa-input",
            "boxes": "usa-input",
        }
        own = str((widget or self.field.widget).attrs.get("class", ""))
        joined = " ".join(filter(None, (classes.get(self.kind, ""), own, str(built.get("class", "")))))
        return {**built, "class": joined} if joined else built


class PlainRenderer(TemplatesSetting):
    form_template_name = "parts/_form.html"
    field_template_name = "parts/_field.html"
    bound_field_class = PlainBoundField


_DJANGO_REQUIRED = forms.Field.default_error_messages["required"]
_PLAIN_WORDS = {
    "min_length": gettext_lazy("Write at least %(limit_value)d characters; there are %(show_value)d."),
    "max_length": gettext_lazy("Use at most %(limit_value)d characters; there are %(show_value)d."),
    "min_value": gettext_lazy("Enter %(limit_value)s or more."),
    "max_value": gettext_lazy("Enter %(limit_value)s or less."),
}
_CHOICE = gettext_lazy("Choose one of the answers offered.")


def _speak_plainly(field: forms.Field, name: str) -> None:
    """Give a field our words where it still has Django's; what a form says itself stands."""
    words = field.error_messages
    if words.get("required") == _DJANGO_REQUIRED:
        words["required"] = _missing(field, str(field.label or name))
    for code, message in _PLAIN_WORDS.items():
        words.setdefault(code, message)
    if isinstance(field, forms.EmailField):
        words.setdefault("invalid", _("Enter an e-mail address such as name@example.com."))
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
        words["invalid_choice"] = _CHOICE


def _missing(field: forms.Field, label: str) -> str:
    """What to say at an empty field, for example: Enter the member ID. Choose the payer."""
    if isinstance(field.widget, forms.CheckboxInput):
        return _("Check this box to go on.")
    chooses = isinstance(field.widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple)
    if label.endswith("?"):
        return _("Choose an answer.") if chooses else _("Enter an answer.")
    # "Member ID" becomes "member ID", but "NPI" stays "NPI".
    lowered = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    if lowered.startswith(("your ", "the ", "a ", "an ", "new ")):
        sentence = _("Choose %(what)s.") if chooses else _("Enter %(what)s.")
    else:
        sentence = _("Choose the %(what)s.") if chooses else _("Enter the %(what)s.")
    return sentence % {"what": lowered}


_NEVER_KEPT = (forms.FileInput, forms.PasswordInput)


class PutsBack:
    """A form that shows again what was typed when its page is asked for to go on (claimflow/lib/kept.py): as first
    values of an unbound form, so that nothing is judged before somebody sends it."""

    fields: dict[str, forms.Field]
    is_bound: bool
    put_back: QueryDict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = kept.current()
        if found is not None and not self.is_bound and self._is_mine(found.fields):
            self.put_back = found.take()

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if self.put_back is not None and not field.disabled and not isinstance(field.widget, _NEVER_KEPT):
            return field.widget.value_from_datadict(self.put_back, MultiValueDict(), self._name(field_name))
        return super().get_initial_for_field(field, field_name)  # type: ignore[misc]  # a form stands behind

    def _is_mine(self, data: QueryDict) -> bool:
        """Whether these are the names that this form sends: every one that a browser never leaves out."""
        names = {
            self._name(name): field.widget
            for name, field in self.fields.items()
            if not field.disabled and not isinstance(field.widget, (*_NEVER_KEPT, forms.RadioSelect))
        }
        omitted = [
            name
            for name, widget in names.items()
            if widget.value_omitted_from_data(data, MultiValueDict(), name)
        ]
        return not omitted and any(
            name in data or isinstance(widget, forms.MultiWidget) for name, widget in names.items()
        )

    def _name(self, field_name: str) -> str:
        return str(self.add_prefix(field_name))  # type: ignore[attr-defined]  # a form stands behind


class _Plain(PutsBack):
    """What a plain form and a plain model form have in common."""

    default_renderer: Any = PlainRenderer
    # The browser's own bubbles come one at a time, cannot be styled, and stop a draft from being saved.
    use_required_attribute = False
    sizes: ClassVar[Mapping[str, str]] = {}
    says_optional: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _speak_plainly(field, pretty_name(name))


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class PlainForm(_Plain, forms.Form):
    """A Django form drawn with our parts. ``sizes`` gives the width of a field by name."""


class PlainModelForm(_Plain, _ModelForm):
    """The same for a form of one model."""


class FilterForm(PlainForm):
    """A form in a filter bar: nothing is required and no label says "optional"."""

    says_optional: ClassVar[bool] = False


@dataclass(frozen=True)
class ErrorLink:
    """One line of an error summary; ``target`` is the id of an input, empty for errors of the whole form."""

    target: str
    message: str


def error_links(
    *forms_or_sets: forms.BaseForm | BaseFormSet[Any], extra: Iterable[tuple[str, Words]] = ()
) -> list[ErrorLink]:
    """The errors of forms and formsets in the order of the page, for ``parts/_error_summary.html``.

    A formset with an attribute ``legend`` ("Service line") puts "Service line 2: " before the words of its
    forms.
    """
    links: list[ErrorLink] = []
    for item in forms_or_sets:
        if isinstance(item, BaseFormSet):
            links += [ErrorLink("", str(error)) for error in item.non_form_errors()]
            legend = getattr(item, "legend", "")
            for number, form in enumerate(item.forms, start=1):
                place = f"{legend} {number}: " if legend else ""
                links += _links_of(form, place)
        else:
            links += _links_of(item, "")
    return links + [ErrorLink(target, str(message)) for target, message in extra]


def with_pressed_line(data: QueryDict, prefix: str) -> QueryDict | None:
    """What was posted, with one line more or less if "Add line" or "Remove" of that formset was pressed.

    The buttons are ``add_PREFIX`` and ``remove_PREFIX`` (value: the index) of ``parts/_lines.html``; they
    reach the server only without JavaScript. None when neither was pressed or the counts make no sense;
    nothing is validated.
    """
    total, removed = _number(data.get(f"{prefix}-TOTAL_FORMS")), _number(data.get(f"remove_{prefix}"))
    if total is None or not (f"add_{prefix}" in data or (removed is not None and removed < total)):
        return None
    changed = data.copy()
    if f"add_{prefix}" in data:
        changed[f"{prefix}-TOTAL_FORMS"] = str(total + 1)
        return changed
    line = re.compile(rf"{re.escape(prefix)}-(\d{{1,4}})-(.+)", re.ASCII)
    for key in data:
        if match := line.fullmatch(key):
            del changed[key]
    for key, values in data.lists():
        match = line.fullmatch(key)
        if match and int(match[1]) != removed:
            index = int(match[1]) - (removed is not None and int(match[1]) > removed)
            changed.setlist(f"{prefix}-{index}-{match[2]}", values)
    changed[f"{prefix}-TOTAL_FORMS"] = str(total - 1)
    return changed


def _number(text: Any) -> int | None:
    """A small whole number as browsers send it, else None."""
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,4}", text) else None


def _links_of(form: forms.BaseForm, place: str) -> list[ErrorLink]:
    if not form.is_bound:
        return []
    links = [ErrorLink("", f"{place}{error}") for error in form.non_field_errors()]
    for field in form:
        target = field.target if isinstance(field, PlainBoundField) else str(field.auto_id)
        links += [ErrorLink(target, f"{place}{error}") for error in field.errors]
    return links


# --- Money -------------------------------------------------------------------------------------------------


class MoneyField(forms.Field):
    """US dollars as a Decimal with two places; comma and point are both understood (claimflow.lib.money)."""

    size = "s"

    def __init__(
        self, *, min_value: Decimal = money.ZERO, max_value: Decimal = money.MAX_AMOUNT, **options: Any
    ) -> None:
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        )
        super().__init__(**options)
        self.min_value, self.max_value = min_value, max_value

    def prepare_value(self, value: Any) -> Any:
        return money.format_money(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return money.parse_money(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.min_value:
            smallest = money.dollars(self.min_value)
            raise ValidationError(
                _("Enter an amount of at least %(smallest)s.") % {"smallest": smallest}, code="min_value"
            )
        if value > self.max_value:
            largest = money.dollars(self.max_value)
            raise ValidationError(
                _("Enter an amount of at most %(largest)s.") % {"largest": largest}, code="max_value"
            )


# --- Dates -------------------------------------------------------------------------------------------------


class DateBox(forms.TextInput):
    """A text box that static/claimflow/dates.js gives a picker; ``data-today`` is the page's today."""

    today: Callable[[], date] = staticmethod(timezone.localdate)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        own = {"data-date": "", "data-today": self.today().isoformat(), "autocomplete": "off"}
        context["widget"]["attrs"] = {**own, **context["widget"]["attrs"]}
        return context


class ServiceDateField(forms.Field):
    """A date typed as people do: today, yesterday, 11/21, 11212026, 2026-11-21 (claimflow.lib.dates).

    ``today`` gives the day that counts for the page, by default that of the active zone.
    """

    size = "s"
    widget = DateBox

    def __init__(self, *, today: Callable[[], date] = timezone.localdate, **options: Any) -> None:
        super().__init__(**options)
        self.today = today
        if isinstance(self.widget, DateBox):
            self.widget.today = today

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%m/%d/%Y") if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, date):
            return value
        try:
            return dates.read_date(str(value), today=self.today())
        except dates.NoSuchDay as error:
            raise ValidationError(
                _("The calendar has no %(day)s. Check the day and the month.") % {"day": error},
                code="no_such_day",
            ) from error
        except dates.NotADate as error:
            raise ValidationError(
                _("Enter a date such as 11/21/2026, 11/21 or today."), code="invalid"
            ) from error


class MemorableDate(forms.MultiWidget):
    """Month, day and year in three boxes (``parts/_memorable_date.html``)."""

    template_name = "parts/_memorable_date.html"
    use_fieldset = True
    PARTS = (
        ("month", gettext_lazy("Month"), 2),
        ("day", gettext_lazy("Day"), 2),
        ("year", gettext_lazy("Year"), 4),
    )

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput(
                attrs={"inputmode": "numeric", "maxlength": 9 if name == "month" else length}
            )
            for name, _label, length in self.PARTS
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, date):
            return [str(value.month), str(value.day), str(value.year)]
        return ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for box, (part, label, length) in zip(context["widget"]["subwidgets"], self.PARTS, strict=True):
            box.update(part=part, label=label, length=length)
            box["attrs"]["autocomplete"] = "off"
        return context


class MemorableDateField(forms.Field):
    """A date known by heart, such as a date of birth: in the past and less than ``max_age`` years ago."""

    widget = MemorableDate

    def __init__(
        self, *, max_age: int = 120, today: Callable[[], date] = timezone.localdate, **options: Any
    ) -> None:
        super().__init__(**options)
        self.max_age, self.today = max_age, today

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or not value:
            return value or None
        month, day, year = (str(part or "").strip() for part in value)
        if not (month or day or year):
            return None
        missing = [name for name, text in zip(self._names(), (month, day, year), strict=True) if not text]
        if missing:
            raise ValidationError(
                _("%(field)s must also have: %(missing)s.")
                % {"field": self.label or _("The date"), "missing": ", ".join(missing)},
                code="incomplete",
            )
        return self._read(month, day, year)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        today = self.today()
        if value > today:
            raise ValidationError(
                _("%(field)s must be in the past.") % {"field": self.label or _("The date")}, code="future"
            )
        if (today.year - value.year) - ((today.month, today.day) < (value.month, value.day)) >= self.max_age:
            raise ValidationError(
                _("%(field)s must be less than %(years)s years ago. Check the year.")
                % {"field": self.label or _("The date"), "years": self.max_age},
                code="too_old",
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    @staticmethod
    def _names() -> tuple[str, str, str]:
        return _("month"), _("day"), _("year")

    def _read(self, month: str, day: str, year: str) -> date:
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise ValidationError(_("Enter the year with four digits, for example 1965."), code="year")
        number = dates.month_number(month)
        if number is None:
            raise ValidationError(_("Enter the month as a number from 1 to 12."), code="month")
        try:
            return date(int(year), number, int(day) if day.isascii() else 0)
        except (ValueError, OverflowError) as error:
            raise ValidationError(
                _("The calendar has no %(day)s. Check the day and the month.")
                % {"day": f"{number:02d}/{day}/{year}"},
                code="no_such_day",
            ) from error


# --- Combo box ---------------------------------------------------------------------------------------------


class ComboInput(forms.TextInput):
    """A text box that offers answers from ``url`` while one types (static/claimflow/combo.js).

    ``sends`` names inputs whose value goes along: ``{"on": "served_on"}`` adds ``&on=`` with the value of the
    field ``served_on`` of the same form. With ``several`` the box holds several codes: the last one is asked about
    and replaced, and the down arrow in an empty box opens the list.
    """

    template_name = "parts/widgets/combo.html"
    note: str = ""
    """The words of the code that is in the box, if the page knows them."""

    def __init__(
        self,
        url: Words = "",
        sends: Mapping[str, str] | None = None,
        attrs: dict[str, Any] | None = None,
        *,
        several: bool = False,
    ) -> None:
        super().__init__(attrs)
        self.url, self.sends, self.several = url, dict(sends or {}), several

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        stem = name[: name.rfind("-") + 1]
        along = " ".join(f"id_{stem}{field}:{key}" for key, field in self.sends.items())
        context["widget"]["note"] = self.note
        own = {"data-url": str(self.url), "data-combo": "", "autocomplete": "off", "spellcheck": "false"}
        context["widget"]["attrs"] = {
            **own,
            **({"data-with": along} if along else {}),
            **({"data-combo-several": ""} if self.several else {}),
            **context["widget"]["attrs"],
        }
        return context


class ComboField(forms.CharField):
    """Text with answers offered while one types. What was typed arrives; the form decides what it means."""

    def __init__(
        self, *, url: Words, sends: Mapping[str, str] | None = None, several: bool = False, **options: Any
    ) -> None:
        options.setdefault("widget", ComboInput(url, sends, several=several))
        super().__init__(**options)
