"""One CHECK constraint alone: a row that it accepts and a row that it refuses, without the rest of the
table."""

from typing import Any

import psycopg
from psycopg import sql

from tests.harness import admin_connection

Row = dict[str, Any]


def checks_of(prefixes: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Constraint name to (table, definition), for tables whose names start so. The range checks that Django
    adds to positive integers are its own."""
    with admin_connection() as admin:
        rows = admin.execute(
            "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        ).fetchall()
    return {
        name: (table, definition)
        for name, table, definition in rows
        if table.startswith(prefixes) and not name.endswith("_check")
    }


def judge(table: str, definition: str, row: Row) -> bool:
    """Whether the constraint accepts a row of these columns (all others NULL)."""
    with admin_connection() as admin:
        admin.execute(
            sql.SQL("CREATE TEMP TABLE alone AS SELECT * FROM {} LIMIT 0").format(sql.Identifier(table))
        )
        admin.execute(f"ALTER TABLE alone ADD CONSTRAINT alone {definition}")  # type: ignore[arg-type]
        statement = sql.SQL("INSERT INTO alone ({}) VALUES ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join(sql.Placeholder() * len(row))
        )
        try:
            admin.execute(statement, list(row.values()))
        except psycopg.errors.CheckViolation:
            return False
        finally:
            admin.rollback()
    return True
