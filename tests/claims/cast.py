"""The cast of the claim tests: a clinic with its biller, an insurer with a plan, and a claim without fault."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Organization, User
from claimflow.lib.db.context import acting_as
from claims.actions.submit import submit
from claims.edits.entry import (
    ClaimEntry,
    CoverageEntry,
    LineEntry,
    PartiesEntry,
    PartyEntry,
    PatientEntry,
)
from claims.models import Claim
from members.enums import Relationship, Sex
from members.models import BillingProvider, Plan, Practitioner
from tests.factories.members import BillingProviderFactory, PlanFactory, PractitionerFactory
from tests.signed_in import make_organization, make_user


@dataclass
class Cast:
    """One provider and one payer with what a claim needs."""

    clinic: Organization
    biller: User
    insurer: Organization
    plan: Plan
    billing: BillingProvider
    doctor: Practitioner

    @property
    def day(self) -> date:
        """A date of service two weeks ago."""
        return timezone.localdate(timezone=self.biller.time_zone) - timedelta(days=14)

    def entry(self, **changes: Any) -> ClaimEntry:
        """A claim without a finding."""
        return replace(
            ClaimEntry(
                coverage=CoverageEntry(
                    payer_id=self.insurer.pk,
                    plan_id=self.plan.pk,
                    member_id="AH00123456",
                    relationship=Relationship.SELF,
                ),
                patient=PatientEntry(
                    last_name="Okafor", first_name="Adaeze", birth_date=date(1965, 3, 15), sex=Sex.FEMALE
                ),
                parties=PartiesEntry(billing_npi=self.billing.npi, rendering=PartyEntry(npi=self.doctor.npi)),
                diagnoses=("I10",),
                lines=(self.line(),),
            ),
            **changes,
        )

    def line(self, **changes: Any) -> LineEntry:
        return replace(
            LineEntry(
                procedure="99213",
                pointers=("A",),
                service_from=self.day,
                place_of_service="11",
                charge=Decimal("150.00"),
            ),
            **changes,
        )

    def submit(self, entry: ClaimEntry | None = None, **more: Any) -> Claim:
        """As the biller, in a request's transaction."""
        with acting_as("provider", user=self.biller, organization=self.clinic):
            return submit(entry=entry or self.entry(), by=self.biller, **{"form_token": uuid4(), **more})


def make_cast(**names: str) -> Cast:
    """Organizations and people are made by the system, as an administrator would."""
    clinic = make_organization("provider", name=names.get("clinic", "Riverside Clinic"))
    insurer = make_organization("payer", name=names.get("insurer", "Acme Health"))
    biller = make_user("provider", "Biller", organization=clinic)
    with acting_as("system", "test"):
        plan = PlanFactory(payer=insurer)
        billing = BillingProviderFactory(organization=clinic, is_default=True)
        doctor = PractitionerFactory(organization=clinic)
    return Cast(clinic, biller, insurer, plan, billing, doctor)
