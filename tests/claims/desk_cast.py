"""The cast of the payer's tests: an insurer with its people, a clinic, claims that wait, and the way to a desk."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from audit.models import Access, Event
from claimflow.lib.db.context import acting_as
from claims.models import Claim
from tests.factories.claims import ClaimFactory
from tests.factories.members import CoverageFactory, MemberFactory, PlanFactory
from tests.signed_in import client_of, make_organization, make_user

WHY = "The service is not part of the plan; see the benefit booklet."


@dataclass
class Desk:
    """Adjudicator and supervisor of one payer, a colleague without rights, strangers, and the claims' provider."""

    payer: Organization
    clinic: Organization
    adjudicator: User
    other: User
    supervisor: User
    colleague: User
    outsider: User
    biller: User

    def claim(self, **values: Any) -> Claim:
        with acting_as("system", "test"):
            return ClaimFactory(payer=self.payer, provider=self.clinic, **values)

    def client(self, user: User | None = None, *, is_fresh: bool = False) -> Client:
        return client_of(user or self.adjudicator, is_fresh=is_fresh)

    def taken(self, by: User | None = None, **values: Any) -> Claim:
        """A claim on somebody's desk."""
        claim = self.claim(**values)
        answer = self.client(by).post(reverse("payer:take", args=[claim.pk]))
        assert answer.status_code == 302, answer.content
        return claim

    def now(self, claim: Claim) -> Claim:
        """The claim as it is stored."""
        with acting_as("system", "test"):
            return Claim.objects.get(pk=claim.pk)

    def covered(self, **values: Any) -> Any:
        """A coverage of this payer."""
        with acting_as("system", "test"):
            plan = PlanFactory(payer=self.payer)
            return CoverageFactory(
                person=MemberFactory(organization=self.payer), organization=self.payer, plan=plan, **values
            )

    def events(self, claim: Claim, *actions: str) -> list[Event]:
        with acting_as("auditor", user=self.supervisor, organization=self.payer):
            found = Event.objects.filter(subject_id=claim.pk)
            return [event for event in found if not actions or event.action in actions]

    def accesses(self, action: str) -> list[Access]:
        with acting_as("auditor", user=self.supervisor, organization=self.payer):
            return list(Access.objects.filter(action=action))


def make_desk() -> Desk:
    payer = make_organization("payer", name="Acme Health")
    clinic = make_organization("provider", name="Riverside Clinic")
    return Desk(
        payer=payer,
        clinic=clinic,
        adjudicator=make_user("payer", "Adjudicator", organization=payer),
        other=make_user("payer", "Adjudicator", organization=payer),
        supervisor=make_user("payer", "Supervisor", organization=payer),
        colleague=make_user("payer", organization=payer),
        outsider=make_user("payer", "Adjudicator", organization=make_organization("payer")),
        biller=make_user("provider", "Biller", organization=clinic),
    )


def line(index: int = 0, **boxes: Any) -> dict[str, str]:
    return {f"lines-{index}-{name}": str(value) for name, value in boxes.items()}


def adjustment(index: int, row: int, reason: str, amount: Decimal | str, remarks: str = "") -> dict[str, str]:
    prefix = f"lines-{index}-adjustments-{row}-"
    return {prefix + "reason": reason, prefix + "amount": str(amount), prefix + "remarks": remarks}
