"""What must hold for the whole database, asked of its catalogue (security.md 4.4)."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from django.apps import apps

from claimflow.lib.db.roles import KINDS, role
from claimflow.lib.phi.fields import PhiField
from tests.harness import PREFIX, admin_connection
from tests.matrix import catalogue
from tests.matrix.catalogue import NOT_OF_AN_EXTENSION, OURS
from tests.matrix.expected import EXPECTED
from tests.matrix.gates import DEFINERS, NEVER_DELETED, NOT_FORCED, WITHOUT_ROW_SECURITY


@pytest.fixture(scope="module")
def admin(django_db_setup: None) -> Iterator[psycopg.Connection]:
    with admin_connection(autocommit=True) as connection:
        yield connection


def rows(admin: psycopg.Connection, statement: str, *parameters: object) -> list[tuple[object, ...]]:
    return admin.execute(statement, parameters or None).fetchall()


def short(names: str | None) -> set[str]:
    return {name.removeprefix(PREFIX) for name in (names or "").split(",") if name}


def outside_of_selects(expression: str) -> str:
    """The expression without its parenthesised sub-selects."""
    kept, depth, inside = "", 0, 0
    for position, letter in enumerate(expression):
        depth += (letter == "(") - (letter == ")")
        if letter == "(" and not inside and expression.startswith("( SELECT ", position):
            inside = depth
        if not inside:
            kept += letter
        if letter == ")" and inside and depth < inside:
            inside = 0
    return kept


def test_row_security_is_on_and_forced_but_for_the_list(admin: psycopg.Connection) -> None:
    tables = [table for table in catalogue.load(admin).values() if not table.is_partition]
    assert {table.name for table in tables if not table.has_row_security} == set(WITHOUT_ROW_SECURITY)
    assert {table.name for table in tables if table.has_row_security and not table.is_forced} == set(
        NOT_FORCED
    )


def test_a_table_without_row_security_shows_tenants_nothing(admin: psycopg.Connection) -> None:
    """Only names of models are for everybody; the rest is the administrator's and the system's."""
    granted = rows(
        admin,
        "SELECT c.relname, a.grantee::regrole::text FROM pg_class c, aclexplode(c.relacl) a"
        " WHERE c.relkind = 'r' AND NOT c.relrowsecurity AND NOT c.relispartition AND a.grantee = ANY(%s::regrole[])",
        [role(kind) for kind in ("anonymous", "login", "provider", "payer", "auditor")],
    )
    assert {name for name, _ in granted} <= {"django_content_type"}


def test_policies_are_one_per_table_command_and_kind_and_never_for_everybody(
    admin: psycopg.Connection,
) -> None:
    found = rows(admin, "SELECT schemaname, tablename, cmd, roles::text[], permissive FROM pg_policies")
    assert {(len(roles), permissive) for *_, roles, permissive in found} == {(1, "PERMISSIVE")}
    assert {roles[0].removeprefix(PREFIX) for *_, roles, _ in found} <= {*KINDS, "reader"}
    assert {command for _, _, command, *_ in found} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert len({(schema, table, command, roles[0]) for schema, table, command, roles, _ in found}) == len(
        found
    )


def test_every_policy_calls_the_context_in_scalar_sub_selects(admin: psycopg.Connection) -> None:
    """Otherwise the function runs once a row: 77 ms instead of 1 (security.md 4.1 row 22)."""
    for table, policy, using, check in rows(
        admin, "SELECT tablename, policyname, qual, with_check FROM pg_policies"
    ):
        for text in (using, check):
            assert "ctx." not in outside_of_selects(str(text or "")), f"{policy} on {table}: {text}"


def test_every_policy_but_the_readers_and_public_ones_asks_the_context(admin: psycopg.Connection) -> None:
    open_policies = {
        (table, roles[0].removeprefix(PREFIX), command)
        for table, roles, command, using, check in rows(
            admin, "SELECT tablename, roles::text[], cmd, qual, with_check FROM pg_policies"
        )
        if "ctx." not in f"{using} {check}"
    }
    unasked = {
        name
        for name in open_policies
        if name[1] != "reader" and not (name[2] == "SELECT" and EXPECTED[name[0]].is_public)
    }
    assert unasked == set()


def test_the_definer_functions_are_exactly_these(admin: psycopg.Connection) -> None:
    found = {
        str(name): (str(owner).removeprefix(PREFIX), short(executors))
        for name, owner, executors in rows(
            admin,
            "SELECT p.oid::regprocedure::text, p.proowner::regrole::text, (SELECT string_agg(a.grantee::regrole::text, ',')"
            " FROM aclexplode(p.proacl) a WHERE a.grantee <> p.proowner)"
            f" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND {OURS}",
        )
    }
    assert found == {name: (owner, set(kinds.split())) for name, (owner, kinds) in DEFINERS.items()}


def test_definer_functions_pin_their_search_path_with_the_temporary_schema_last(
    admin: psycopg.Connection,
) -> None:
    for name, settings in rows(
        admin,
        "SELECT p.oid::regprocedure::text, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE p.prosecdef AND {OURS}",
    ):
        paths = [setting for setting in settings or [] if setting.startswith("search_path=")]  # type: ignore[attr-defined]
        assert paths, f"{name} has no search_path"
        assert re.fullmatch(r"search_path=pg_catalog,( public,)? pg_temp", paths[0]), f"{name}: {paths}"


def test_nobody_but_named_roles_executes_our_functions(admin: psycopg.Connection) -> None:
    open_functions = rows(
        admin,
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE {OURS} AND {NOT_OF_AN_EXTENSION.format(oid='p.oid')}"
        " AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))",
    )
    assert open_functions == []


def test_there_are_no_materialised_views_and_views_are_invokers(admin: psycopg.Connection) -> None:
    views = rows(
        admin,
        "SELECT c.relname, c.relkind::text, coalesce(array_to_string(c.reloptions, ','), '') FROM pg_class c"
        f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND {OURS}"
        f" AND {NOT_OF_AN_EXTENSION.format(oid='c.oid')}",
    )
    assert [
        name for name, kind, options in views if kind == "m" or "security_invoker=true" not in str(options)
    ] == []


def test_logins_and_kinds_own_nothing(admin: psycopg.Connection) -> None:
    names = [role(name) for name in (*KINDS, "app", "worker", "backup")]
    for table, owner in (
        ("pg_class", "relowner"),
        ("pg_proc", "proowner"),
        ("pg_namespace", "nspowner"),
        ("pg_type", "typowner"),
        ("pg_database", "datdba"),
    ):
        assert rows(admin, f"SELECT count(*) FROM {table} WHERE {owner} = ANY(%s::regrole[])", names) == [
            (0,)
        ], table


def test_roles_have_no_attribute_that_gets_past_policies(admin: psycopg.Connection) -> None:
    found = rows(
        admin,
        "SELECT rolname, rolcanlogin, rolinherit FROM pg_roles WHERE rolname LIKE %s"
        " AND NOT rolsuper AND NOT rolcreaterole AND NOT rolcreatedb AND NOT rolreplication AND NOT rolbypassrls",
        PREFIX.replace("_", r"\_") + "%",
    )
    logins = {str(name).removeprefix(PREFIX) for name, can_login, _ in found if can_login}
    assert logins == {"app", "worker", "migrator"}
    assert not any(inherits for _, _, inherits in found)
    bypassing = rows(
        admin, "SELECT rolname FROM pg_roles WHERE rolname LIKE %s AND rolbypassrls", PREFIX + "%"
    )
    assert bypassing == [(role("backup"),)]


def test_memberships_are_exactly_these(admin: psycopg.Connection) -> None:
    found = rows(
        admin,
        "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members WHERE roleid::regrole::text LIKE %s",
        PREFIX + "%",
    )
    named = {tuple(str(name).removeprefix(PREFIX) for name in pair) for pair in found}
    ours = {
        pair
        for pair in named
        if pair[0] in {*KINDS, "app", "worker", "migrator", "backup", "owner", "reader", "auditor_owner"}
    }
    assert ours == {
        *(("app", kind) for kind in KINDS),
        ("worker", "system"),
        ("migrator", "owner"),
        ("migrator", "auditor_owner"),
        ("owner", "reader"),
    }


def test_nobody_truncates_references_or_triggers(admin: psycopg.Connection) -> None:
    granted = rows(
        admin,
        "SELECT c.relname, a.grantee::regrole::text, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a"
        " WHERE a.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') AND a.grantee <> c.relowner"
        " AND a.grantee::regrole::text LIKE %s",
        PREFIX + "%",
    )
    assert granted == []


def test_nothing_is_granted_to_everybody(admin: psycopg.Connection) -> None:
    granted = rows(
        admin,
        f"SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " aclexplode(c.relacl) a"
        f" WHERE a.grantee = 0 AND {OURS} AND {NOT_OF_AN_EXTENSION.format(oid='c.oid')}",
    )
    assert granted == []
    database = rows(
        admin,
        "SELECT a.privilege_type FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database()"
        " AND a.grantee = 0",
    )
    assert database == []


def test_claims_decisions_and_the_trail_are_never_deleted(admin: psycopg.Connection) -> None:
    granted = rows(
        admin,
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a"
        " WHERE a.privilege_type = 'DELETE' AND a.grantee <> c.relowner AND (c.relname = ANY(%s) OR n.nspname = 'audit')",
        list(NEVER_DELETED),
    )
    assert granted == []


def test_kinds_may_not_create_or_use_temporary_tables(admin: psycopg.Connection) -> None:
    for name in (*KINDS, "app", "worker"):
        (found,) = rows(
            admin,
            "SELECT has_database_privilege(%(r)s, current_database(), 'CREATE'),"
            " has_database_privilege(%(r)s, current_database(), 'TEMPORARY'),"
            " bool_or(has_schema_privilege(%(r)s, oid, 'CREATE')) FROM pg_namespace"
            " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'".replace(
                "%(r)s", f"'{role(name)}'"
            ),
        )
        assert found == (False, False, False), name


def test_admin_reads_no_encrypted_column(admin: psycopg.Connection) -> None:
    sealed = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, PhiField)
    ]
    assert len(sealed) > 30
    readable = [
        (table, column)
        for table, column in sealed
        if rows(admin, "SELECT has_column_privilege(%s, %s, %s, 'SELECT')", role("admin"), table, column)
        == [(True,)]
    ]
    assert readable == []


def test_the_auditor_reads_of_claims_only_their_number_and_state(admin: psycopg.Connection) -> None:
    readable = rows(
        admin,
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relname ~ '^(claims|members)_' AND c.relkind = 'r' AND NOT a.attisdropped"
        " AND c.relname NOT IN ('claims_statetransition', 'claims_glassgrant', 'members_plan')"
        " AND has_column_privilege(%s, c.oid, a.attnum, 'SELECT')",
        role("auditor"),
    )
    allowed = {"id", "claim_number", "provider_id", "payer_id", "state"}
    assert set(readable) == {("claims_claim", column) for column in allowed}


def test_backup_reads_every_table(admin: psycopg.Connection) -> None:
    """A dump that leaves a table out would be silently incomplete (security.md 0.5)."""
    missing = rows(
        admin,
        f"SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind IN ('r', 'p', 'S') AND {OURS} AND {NOT_OF_AN_EXTENSION.format(oid='c.oid')}"
        " AND NOT has_table_privilege(%s, c.oid, 'SELECT')",
        role("backup"),
    )
    assert missing == []


def test_sequences_are_used_by_few(admin: psycopg.Connection) -> None:
    """A kind that could read or set a sequence would learn the volume of others (security.md 1)."""
    granted = rows(
        admin,
        "SELECT c.relname, a.grantee::regrole::text FROM pg_class c, aclexplode(c.relacl) a"
        " WHERE c.relkind = 'S' AND a.grantee = ANY(%s::regrole[])",
        [role(kind) for kind in KINDS],
    )
    assert granted == []
