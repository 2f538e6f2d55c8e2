"""The sealer: every row in exactly one window, whatever runs beside it; every seal signed and copied
outside."""

import datetime as dt
import json
import threading
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit.actions.seal import seal_once, seal_state, seal_until
from audit.actions.signing import keys
from audit.actions.verify import verify
from audit.models import Checkpoint
from claimflow.lib.db.context import acting_as
from tests.audit.conftest import CLAIMS, look, quiet_server, seal, write
from tests.harness import admin_connection, key_for

pytestmark = pytest.mark.usefixtures("real_db")


def lines(copies) -> list[dict]:
    return [
        json.loads(line) for path in sorted(copies.glob("*.jsonl")) for line in path.read_text().splitlines()
    ]


def test_a_window_is_sealed_signed_and_copied(copies):
    numbers = write()
    look()
    sealed = seal()
    assert (sealed.batch, sealed.epoch, sealed.event_count, sealed.access_count) == (1, 1, 12, 3)
    with acting_as("system", "verify"):
        stored = Checkpoint.objects.get()
    assert stored.computed_seal() == bytes(stored.seal)
    assert keys().is_signed(bytes(stored.seal), bytes(stored.signature), stored.key_id)
    (line,) = lines(copies)
    assert line["seal"] == bytes(stored.seal).hex()
    assert [number for number, _hash in line["events"]] == numbers
    assert verify().is_good


def test_windows_follow_each_other_and_quiet_is_not_sealed():
    write(CLAIMS[0])
    first = seal()
    assert seal() is None
    write(CLAIMS[1])
    second = seal()
    assert (second.batch, second.lo) == (2, first.hi)
    assert bytes(second.previous_seal) == bytes(first.seal)


def test_an_idle_sealer_shows_that_it_lives(monkeypatch):
    write(CLAIMS[0])
    seal()
    monkeypatch.setattr("audit.actions.seal.HEARTBEAT", dt.timedelta())
    assert (seal() or seal()).event_count == 0


def test_what_still_runs_is_left_to_a_later_window():
    """The window ends at the oldest running transaction, even when a younger one has committed."""
    running, go = threading.Event(), threading.Event()

    def slow():
        with acting_as("system", "test"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            running.set()
            go.wait(10)
        write_one()
        connection.close()

    def write_one():
        write(CLAIMS[1], steps=["claim_submitted"])

    thread = threading.Thread(target=slow)
    thread.start()
    running.wait(10)
    write(CLAIMS[0])
    assert (sealed := seal_once()) is None or sealed.event_count == 0
    with acting_as("system", "verify"):
        assert seal_state().unsealed == 4
    go.set()
    thread.join()
    assert seal().event_count == 5
    assert verify().is_good


def test_concurrent_writers_leave_nothing_unsealed():
    stop = threading.Event()
    sealers = [threading.Thread(target=seal_until, args=(stop,), kwargs={"every": 0.01}) for _ in range(2)]

    def work(number):
        for _ in range(6):
            write(uuid.UUID(int=1000 + number % 3))
            look(CLAIMS[0])
        connection.close()

    writers = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in [*sealers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    seal()
    with acting_as("system", "verify"):
        assert seal_state().unsealed == 0
        seals = list(Checkpoint.objects.all())
    assert sum(seal.event_count for seal in seals) == 6 * 6 * 4
    assert sum(seal.access_count for seal in seals) == 6 * 6
    assert len(seals) > 1
    report = verify()
    assert report.is_good, report.findings
    assert (report.events, report.accesses, report.copies) == (144, 36, len(seals))


def test_a_copy_that_a_kill_prevented_is_made_good(copies, monkeypatch):
    write(CLAIMS[0])
    with monkeypatch.context() as patch:
        patch.setattr("audit.actions.seal.copy_new", lambda: None)
        seal()
    assert not copies.exists()
    write(CLAIMS[1])
    seal()
    assert [line["batch"] for line in lines(copies)] == [1, 2]


def test_a_line_that_a_kill_cut_short_is_written_again(copies):
    write(CLAIMS[0])
    seal()
    (path,) = copies.glob("*.jsonl")
    with path.open("a") as file:
        file.write('{"batch":2,"epo')
    write(CLAIMS[1])
    seal()
    report = verify()
    assert report.is_good
    assert [finding.check for finding in report.findings] == ["copies"]
    assert [json.loads(line)["batch"] for line in path.read_text().splitlines() if line.endswith("}")] == [
        1,
        2,
    ]


def test_another_cluster_starts_a_new_epoch():
    """What a restore into another server leaves: rows and seals of a cluster that is not this one."""
    write(CLAIMS[0])
    seal()
    write(CLAIMS[1])
    with admin_connection(autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE audit.checkpoint SET cluster = 42")
        admin.execute("UPDATE audit.event SET cluster = 42")
    write(CLAIMS[2])
    seal()
    with acting_as("system", "verify"):
        seals = list(Checkpoint.objects.order_by("batch").values_list("batch", "epoch", "event_count"))
        assert seal_state().unsealed == 0
    assert seals == [(1, 1, 4), (2, 1, 4), (3, 2, 4)]


def test_only_the_purpose_seal_inserts_checkpoints():
    write(CLAIMS[0])
    sealed = seal()
    values = [getattr(sealed, field.column) for field in Checkpoint._meta.concrete_fields]
    values[0] = 2
    for kind, purpose in (("system", "verify"), ("system", "test"), ("admin", ""), ("auditor", "")):
        with pytest.raises(DatabaseError), acting_as(kind, purpose), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO audit.checkpoint VALUES ({', '.join(['%s'] * len(values))})", values)


def test_keys_can_be_exchanged(settings):
    write(CLAIMS[0])
    seal()
    settings.AUDIT_SIGNING_KEY = f"{key_for('next')},{settings.AUDIT_SIGNING_KEY}"
    write(CLAIMS[0])
    second = seal()
    assert second.key_id == keys().current
    assert verify().is_good
    settings.AUDIT_SIGNING_KEY = key_for("next")
    report = verify()
    assert [finding.batch for finding in report.errors] == [1]
    for bad in ("", "short", key_for("x")[:20]):
        settings.AUDIT_SIGNING_KEY = bad
        with pytest.raises(ImproperlyConfigured):
            keys()


def test_the_commands_seal_and_verify(capsys):
    write(CLAIMS[0])
    with quiet_server():
        call_command("audit_seal", "--once")
        call_command("audit_seal", "--once")
    call_command("audit_verify")
    out = capsys.readouterr().out
    assert "Sealed as checkpoint 1." in out
    assert "Nothing to seal." in out
    assert "4 events, 0 accesses, 1 checkpoints, 1 copies; 0 rows wait for their seal." in out
    assert "The trail is unbroken." in out
    call_command("audit_verify", "--json", "--from-checkpoint", "1")
    assert json.loads(capsys.readouterr().out)["good"] is True


def test_the_state_says_what_waits():
    with acting_as("system", "verify"):
        assert seal_state().batch is None
    write(CLAIMS[0])
    seal()
    look()
    with acting_as("auditor"):
        state = seal_state()
    assert (state.batch, state.unsealed) == (1, 3)
    assert state.lag.total_seconds() < 60
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as("provider"):
        seal_state()
