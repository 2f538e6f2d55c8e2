"""People, plans and the provider's own identities: invented, valid, one row each. Use inside a system
context."""

from datetime import date
from typing import Any

import factory

from claimflow.lib import phi
from members.models import (
    BillingProvider,
    Coverage,
    Facility,
    Member,
    Patient,
    PatientCoverage,
    Plan,
    Practitioner,
)
from tests.factories.accounts import OrganizationFactory

ADDRESS = {"line1": "12 Elm St", "line2": "", "city": "Albany", "state": "NY", "postal_code": "12207"}


def npi(n: int) -> str:
    """The n-th National Provider Identifier with a right check digit (Luhn over 80840 and nine digits)."""
    stem = f"1{n:08d}"
    digits = [int(digit) for digit in f"80840{stem}"]
    total = sum(sum(divmod(2 * digit, 10)) for digit in digits[::-2]) + sum(digits[-2::-2])
    return f"{stem}{-total % 10}"


class SealedFactory(factory.django.DjangoModelFactory):
    """Fills the blind indexes from the plain values before the row is written."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        row = model_class(*args, **kwargs)
        phi.fill_blind_indexes(row)
        row.save(force_insert=True)
        return row


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plan

    payer = factory.SubFactory(OrganizationFactory, payer=True)
    name = factory.Sequence(lambda n: f"Silver {n}")
    line_of_business = "commercial"
    state = "NY"
    funding = "insured"


class PatientFactory(SealedFactory):
    class Meta:
        model = Patient

    organization = factory.SubFactory(OrganizationFactory)
    first_name = "Adaeze"
    last_name = factory.Sequence(lambda n: f"Okafor{n}")
    birth_date = date(1965, 3, 14)
    sex = "F"
    address = factory.LazyFunction(lambda: dict(ADDRESS))


class PatientCoverageFactory(SealedFactory):
    class Meta:
        model = PatientCoverage

    patient = factory.SubFactory(PatientFactory)
    organization = factory.SelfAttribute("patient.organization")
    plan = factory.SubFactory(PlanFactory)
    payer = factory.SelfAttribute("plan.payer")
    member_id = factory.Sequence(lambda n: f"W{n:09d}")


class MemberFactory(SealedFactory):
    class Meta:
        model = Member

    organization = factory.SubFactory(OrganizationFactory, payer=True)
    first_name = "Adaeze"
    last_name = factory.Sequence(lambda n: f"Okafor{n}")
    birth_date = date(1965, 3, 14)
    sex = "F"


class CoverageFactory(SealedFactory):
    class Meta:
        model = Coverage

    person = factory.SubFactory(MemberFactory)
    organization = factory.SelfAttribute("person.organization")
    plan = factory.SubFactory(PlanFactory, payer=factory.SelfAttribute("..organization"))
    member_id = factory.Sequence(lambda n: f"W{n:09d}")
    effective_from = date(2020, 1, 1)


class PractitionerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Practitioner

    organization = factory.SubFactory(OrganizationFactory)
    npi = factory.Sequence(lambda n: npi(10_000 + n))
    first_name = "Mira"
    last_name = factory.Sequence(lambda n: f"Lind{n}")


class FacilityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Facility

    organization = factory.SubFactory(OrganizationFactory)
    npi = factory.Sequence(lambda n: npi(20_000 + n))
    name = factory.Sequence(lambda n: f"Riverside Hall {n}")


class BillingProviderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BillingProvider

    organization = factory.SubFactory(OrganizationFactory)
    npi = factory.Sequence(lambda n: npi(30_000 + n))
    name = factory.Sequence(lambda n: f"Riverside Billing {n}")
    tax_id = "123456789"
