"""What must never be across rows and tables: composite keys, seals, balances, the workflow (rulings 9, 22,
26)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as, check_deferred
from claims.actions.assign_number import assign_number
from claims.enums import ClaimState
from claims.models import (
    Adjustment,
    AdjustmentRemark,
    Claim,
    ClaimSnapshot,
    Decision,
    Diagnosis,
    LineDecision,
    PayerNote,
    ServiceLine,
    StateTransition,
)
from claims.workflow import allowed_triples
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.claims import (
    AssignmentFactory,
    ClaimFactory,
    HoldFactory,
    ProposalFactory,
    close,
    decide,
    line_values,
    propose,
    remark,
)
from tests.factories.members import CoverageFactory, PatientFactory, PlanFactory
from tests.harness import admin_connection
from tests.refusals import refused

pytestmark = pytest.mark.django_db

CHILDREN = (
    "serviceline", "diagnosis", "claimsnapshot", "claimfinding", "decision", "linedecision", "adjustment",
    "adjustmentremark", "assignment", "hold", "payernote", "providernote", "proposal", "glassgrant",
    "recategorizationitem",
)  # fmt: skip


def as_test() -> Any:
    return acting_as("system", "test")


@pytest.fixture
def claim() -> Claim:
    """Two lines of $100.00 and $60.00, waiting in the queue."""
    with as_test():
        return ClaimFactory(lines=[{"charge": Decimal("100.00")}, {"charge": Decimal("60.00")}])


@pytest.fixture
def adjudicator(claim: Claim) -> User:
    with as_test():
        return UserFactory(organization=claim.payer)


# --- Keys carry the tenant
# -----------------------------------------------------------------------------------


def test_every_child_of_a_claim_carries_both_sides_in_its_key(django_db_setup: None) -> None:
    with admin_connection() as admin:
        keyed = admin.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
            " AND confrelid = 'claims_claim'::regclass AND pg_get_constraintdef(oid) LIKE"
            " 'FOREIGN KEY (claim_id, provider_id, payer_id) REFERENCES claims_claim(id, provider_id, payer_id)%'"
        ).fetchall()
        carrying = admin.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'claim_id'"
            " AND table_schema = 'public' AND table_name LIKE 'claims\\_%'"
        ).fetchall()
    children = {f"claims_{name}" for name in CHILDREN}
    # The ledger is tied to its claim from a floor below, where a suggestion about a draft has none.
    assert {name for (name,) in keyed} - {"intelligence_ledgerentry"} == children
    assert {name for (name,) in carrying} == children


@pytest.mark.parametrize("factory", [HoldFactory, AssignmentFactory, ProposalFactory])
@pytest.mark.parametrize("side", ["provider", "payer"])
def test_a_child_with_another_side_is_refused(claim: Claim, factory: Any, side: str) -> None:
    with as_test():
        stranger = OrganizationFactory(payer=side == "payer")
        people = {"placed_by": claim.submitted_by} if factory is HoldFactory else {}
        people |= {"adjudicator": claim.submitted_by} if factory is AssignmentFactory else {}
        people |= {"proposer": claim.submitted_by} if factory is ProposalFactory else {}
        table = factory._meta.model._meta.db_table
        with refused(f"{table}_claim"):
            factory(claim=claim, **{side: stranger}, **people)
        factory(claim=claim, **people)


def test_a_payer_cannot_be_the_provider_of_a_claim_nor_the_other_way_round() -> None:
    with as_test():
        clinic, insurer = OrganizationFactory(), OrganizationFactory(payer=True)
        biller = UserFactory(organization=clinic)
        with refused("claims_claim_payer_is_a_payer"):
            ClaimFactory(provider=clinic, payer=clinic)
        with refused("claims_claim_provider_is_a_provider"):
            ClaimFactory(provider=insurer, payer=insurer, submitted_by=biller)
        ClaimFactory(provider=clinic, payer=insurer)


def test_an_organization_with_claims_keeps_its_kind(claim: Claim) -> None:
    with as_test(), refused("claims_claim_payer_is_a_payer"):
        claim.payer.kind, claim.payer.type = "provider", "clinic"
        claim.payer.touch("kind", "type")


@pytest.mark.parametrize(
    ("rule", "field", "make"),
    [
        ("claims_claim_plan_of_payer", "plan", PlanFactory),
        ("claims_claim_coverage_of_payer", "coverage", CoverageFactory),
        ("claims_claim_patient_of_provider", "patient", PatientFactory),
    ],
)
def test_a_claim_refers_only_to_its_own_sides_rows(rule: str, field: str, make: Callable[..., Any]) -> None:
    with as_test():
        row = make()
        organization = row.payer if field == "plan" else row.organization
        with refused(rule):
            ClaimFactory(**{field: row})
        ClaimFactory(**{field: row, "provider" if field == "patient" else "payer": organization})


def test_a_claim_follows_only_a_claim_of_its_provider(claim: Claim) -> None:
    with as_test():
        with refused("claims_claim_prior_claim_own"):
            ClaimFactory(prior_claim=claim)
        ClaimFactory(prior_claim=claim, provider=claim.provider, submitted_by=claim.submitted_by)


# --- A claim is whole
# ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("claims_claim_lines", {"lines": [], "billed_amount": Decimal("1.00")}),
        ("claims_claim_lines", {"lines": [{"line_no": 1}, {"line_no": 3}]}),
        ("claims_claim_lines", {"lines": [{}] * 51}),
        ("claims_claim_billed_is_sum", {"billed_amount": Decimal("125.01")}),
        ("claims_claim_service_is_lines", {"service_date": date(2020, 1, 1)}),
        ("claims_claim_service_is_lines", {"service_date_to": date(2099, 1, 1)}),
        ("claims_claim_service_is_lines", {"cpt_code": "X0002"}),
        ("claims_claim_diagnoses", {"diagnoses": []}),
        ("claims_claim_diagnosis_is_first", {"icd10_code": "E11.9"}),
        ("claims_claim_pointers", {"lines": [{"pointers": ["A", "B"]}]}),
    ],
)
def test_a_claim_that_is_not_whole_is_refused(rule: str, values: dict[str, Any]) -> None:
    with as_test(), refused(rule):
        ClaimFactory(**values)


def test_whole_claims_are_accepted() -> None:
    codes = ["I10", "E11.9", *(f"M54.{n}" for n in range(10))]
    with as_test():
        ClaimFactory(lines=[{}] * 50, diagnoses=codes)
        ClaimFactory(lines=[{"pointers": ["B", "A"]}], diagnoses=["I10", "E11.9"])
        check_deferred()


def test_a_claim_is_looked_at_again_when_its_number_seals_it() -> None:
    """Between its birth in the provider's context and its receipt nothing may have come."""
    with as_test():
        claim = ClaimFactory(state="submitted", numbered=False)
        check_deferred()
        ServiceLine(**claim.as_parent(), **line_values({"line_no": 2})).save(force_insert=True)
        with refused("claims_claim_billed_is_sum"):
            assign_number(claim=claim)


def test_a_claim_without_a_snapshot_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with as_test(), refused("claims_claim_snapshot"):
        monkeypatch.setattr(ClaimSnapshot, "save", lambda *_args, **_kwargs: None)
        ClaimFactory()


def test_a_check_that_cannot_see_its_rows_refuses() -> None:
    """Ruling 5: a lost context must not look like a balance."""
    with as_test(), refused("claims_claim_seen"):
        ClaimFactory()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('claimflow.context', '', true)")


# --- Seals
# ---------------------------------------------------------------------------------------------------


def test_a_numbered_claim_takes_nothing_more(claim: Claim) -> None:
    parent = claim.as_parent()
    with as_test():
        with refused("claims_serviceline_sealed"):
            ServiceLine(**parent, **line_values({"line_no": 3, "charge": Decimal(0)})).save(force_insert=True)
        with refused("claims_diagnosis_sealed"):
            Diagnosis(**parent, letter="B", code="E11.9").save(force_insert=True)
        with refused("claims_snapshot_once"):
            ClaimSnapshot.of(claim, {}).save(force_insert=True)


def test_a_claim_keeps_its_number(claim: Claim) -> None:
    with as_test(), refused("claims_claim_number_stays"):
        claim.set_number(
            claim.number_day, claim.number_n + 1, f"CLM-{claim.number_day:%Y%m%d}-{claim.number_n + 1:04d}"
        )
        claim.touch("claim_number", "number_day", "number_n")


def test_a_closed_decision_takes_nothing_more(claim: Claim, adjudicator: User) -> None:
    decision = decide(claim, by=adjudicator)
    with acting_as("payer", user=adjudicator, organization=claim.payer):
        decided = decision.lines.first()
        with refused("claims_adjustment_sealed"):
            Adjustment(
                **claim.as_parent(),
                line_decision=decided,
                group="OA",
                reason_code="23",
                amount=Decimal("1.00"),
            ).save(force_insert=True)
        with refused("claims_adjustmentremark_sealed"):
            remark(decided.adjustments.first())
        with refused("claims_linedecision_once"):
            LineDecision(
                **claim.as_parent(), decision=decision, line=decided.line, outcome="denied",
                charge=0, allowed=0, paid=0,
            ).save(force_insert=True)  # fmt: skip


def test_remarks_are_written_before_the_decision_closes(claim: Claim, adjudicator: User) -> None:
    with acting_as("payer", user=adjudicator, organization=claim.payer):
        claim.state = ClaimState.IN_REVIEW
        claim.touch("state")
        decision = propose(claim, by=adjudicator, outcomes=["denied", "denied"])
        remark(decision.lines.first().adjustments.first())
        close(claim, decision)
    with acting_as("provider", organization=claim.provider):
        assert AdjustmentRemark.objects.get().code == "N130"


# --- Decisions
# -----------------------------------------------------------------------------------------------


@pytest.fixture
def in_review(claim: Claim, adjudicator: User) -> Claim:
    with acting_as("payer", user=adjudicator, organization=claim.payer):
        claim.state = ClaimState.IN_REVIEW
        claim.touch("state")
    return claim


def spoiled(rule: str, claim: Claim, by: User, spoil: Callable[[Decision], Any], **more: Any) -> None:
    """Propose, spoil one thing, close: refused for that reason."""
    with acting_as("payer", user=by, organization=claim.payer), refused(rule):
        decision = propose(claim, by=by, outcomes=["approved", "approved"], **more)
        spoil(decision)
        close(claim, decision)


def test_a_balanced_decision_is_accepted(claim: Claim, adjudicator: User) -> None:
    decision = decide(claim, by=adjudicator, outcomes=["approved", "denied"])
    with acting_as("provider", organization=claim.provider):
        seen = Claim.objects.get()
        assert (seen.state, seen.public_status, seen.approved_amount) == (
            "partially_approved", "approved", Decimal("80.00"),
        )  # fmt: skip
        assert seen.current_decision_id == decision.pk
        assert seen.paid_amount + seen.patient_responsibility == Decimal("80.00")


def test_a_line_that_does_not_balance_is_refused(in_review: Claim, adjudicator: User) -> None:
    def more_adjusted(decision: Decision) -> None:
        Adjustment(
            **in_review.as_parent(), line_decision=decision.lines.first(), group="OA", reason_code="23",
            amount=Decimal("0.01"),
        ).save(force_insert=True)  # fmt: skip

    spoiled("claims_decision_lines_balance", in_review, adjudicator, more_adjusted)


@pytest.mark.parametrize(("group", "code"), [("PR", "1"), ("PR", "2"), ("PR", "96")])
def test_the_patients_share_is_group_pr_and_its_parts_are_pr_1_2_3(
    in_review: Claim, adjudicator: User, group: str, code: str
) -> None:
    """Moved from CO-45 to the patient, the line still balances, but its parts no longer say so."""

    def shift(decision: Decision) -> None:
        line = decision.lines.first()
        for reason, amount in ((code, Decimal("1.00")), ("96", Decimal("-1.00"))):
            Adjustment(
                **in_review.as_parent(), line_decision=line, group=group if amount > 0 else "OA",
                reason_code=reason, amount=amount,
            ).save(force_insert=True)  # fmt: skip

    spoiled("claims_decision_lines_balance", in_review, adjudicator, shift)


def test_a_decision_decides_every_line(in_review: Claim, adjudicator: User) -> None:
    with (
        acting_as("payer", user=adjudicator, organization=in_review.payer),
        refused("claims_decision_every_line"),
    ):
        decision = Decision(
            **in_review.as_parent(), version=1, outcome="approved", decided_by=adjudicator, decided_at=timezone.now(),
            charge=Decimal("100.00"), allowed=Decimal("100.00"), paid=Decimal("100.00"), patient_responsibility=0,
        )  # fmt: skip
        decision.save(force_insert=True)
        LineDecision(
            **in_review.as_parent(), decision=decision, line=in_review.lines.get(line_no=1), outcome="approved",
            charge=Decimal("100.00"), allowed=Decimal("100.00"), paid=Decimal("100.00"),
        ).save(force_insert=True)  # fmt: skip
        close(in_review, decision)


def whole_decision(claim: Claim, by: User, *, charges: list[str], **totals: Any) -> Decision:
    """Every line paid in full at the given charges."""
    amounts = [Decimal(charge) for charge in charges]
    decision = Decision(
        **claim.as_parent(),
        **{
            "version": 1, "outcome": "approved", "decided_by": by, "decided_at": timezone.now(),
            "charge": sum(amounts), "allowed": sum(amounts), "paid": sum(amounts), "patient_responsibility": 0,
            **totals,
        },
    )  # fmt: skip
    decision.save(force_insert=True)
    for line, amount in zip(claim.lines.order_by("line_no"), amounts, strict=True):
        LineDecision(
            **claim.as_parent(), decision=decision, line=line, outcome="approved", charge=amount, allowed=amount,
            paid=amount,
        ).save(force_insert=True)  # fmt: skip
    return decision


@pytest.mark.parametrize(
    ("rule", "charges", "totals"),
    [
        ("claims_decision_charges", ["60.00", "100.00"], {}),
        ("claims_decision_sums", ["100.00", "60.00"], {"paid": Decimal("159.99")}),
        ("claims_decision_sums", ["100.00", "60.00"], {"patient_responsibility": Decimal("0.01")}),
    ],
)
def test_charges_and_sums_of_a_decision(
    in_review: Claim, adjudicator: User, rule: str, charges: list[str], totals: dict[str, Any]
) -> None:
    with acting_as("payer", user=adjudicator, organization=in_review.payer):
        with refused(rule):
            close(in_review, whole_decision(in_review, adjudicator, charges=charges, **totals))
        in_review.refresh_from_db()
        close(in_review, whole_decision(in_review, adjudicator, charges=["100.00", "60.00"]))


def test_a_decision_is_closed_before_the_commit(in_review: Claim, adjudicator: User) -> None:
    with (
        acting_as("payer", user=adjudicator, organization=in_review.payer),
        refused("claims_decision_closed"),
    ):
        propose(in_review, by=adjudicator, outcomes=["approved", "approved"])


@pytest.mark.parametrize(
    ("rule", "field", "value"),
    [
        ("claims_claim_totals", "paid_amount", Decimal("1.00")),
        ("claims_claim_totals", "approved_amount", Decimal("160.00")),
        ("claims_claim_totals", "adjudicated_at", timezone.now() - timedelta(days=1)),
        ("claims_claim_outcome", "state", "partially_approved"),
    ],
)
def test_a_claims_totals_are_its_decisions(
    claim: Claim, adjudicator: User, rule: str, field: str, value: Any
) -> None:
    decide(claim, by=adjudicator)
    with acting_as("payer", user=adjudicator, organization=claim.payer), refused(rule):
        setattr(claim, field, value)
        claim.touch(field)


def test_the_chain_of_decisions_neither_forks_nor_has_two_roots(claim: Claim, adjudicator: User) -> None:
    first = decide(claim, by=adjudicator)
    both = ["denied", "denied"]
    with acting_as("payer", user=adjudicator, organization=claim.payer):
        with refused("claims_decision_version_once"):
            propose(claim, by=adjudicator, outcomes=both)
        second = propose(claim, by=adjudicator, outcomes=both, version=2, kind="correction", supersedes=first)
        close(claim, second)
        check_deferred()
        with refused("claims_decision_no_fork"):
            propose(claim, by=adjudicator, outcomes=both, version=3, kind="correction", supersedes=first)
        with refused("claims_claim_decision_is_last"):
            close(claim, first)
    with acting_as("provider", organization=claim.provider):
        assert Claim.objects.get().public_status == "denied"


def test_a_second_root_is_refused(claim: Claim, adjudicator: User) -> None:
    """The unique key alone, as a race would meet it: versions are unique as well, so the root is tried as
    such."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'claims_decision_one_root'",
        )
        assert cursor.fetchone()[0].endswith("(claim_id) WHERE (supersedes_id IS NULL)")


def test_a_reversal_negates_every_amount(claim: Claim, adjudicator: User) -> None:
    first = decide(claim, by=adjudicator)
    with acting_as("payer", user=adjudicator, organization=claim.payer):
        reversal = Decision(
            **claim.as_parent(), version=2, kind="reversal", supersedes=first, outcome=first.outcome,
            decided_by=adjudicator, decided_at=timezone.now(), charge=-first.charge, allowed=-first.allowed,
            paid=-first.paid, patient_responsibility=-first.patient_responsibility,
        )  # fmt: skip
        reversal.save(force_insert=True)
        for line in first.lines.all():
            negated = LineDecision(
                **claim.as_parent(), decision=reversal, line=line.line, outcome=line.outcome, charge=-line.charge,
                allowed=-line.allowed, paid=-line.paid, copay=-line.copay,
                patient_responsibility=-line.patient_responsibility,
            )  # fmt: skip
            negated.save(force_insert=True)
            Adjustment.objects.bulk_create(
                Adjustment(
                    **claim.as_parent(), line_decision=negated, group=each.group, reason_code=each.reason_code,
                    amount=-each.amount,
                )
                for each in line.adjustments.all()
            )  # fmt: skip
        claim.state, claim.public_status = ClaimState.VOIDED, None
        claim.current_decision, claim.adjudicated_at = reversal, reversal.decided_at
        claim.approved_amount = claim.paid_amount = claim.patient_responsibility = Decimal("0.00")
        claim.touch(
            "state", "public_status", "current_decision", "adjudicated_at", "approved_amount", "paid_amount",
            "patient_responsibility",
        )  # fmt: skip
        check_deferred()


# --- The workflow
# --------------------------------------------------------------------------------------------


def test_the_databases_workflow_is_pythons(claim: Claim) -> None:
    with acting_as("provider", organization=claim.provider):
        stored = set(StateTransition.objects.values_list("source", "target", "side"))
    assert stored == allowed_triples()


@pytest.mark.parametrize(
    "state", [ClaimState.SUBMITTED, ClaimState.RECEIVED, ClaimState.IN_REVIEW, ClaimState.PENDED]
)
@pytest.mark.parametrize("target", list(ClaimState))
@pytest.mark.parametrize("side", ["provider", "payer", "system"])
def test_a_change_of_state_is_a_row_of_the_workflow(state: ClaimState, target: ClaimState, side: str) -> None:
    """Raw SQL through the application's connection: refused by the trigger, or let through to the next
    rule."""
    with as_test():
        claim = ClaimFactory(state=state)
        biller, adjudicator = claim.submitted_by, UserFactory(organization=claim.payer)
    who = {"provider": biller, "payer": adjudicator}.get(side)
    organization = {"provider": claim.provider, "payer": claim.payer}.get(side)
    if state == target:
        return
    broken = None
    with acting_as(side, "test", user=who, organization=organization):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE claims_claim SET state = %s WHERE id = %s", [target.value, claim.pk])
        except Exception as problem:
            broken = problem.__cause__.diag.constraint_name  # type: ignore[union-attr]
    allowed = (state.value, target.value, side) in allowed_triples()
    assert (broken == "claims_claim_transition") is not allowed


# --- One of a kind
# -------------------------------------------------------------------------------------------


def test_one_form_makes_one_claim(claim: Claim) -> None:
    with as_test():
        with refused("claims_claim_form_token_once"):
            ClaimFactory(
                form_token=claim.form_token, provider=claim.provider, submitted_by=claim.submitted_by
            )
        ClaimFactory(form_token=claim.form_token)


def test_one_lease_one_open_hold_one_open_proposal(claim: Claim) -> None:
    with as_test():
        AssignmentFactory(claim=claim)
        with refused("claims_assignment_once"):
            AssignmentFactory(claim=claim)
        hold = HoldFactory(claim=claim)
        with refused("claims_hold_one_open"):
            HoldFactory(claim=claim)
        hold.resolved_at, hold.resolved_by = timezone.now(), hold.placed_by
        hold.touch("resolved_at", "resolved_by")
        HoldFactory(claim=claim)
        proposal = ProposalFactory(claim=claim)
        with refused("claims_proposal_one_open"):
            ProposalFactory(claim=claim)
        proposal.state = "decided"
        proposal.touch("state")
        ProposalFactory(claim=claim)


def test_snapshots_are_sealed_for_their_claim(claim: Claim) -> None:
    with acting_as("payer", organization=claim.payer):
        snapshot = ClaimSnapshot.objects.get()
        assert snapshot.is_genuine()
        assert snapshot.read() == {"form": 1}
        snapshot.mac = "0" * 64
        assert not snapshot.is_genuine()


def test_notes_name_no_health_data_in_their_title(claim: Claim) -> None:
    note = PayerNote(**claim.as_parent(), body="Okafor called")
    assert "Okafor" not in f"{note} {claim} {claim!r}"


# --- The bulk door -------------------------------------------------------------------------------------------


def test_children_may_come_before_a_claim_that_has_its_number_already(claim: Claim) -> None:
    """A file's claims are written once, numbers and all (ruling 13): keys are deferred, and nothing is sealed yet."""
    with as_test():
        fresh = Claim(
            provider=claim.provider, payer=claim.payer, submitted_by=claim.submitted_by, form_token=uuid4(),
            line_of_business="commercial", jurisdiction="NY", channel="x12", state="received", clock="running",
            submitted_at=claim.submitted_at, received_at=claim.received_at, due_at=claim.due_at,
            billed_amount=Decimal("125.00"), service_date=claim.service_date, service_date_to=claim.service_date_to,
            cpt_code="X0001", icd10_code="I10", billing_npi=claim.billing_npi, billing_name="Riverside Billing",
            patient_first_name="Adaeze", patient_last_name="Okafor", patient_birth_date=date(1965, 3, 14),
            member_id="W-1",
        )  # fmt: skip
        fresh.set_number(date(2026, 1, 5), 1, "CLM-20260105-0001")
        phi.fill_blind_indexes(fresh)
        ServiceLine(**fresh.as_parent(), line_no=1, **line_values({})).save(force_insert=True)
        Diagnosis(**fresh.as_parent(), letter="A", code="I10").save(force_insert=True)
        ClaimSnapshot.of(fresh, {}).save(force_insert=True)
        fresh.save(force_insert=True)
        check_deferred()
        assert fresh.seq > claim.seq
