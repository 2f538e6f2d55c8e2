"""Every table x every kind of caller x every operation, over the application's own login (security.md 4.4).

The question is always raw SQL; the answer must be that of tests/matrix/expected.py.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from claimflow.lib.db.roles import role
from tests.harness import DATABASE, admin_connection, url_as
from tests.matrix.callers import BARE, CALLERS
from tests.matrix.expected import EXPECTED
from tests.matrix.probe import Probe
from tests.matrix.samples import SAMPLES
from tests.matrix.world import World, standing


@pytest.fixture(scope="module")
def world(django_db_setup: None) -> Iterator[World]:
    with admin_connection(autocommit=True) as admin, standing(admin, SAMPLES) as made:
        yield made


@pytest.fixture(scope="module")
def probe(world: World) -> Iterator[Probe]:
    with psycopg.connect(url_as("app", DATABASE)) as connection:
        yield Probe(connection, world)
        connection.rollback()


def shown(differences: list[tuple[str, str, str, str]]) -> str:
    return "\n".join(
        f"{caller:32} {operation:24} expected {wanted:24} got {got}"
        for caller, operation, wanted, got in differences
    )


def is_red(wanted: str, got: str) -> bool:
    """A trigger may answer before the policy does; tests/matrix/test_mutation.py asks with triggers at rest."""
    return got != "guard" or wanted.startswith(("rows", "denied"))


def tables() -> list[Any]:
    """Claims and accounts in every run, the others in the full one."""
    return [
        name if name.startswith(("claims_claim", "accounts_")) else pytest.param(name, marks=pytest.mark.slow)
        for name in sorted(EXPECTED)
    ]


@pytest.mark.parametrize("name", tables())
def test_table(probe: Probe, name: str) -> None:
    found = [
        difference
        for caller in CALLERS
        for difference in probe.differences(caller, EXPECTED[name])
        if is_red(difference[2], difference[3])
    ]
    assert not found, f"{name}:\n{shown(found)}"


def test_every_table_of_the_catalogue_has_its_lines_and_its_sample(world: World) -> None:
    tables = {name for name, table in world.tables.items() if not table.is_partition}
    assert tables == set(EXPECTED), "tests/matrix/expected.py and the catalogue name different tables"
    assert tables == set(SAMPLES), "tests/matrix/samples.py and the catalogue name different tables"


def test_every_column_that_the_expected_table_names_exists(world: World) -> None:
    for name, expected in EXPECTED.items():
        for kind, rights in expected.lines.items():
            for cell in (rights.see, rights.add, rights.change, rights.remove):
                named = set() if cell is None else {*(cell.columns or ()), *cell.but}
                assert named <= set(world.tables[name].columns), f"{name}, {kind}"


def test_a_partition_is_nobodys(world: World) -> None:
    """Policies of the parent do not guard a partition that is asked by its own name."""
    with admin_connection() as admin:
        granted = admin.execute(
            "SELECT c.relname, a.grantee::regrole FROM pg_class c, aclexplode(c.relacl) a"
            " WHERE c.relispartition AND c.relkind = 'r' AND a.grantee <> c.relowner"
            " AND a.grantee::regrole::text NOT LIKE '%backup'"
        ).fetchall()
    assert granted == []


@pytest.mark.parametrize("who", ["owner", "auditor_owner", "reader", "migrator", "backup", "worker"])
def test_the_application_cannot_become(probe: Probe, who: str) -> None:
    with probe.speaking_as(BARE):
        assert probe.attempt(lambda: str(probe.connection.execute(f"SET ROLE {role(who)}"))) == "denied"
