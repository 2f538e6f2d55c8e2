"""Rows that are written once stay as they are, even for whoever has more rights than any kind (ruling 34)."""

import psycopg
import pytest
from psycopg import sql

from claimflow.lib.db.context import acting_as
from claims.models import ClaimSnapshot, PayerNote
from tests.factories.accounts import UserFactory
from tests.factories.claims import ClaimFactory, PayerNoteFactory, ProviderNoteFactory, decide, remark
from tests.harness import admin_connection
from tests.refusals import forbidden

pytestmark = pytest.mark.usefixtures("real_db")

WRITTEN_ONCE = (
    "serviceline", "diagnosis", "claimsnapshot", "claimfinding", "decision", "linedecision", "adjustment",
    "adjustmentremark", "payernote", "providernote",
)  # fmt: skip


def test_an_administrators_update_and_delete_are_refused() -> None:
    with acting_as("system", "test"):
        claim = ClaimFactory()
        adjudicator = UserFactory(organization=claim.payer)
        PayerNoteFactory(claim=claim)
        ProviderNoteFactory(claim=claim)
        from claims.models import ClaimFinding

        ClaimFinding(**claim.as_parent(), stage="submission", code="x", severity="info").save(
            force_insert=True
        )
    decide(claim, by=adjudicator)
    for name in WRITTEN_ONCE:
        table = sql.Identifier(f"claims_{name}")
        for statement in ("UPDATE {} SET created_at = now()", "DELETE FROM {}"):
            with admin_connection(autocommit=True) as admin:
                if not admin.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table)).fetchone()[0]:  # type: ignore[index]
                    assert name == "adjustmentremark"
                    continue
                with pytest.raises(psycopg.errors.CheckViolation) as caught:
                    admin.execute(sql.SQL(statement).format(table))
                assert caught.value.diag.constraint_name == f"claims_{name}_written_once"


@pytest.mark.parametrize(
    "statement", ["DELETE FROM claims_claim", "UPDATE claims_claim SET member_bidx = 'x'"]
)
def test_a_claim_is_not_deleted_and_what_was_typed_stays(statement: str) -> None:
    with acting_as("system", "test"):
        ClaimFactory()
    with admin_connection(autocommit=True) as admin, pytest.raises(psycopg.errors.CheckViolation) as caught:
        admin.execute(statement)  # type: ignore[call-overload]
    assert caught.value.diag.constraint_name == "claims_claim_written_once"


def test_the_system_rewrites_ciphertexts_for_a_rekey_and_nothing_else() -> None:
    with acting_as("system", "test"):
        note = PayerNoteFactory()
        note.body = "x"
    with acting_as("system", "rekey"):
        note.save(update_fields=["body"])
        with forbidden():
            note.kind = "decision"
            note.save(update_fields=["kind"])
        snapshot = ClaimSnapshot.objects.get()
        snapshot.save(update_fields=["content"])
    with acting_as("system", "test"):
        assert PayerNote.objects.filter(pk=note.pk).update(body=PayerNote.objects.get().body) == 0


def test_remarks_too() -> None:
    with acting_as("system", "test"):
        claim = ClaimFactory()
        adjudicator = UserFactory(organization=claim.payer)
    from tests.factories.claims import close, propose

    with acting_as("payer", user=adjudicator, organization=claim.payer):
        claim.state = "in_review"
        claim.touch("state")
        decision = propose(claim, by=adjudicator, outcomes=["denied"])
        remark(decision.lines.get().adjustments.first())
        close(claim, decision)
    with admin_connection(autocommit=True) as admin, pytest.raises(psycopg.errors.CheckViolation) as caught:
        admin.execute("DELETE FROM claims_adjustmentremark")
    assert caught.value.diag.constraint_name == "claims_adjustmentremark_written_once"
