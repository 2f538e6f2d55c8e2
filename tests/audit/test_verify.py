"""Tampering by a superuser with triggers off: found, and located (security.md section 5, the first six of
twelve)."""

import datetime as dt
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.actions import verify as verifying
from audit.actions.findings import Finding
from audit.actions.verify import verify, verify_and_record
from audit.models import Checkpoint, Event
from audit.sql import EVENT_FORMAT_1, row_hash
from claimflow.lib.db.context import acting_as
from tests.audit.conftest import CLAIMS, STEPS, look, seal, write
from tests.harness import admin_connection

pytestmark = pytest.mark.usefixtures("real_db")

HASH = row_hash(EVENT_FORMAT_1)


@pytest.fixture
def trail() -> list[int]:
    """Twelve sealed events of three claims, four each in the order of STEPS, and a list that was read."""
    numbers = write()
    look()
    seal()
    assert verify().is_good
    return numbers


def tamper(*statements: str) -> None:
    with admin_connection() as admin:
        admin.execute("SET session_replication_role = replica")
        for statement in statements:
            admin.execute(statement)


def recompute(claim) -> list[str]:
    """What a tamperer who knows the source runs: all hashes of a chain anew, and its head."""
    return [
        f"""
        DO $$ DECLARE e audit.event; before bytea := sha256(''); BEGIN
            FOR e IN SELECT * FROM audit.event WHERE subject_id = '{claim}' ORDER BY chain_seq LOOP
                e.prev_hash := before;
                e.row_hash := {HASH};
                UPDATE audit.event SET prev_hash = e.prev_hash, row_hash = e.row_hash WHERE id = e.id;
                before := e.row_hash;
            END LOOP;
            UPDATE audit.chain_head SET hash = before,
                seq = (SELECT max(chain_seq) FROM audit.event WHERE subject_id = '{claim}')
            WHERE subject_id = '{claim}';
        END $$
        """
    ]


def found(row: int | None = None, batch: int | None = None) -> set[str]:
    """The questions that failed, after the first bad row (or seal) was named as expected."""
    report = verify()
    assert not report.is_good
    assert (report.first.row, report.first.batch if row is None else None) == (row, batch)
    with pytest.raises(CommandError, match=re.escape(report.first.sentence)):
        call_command("audit_verify", stdout=io.StringIO())
    return {finding.check for finding in report.errors}


# The six


def test_an_edit_is_found(trail):
    tamper(f"UPDATE audit.event SET new_status = 'denied' WHERE id = {trail[4]}")
    assert found(row=trail[4]) == {"contents"}


def test_an_edit_with_a_matching_hash_is_found(trail):
    """The chain names the row after it, the window the row itself."""
    tamper(
        f"UPDATE audit.event SET actor_id = gen_random_uuid() WHERE id = {trail[4]}",
        f"UPDATE audit.event AS e SET row_hash = {HASH} WHERE id = {trail[4]}",
    )
    assert found(row=trail[4]) == {"chain", "windows"}


def test_a_deletion_is_found(trail):
    tamper(f"DELETE FROM audit.event WHERE id = {trail[4]}")
    assert found(row=trail[4]) == {"chain", "windows"}


def test_an_insertion_is_found(trail):
    """A row between two others, with hash, number and transaction of its own making."""
    tamper(
        "CREATE TEMP TABLE forged (LIKE audit.event)",
        f"INSERT INTO forged SELECT * FROM audit.event WHERE id = {trail[4]}",
        f"UPDATE forged AS e SET id = {trail[-1]} + 1, action = 'note_added'",
        f"UPDATE forged AS e SET row_hash = {HASH}",
        "INSERT INTO audit.event SELECT * FROM forged",
    )
    assert found(row=trail[-1] + 1) >= {"chain", "windows"}


def test_a_reordering_is_found(trail):
    """Two events of a claim change places; received and pulled."""
    first, second = trail[3], trail[6]
    columns = "action, at, actor_id, details"
    tamper(
        f"CREATE TEMP TABLE swap AS SELECT id, {columns} FROM audit.event WHERE id IN ({first}, {second})",
        f"UPDATE audit.event AS e SET ({columns}) = (SELECT {columns} FROM swap WHERE swap.id <> e.id)"
        f" WHERE id IN ({first}, {second})",
    )
    assert "contents" in found(row=first)


def test_a_reordering_of_numbers_is_found(trail):
    first, second = trail[3], trail[6]
    tamper(
        f"UPDATE audit.event SET chain_seq = 5 - chain_seq WHERE id IN ({first}, {second})",
        f"UPDATE audit.event AS e SET row_hash = {HASH} WHERE id IN ({first}, {second})",
    )
    assert found(row=first) == {"chain", "windows"}


def test_a_cut_tail_is_found(trail):
    tamper(f"DELETE FROM audit.event WHERE id = {trail[-3]}")
    assert found(row=trail[-3]) == {"head", "windows"}


def test_a_cut_tail_with_a_moved_head_is_found(trail):
    tamper(f"DELETE FROM audit.event WHERE id = {trail[-3]}", *recompute(CLAIMS[0]))
    assert found(row=trail[-3]) == {"windows"}


def test_a_rewritten_chain_is_found(trail):
    tamper(
        f"UPDATE audit.event SET action = 'claim_denied' WHERE id = {trail[9]}",
        *recompute(CLAIMS[0]),
    )
    assert found(row=trail[9]) == {"windows"}


def test_a_whole_chain_that_vanished_is_found(trail):
    tamper(
        f"DELETE FROM audit.event WHERE subject_id = '{CLAIMS[1]}'",
        f"DELETE FROM audit.chain_head WHERE subject_id = '{CLAIMS[1]}'",
    )
    assert found(row=trail[1]) == {"windows"}


# Accesses, seals and copies


def test_an_access_that_vanished_or_changed_is_found(trail):
    tamper("DELETE FROM audit.access WHERE id = (SELECT max(id) FROM audit.access)")
    report = verify()
    assert {finding.check for finding in report.errors} == {"windows"}
    assert report.first.batch == 1
    tamper("UPDATE audit.access SET kind = 'x' WHERE id = (SELECT min(id) FROM audit.access)")
    assert "contents" in {finding.check for finding in verify().errors}


def test_a_removed_seal_is_found(trail):
    write(CLAIMS[0])
    seal()
    tamper("DELETE FROM audit.checkpoint WHERE batch = 2")
    assert found(batch=2) == {"copies"}
    tamper("DELETE FROM audit.checkpoint WHERE batch = 1")
    assert "copies" in found(batch=1)


def test_a_seal_made_anew_without_the_key_is_found(trail, settings):
    """Chain, head and seal rewritten together: the signature is missing and the copy says something else."""
    tamper(f"UPDATE audit.event SET action = 'claim_denied' WHERE id = {trail[9]}", *recompute(CLAIMS[0]))
    with acting_as("system", "verify"):
        forged = Checkpoint.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT sha256(string_agg(row_hash, ''::bytea ORDER BY id)) FROM audit.event")
            forged.event_hash = cursor.fetchone()[0]
    hashes = bytes(forged.event_hash).hex(), forged.computed_seal().hex()
    tamper(r"UPDATE audit.checkpoint SET event_hash = '\x{}', seal = '\x{}'".format(*hashes))
    report = verify()
    assert {finding.check for finding in report.errors} == {"seals", "copies"}


def test_a_forged_signature_and_a_changed_seal_are_found(trail):
    tamper("UPDATE audit.checkpoint SET signature = decode(repeat('00', 64), 'hex')")
    assert found(batch=1) == {"seals"}
    tamper("UPDATE audit.checkpoint SET at = at - interval '1 day'")
    assert found(batch=1) == {"seals"}


def test_a_changed_copy_is_found(trail, copies):
    (path,) = copies.glob("*.jsonl")
    line = json.loads(path.read_text())
    path.write_text(json.dumps({**line, "seal": "00" * 32}) + "\n")
    assert found(batch=1) == {"copies"}
    path.unlink()
    report = verify()
    assert report.is_good
    assert [finding.check for finding in report.findings] == ["copies"]


def test_without_copies_the_window_is_still_named(trail, copies):
    tamper(f"UPDATE audit.event SET action = 'claim_denied' WHERE id = {trail[9]}", *recompute(CLAIMS[0]))
    for path in copies.glob("*.jsonl"):
        path.unlink()
    report = verify()
    assert report.first.batch == 1
    assert f"the ones there are {trail[0]} to {trail[-1]}" in report.first.sentence


def test_a_row_of_no_known_cluster_is_found(trail):
    tamper(f"UPDATE audit.event SET cluster = 1 WHERE id = {trail[0]}")
    assert "windows" in found(row=trail[0])


# The last seconds


def test_the_last_seconds_are_guarded_by_the_chain(trail):
    """After the last seal only the chain speaks: an edit and a gap are found."""
    fresh = write(CLAIMS[0], steps=STEPS[:3])
    tamper(f"UPDATE audit.event SET new_status = 'denied' WHERE id = {fresh[1]}")
    assert found(row=fresh[1]) == {"contents"}
    tamper(f"DELETE FROM audit.event WHERE id = {fresh[1]}")
    assert found(row=fresh[2]) == {"chain"}
    tamper(f"DELETE FROM audit.event WHERE id IN ({fresh[1]}, {fresh[2]})")
    assert found() == {"head"}
    assert f"ends with event {fresh[0]} (number 5), its head says number 7" in verify().first.sentence


# Part of the trail, results, questions of others


def test_a_part_trusts_what_was_sealed_before(trail):
    fresh = write(CLAIMS[0], CLAIMS[1])
    seal()
    tamper(f"UPDATE audit.event SET new_status = 'denied' WHERE id = {trail[0]}")
    assert not verify().is_good
    report = verify(from_checkpoint=1)
    assert report.is_good
    assert (report.events, report.checkpoints) == (8, 1)
    tamper(f"DELETE FROM audit.event WHERE id = {fresh[0]}")
    part = verify(from_checkpoint=1)
    assert part.first.row == fresh[0]
    with pytest.raises(ValueError, match="no checkpoint 9"):
        verify(from_checkpoint=9)


def test_a_broken_link_to_the_trusted_part_is_found(trail):
    fresh = write(CLAIMS[0])
    seal()
    tamper(
        f"UPDATE audit.event SET prev_hash = sha256('x') WHERE id = {fresh[0]}",
        f"UPDATE audit.event AS e SET row_hash = {HASH} WHERE id = {fresh[0]}",
    )
    assert verify(from_checkpoint=1).first.row == fresh[0]


def test_a_clock_that_went_back_is_a_warning(trail):
    fresh = write(CLAIMS[0], steps=STEPS[:1])
    tamper(
        f"UPDATE audit.event AS e SET at = at - interval '1 hour' WHERE id = {fresh[0]}",
        *recompute(CLAIMS[0]),
    )
    warnings = [finding for finding in verify().findings if finding.is_warning]
    assert [(finding.check, finding.row) for finding in warnings] == [("chain", fresh[0]), ("seals", None)]


def test_the_result_is_an_event(trail):
    with acting_as("system", "audit_verify"):
        verify_and_record()
        event = Event.objects.get(action="audit_verified")
    assert (event.outcome, event.details["events"], event.details["findings"]) == ("success", 12, 0)
    tamper(f"DELETE FROM audit.event WHERE id = {trail[4]}")
    with acting_as("system", "audit_verify"):
        verify_and_record()
        event = Event.objects.filter(action="audit_verified").newest_first().first()
    assert (event.outcome, event.severity) == ("failure", "critical")


def test_upper_apps_ask_questions_of_their_own(trail, monkeypatch):
    monkeypatch.setattr(verifying, "_cross_checks", {})

    @verifying.register("claims")
    def _states():
        with connection.cursor() as cursor:
            cursor.execute("SELECT ctx.purpose('system')")
            assert cursor.fetchone()[0] == "cross_check"
        yield Finding("", "Claim 7 is approved, its last event says denied.")

    report = verify()
    assert [(finding.check, finding.sentence) for finding in report.errors] == [
        ("claims", "Claim 7 is approved, its last event says denied.")
    ]


def test_an_old_unsealed_row_is_a_warning(trail, monkeypatch):
    write(CLAIMS[0])
    monkeypatch.setattr(verifying, "LATE", dt.timedelta(seconds=-1))
    report = verify()
    assert report.is_good
    assert [finding.check for finding in report.findings] == ["seals"]
    assert report.unsealed == 4
