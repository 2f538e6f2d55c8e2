"""What a roster file would do: each row beside what the payer has on its roster already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from accounts.models import User
from claimflow.lib import phi
from codes.formats import member_key
from members.actions.doubles import organization_of
from members.enums import Relationship, Sex
from members.models import Coverage, Member, Plan
from members.querysets import member_indexes
from members.roster.read import address_of

Row = Mapping[str, str]
Key = tuple[str, str, str]
"""Member id, first name and birth date, folded: who is meant, whatever the last name is now."""
MONEY = ("deductible", "copay", "out_of_pocket_limit")


class Verdict(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"


@dataclass
class Step:
    """One row: whom and which coverage it means (new ones are not saved yet), and the fields that differ."""

    verdict: Verdict
    member: Member
    coverage: Coverage
    member_fields: list[str] = field(default_factory=list)
    coverage_fields: list[str] = field(default_factory=list)


def compare(rows: Sequence[Row], *, by: User, lock: bool = False) -> list[Step]:
    """A step for each row, in the order of the file. Members and coverages come with the new values set.

    ``lock`` holds the rows until the transaction ends. KeyError for a plan that is not the payer's any more.
    """
    organization = organization_of(by)
    plans = {plan.name: plan.pk for plan in Plan.objects.visible_to(by).filter(payer_id=organization)}
    members, coverages = _known(rows, by, lock=lock)
    return [_step(row, plans[row["plan"]], organization, members, coverages) for row in rows]


def _known(
    rows: Iterable[Row], by: User, *, lock: bool
) -> tuple[dict[Key, Member], dict[tuple[UUID, UUID, date], Coverage]]:
    indexes = {index for row in rows for index in member_indexes([organization_of(by)], row["member_id"])}
    wanted = Coverage.objects.visible_to(by).filter(member_bidx__in=indexes).select_related("person")
    if lock:
        wanted = wanted.select_for_update().order_by("id")
    members: dict[Key, Member] = {}
    coverages: dict[tuple[UUID, UUID, date], Coverage] = {}
    people: dict[UUID, Member] = {}
    for coverage in wanted:
        member = people.setdefault(coverage.person_id, coverage.person)
        coverage.person = member
        key = (
            member_key(phi.value(coverage, "member_id")),
            phi.value(member, "first_name").casefold(),
            phi.value(member, "birth_date").isoformat(),
        )
        members.setdefault(key, member)
        coverages[(member.pk, coverage.plan_id, coverage.effective_from)] = coverage
    return members, coverages


def _step(
    row: Row,
    plan_id: UUID,
    organization: UUID,
    members: dict[Key, Member],
    coverages: dict[tuple[UUID, UUID, date], Coverage],
) -> Step:
    key = (member_key(row["member_id"]), row["first_name"].casefold(), row["birth_date"])
    member = members.setdefault(key, Member(organization_id=organization))
    begins = date.fromisoformat(row["effective_from"])
    place = (member.pk, plan_id, begins)
    is_new = place not in coverages
    coverage = coverages.setdefault(
        place, Coverage(organization_id=organization, person=member, plan_id=plan_id, effective_from=begins)
    )
    ends, ended = row.get("effective_to"), coverage.effective_to
    member_fields = _set(member, _facts_of_member(row))
    coverage_fields = _set(coverage, _facts_of_coverage(row))
    if is_new:
        verdict = Verdict.ADDED
    elif "effective_to" in coverage_fields and ends and (ended is None or ends < ended.isoformat()):
        verdict = Verdict.ENDED
    else:
        verdict = Verdict.CHANGED if member_fields or coverage_fields else Verdict.UNCHANGED
    return Step(verdict, member, coverage, member_fields, coverage_fields)


def _facts_of_member(row: Row) -> dict[str, Any]:
    """An empty cell is left out: it takes nothing away from a known member."""
    facts = {
        "last_name": row["last_name"],
        "first_name": row["first_name"],
        "birth_date": date.fromisoformat(row["birth_date"]),
        "sex": Sex(row["sex"]).value if "sex" in row else None,
        "address": address_of(row),
        "phone": row.get("phone"),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _facts_of_coverage(row: Row) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "member_id": row["member_id"],
        "group_number": row.get("group_number"),
        "relationship": Relationship(row["relationship"]).value if "relationship" in row else None,
        "effective_to": date.fromisoformat(row["effective_to"]) if "effective_to" in row else None,
        "coinsurance_percent": Decimal(row["coinsurance_percent"]) if "coinsurance_percent" in row else None,
        **{name: Decimal(row[name]) if name in row else None for name in MONEY},
    }
    return {name: value for name, value in facts.items() if value is not None}


def _set(instance: Member | Coverage, facts: Mapping[str, Any]) -> list[str]:
    """Set what differs; the names of the fields that did."""
    changed = [name for name, value in facts.items() if phi.value(instance, name) != value]
    for name in changed:
        setattr(instance, name, facts[name])
    return changed
