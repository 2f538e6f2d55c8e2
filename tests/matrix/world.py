"""Sample rows for every table, made from the catalogue: two of each side, so that a foreign row always exists.

tests/matrix/samples.py says whose rows a table has and the few values that a type or a list of words cannot give.
Rows are written by the administrator with triggers off (their history is not the question here) and taken away after.
"""

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tests.matrix import catalogue
from tests.matrix.callers import made_id, organization, person
from tests.matrix.catalogue import Table

Row = dict[str, Any]
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
MOMENT = object()  # a value that stands for the world's own now
SIDES = {"provider_id": "P", "payer_id": "Y", "organization_id": "PY"}
PAYERS_PEOPLE = (
    "adjudicat",
    "decid",
    "payer",
    "assign",
    "placed",
    "propos",
    "verif",
    "review",
    "activat",
    "asked",
    "opened",
)


@dataclass(frozen=True)
class Sample:
    """``labels``: whose rows there are. ``values``: what the catalogue cannot know; a function gets the label.
    ``existing``: rows that are there already, by label. ``extras``: changed copies that are tried on insertion,
    by name: the label they start from and their own values. ``moves``: columns that say whose a row is."""

    labels: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    existing: Mapping[str, Row] = field(default_factory=dict)
    extras: Mapping[str, tuple[str, Row]] = field(default_factory=dict)
    moves: tuple[str, ...] = ("organization_id", "provider_id", "payer_id", "user_id")


def tags(label: str) -> list[str]:
    return label.split(".")


def _tag_for(column: str, label: str) -> str | None:
    """Whose organization or person a column of a two-sided row means."""
    mine = tags(label)
    wanted = "Y" if any(word in column for word in PAYERS_PEOPLE) else SIDES.get(column, "PYX")
    for letter in wanted:
        for tag in mine:
            if tag[0] == letter:
                return tag
    return mine[0] if column not in SIDES else None


class World:
    """``rows[table][label]`` are the stored rows, ``fresh(table, label)`` a copy that could be inserted beside it."""

    def __init__(self, tables: dict[str, Table], samples: Mapping[str, Sample]) -> None:
        self.tables, self.samples = tables, samples
        self.moment = datetime.datetime.now(datetime.UTC)
        self.rows: dict[str, dict[str, Row]] = {}
        for name in samples:
            self._rows_of(name)

    def _rows_of(self, name: str) -> dict[str, Row]:
        if name not in self.rows:
            sample = self.samples.get(name)
            self.rows[name] = {}
            if sample is not None:
                for label in sample.labels:
                    self.rows[name][label] = self._make(self.tables[name], sample, label)
                self.rows[name].update({label: dict(row) for label, row in sample.existing.items()})
        return self.rows[name]

    def _parent(self, table: str, label: str, column: str) -> Row | None:
        """The row of another table that a row of ``label`` points to."""
        if table == "accounts_organization":
            tag = _tag_for(column, label)
            found = organization(tag) if tag else None
            return {"id": found, "kind": "provider" if tag and tag[0] == "P" else "payer"} if found else None
        if table == "accounts_user":
            tag = _tag_for(column, label)
            return {"id": person(tag)} if tag else None
        rows = self._rows_of(table)
        for wanted in (label, *tags(label)):
            if wanted in rows:
                return rows[wanted]
        near = [row for other, row in rows.items() if set(tags(other)) & set(tags(label))]
        return (near or list(rows.values()) or [None])[0]

    def _make(self, table: Table, sample: Sample, label: str) -> Row:
        row: Row = {
            column: self.moment if value is MOMENT else value(label) if callable(value) else value
            for column, value in sample.values.items()
        }
        for foreign in table.foreign:
            needed = [name for name in foreign.columns if name not in row]
            required = any(table.columns[name].is_required or name in SIDES for name in needed)
            if not needed or not required or foreign.table == table.name:
                continue
            parent = self._parent(foreign.table, label, next((n for n in needed if n in SIDES), needed[0]))
            if parent is not None:
                for own, theirs in zip(foreign.columns, foreign.targets, strict=True):
                    if not table.columns[own].is_generated and theirs in parent:
                        row.setdefault(own, parent[theirs])
        for name, column in table.columns.items():
            if name in row or column.is_generated or column.is_identity:
                continue
            if name in SIDES and column.type == "uuid" and (tag := _tag_for(name, label)):
                row[name] = organization(tag)
            elif column.is_required and not column.has_default:
                row[name] = self._value(table, name, label)
        for name in table.columns:
            if name in table.key and name not in row:
                row[name] = self._value(table, name, label)
        return row

    def _value(self, table: Table, name: str, label: str, copy: int = 0) -> Any:
        kind = table.columns[name].type
        if name in table.allowed_words and not copy:
            return table.allowed_words[name]
        number = 30_000 + sum(ord(letter) for letter in label) + copy
        if kind == "uuid":
            return made_id(
                table.name, label, *([name] if name not in table.key else []), *([copy] if copy else [])
            )
        if kind.startswith("timestamp"):
            return NOW + datetime.timedelta(days=copy)
        if kind == "date":
            return NOW.date() + datetime.timedelta(days=copy)
        if kind.endswith("[]"):
            return []
        if kind in ("smallint", "integer", "bigint") or kind.startswith("numeric"):
            return number if name in table.key or copy else 1
        simple = {"boolean": False, "bytea": b"\x01" * 48, "jsonb": {}, "inet": "192.0.2.1", "xid8": "1"}
        if kind in simple:
            return simple[kind]
        if not any(name in unique for unique in (table.key, *table.uniques)):
            return ""
        length = re.search(r"\((\d+)\)", kind)
        return f"x{label.lower()}{copy or ''}".replace(".", "")[: int(length[1]) if length else 40]

    def fresh(self, name: str, label: str) -> Row:
        """A copy of a sample row under another key, as unlike it in its other unique columns as can be guessed."""
        table, copy = self.tables[name], dict(self.rows[name][label])
        pointing = {column for foreign in table.foreign for column in foreign.columns}
        for unique in [table.key, *table.uniques]:
            free = [column for column in unique if column not in pointing and column in copy]
            if free and copy[free[-1]] is not None and free[-1] not in self.samples[name].moves:
                copy[free[-1]] = self._value(table, free[-1], label, copy=1)
        if any(column in pointing for column in table.key):
            copy.update({column: self.rows[name][label][column] for column in table.key})
        return copy

    # --- SQL -------------------------------------------------------------------------------------------------
    def literal(self, connection: psycopg.Connection, name: str, column: str, value: Any) -> str:
        """A value as SQL text with its column's type."""
        if isinstance(value, dict):
            value = Jsonb(value, dumps=lambda held: json.dumps(held, default=str))
        text = psycopg.sql.Literal(value).as_string(connection)
        return f"{text}::{self.tables[name].columns[column].type}"

    def insertion(self, connection: psycopg.Connection, name: str, row: Row) -> str:
        columns = ", ".join(f'"{column}"' for column in row)
        values = ", ".join(self.literal(connection, name, column, value) for column, value in row.items())
        return f"INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE VALUES ({values})"

    def condition(self, connection: psycopg.Connection, name: str, labels: list[str]) -> str:
        """``WHERE`` text that names the sample rows of these labels by key."""
        key = self.tables[name].key
        rows = [
            "("
            + ", ".join(
                self.literal(connection, name, column, self.rows[name][label][column]) for column in key
            )
            + ")"
            for label in labels
        ]
        columns = ", ".join(f'"{column}"' for column in key)
        return f"({columns}) IN ({', '.join(rows)})" if rows else "false"

    def label_of(self, name: str, key: tuple[Any, ...]) -> str | None:
        """Whose sample row has this key; as values or as the text of COPY."""

        def spoken(value: Any) -> str:
            return str(value).replace("+00:00", "+00")

        for label, row in self.rows[name].items():
            if [spoken(row[column]) for column in self.tables[name].key] == [spoken(part) for part in key]:
                return label
        return None

    def write(self, admin: psycopg.Connection) -> None:
        """Store every sample. Raises ``AssertionError`` naming all that a constraint refuses, with its text."""
        refused = []
        for name, sample in self.samples.items():
            for label in sample.labels:
                try:
                    with admin.transaction():
                        admin.execute(self.insertion(admin, name, self.rows[name][label]))
                except psycopg.Error as error:
                    refused.append(f"{name} {label}: {error.diag.message_primary}")
                    refused += [
                        check for check in self.tables[name].checks if self._is_named(admin, error, check)
                    ]
        assert not refused, "samples that do not fit their tables:\n" + "\n".join(refused)

    @staticmethod
    def _is_named(admin: psycopg.Connection, error: psycopg.Error, check: str) -> bool:
        row = admin.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
            [error.diag.constraint_name],
        ).fetchone()
        return row is not None and row[0] == check

    def remove(self, admin: psycopg.Connection) -> None:
        for name, sample in self.samples.items():
            admin.execute(f"DELETE FROM {name} WHERE {self.condition(admin, name, list(sample.labels))}")


@contextmanager
def standing(admin: psycopg.Connection, samples: Mapping[str, Sample]) -> Iterator[World]:
    """The sample world, stored; gone afterwards. ``admin`` is a superuser's connection in autocommit."""
    world = World(catalogue.load(admin), samples)
    admin.execute("SET session_replication_role = replica")
    with admin.transaction():
        world.write(admin)
    try:
        yield world
    finally:
        with admin.transaction():
            world.remove(admin)
        admin.execute("RESET session_replication_role")
