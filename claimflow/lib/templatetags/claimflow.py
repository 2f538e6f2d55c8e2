"""Filters and tags of every page: ``{% load claimflow %}``. A missing value gives a dash, never an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms.formsets import BaseFormSet
from django.template.defaulttags import querystring
from django.templatetags.static import static
from django.templatetags.tz import do_timezone
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claimflow.lib.forms import ErrorLink, error_links
from claimflow.lib.money import dollars as in_dollars
from claimflow.lib.money import format_money

register = template.Library()


@dataclass(frozen=True)
class Look:
    """How a word with a meaning is drawn: the word, an icon beside it, and one of the tones of tokens.css."""

    label: str | Promise
    icon: str
    tone: str


STATES = {
    "draft": Look(gettext_lazy("Draft"), "edit", "neutral"),
    "submitted": Look(gettext_lazy("Submitted"), "send", "neutral"),
    "rejected": Look(gettext_lazy("Rejected"), "error_outline", "urgent"),
    "received": Look(gettext_lazy("Received"), "schedule", "neutral"),
    "in_review": Look(gettext_lazy("In review"), "visibility", "accent"),
    "pended": Look(gettext_lazy("Pended"), "hourglass_empty", "warning"),
    "awaiting_second": Look(gettext_lazy("Second look"), "people", "accent"),
    "approved": Look(gettext_lazy("Approved"), "check_circle", "good"),
    "partially_approved": Look(gettext_lazy("Partly approved"), "check", "good"),
    "denied": Look(gettext_lazy("Denied"), "cancel", "urgent"),
    "remitted": Look(gettext_lazy("Remitted"), "verified_user", "good"),
    "under_appeal": Look(gettext_lazy("Under appeal"), "flag", "warning"),
    "voided": Look(gettext_lazy("Voided"), "do_not_disturb", "neutral"),
    "replaced": Look(gettext_lazy("Replaced"), "autorenew", "neutral"),
}
PRIORITIES = {
    "urgent": gettext_lazy("Urgent"),
    "standard": gettext_lazy("Standard"),
    "routine": gettext_lazy("Routine"),
}
SEVERITIES = {
    "block": Look(gettext_lazy("Must be fixed"), "error", "urgent"),
    "warn": Look(gettext_lazy("Check"), "warning", "warning"),
    "info": Look(gettext_lazy("Note"), "info", "neutral"),
}
LEVELS = {
    "debug": Look(gettext_lazy("Note"), "info", "neutral"),
    "info": Look(gettext_lazy("Note"), "info", "neutral"),
    "success": Look(gettext_lazy("Done"), "check_circle", "good"),
    "warning": Look(gettext_lazy("Warning"), "warning", "warning"),
    "error": Look(gettext_lazy("Error"), "error", "urgent"),
}


# --- Money and numbers -------------------------------------------------------------------------------------


def _nothing() -> SafeString:
    return format_html('<span aria-hidden="true">—</span><span class="usa-sr-only">{}</span>', _("none"))


@register.filter
def dash(value: object) -> object:
    """The value itself, or a dash (read as "none") for None and empty text."""
    return _nothing() if value is None or value == "" else value


@register.filter
def money(amount: Decimal | None) -> str:
    """``1,234.50``; a dash for None."""
    return format_money(amount) if isinstance(amount, Decimal) else _nothing()


@register.filter
def dollars(amount: Decimal | None) -> str:
    """``$1,234.50``; a dash for None."""
    return in_dollars(amount) if isinstance(amount, Decimal) else _nothing()


@register.filter
def letter(index: int) -> str:
    """``A`` for 0: how diagnoses are named on a claim."""
    return chr(ord("A") + index) if 0 <= index < 26 else str(index + 1)


@register.filter
def polyline(points: Sequence[float]) -> str:
    """Numbers as the ``points`` of an SVG line in a box of 120 by 32 units, zero at the foot."""
    values = [float(point) for point in points]
    if len(values) < 2:
        return ""
    top = max(values) or 1.0
    step = 120 / (len(values) - 1)
    return " ".join(f"{index * step:.1f},{30 - 28 * value / top:.1f}" for index, value in enumerate(values))


# --- Dates -------------------------------------------------------------------------------------------------


@register.filter(expects_localtime=True)
def short_date(value: date | datetime | None) -> str:
    """``Nov 21, 2026``; a datetime is first brought into the active zone."""
    return format_date(value, "M j, Y") if isinstance(value, date) else _nothing()


@register.filter(expects_localtime=True)
def date_time(value: date | datetime | None) -> str:
    """``Nov 21, 2026, 2:20 PM EST``; of a plain date the date alone."""
    if isinstance(value, datetime):
        return format_date(value, "M j, Y, g:i A T" if timezone.is_aware(value) else "M j, Y, g:i A")
    return short_date(value)


@register.filter(expects_localtime=True)
def machine_date(value: date | datetime | None) -> str:
    """ISO 8601, for the ``datetime`` attribute."""
    return value.isoformat() if isinstance(value, date) else ""


@register.filter
def in_zone(value: datetime | None, zone: str) -> datetime | None:
    """The same instant in a named zone ("America/Denver"); a plain date stays what it is."""
    if not isinstance(value, datetime) or not zone:
        return value
    return do_timezone(value, zone) or value


@register.filter
def age(value: date | datetime | None) -> str:
    """How long ago in one unit: ``12m``, ``3h``, ``1d``."""
    if not isinstance(value, date):
        return _nothing()
    if not isinstance(value, datetime):
        return _("%(count)sd") % {"count": max((timezone.localdate() - value).days, 0)}
    return _brief(timezone.now() - value)


def _brief(span: timedelta) -> str:
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return _("%(count)sm") % {"count": minutes}
    if minutes < 24 * 60:
        return _("%(count)sh") % {"count": minutes // 60}
    return _("%(count)sd") % {"count": minutes // (24 * 60)}


def _days_left(value: date | datetime) -> int:
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return (day - timezone.localdate()).days


def _late(value: date | datetime) -> bool:
    return value < timezone.now() if isinstance(value, datetime) else value < timezone.localdate()


@register.filter
def due(value: date | datetime | None) -> str:
    """``today``, ``in 2d``, ``overdue 2d``; days are those of the active zone."""
    if not isinstance(value, date):
        return _nothing()
    days = _days_left(value)
    if _late(value):
        late = (
            _brief(timezone.now() - value)
            if isinstance(value, datetime)
            else _("%(count)sd") % {"count": -days}
        )
        return _("overdue %(span)s") % {"span": late}
    return _("today") if days == 0 else _("in %(count)sd") % {"count": days}


@register.filter
def due_tone(value: date | datetime | None) -> str:
    """``urgent`` when overdue, ``warning`` today and tomorrow, else ``neutral``."""
    if not isinstance(value, date):
        return "neutral"
    if _late(value):
        return "urgent"
    return "warning" if _days_left(value) <= 1 else "neutral"


# --- Words with a meaning ----------------------------------------------------------------------------------


@register.filter
def state_look(state: str) -> Look:
    """The look of a claim's state; an unknown one is shown as it is."""
    return STATES.get(state, Look(str(state).replace("_", " ").capitalize(), "info_outline", "neutral"))


@register.filter
def severity_look(severity: str) -> Look:
    """The look of a finding's severity (block, warn, info)."""
    return SEVERITIES.get(severity, SEVERITIES["info"])


@register.filter
def level_look(level: str) -> Look:
    """The look of a message level of Django."""
    return LEVELS.get((level or "info").split()[-1], LEVELS["info"])


@register.filter
def priority_label(priority: str) -> str:
    return str(PRIORITIES.get(priority, priority))


@register.filter
def turn_label(turn: str, side: str) -> str:
    """Whose move it is, seen from one side (provider or payer)."""
    if turn not in {"provider", "payer"}:
        return _("Nobody's turn")
    if turn == side:
        return _("Your turn")
    return _("Provider's turn") if turn == "provider" else _("Payer's turn")


# --- Tags --------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of static/claimflow/icons.svg. It is hidden from screen readers unless it has a label."""
    spoken = format_html(' role="img" aria-label="{}"', label) if label else SafeString(' aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" focusable="false"{}><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "",
        spoken,
        static("claimflow/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def query(context: template.RequestContext, **changes: Any) -> str:
    """The current query string, values changed or (None) removed: ``?a=b``; ``?`` when empty."""
    return querystring(context, **changes)


@register.simple_tag
def summary_links(
    form: forms.BaseForm | str = "",
    forms_: Sequence[forms.BaseForm | BaseFormSet[Any]] | str = "",
    errors: Sequence[ErrorLink] | str = "",
) -> list[ErrorLink]:
    """The lines of an error summary from whichever of the three the page gave; the others are empty text."""
    if errors and not isinstance(errors, str):
        return list(errors)
    given = list(forms_) if forms_ and not isinstance(forms_, str) else [form]
    return error_links(*(item for item in given if not isinstance(item, str)))


@register.simple_tag
def error_count(links: Sequence[ErrorLink]) -> str:
    return ngettext("There is %(count)s problem", "There are %(count)s problems", len(links)) % {
        "count": len(links)
    }
