"""One of a kind, keys with the tenant, and who sees which people (rulings 19 to 22)."""

from typing import Any

import pytest
from django.db import connection

from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from members.models import Coverage, Member, Patient, Plan
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.members import (
    BillingProviderFactory,
    CoverageFactory,
    FacilityFactory,
    MemberFactory,
    PatientCoverageFactory,
    PatientFactory,
    PlanFactory,
    PractitionerFactory,
    npi,
)
from tests.refusals import forbidden, refused

pytestmark = pytest.mark.django_db

PROVIDER_TABLES = ("patient", "patientcoverage", "practitioner", "facility", "billingprovider")
PAYER_TABLES = ("member", "coverage")


def as_test() -> Any:
    return acting_as("system", "test")


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM members_{table}")
        return int(cursor.fetchone()[0])


@pytest.fixture
def world() -> dict[str, Any]:
    with as_test():
        clinic, insurer = OrganizationFactory(), OrganizationFactory(payer=True)
        plan = PlanFactory(payer=insurer)
        PatientCoverageFactory(patient__organization=clinic, plan=plan)
        PractitionerFactory(organization=clinic)
        FacilityFactory(organization=clinic)
        BillingProviderFactory(organization=clinic)
        CoverageFactory(person__organization=insurer, plan=plan)
        return {
            "clinic": clinic,
            "insurer": insurer,
            "plan": plan,
            "other_clinic": OrganizationFactory(),
            "other_insurer": OrganizationFactory(payer=True),
        }


@pytest.mark.parametrize(
    ("kind", "who", "seen", "hidden"),
    [
        ("provider", "clinic", 1, PAYER_TABLES),
        ("provider", "other_clinic", 0, PAYER_TABLES),
        ("payer", "insurer", 1, PROVIDER_TABLES),
        ("payer", "other_insurer", 0, PROVIDER_TABLES),
    ],
)
def test_each_side_sees_its_own_people(
    world: dict[str, Any], kind: str, who: str, seen: int, hidden: tuple[str, ...]
) -> None:
    with acting_as(kind, organization=world[who]):
        for table in (*PROVIDER_TABLES, *PAYER_TABLES):
            if table in hidden:
                with forbidden():
                    count(table)
            else:
                assert count(table) == seen, table
        assert count("plan") == 1  # names of plans are no secret among the signed-in


@pytest.mark.parametrize("table", [*PROVIDER_TABLES, *PAYER_TABLES, "plan", "coverageinquiry"])
@pytest.mark.parametrize("kind", ["anonymous", "login"])
def test_nobody_at_the_door_sees_people(table: str, kind: str) -> None:
    with forbidden(), acting_as(kind):
        count(table)


def test_an_administrator_sees_rows_without_ciphertexts(world: dict[str, Any]) -> None:
    with acting_as("admin"):
        for model in (Patient, Member, Coverage):
            with forbidden():
                list(model.objects.all())
            assert model.objects.without_sealed().count() == 1
            assert str(model.objects.without_sealed().get())


def test_nobody_files_people_under_another_organization(world: dict[str, Any]) -> None:
    with acting_as("provider", organization=world["other_clinic"]), forbidden():
        PatientFactory(organization=world["clinic"])
    with acting_as("payer", organization=world["other_insurer"]):
        with forbidden():
            MemberFactory(organization=world["insurer"])
        with forbidden():
            PlanFactory(payer=world["insurer"])
        assert Plan.objects.filter(pk=world["plan"].pk).update(name="Mine now") == 0


def test_people_are_never_deleted(world: dict[str, Any]) -> None:
    for kind, who, table in (("provider", "clinic", "patient"), ("payer", "insurer", "coverage")):
        with acting_as(kind, organization=world[who]), forbidden(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM members_{table}")


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        ("members_coverage_person", lambda: CoverageFactory(organization=OrganizationFactory(payer=True))),
        ("members_coverage_plan", lambda: CoverageFactory(plan=PlanFactory())),
        (
            "members_patientcoverage_patient",
            lambda: PatientCoverageFactory(organization=OrganizationFactory()),
        ),
        (
            "members_patientcoverage_plan",
            lambda: PatientCoverageFactory(payer=OrganizationFactory(payer=True)),
        ),
    ],
)
def test_keys_carry_the_tenant(rule: str, make: Any) -> None:
    with as_test(), refused(rule):
        make()


def test_one_of_a_kind(world: dict[str, Any]) -> None:
    clinic = world["clinic"]
    with as_test():
        for rule, first, again in (
            (
                "members_plan_name_once",
                PlanFactory(),
                lambda row: PlanFactory(payer=row.payer, name=row.name),
            ),
            (
                "members_practitioner_npi_once",
                PractitionerFactory(),
                lambda row: PractitionerFactory(organization=row.organization, npi=row.npi),
            ),
            (
                "members_facility_name_once",
                FacilityFactory(),
                lambda row: FacilityFactory(organization=row.organization, name=row.name),
            ),
            (
                "members_billingprovider_npi_once",
                BillingProviderFactory(),
                lambda row: BillingProviderFactory(organization=row.organization, npi=row.npi),
            ),
            (
                "members_billingprovider_one_default",
                BillingProviderFactory(organization=clinic, is_default=True),
                lambda row: BillingProviderFactory(organization=row.organization, is_default=True),
            ),
            (
                "members_coverage_once",
                CoverageFactory(),
                lambda row: CoverageFactory(
                    person=row.person, plan=row.plan, effective_from=row.effective_from
                ),
            ),
            (
                "members_patientcoverage_once",
                PatientCoverageFactory(member_id="W-123 456"),
                lambda row: PatientCoverageFactory(
                    patient=row.patient, plan=row.plan, payer=row.payer, member_id="w123456"
                ),
            ),
        ):
            with refused(rule):
                again(first)


def test_people_are_found_by_exact_words_of_their_own_organization(world: dict[str, Any]) -> None:
    with as_test():
        patient = PatientFactory(organization=world["clinic"], last_name="Núñez", first_name="José")
        user = UserFactory(organization=world["clinic"])
    with acting_as("provider", organization=world["clinic"]):
        wanted = phi.blind_index("name", world["clinic"].pk, "NÚÑEZ ", " josé").value
        assert Patient.objects.visible_to(user).filter(name_bidx=wanted).get() == patient
        other = phi.blind_index("name", world["other_clinic"].pk, "Núñez", "José").value
        assert other != wanted


def test_factories_make_right_check_digits() -> None:
    assert npi(23456789) == "1234567893"
