"""Who may do what with the trail in raw SQL: nobody writes, each side reads its own."""

import uuid

import pytest
from django.db import DatabaseError, connection

from audit.actions import Seen, record, record_access
from audit.enums import Action, SubjectKind
from audit.models import Access, Checkpoint, Event
from claimflow.lib.db.context import acting_as
from claimflow.lib.db.roles import KINDS, role
from tests.audit.conftest import CLAIMS, PAYER, PROVIDER, look, seal, write
from tests.harness import admin_connection

pytestmark = pytest.mark.usefixtures("real_db")

STRANGER = uuid.UUID(int=99)
TABLES = ("event", "access", "chain_head", "checkpoint", "vocabulary", "event_default")
WRITES = (
    "INSERT INTO audit.{table} SELECT * FROM audit.{table}",
    "UPDATE audit.{table} SET {column} = {column}",
    "DELETE FROM audit.{table}",
    "TRUNCATE audit.{table}",
    "SELECT * FROM audit.{table} FOR UPDATE",
    "DROP TABLE audit.{table}",
    "ALTER TABLE audit.{table} DISABLE TRIGGER ALL",
    "ALTER TABLE audit.{table} DISABLE ROW LEVEL SECURITY",
)
COLUMN = {"chain_head": "seq", "checkpoint": "batch", "vocabulary": "word"}
CONTEXTS = [(kind, "test" if kind == "system" else "") for kind in KINDS]
CONTEXTS += [("system", "seal"), ("system", "verify")]


@pytest.fixture
def trail():
    write()
    look()
    seal()


@pytest.mark.parametrize(("kind", "purpose"), CONTEXTS)
def test_nobody_writes(trail, kind, purpose):
    organization = {"provider": PROVIDER, "payer": PAYER}.get(kind)
    for table in TABLES:
        for write_it in WRITES:
            if (table, kind) == ("checkpoint", "system") and write_it.startswith("INSERT"):
                continue  # inserts nothing, for it sees nothing; test_seal.py tries it with a row
            sql = write_it.format(table=table, column=COLUMN.get(table, "id"))
            with (
                pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
                acting_as(kind, purpose, organization=organization),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)


@pytest.mark.parametrize(("kind", "purpose"), CONTEXTS)
def test_nobody_becomes_the_owner(trail, kind, purpose):
    for name in ("auditor_owner", "owner", "reader"):
        with pytest.raises(DatabaseError), acting_as(kind, purpose), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [role(name)])


@pytest.mark.parametrize(
    "table", ["event", "event_default", "access", "access_default", "checkpoint", "chain_head"]
)
def test_the_triggers_are_a_second_layer(trail, table):
    """A careless superuser meets them; the month's partition has one against TRUNCATE as well."""
    for sql in (f"DELETE FROM audit.{table}", f"TRUNCATE audit.{table}"):
        if "default" in table and sql.startswith("DELETE"):
            continue
        with admin_connection() as admin, pytest.raises(Exception, match="append-only"):
            admin.execute(sql)
    with admin_connection() as admin:
        partitions = admin.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit.event'::regclass"
        ).fetchall()
    assert len(partitions) >= 4
    for (partition,) in partitions:
        with admin_connection() as admin, pytest.raises(Exception, match="append-only"):
            admin.execute(f"TRUNCATE {partition}")


def test_a_head_moves_one_step():
    write(CLAIMS[0])
    with admin_connection() as admin, pytest.raises(Exception, match="one step"):
        admin.execute("UPDATE audit.chain_head SET seq = seq + 2")


def counts(kind, purpose="", organization=None) -> tuple[int, int, int]:
    found = []
    for model in (Event, Access, Checkpoint):
        try:
            with acting_as(kind, purpose, organization=organization):
                found.append(model.objects.count())
        except DatabaseError:
            found.append(-1)
    return tuple(found)


def test_each_side_reads_its_own():
    """12 events of both sides, 1 of the payer alone, 1 of a stranger; 3 rows read by the provider, 1 by
    nobody's."""
    write()
    look()
    with acting_as("payer", organization=PAYER):
        record(Action.AI_CATEGORIZATION, SubjectKind.CLAIM, CLAIMS[0], payer_id=PAYER)
    with acting_as("provider", organization=STRANGER):
        record(Action.DRAFT_SAVED, SubjectKind.DRAFT, uuid.uuid4(), provider_id=STRANGER)
    with acting_as("admin"):
        record_access(Action.BROKE_GLASS, [Seen("claim", CLAIMS[0], PROVIDER, PAYER)])
    seal()
    assert counts("provider", organization=PROVIDER) == (12, -1, -1)
    assert counts("payer", organization=PAYER) == (13, -1, -1)
    assert counts("provider", organization=STRANGER) == (1, -1, -1)
    assert counts("provider", organization=None) == (0, -1, -1)
    assert counts("auditor", organization=PROVIDER) == (12, 4, 1)
    assert counts("auditor", organization=PAYER) == (13, 1, 1)
    assert counts("auditor", organization=STRANGER) == (1, 0, 1)
    assert counts("auditor") == (14, 4, 1)
    assert counts("admin") == (14, 4, 1)
    assert counts("system", "verify") == (14, 4, 1)
    assert counts("system", "seal") == (14, 4, 1)
    assert counts("system", "notify") == (14, 0, 0)
    assert counts("login") == (0, -1, -1)  # at the door one reads one's own events alone
    assert counts("anonymous") == (-1, -1, -1)


def test_partitions_are_made_by_the_system_alone():
    with acting_as("system", "audit_partitions"), connection.cursor() as cursor:
        cursor.execute("SELECT audit.ensure_partitions(3)")
        assert cursor.fetchone()[0] == 2
        cursor.execute("SELECT audit.ensure_partitions(3)")
        assert cursor.fetchone()[0] == 0
    for kind in ("provider", "payer", "admin", "auditor", "login", "anonymous"):
        with pytest.raises(DatabaseError), acting_as(kind), connection.cursor() as cursor:
            cursor.execute("SELECT audit.ensure_partitions(3)")
