"""How good the suggestions are: rates, confusion, confidence against outcome, latency, failures and cost.

    period = Period.of_days(30, zone=user.time_zone)
    entries = suggested(user, period)
    agreement(entries, by=By.PROVIDER)

Each function takes the suggestions of one kind, as a person may see them, and returns dataclasses. A group smaller
than 11 is hidden, and with it the next smallest, until those hidden are at least two and 11 together, so that no total
gives one away. ``judged`` is the queryset behind every number, for the list of its rows.

A suggestion is judged by what the last person made of it: agreed, or overrode it; whoever came back to what was
suggested agreed after all. Taking back a re-categorization of many claims is no judgment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import (
    Aggregate,
    Avg,
    Case,
    Count,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Organization, User
from intelligence.enums import OverrideReason, Priority, SuggestionKind
from intelligence.models import LedgerEntry, LedgerOutcome

SMALLEST = 11
EDGES = tuple(Decimal(text) for text in ("0", "0.5", "0.7", "0.8", "0.85", "0.9", "0.95", "0.98", "1"))
"""Borders of the confidence buckets; the last one takes 1 in."""
Entries = QuerySet[LedgerEntry]
T = TypeVar("T")


class By(StrEnum):
    """What rates are grouped by."""

    ANSWER = "answer"
    PROVIDER = "provider"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included, by the clock of a zone."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def of_days(cls, days: int, *, zone: ZoneInfo) -> "Period":
        """The last ``days`` days with today."""
        today = timezone.localdate(timezone=zone)
        return cls(today - timedelta(days=days - 1), today, zone)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min, tzinfo=self.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, tzinfo=self.zone)


@dataclass(frozen=True, slots=True)
class Rate:
    """How often people agreed in one group. ``judged``, ``agreed`` and ``overrode`` are None when it is hidden."""

    key: str
    label: str
    judged: int | None
    agreed: int | None

    @property
    def overrode(self) -> int | None:
        return None if self.judged is None or self.agreed is None else self.judged - self.agreed

    @property
    def share(self) -> Decimal | None:
        """Of those judged, 0 to 1 with four places."""
        return ratio(self.agreed, self.judged)


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """What people made of one suggested answer: how many ended as each; None when the row is hidden."""

    suggested: str
    judged: int | None
    ended: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Bucket:
    """Suggestions with a confidence from ``low`` up to ``high``: if it is worth its name, ``share`` is near
    ``mean``. Counts and mean are None when it is hidden."""

    low: Decimal
    high: Decimal
    judged: int | None
    agreed: int | None
    mean: Decimal | None

    @property
    def share(self) -> Decimal | None:
        return ratio(self.agreed, self.judged)


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one model took, in microseconds."""

    model: str
    version: str
    made: int
    median: int
    p95: int
    p99: int
    longest: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day's suggestions: how many, how many failed, and their cost in millionths of a dollar."""

    day: date
    made: int
    failed: int
    cost: int


def suggested(
    user: User, period: Period, *, kind: SuggestionKind = SuggestionKind.PRIORITY, shadow: bool = False
) -> Entries:
    """The suggestions of one kind in a period, as far as this person may see them; a shadow's apart."""
    entries: Entries = LedgerEntry.objects.visible_to(user).filter(
        kind=kind.value, is_shadow=shadow, made_at__gte=period.start, made_at__lt=period.end
    )
    return entries


def judged(
    entries: Entries,
    *,
    answer: str = "",
    ended: str = "",
    provider: UUID | None = None,
    person: UUID | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> QuerySet[Any]:
    """Those that a person judged, with ``ended`` (the answer it came to) and ``judged_by``; narrowed to the group
    that a number is about."""
    last = (
        LedgerOutcome.objects.filter(entry=OuterRef("pk"), organization=OuterRef("organization"))
        .exclude(reason=OverrideReason.RUN_UNDONE)
        .order_by("-decided_at", "-id")
    )
    found = (
        entries.filter(failure="")
        .annotate(
            judged_by=Subquery(last.values("decided_by")[:1]), chosen=Subquery(last.values("answer")[:1])
        )
        .filter(judged_by__isnull=False)
        .annotate(ended=Case(When(chosen="", then=F("answer")), default=F("chosen")))
    )
    narrowed = {
        "answer": answer,
        "ended": ended,
        "provider": provider,
        "judged_by": person,
        "confidence__gte": low,
        _upper(high): high,
    }
    return found.filter(**{name: value for name, value in narrowed.items() if value not in (None, "")})


def agreement(entries: Entries, *, by: By) -> list[Rate]:
    """Rates by suggested class, provider or the person who judged; the largest group first, classes in their
    order."""
    column = {By.ANSWER: "answer", By.PROVIDER: "provider", By.PERSON: "judged_by"}[by]
    rows = list(
        judged(entries)
        .order_by()
        .values_list(column)
        .annotate(judged=Count("pk"), agreed=Count("pk", filter=Q(ended=F("answer"))))
    )
    labels = _labels(by, [key for key, _judged, _agreed in rows])
    rows.sort(key=lambda row: (_place(row[0]) if by == By.ANSWER else -row[1], str(labels.get(row[0], ""))))
    hidden = _hidden(rows, size=lambda row: row[1])
    return [
        Rate(str(key), labels.get(key, str(key)), *((None, None) if at in hidden else (count, agreed)))
        for at, (key, count, agreed) in enumerate(rows)
    ]


def overall(entries: Entries) -> Rate:
    """The rate over all groups together."""
    counted = judged(entries).aggregate(n=Count("pk"), agreed=Count("pk", filter=Q(ended=F("answer"))))
    is_told = counted["n"] >= SMALLEST
    return Rate("", "", *((counted["n"], counted["agreed"]) if is_told else (None, None)))


def confusion(entries: Entries) -> list[ConfusionRow]:
    """Suggested answers against what they came to."""
    rows: dict[str, dict[str, int]] = {}
    counted = judged(entries).order_by().values_list("answer", "ended").annotate(n=Count("pk"))
    for answer, ended, n in counted:
        rows.setdefault(answer, {})[ended] = n
    ordered = sorted(rows.items(), key=lambda row: (_place(row[0]), row[0]))
    hidden = _hidden(ordered, size=lambda row: sum(row[1].values()))
    return [
        ConfusionRow(answer, *((None, None) if at in hidden else (sum(ended.values()), ended)))
        for at, (answer, ended) in enumerate(ordered)
    ]


def confidence(entries: Entries) -> list[Bucket]:
    """How often people agreed, by how sure the suggestion was; empty buckets are left out."""
    borders = list(pairwise(EDGES))
    places = [
        When(**{"confidence__gte": low, _upper(high): high}, then=at)
        for at, (low, high) in enumerate(borders)
    ]
    rows = list(
        judged(entries)
        .filter(confidence__isnull=False)
        .annotate(bucket=Case(*places))
        .order_by()
        .values_list("bucket")
        .annotate(n=Count("pk"), agreed=Count("pk", filter=Q(ended=F("answer"))), mean=Avg("confidence"))
        .order_by("bucket")
    )
    hidden = _hidden(rows, size=lambda row: row[1])
    return [
        Bucket(
            *borders[bucket],
            *((None, None, None) if at in hidden else (n, agreed, mean.quantize(Decimal("0.0001")))),
        )
        for at, (bucket, n, agreed, mean) in enumerate(rows)
    ]


def latency(entries: Entries) -> list[Latency]:
    """By model and version, the one used most first; failures count as well."""
    rows = (
        entries.order_by()
        .values_list("model", "model_version")
        .annotate(
            made=Count("pk"),
            median=_Percentile("latency", share=0.5),
            p95=_Percentile("latency", share=0.95),
            p99=_Percentile("latency", share=0.99),
            longest=Max("latency"),
        )
        .order_by("-made", "model", "model_version")
    )
    return [
        Latency(model, version, made, round(median), round(p95), round(p99), longest)
        for model, version, made, median, p95, p99, longest in rows
    ]


def by_day(entries: Entries, period: Period) -> list[Day]:
    """Every day of the period, also those without a suggestion. Nothing is hidden: these count no people."""
    rows = (
        entries.order_by()
        .annotate(day=TruncDate("made_at", tzinfo=period.zone))
        .values_list("day")
        .annotate(made=Count("pk"), failed=Count("pk", filter=~Q(failure="")), cost=Sum("cost"))
    )
    known = {day: Day(day, made, failed, cost) for day, made, failed, cost in rows}
    days = (period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1))
    return [known.get(day, Day(day, 0, 0, 0)) for day in days]


def ratio(part: int | None, whole: int | None) -> Decimal | None:
    """0 to 1 with four places; None of nothing."""
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"))


class _Percentile(Aggregate):
    """``percentile_cont``: the value below which this share lies."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: str, *, share: float) -> None:
        super().__init__(expression, share=share)


def _upper(high: Decimal | None) -> str:
    return "confidence__lte" if high == EDGES[-1] else "confidence__lt"


def _hidden(groups: Sequence[T], *, size: Callable[[T], int]) -> set[int]:
    """Places of the groups that are not shown: the small ones, and the next smallest until they are at least two and
    make up at least 11 together, so that a total less what is shown tells of nobody."""
    order = sorted(range(len(groups)), key=lambda at: size(groups[at]))
    hidden = [at for at in order if size(groups[at]) < SMALLEST]
    if hidden:
        for at in order[len(hidden) :]:
            if len(hidden) > 1 and sum(size(groups[each]) for each in hidden) >= SMALLEST:
                break
            hidden.append(at)
    return set(hidden)


def _place(answer: str) -> int:
    return Priority(answer).rank if answer in set(Priority) else len(Priority) + 1


def _labels(by: By, keys: Iterable[Any]) -> dict[Any, str]:
    if by == By.PROVIDER:
        return dict(Organization.objects.filter(pk__in=list(keys)).values_list("pk", "name"))
    if by == By.PERSON:
        return {person.pk: person.full_name for person in User.objects.filter(pk__in=list(keys))}
    return {}
