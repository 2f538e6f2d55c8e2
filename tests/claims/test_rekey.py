"""An exchange of keys reaches the snapshot's seal: verified with the old key, then made with the new one (ruling 32)."""

import base64
import io

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claims.models import Claim, ClaimSnapshot
from tests.factories.claims import ClaimFactory
from tests.harness import admin_connection

pytestmark = pytest.mark.usefixtures("real_db")

NEW = base64.b64encode(bytes([11]) * 32).decode()


@pytest.fixture
def claim() -> Claim:
    with acting_as("system", "test"):
        made: Claim = ClaimFactory()
    return made


def exchange(settings, *, index_keys: bool = True, values: bool = False) -> None:
    if index_keys:
        settings.PHI_INDEX_KEYS = f"2:{NEW},{settings.PHI_INDEX_KEYS}"
    if values:
        settings.PHI_KEYS = f"2:{NEW},{settings.PHI_KEYS}"


def snapshot() -> ClaimSnapshot:
    with acting_as("system", "test"):
        return ClaimSnapshot.objects.get()


def forge(column: str, value: object) -> None:
    """What somebody with the database's own rights could do, who has no key."""
    with admin_connection(autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(f"UPDATE claims_claimsnapshot SET {column} = %s", [value])  # type: ignore[call-overload]


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_seal_gets_the_new_key_and_the_old_one_can_go(claim, settings) -> None:
    before = snapshot()
    exchange(settings)
    assert "claims.ClaimSnapshot: 1 rows re-encrypted" in run("phi_rekey")
    settings.PHI_INDEX_KEYS = f"2:{NEW}"
    after = snapshot()
    assert (after.mac_key_id, after.is_genuine()) == (2, True)
    assert after.mac != before.mac
    assert after.read() == before.read() == {"form": 1}
    assert "seals by index key 2: 1, 0 that do not open" in run("phi_check", "--all")
    with acting_as("admin"):
        event = Event.objects.get(action="keys_changed")
    assert "claims.ClaimSnapshot:1" in event.details["tables"]


def test_a_seal_of_the_current_key_stays_when_only_values_are_exchanged(claim, settings) -> None:
    before = snapshot()
    exchange(settings, index_keys=False, values=True)
    run("phi_rekey")
    after = snapshot()
    assert (after.mac, after.mac_key_id) == (before.mac, before.mac_key_id)
    assert after.content.key_id == 2


@pytest.mark.parametrize("values", [False, True])
def test_a_seal_that_does_not_fit_is_never_renewed(claim, settings, values: bool) -> None:
    forge("mac", "0" * 64)
    before = snapshot()
    exchange(settings, values=values)
    with pytest.raises(CommandError, match="1 rows do not open or do not fit their seal"):
        run("phi_rekey")
    after = snapshot()
    assert (after.mac, after.mac_key_id, after.content) == (before.mac, before.mac_key_id, before.content)
    assert not after.is_genuine()


def test_a_text_that_was_exchanged_with_the_key_of_values_alone_is_found(claim, settings) -> None:
    """Whoever holds PHI_KEYS can write another text; the seal is made with another key."""
    row = snapshot()
    forge("content", phi.seal('{"form":2}', label="claim_snapshot.content", row_id=row.pk).data)
    assert not snapshot().is_genuine()
    with pytest.raises(CommandError, match="1 encrypted values do not open or do not fit their seal"):
        run("phi_check", "--all")
    exchange(settings)
    with pytest.raises(CommandError, match="1 rows"):
        run("phi_rekey")
    assert snapshot().mac_key_id == 1


def test_a_key_that_left_the_ring_too_early_is_named(claim, settings) -> None:
    settings.PHI_INDEX_KEYS = f"2:{NEW}"
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("phi_check", "--all", stdout=io.StringIO(), stderr=out)
    assert "needs key 1, which is not in PHI_INDEX_KEYS" in out.getvalue()
    with pytest.raises(phi.UnknownKey):
        snapshot().is_genuine()
