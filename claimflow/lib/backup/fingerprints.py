"""How many rows each table has, and a hash that does not depend on their order: the sum of their SHA-256.

A row's text is what PostgreSQL prints for it under settings that are the same everywhere. Row security is off, which
for a login that policies hold is an error: nothing is ever counted through a policy without anybody noticing.
"""

from typing import Any

import psycopg
from psycopg import sql

from claimflow.lib.backup.manifest import Fingerprint

SETTINGS = (
    "SET LOCAL row_security = off",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL search_path = pg_catalog",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
# Every table that holds rows itself; those of extensions belong to the extension.
TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
"""
# A SHA-256 counts as two numbers of 64 bits; sums of these are compared. Unlike XOR they see a row that is there twice.
SUMS = """
    SELECT count(*), coalesce(sum(('x' || substr(digest, 1, 16))::bit(64)::bigint), 0),
           coalesce(sum(('x' || substr(digest, 17, 16))::bit(64)::bigint), 0)
    FROM (
        SELECT encode(sha256(convert_to(claimflow_row::text, 'UTF8')), 'hex') AS digest FROM {} AS claimflow_row
    ) AS hashed
"""


def taken(connection: psycopg.Connection[Any]) -> dict[str, Fingerprint]:
    """Of every table in the transaction that is open, by qualified name."""
    for setting in SETTINGS:
        connection.execute(setting)
    found = {}
    for schema, name in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL(SUMS).format(sql.Identifier(schema, name))).fetchone()
        assert row is not None  # noqa: S101  # an aggregate has one row  # nosec B101
        rows, *sums = row
        found[f"{schema}.{name}"] = Fingerprint(
            int(rows), "".join(f"{int(each) % 2**64:016x}" for each in sums)
        )
    return found


def differences(wanted: dict[str, Fingerprint], there: dict[str, Fingerprint]) -> list[str]:
    """A sentence for each table that is not what it should be."""
    found = []
    for name in sorted({*wanted, *there}):
        if name not in there:
            found.append(f"{name} is missing; it had {wanted[name].rows} rows.")
        elif name not in wanted:
            found.append(f"{name} is there and should not be.")
        elif wanted[name].rows != there[name].rows:
            found.append(f"{name} has {there[name].rows} rows and should have {wanted[name].rows}.")
        elif wanted[name].hash != there[name].hash:
            found.append(f"{name} has as many rows as it should, {wanted[name].rows}, but not the same.")
    return found
