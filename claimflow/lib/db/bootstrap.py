"""Makes roles, database, schemas and extensions: the only part that needs an administrator (rulings 2 and 3).

Idempotent, under an advisory lock, with PostgreSQL 15 to 18 and with either a superuser or, from 16 on, a login with
CREATEDB, CREATEROLE, BYPASSRLS and ``createrole_self_grant = 'set, inherit'``.
"""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from claimflow.lib.db.roles import ALL_ROLES, KINDS, role

SCHEMAS = ("ctx", "jobs", "ops", "accounts", "codes", "members", "claims", "engagement")
LOCK = 7_261_015


class BootstrapError(RuntimeError):
    """What is missing, in a sentence an administrator can act on."""


@dataclass
class Plan:
    """Where and as whom: the administrator's URL, the database's name, the prefix, each login's password."""

    admin_url: str
    database: str
    prefix: str
    passwords: dict[str, str]
    steps: list[str] = field(default_factory=list)


def password_in(url: str) -> str:
    return unquote(urlsplit(url).password or "")


def database_in(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/"))


def _check_administrator(cursor: psycopg.Cursor[tuple[object, ...]]) -> bool:
    """Whether the administrator is a superuser. Raises ``BootstrapError`` naming every missing attribute."""
    cursor.execute(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, current_setting('server_version_num')::int,"
        " current_setting('createrole_self_grant', true) FROM pg_roles WHERE rolname = current_user"
    )
    row = cursor.fetchone()
    if row is None:
        raise BootstrapError("The administrator's role is not in pg_roles.")
    superuser, createdb, createrole, bypassrls, version, self_grant = row
    if not 150_000 <= int(str(version)) < 190_000:
        raise BootstrapError(f"PostgreSQL 15 to 18 is needed; this server says {version}.")
    if superuser:
        return True
    missing = [
        name
        for name, present in (("CREATEDB", createdb), ("CREATEROLE", createrole), ("BYPASSRLS", bypassrls))
        if not present
    ]
    if int(str(version)) < 160_000:
        missing = ["SUPERUSER (PostgreSQL 15)"]
    elif "set" not in str(self_grant or ""):
        missing.append("createrole_self_grant = 'set, inherit'")
    if missing:
        raise BootstrapError("The administrator's login lacks: " + ", ".join(missing) + ".")
    return False


def _make_roles(cursor: psycopg.Cursor[tuple[object, ...]], plan: Plan) -> None:
    name_of = {name: role(name, plan.prefix) for name in ALL_ROLES}
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(name_of.values())])
    present = {str(row[0]) for row in cursor.fetchall()}
    attributes = {
        "app": "LOGIN NOINHERIT",
        "worker": "LOGIN NOINHERIT",
        "migrator": "LOGIN NOINHERIT",
        "backup": "LOGIN BYPASSRLS",
        # So that ops.slow_statements sees whose statements are slow; it is a member of pg_read_all_stats alone.
        "reader": "NOLOGIN INHERIT",
    }
    for name, full in name_of.items():
        verb = "ALTER" if full in present else "CREATE"
        cursor.execute(
            sql.SQL("{} ROLE {} {}").format(
                sql.SQL(verb), sql.Identifier(full), sql.SQL(attributes.get(name, "NOLOGIN NOINHERIT"))
            )
        )
        if plan.passwords.get(name):
            cursor.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(full), sql.Literal(plan.passwords[name])
                )
            )
        plan.steps.append(f"{verb.lower()} role {full}")
    memberships = [(kind, "app") for kind in KINDS]
    memberships += [
        ("system", "worker"),
        ("owner", "migrator"),
        ("auditor_owner", "migrator"),
        ("reader", "owner"),
    ]
    for group, member in memberships:
        cursor.execute(
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(name_of[group]), sql.Identifier(name_of[member]))
        )


def make_database(cursor: psycopg.Cursor[tuple[object, ...]], plan: Plan) -> None:
    owner = sql.Identifier(role("owner", plan.prefix))
    database = sql.Identifier(plan.database)
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [plan.database])
    if cursor.fetchone() is None:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(database, owner)
        )
        plan.steps.append(f"create database {plan.database}")
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for name in ("app", "worker", "migrator", "backup"):
        cursor.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                database, sql.Identifier(role(name, plan.prefix))
            )
        )


def _make_schemas(cursor: psycopg.Cursor[tuple[object, ...]], plan: Plan, *, superuser: bool) -> None:
    owner, auditor = (sql.Identifier(role(name, plan.prefix)) for name in ("owner", "auditor_owner"))
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    if superuser:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements'")
        if cursor.fetchone():
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            cursor.execute("REVOKE ALL ON pg_stat_statements FROM PUBLIC")
            reader = sql.Identifier(role("reader", plan.prefix))
            cursor.execute(sql.SQL("GRANT SELECT ON pg_stat_statements TO {}").format(reader))
            cursor.execute(sql.SQL("GRANT pg_read_all_stats TO {}").format(reader))
    cursor.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS audit AUTHORIZATION {}").format(auditor))
    for schema in SCHEMAS:
        name = sql.Identifier(schema)
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(name, owner))
        cursor.execute(
            sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(
                name, sql.Identifier(role("reader", plan.prefix))
            )
        )
    for schema in ("public", "audit", *SCHEMAS):
        for kind in (*KINDS, "worker", "auditor_owner", "reader", "owner", "backup"):
            cursor.execute(
                sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(
                    sql.Identifier(schema), sql.Identifier(role(kind, plan.prefix))
                )
            )
    for who in ("owner", "auditor_owner", "reader"):
        cursor.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC").format(
                sql.Identifier(role(who, plan.prefix))
            )
        )
    for who in ("owner", "auditor_owner"):
        cursor.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT SELECT ON TABLES TO {}").format(
                sql.Identifier(role(who, plan.prefix)), sql.Identifier(role("backup", plan.prefix))
            )
        )
        cursor.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT SELECT ON SEQUENCES TO {}").format(
                sql.Identifier(role(who, plan.prefix)), sql.Identifier(role("backup", plan.prefix))
            )
        )


def bootstrap(plan: Plan) -> list[str]:
    """Carry the plan out; returns the steps taken, for the command to print."""
    with psycopg.connect(plan.admin_url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        superuser = _check_administrator(cursor)
        _make_roles(cursor, plan)
        make_database(cursor, plan)
        with (
            psycopg.connect(plan.admin_url, dbname=plan.database, autocommit=True) as inside,
            inside.cursor() as inner,
        ):
            _make_schemas(inner, plan, superuser=superuser)
    return plan.steps
