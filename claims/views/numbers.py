"""How good the suggestions are, what they took and what they cost: one page, every number a link to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.policies import user_of
from claimflow.lib.money import dollars
from claimflow.lib.templatetags.claimflow import PRIORITIES
from claims import policies
from claims.forms.numbers import JUDGED, SPANS, SpanForm, everything
from intelligence import numbers as counting
from intelligence.actions.answering import answering_unapproved
from intelligence.enums import Priority, SpendingPeriod, Verdict
from intelligence.models import ModelVersion, RemoteBudget, RemoteSpending
from intelligence.numbers import SMALLEST, By, Entries, Period
from intelligence.policies import can_manage_versions

PLOT = 100
"""Units of the confidence chart's sides."""


# --- The page -----------------------------------------------------------------------------------------------


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    policies.require_numbers(user)
    form = SpanForm(request.GET)
    period = form.period(user)
    entries, every = counting.suggested(user, period), everything(user, period)
    days = counting.by_day(every, period)
    rows, budgets = Rows(form.span), _budgets(user, period)
    # One payer's budget is what a day's cost is held against; several are not added up.
    daily = budgets[0].budget.daily if len(budgets) == 1 else None
    made = sum(day.made for day in days)
    return render(
        request,
        "claims/numbers.html",
        {
            "period": period,
            "tabs": _tabs(form.span),
            "made": made,
            "smallest": SMALLEST,
            "stats": _stats(entries, days, rows),
            "rates": _rates(entries, rows),
            "confusion": _confusion(entries, rows),
            "answers": [PRIORITIES[priority] for priority in Priority],
            "buckets": _buckets(entries, rows),
            "latency": [
                (each, rows(model=each.model, version=each.version)) for each in counting.latency(every)
            ],
            "trends": _trends(days, daily),
            "days": [ShownDay.of(day, rows, daily) for day in reversed(days) if day.made],
            "daily": daily,
            "budgets": budgets,
            "versions": _versions(),
            "unapproved": answering_unapproved(),
            "versions_url": reverse("admin:intelligence_modelversion_changelist")
            if can_manage_versions(user)
            else "",
        },
    )


class Rows:
    """Addresses of the rows behind a number of this page."""

    def __init__(self, span: int) -> None:
        self.span = span

    def __call__(self, **group: Any) -> str:
        named = {name: value for name, value in group.items() if value not in (None, "")}
        return f"{reverse('payer:suggestions')}?{urlencode({'days': self.span, **named})}"


def _tabs(span: int) -> list[dict[str, Any]]:
    address = reverse("payer:numbers")
    return [
        {
            "label": _("%(days)d days") % {"days": days},
            "url": f"{address}?days={days}",
            "current": days == span,
        }
        for days in SPANS
    ]


def _stats(entries: Entries, days: list[counting.Day], rows: Rows) -> list[dict[str, Any]]:
    total = counting.overall(entries)
    failed = sum(day.failed for day in days)
    return [
        {"value": sum(day.made for day in days), "label": _("Suggestions"), "url": rows()},
        {"value": _count(total.judged), "label": _("Judged by a person"), "url": rows(verdict=JUDGED)},
        {"value": _percent(total.share), "label": _("Agreed with"), "url": rows(verdict=Verdict.AGREED)},
        {"value": _count(total.overrode), "label": _("Changed"), "url": rows(verdict=Verdict.OVERRODE)},
        {"value": failed, "label": _("Failed"), "url": rows(failed="on"), "tone": "urgent" if failed else ""},
        {"value": in_dollars(sum(day.cost for day in days)), "label": _("Cost"), "url": "#cost"},
    ]


def _count(number: int | None) -> str:
    return _("below %(smallest)d") % {"smallest": SMALLEST} if number is None else str(number)


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def in_dollars(micro: int) -> str:
    """Millionths of a dollar with four places: one question costs less than a cent."""
    return f"${Decimal(micro) / 1_000_000:,.4f}"


# --- Agreement ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownRate:
    """One group: its words, its rate or None where it is too small, and its rows."""

    label: str
    rate: counting.Rate
    percent: str
    judged_url: str
    agreed_url: str
    overrode_url: str

    @property
    def width(self) -> str:
        """Of the bar, in hundredths."""
        return f"{100 * (self.rate.share or 0):.1f}"


def _rates(entries: Entries, rows: Rows) -> list[dict[str, Any]]:
    return [
        {"title": title, "head": head, "rows": _shown_rates(entries, rows, by)}
        for by, title, head in (
            (By.ANSWER, _("By suggested priority"), _("Priority")),
            (By.PROVIDER, _("By provider"), _("Provider")),
            (By.PERSON, _("By who judged"), _("Person")),
        )
    ]


def _shown_rates(entries: Entries, rows: Rows, by: By) -> list[ShownRate]:
    return [
        ShownRate(
            str(PRIORITIES.get(rate.key, rate.label)),
            rate,
            _percent(rate.share),
            *(rows(verdict=verdict, **{by.value: rate.key}) for verdict in (JUDGED, *Verdict)),
        )
        for rate in counting.agreement(entries, by=by)
    ]


@dataclass(frozen=True)
class Cell:
    """How many of one suggested answer ended as another; ``share`` of its row, 0 to 100."""

    count: int
    url: str
    is_same: bool


def _confusion(entries: Entries, rows: Rows) -> list[tuple[str, counting.ConfusionRow, str, list[Cell]]]:
    return [
        (
            str(PRIORITIES.get(row.suggested, row.suggested)),
            row,
            rows(verdict=JUDGED, answer=row.suggested),
            [
                Cell(
                    row.ended.get(ended, 0),
                    rows(verdict=JUDGED, answer=row.suggested, ended=ended.value),
                    row.suggested == ended,
                )
                for ended in Priority
            ]
            if row.ended is not None
            else [],
        )
        for row in counting.confusion(entries)
    ]


@dataclass(frozen=True)
class ShownBucket:
    """A span of confidence, and its dot in the chart: at its mean, as high as people agreed."""

    bucket: counting.Bucket
    url: str

    @property
    def span(self) -> str:
        return _("%(low)s to %(high)s %%") % {
            "low": f"{100 * self.bucket.low:.0f}",
            "high": f"{100 * self.bucket.high:.0f}",
        }

    @property
    def mean(self) -> str:
        return _percent(self.bucket.mean)

    @property
    def share(self) -> str:
        return _percent(self.bucket.share)

    @property
    def x(self) -> str:
        return f"{PLOT * (self.bucket.mean or 0):.1f}"

    @property
    def y(self) -> str:
        return f"{PLOT - PLOT * (self.bucket.share or 0):.1f}"


def _buckets(entries: Entries, rows: Rows) -> list[ShownBucket]:
    return [
        ShownBucket(bucket, rows(verdict=JUDGED, low=bucket.low, high=bucket.high))
        for bucket in counting.confidence(entries)
    ]


# --- Days, money, versions ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownDay:
    """``of_budget`` is the day's cost in hundredths of what a day may cost, empty without one budget."""

    day: counting.Day
    cost: str
    of_budget: str
    url: str
    failed_url: str

    @classmethod
    def of(cls, day: counting.Day, rows: Rows, daily: Decimal | None) -> ShownDay:
        date = day.day.isoformat()
        of_budget = _percent(Decimal(day.cost) / 1_000_000 / daily) if daily else ""
        return cls(day, in_dollars(day.cost), of_budget, rows(day=date), rows(day=date, failed="on"))


def _trends(days: list[counting.Day], daily: Decimal | None) -> list[dict[str, Any]]:
    against = _("at most %(daily)s") % {"daily": dollars(daily)} if daily is not None else ""
    return [
        {"label": _("Suggestions a day"), "points": [day.made for day in days], "caption": ""},
        {"label": _("Failures a day"), "points": [day.failed for day in days], "caption": ""},
        {
            "label": _("Dollars a day"),
            "points": [day.cost / 1_000_000 for day in days],
            "caption": against,
        },
    ]


@dataclass(frozen=True)
class ShownBudget:
    """What remote models may cost for one payer's claims, and have cost today and this month, with what is reserved
    for calls that have begun."""

    budget: RemoteBudget
    today: str
    month: str


def _budgets(user: User, period: Period) -> list[ShownBudget]:
    """Two queries."""
    spent = {
        (row.organization_id, row.period): row.spent + row.reserved
        for row in RemoteSpending.objects.visible_to(user).filter(
            begins_on__in=[period.last, period.last.replace(day=1)]
        )
        if row.period == SpendingPeriod.MONTH or row.begins_on == period.last
    }
    return [
        ShownBudget(
            budget,
            *(in_dollars(spent.get((budget.organization_id, each.value), 0)) for each in SpendingPeriod),
        )
        for budget in RemoteBudget.objects.visible_to(user)
        .select_related("organization")
        .order_by("organization__name")
    ]


def _versions() -> list[ModelVersion]:
    """Active ones first. The platform's, one for all, so that every payer may know who answers."""
    order = {"active": 0, "shadow": 1, "retired": 2}
    return sorted(ModelVersion.objects.order_by("kind", "-created_at"), key=lambda row: order[row.state])
