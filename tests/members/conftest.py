"""The cast: a biller and an adjudicator, colleagues without the right, and strangers of other organizations."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization, User
from claimflow.lib.db.context import acting_as
from members.models import Plan
from tests.factories.members import PlanFactory
from tests.signed_in import client_of, make_organization, make_user


@dataclass
class House:
    clinic: Organization
    insurer: Organization
    biller: User
    adjudicator: User
    plan: Plan

    def client(self, who: str) -> Client:
        return client_of(
            {
                "biller": lambda: self.biller,
                "adjudicator": lambda: self.adjudicator,
                "clinic_colleague": lambda: make_user(
                    "provider", "Organization administrator", organization=self.clinic
                ),
                "insurer_colleague": lambda: make_user("payer", "Auditor", organization=self.insurer),
                "other_biller": lambda: make_user("provider", "Biller", organization=make_organization()),
                "other_adjudicator": lambda: make_user(
                    "payer", "Adjudicator", organization=make_organization("payer")
                ),
            }[who]()
        )


@pytest.fixture
def house(real_db: Any) -> House:
    clinic = make_organization("provider", name="Riverside Clinic")
    insurer = make_organization("payer", name="Harbor Health")
    with acting_as("system", "test"):
        plan = PlanFactory(payer=insurer, name="Silver PPO")
    return House(
        clinic,
        insurer,
        make_user("provider", "Biller", organization=clinic),
        make_user("payer", "Adjudicator", organization=insurer),
        plan,
    )
