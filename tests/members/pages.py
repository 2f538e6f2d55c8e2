"""What the tests of pages share: forms as browsers post them, events as the trail keeps them."""

from typing import Any

from audit.models import Access, Event
from claimflow.lib.db.context import acting_as

ODD = ["", "\0", "x" * 5000, "é'\"<b>", "-1", "1e999", "\ud7ff", "[]", "9999999999999999999999"]


def person(**changes: Any) -> dict[str, Any]:
    return {
        "last_name": "Okafor",
        "first_name": "Adaeze",
        "birth_date_month": "3",
        "birth_date_day": "14",
        "birth_date_year": "1965",
        "sex": "F",
        **changes,
    }


def lines(*coverages: dict[str, Any]) -> dict[str, Any]:
    posted: dict[str, Any] = {
        "coverage-TOTAL_FORMS": len(coverages),
        "coverage-INITIAL_FORMS": 0,
        "coverage-MIN_NUM_FORMS": 0,
        "coverage-MAX_NUM_FORMS": 9,
    }
    for index, coverage in enumerate(coverages):
        posted |= {f"coverage-{index}-{name}": value for name, value in coverage.items()}
    return posted


def events(*actions: str) -> list[str]:
    with acting_as("system", "verify"):
        return list(Event.objects.filter(action__in=actions).order_by("id").values_list("action", flat=True))


def accesses(action: str) -> list[Any]:
    with acting_as("system", "verify"):
        return list(Access.objects.filter(action=action).order_by("id"))


def text(response: Any) -> str:
    body: str = response.content.decode()
    return body
