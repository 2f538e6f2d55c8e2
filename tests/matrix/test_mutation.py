"""The matrix would notice: every policy and every grant is dropped, and every policy opened, and each time a cell of
its table turns red. As the administrator, who becomes the application's login inside one transaction that is rolled
back; triggers rest, so that nothing but privileges and policies can answer.
"""

import re
from collections.abc import Iterator

import psycopg
import pytest

from claimflow.lib.db.roles import KINDS, role
from tests.harness import PREFIX, admin_connection
from tests.matrix.callers import CALLERS, READER, Caller
from tests.matrix.expected import EXPECTED
from tests.matrix.probe import Probe
from tests.matrix.samples import SAMPLES
from tests.matrix.world import World, standing

WATCHED = (*KINDS, "reader")
EVERY_RUN = ("accounts_", "claims_", "members_", "engagement_", "intelligence_")


@pytest.fixture(scope="module")
def world(django_db_setup: None) -> Iterator[World]:
    with admin_connection(autocommit=True) as admin, standing(admin, SAMPLES) as made:
        yield made


@pytest.fixture(scope="module")
def admin(world: World) -> Iterator[psycopg.Connection]:
    with admin_connection() as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def probe(admin: psycopg.Connection, world: World) -> Probe:
    return Probe(admin, world, as_login=role("app"))


@pytest.fixture(scope="module")
def reader(admin: psycopg.Connection, world: World) -> Probe:
    return Probe(admin, world, as_login=role("reader"))


def callers_of(kind: str) -> list[Caller]:
    """Earnest ones last: an impostor's cells are fewer, and what an open policy shows it turns red at once."""
    return (
        [READER]
        if kind == "reader"
        else sorted(
            (caller for caller in CALLERS if caller.kind == kind), key=lambda caller: caller.is_impostor
        )
    )


Mutant = tuple[
    str, str, str, str
]  # what it is called, the kind concerned, the operation to ask first, the statement


def mutants_of(admin: psycopg.Connection, name: str, oid: int) -> list[Mutant]:
    """Each policy dropped and opened to all rows; each privilege of a kind, whole table or column, revoked."""
    found: list[Mutant] = []
    for policy, command, grantee, using, check in admin.execute(
        "SELECT polname, polcmd::text, polroles[1]::regrole::text, pg_get_expr(polqual, polrelid),"
        " pg_get_expr(polwithcheck, polrelid) FROM pg_policy WHERE polrelid = %s ORDER BY polname",
        [oid],
    ):
        kind = grantee.removeprefix(PREFIX)
        first = {"r": "select", "a": "insert", "w": "update unseen", "d": "delete unseen"}[command]
        found.append((f"policy {policy} dropped", kind, first, f'DROP POLICY "{policy}" ON {name}'))
        if "true" not in (using, check):
            clauses = (" USING (true)" if using else "") + (" WITH CHECK (true)" if check else "")
            found.append(
                (f"policy {policy} opened", kind, first, f'ALTER POLICY "{policy}" ON {name}{clauses}')
            )
        if using and check and check != "true" and can_break(admin, name, grantee, check):
            opened = f'ALTER POLICY "{policy}" ON {name} WITH CHECK (true)'
            found.append((f"check of {policy} opened", kind, "move unseen", opened))
    for grantee, privilege, column in admin.execute(
        "SELECT grantee::regrole::text, privilege_type, NULL FROM pg_class, aclexplode(relacl) WHERE oid = %(oid)s"
        " UNION ALL SELECT grantee::regrole::text, privilege_type, attname FROM pg_attribute, aclexplode(attacl)"
        " WHERE attrelid = %(oid)s ORDER BY 1, 2, 3",
        {"oid": oid},
    ):
        kind = grantee.removeprefix(PREFIX)
        if kind in WATCHED:
            what = f'{privilege} ("{column}")' if column else privilege
            first = {"SELECT": "read" if column else "select", "UPDATE": "change"}.get(
                privilege, privilege.lower()
            )
            found.append(
                (f"{what} of {kind} revoked", kind, first, f"REVOKE {what} ON {name} FROM {grantee}")
            )
    return found


def can_break(admin: psycopg.Connection, name: str, grantee: str, check: str) -> bool:
    """Whether an UPDATE could turn a row that passes USING into one that fails this check: it names a column that
    the grantee may change. Otherwise the check says nothing new, and opening it changes nothing."""
    changeable = admin.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
        [name, grantee],
    ).fetchall()
    said = re.sub(r"'[^']*'|AS \w+|ctx\.\w+", "", check)
    return any(re.search(rf"\b{column}\b", said) for (column,) in changeable)


def survives(probe: Probe, kind: str, name: str, first: str) -> bool:
    return not any(
        True for caller in callers_of(kind) for _ in probe.differences(caller, EXPECTED[name], first=first)
    )


def ask(name: str, admin: psycopg.Connection, world: World, probe: Probe, reader: Probe) -> None:
    table = world.tables[name]
    for kind in WATCHED:
        wrong = [
            difference
            for caller in callers_of(kind)
            for difference in (reader if kind == "reader" else probe).differences(caller, EXPECTED[name])
        ]
        assert not wrong, f"{name}, before anything is changed: {wrong}"
    survivors = []
    for title, kind, first, statement in mutants_of(admin, name, table.oid):
        admin.execute("SAVEPOINT mutant")
        admin.execute(statement)
        if survives(reader if kind == "reader" else probe, kind, name, first):
            survivors.append(title)
        admin.execute("ROLLBACK TO SAVEPOINT mutant")
    assert not survivors, f"{name}: no cell notices\n" + "\n".join(survivors)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in sorted(EXPECTED) if name.startswith(EVERY_RUN)])
def test_every_policy_and_grant_is_held(
    name: str, admin: psycopg.Connection, world: World, probe: Probe, reader: Probe
) -> None:
    ask(name, admin, world, probe, reader)


@pytest.mark.nightly
@pytest.mark.parametrize("name", [name for name in sorted(EXPECTED) if not name.startswith(EVERY_RUN)])
def test_every_policy_and_grant_of_the_rest_is_held(
    name: str, admin: psycopg.Connection, world: World, probe: Probe, reader: Probe
) -> None:
    ask(name, admin, world, probe, reader)
