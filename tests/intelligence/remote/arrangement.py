"""A remote model switched on: two administrators who put a version in force, and a payer's budget."""

from decimal import Decimal
from typing import Any

from accounts.models import Organization, User
from claimflow.lib.db.context import acting_as
from intelligence.actions import versions
from intelligence.actions.budget import set_budget
from intelligence.models import ModelVersion, RemoteBudget, RemoteSpending
from tests.intelligence.remote.server import KEY
from tests.signed_in import make_user

MODELS = {"anthropic": "claude-haiku-4-5", "openai": "gpt-4o-mini"}


def administrators() -> tuple[User, User]:
    return make_user("admin", "Platform administrator"), make_user("admin", "Platform administrator")


def switch_on(settings: Any, address: str, *, adapter: str = "openai", deadline: float = 4.0) -> None:
    settings.REMOTE_MODEL, settings.REMOTE_MODEL_ADDRESS = adapter, address
    settings.REMOTE_MODEL_KEY, settings.REMOTE_MODEL_DEADLINE = KEY, deadline


def in_force(adapter: str = "openai", *, active: bool = True) -> ModelVersion:
    """A version of that adapter, active or a shadow."""
    proposer, other = administrators()
    with acting_as("admin", user=proposer):
        version = versions.propose(name=f"{adapter}:{MODELS[adapter]}", by=proposer)
    if active:
        with acting_as("admin", user=other):
            version = versions.activate(version_id=version.pk, by=other)
    return version


def give_budget(payer: Organization, daily: str = "1.00", monthly: str = "5.00") -> None:
    by = make_user("admin", "Platform administrator")
    with acting_as("admin", user=by):
        budget = RemoteBudget(organization=payer, daily=Decimal(daily), monthly=Decimal(monthly))
        set_budget(budget=budget, fields=["organization", "daily", "monthly"], is_new=True, by=by)


def spendings() -> dict[str, tuple[int, int, int]]:
    """By period: reserved, spent, calls."""
    with acting_as("system", "test"):
        return {
            row.period: (row.reserved, row.spent, row.calls)
            for row in RemoteSpending.objects.order_by("period")
        }
