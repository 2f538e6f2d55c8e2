"""Row-level security of claims by raw SQL over the application's own connection: who sees and writes what.

The access matrix of all tables is generated elsewhere; this is the part that a reader wants to see spelled
out.
"""

from typing import Any

import pytest
from django.db import connection, transaction

from claimflow.lib.db.context import acting_as
from claims.models import Claim, ClaimDraft, Hold
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.claims import (
    AssignmentFactory,
    ClaimFactory,
    DraftFactory,
    HoldFactory,
    PayerNoteFactory,
    ProposalFactory,
    ProviderNoteFactory,
    RuleSetFactory,
    RuleSetInternalFactory,
    decide,
)
from tests.refusals import forbidden

pytestmark = pytest.mark.django_db

BOTH = {"provider": 1, "payer": 1, "other_provider": 0, "other_payer": 0, "admin": 1}
NOT_GRANTED = None
PAYERS = {**BOTH, "provider": NOT_GRANTED, "other_provider": NOT_GRANTED}
PROVIDERS = {**BOTH, "payer": NOT_GRANTED, "other_payer": NOT_GRANTED}
PUBLIC_RULES = {**BOTH, "other_provider": 1}
ROWS = {
    "claims_claim": BOTH,
    "claims_serviceline": BOTH,
    "claims_diagnosis": BOTH,
    "claims_claimsnapshot": BOTH,
    "claims_decision": BOTH,
    "claims_linedecision": BOTH,
    "claims_assignment": PAYERS,
    "claims_hold": PAYERS,
    "claims_proposal": PAYERS,
    "claims_payernote": PAYERS,
    "claims_rulesetinternal": PAYERS,
    "claims_ruleset": PUBLIC_RULES,
    "claims_providernote": PROVIDERS,
    "claims_claimdraft": PROVIDERS,
}


@pytest.fixture
def world() -> dict[str, Any]:
    """One row of everything, and a stranger on each side."""
    with acting_as("system", "test"):
        claim = ClaimFactory()
        adjudicator = UserFactory(organization=claim.payer)
        for make in (AssignmentFactory, HoldFactory, ProposalFactory, PayerNoteFactory, ProviderNoteFactory):
            make(claim=claim)
        DraftFactory(author=claim.submitted_by)
        RuleSetInternalFactory(rule_set=RuleSetFactory(payer=claim.payer))
        strangers = OrganizationFactory(), OrganizationFactory(payer=True)
    decide(claim, by=adjudicator)
    return {
        "claim": claim,
        "provider": ("provider", claim.provider, claim.submitted_by),
        "payer": ("payer", claim.payer, adjudicator),
        "other_provider": ("provider", strangers[0], None),
        "other_payer": ("payer", strangers[1], None),
        "admin": ("admin", None, None),
    }


def context(world: dict[str, Any], who: str) -> Any:
    kind, organization, user = world[who]
    return acting_as(kind, organization=organization, user=user)


def run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount


@pytest.mark.parametrize("who", ["provider", "payer", "other_provider", "other_payer", "admin"])
def test_who_sees_which_rows(world: dict[str, Any], who: str) -> None:
    with context(world, who):
        for table, expected in ROWS.items():
            if expected[who] is NOT_GRANTED:
                with forbidden():
                    run(f"SELECT count(*) FROM {table}")
            else:
                assert run(f"SELECT count(*) FROM {table}") == expected[who], table


@pytest.mark.parametrize("kind", ["anonymous", "login", "auditor"])
def test_other_kinds_may_not_even_ask(world: dict[str, Any], kind: str) -> None:
    for table in ROWS:
        # An auditor names claims by their number; every other column of theirs is closed.
        asked = "patient_last_name" if (kind, table) == ("auditor", "claims_claim") else "count(*)"
        with forbidden(), acting_as(kind):
            run(f"SELECT {asked} FROM {table}")


@pytest.mark.parametrize(
    "column",
    ["patient_last_name", "member_id", "patient_birth_date", "denial_explanation", "additional_information"],
)
def test_an_administrator_reads_no_ciphertext(world: dict[str, Any], column: str) -> None:
    with acting_as("admin"):
        with forbidden():
            run(f"SELECT {column} FROM claims_claim")
        with forbidden():
            list(Claim.objects.all())
        assert Claim.objects.without_sealed().get().claim_number
        with forbidden():
            run("UPDATE claims_claim SET billed_amount = 1")


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        ("payer", "UPDATE claims_claim SET billed_amount = 1"),
        ("payer", "UPDATE claims_claim SET patient_last_name = '\\x00'"),
        ("payer", "UPDATE claims_claim SET claim_number = 'CLM-20260101-0001'"),
        ("payer", "DELETE FROM claims_claim"),
        ("payer", "UPDATE claims_decision SET paid = 0"),
        ("payer", "DELETE FROM claims_adjustment"),
        ("payer", "UPDATE claims_ruleset SET filing_limit_days = 1"),
        ("provider", "UPDATE claims_claim SET approved_amount = 1"),
        ("provider", "UPDATE claims_claim SET priority = 'urgent'"),
        ("provider", "UPDATE claims_claim SET due_at = now()"),
        ("provider", "DELETE FROM claims_claim"),
        ("provider", "UPDATE claims_serviceline SET charge = 1"),
        ("provider", "INSERT INTO claims_statetransition (source, target, side) VALUES ('denied', 'approved', 'provider')"),
        ("provider", "SELECT n FROM claims_daycounter"),
        ("other_payer", "TRUNCATE claims_claim CASCADE"),
    ],
)  # fmt: skip
def test_statements_that_nobody_was_granted(world: dict[str, Any], who: str, statement: str) -> None:
    with context(world, who), forbidden():
        run(statement)


def test_strangers_change_nothing(world: dict[str, Any]) -> None:
    for who in ("other_provider", "other_payer"):
        with context(world, who):
            assert run("UPDATE claims_claim SET updated_at = now()") == 0


@pytest.mark.parametrize(
    "chosen",
    [
        {"state": "received", "turn": "payer", "clock": "running"},
        {"priority": "urgent"},
        {"priority_reasons": ["emergency_service"]},
        {"denial_reason_code": "x"},
        {
            "submitted_at": "2020-01-01T00:00:00Z",
            "received_at": "2020-01-01T00:00:00Z",
            "due_at": "2020-01-01T00:00:00Z",
        },
        {"due_at": "2099-01-01T00:00:00Z"},
    ],
)
def test_a_provider_does_not_choose_what_is_the_payers(world: dict[str, Any], chosen: dict[str, Any]) -> None:
    kind, provider, biller = world["provider"]
    claim = {
        "provider": provider,
        "payer": world["claim"].payer,
        "submitted_by": biller,
        "state": "submitted",
    }
    with acting_as(kind, organization=provider, user=biller):
        with forbidden():
            ClaimFactory(**{**claim, **chosen})
        ClaimFactory(**claim)


def test_a_provider_submits_only_for_itself_and_under_its_own_name(world: dict[str, Any]) -> None:
    _, provider, biller = world["provider"]
    _, stranger, _ = world["other_provider"]
    with acting_as("system", "test"):
        colleague = UserFactory(organization=provider)
    claim = {"payer": world["claim"].payer, "state": "submitted"}
    with acting_as("provider", organization=provider, user=biller):
        with forbidden():
            ClaimFactory(**claim, provider=stranger, submitted_by=biller)
        with forbidden():
            ClaimFactory(**claim, provider=provider, submitted_by=colleague)


def test_a_payer_writes_in_nobody_elses_name(world: dict[str, Any]) -> None:
    claim = world["claim"]
    with acting_as("system", "test"):
        colleague = UserFactory(organization=claim.payer)
        Hold.objects.update(resolved_at=claim.due_at, resolved_by=colleague)
    with context(world, "payer"):
        with forbidden():
            HoldFactory(claim=claim, placed_by=colleague)
        with forbidden():
            PayerNoteFactory(claim=claim, author=colleague)
        HoldFactory(claim=claim, placed_by=world["payer"][2])


def test_a_draft_follows_only_a_claim_that_its_author_sees(world: dict[str, Any]) -> None:
    claim = world["claim"]
    with acting_as("system", "test"):
        outsider = UserFactory(organization=world["other_provider"][1])
    draft = {"purpose": "copy", "predecessor": claim}
    with acting_as("provider", organization=outsider.organization, user=outsider), forbidden():
        DraftFactory(author=outsider, **draft)
    with context(world, "provider"):
        mine = DraftFactory(author=claim.submitted_by, **draft)
        assert ClaimDraft.objects.filter(pk=mine.pk).delete()[0] == 1


def test_drafts_are_deleted_by_their_organization_alone(world: dict[str, Any]) -> None:
    for who, deleted in (("other_provider", 0), ("provider", 1)):
        with context(world, who):
            assert run("DELETE FROM claims_claimdraft") == deleted
    with context(world, "payer"), forbidden(), transaction.atomic():
        run("DELETE FROM claims_claimdraft")


def test_querysets_say_the_same_as_the_policies(world: dict[str, Any]) -> None:
    claim = world["claim"]
    biller, adjudicator = world["provider"][2], world["payer"][2]
    with acting_as("system", "test"):
        outsider = UserFactory()
        administrator = UserFactory(admin=True)
        assert Claim.objects.visible_to(biller).get() == claim
        assert Claim.objects.visible_to(adjudicator).decided().get() == claim
        assert not Claim.objects.visible_to(outsider).exists()
        assert Claim.objects.visible_to(administrator).get().get_deferred_fields() >= {"member_id"}
        assert Hold.objects.visible_to(adjudicator).exists()
        assert not Hold.objects.visible_to(biller).exists()
        assert not ClaimDraft.objects.visible_to(adjudicator).exists()
