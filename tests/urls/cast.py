"""Who asks for pages: one person of every standing, and one thing of everything that an address can name."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.enums import AlertKind
from accounts.models import Alert
from audit.enums import Severity, SubjectKind
from claimflow.lib.db.context import acting_as
from claims.enums import ClaimState
from claims.models import GlassGrant, Recategorization
from members.models import RosterUpload
from tests.factories.claims import ClaimFactory, DraftFactory, lease
from tests.factories.members import (
    BillingProviderFactory,
    CoverageFactory,
    FacilityFactory,
    MemberFactory,
    PatientCoverageFactory,
    PatientFactory,
    PlanFactory,
    PractitionerFactory,
)
from tests.signed_in import client_of, make_organization, make_user

# The columns of tests/urls/expected.py. A clerk and a colleague are of the same organization, without the role.
STANDINGS = (
    "anonymous",  # nobody
    "half",       # the password was right, the second factor is missing
    "biller",     # of the provider
    "clerk",
    "stranger",   # a biller and administrator of another provider
    "adjudicator",  # of the payer
    "colleague",
    "rival",      # an adjudicator of another payer
    "auditor",    # of the payer
    "admin",
    "overseer",   # the platform's auditor
    "clinician",  # of the provider, without the right to submit
    "supervisor",  # of the payer, over the adjudicator
    "foreign_chief",  # an administrator of another payer
    "officer",    # the platform's security officer
    "support",    # of the platform: looks up accounts
)  # fmt: skip


@dataclass
class Cast:
    """A client for each standing, and the key of each thing by its word in the expected table."""

    clients: dict[str, Client]
    things: dict[str, Any]


def make_cast() -> Cast:
    clinic, other_clinic = make_organization("provider"), make_organization("provider")
    insurer, other_insurer = make_organization("payer"), make_organization("payer")
    people = {
        "biller": make_user("provider", "Biller", "Billing manager", organization=clinic),
        "clerk": make_user("provider", "Organization administrator", organization=clinic),
        "stranger": make_user(
            "provider", "Biller", "Billing manager", "Organization administrator", organization=other_clinic
        ),
        "adjudicator": make_user("payer", "Adjudicator", organization=insurer),
        "colleague": make_user("payer", "Organization administrator", organization=insurer),
        "rival": make_user("payer", "Adjudicator", "Supervisor", organization=other_insurer),
        "auditor": make_user("payer", "Auditor", organization=insurer),
        "admin": make_user("admin", "Platform administrator"),
        "overseer": make_user("admin", "Auditor"),
        "clinician": make_user("provider", "Clinician", organization=clinic),
        "supervisor": make_user("payer", "Supervisor", organization=insurer),
        "foreign_chief": make_user("payer", "Organization administrator", organization=other_insurer),
        "officer": make_user("admin", "Security officer"),
        "support": make_user("admin", "Support"),
    }
    with acting_as("system", "test"):
        patient = PatientFactory(organization=clinic)
        plan = PlanFactory(payer=insurer)
        member = MemberFactory(organization=insurer)
        held = ClaimFactory(
            provider=clinic, payer=insurer, submitted_by=people["biller"], state=ClaimState.IN_REVIEW
        )
        lease(held, people["adjudicator"])
        emergency = GlassGrant(
            **held.as_parent(),
            user=people["overseer"],
            reason="A patient's complaint is looked into.",
            until=timezone.now() + timedelta(minutes=60),
        )
        emergency.save(force_insert=True)
        things = {
            "glass": emergency.pk,
            "claim": ClaimFactory(provider=clinic, payer=insurer, submitted_by=people["biller"]).pk,
            "held": held.pk,
            "draft": DraftFactory(organization=clinic, author=people["biller"]).pk,
            "patient": patient.pk,
            "patient_coverage": PatientCoverageFactory(patient=patient, plan=plan).pk,
            "billing_provider": BillingProviderFactory(organization=clinic).pk,
            "practitioner": PractitionerFactory(organization=clinic).pk,
            "facility": FacilityFactory(organization=clinic).pk,
            "plan": plan.pk,
            "member": member.pk,
            "coverage": CoverageFactory(person=member, organization=insurer, plan=plan).pk,
            "roster": RosterUpload.objects.create(
                organization=insurer,
                uploaded_by=people["adjudicator"],
                content={"rows": [], "faults": [], "notes": []},
            ).pk,
            "alert": Alert.objects.create(
                kind=AlertKind.RIGHTS_CHANGED,
                severity=Severity.NOTICE,
                subject_kind=SubjectKind.USER,
                subject_id=people["adjudicator"].pk,
                organization=insurer,
                happened_at=timezone.now(),
                last_at=timezone.now(),
                dedupe_key="one",
            ).pk,
            "person": people["biller"].pk,
            "payer_person": people["adjudicator"].pk,
            "run": Recategorization.objects.create(payer=insurer, asked_by=people["adjudicator"]).pk,
            "chapter": "1",
            "block": "A00-A09",
            "code": "A000",
            "token": "x" * 43,
        }
    clients = {standing: client_of(person, is_fresh=True) for standing, person in people.items()}
    return Cast(
        {"anonymous": Client(), "half": client_of(people["biller"], is_verified=False), **clients}, things
    )
