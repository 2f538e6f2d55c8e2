"""Is the database what this release's migrations make of it? Asked of the catalogue, which every login may read.

Each fault is a sentence that names the table. Three questions: does every model's table have exactly the model's
columns, constraints and indexes; does every protected table still have its row security and every policy that a
migration gave it; does no policy stand there that no migration made. Nothing is mended here.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from claimflow.lib.db import rls

COLUMNS = """
    SELECT c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> ''
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
NAMED = """
    SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind IN ('i', 'I')
"""
SECURITY = """
    SELECT c.oid::regclass::text, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
POLICIES = "SELECT policyname FROM pg_policies"
# How the catalogue spells what Django's fields declare.
SPELLED = (
    (r"^varchar\b", "character varying"),
    (r"^bool$", "boolean"),
    (r"^timestamptz$", "timestamp with time zone"),
    (r", ", ","),
    (r" GENERATED .*", ""),
)
POLICY = re.compile(r"(DROP|CREATE) POLICY (?:IF EXISTS )?(\w+)")
SWITCH = re.compile(r"ALTER TABLE (\S+) (ENABLE|DISABLE|FORCE|NO FORCE) ROW LEVEL SECURITY")


class Column(NamedTuple):
    kind: str
    is_required: bool
    is_generated: bool


def faults() -> Iterator[str]:
    """Every difference, a sentence each."""
    yield from model_faults()
    yield from security_faults()


# --- Tables and models


def model_faults() -> Iterator[str]:
    """Columns that a model has and its table has not, or the other way round; kinds that differ; names that lack."""
    tables: dict[str, dict[str, Column]] = {}
    for table, name, *facts in _rows(COLUMNS):
        tables.setdefault(_bare(table), {})[str(name)] = Column(*facts)
    names = {name for (name,) in _rows(NAMED)}
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        table = _bare(model._meta.db_table)
        if table not in tables:
            yield f"The table {table} is missing."
            continue
        yield from _columns(table, model, tables[table])
        if model._meta.managed:
            yield from (
                f"{table} lacks {name}, which the model {model._meta.label} declares."
                for name in _declared(model)
                if name not in names
            )


def _columns(table: str, model: type[models.Model], there: dict[str, Column]) -> Iterator[str]:
    declared = {str(field.column): field for field in model._meta.concrete_fields}
    for name in sorted(declared.keys() - there.keys()):
        yield f"{table} lacks the column {name}."
    if not model._meta.managed:
        return  # a view of the trail's tables: some of their columns are nobody's to read
    for name in sorted(there.keys() - declared.keys()):
        if not there[name].is_generated:  # the database's own, for its foreign keys
            yield f"{table} has a column {name} that no model knows."
    for name in sorted(declared.keys() & there.keys()):
        field, column = declared[name], there[name]
        wanted = _spelled(field.db_type(connection) or "")
        if wanted != column.kind:
            yield f"{table}.{name} is {column.kind} and should be {wanted}."
        if column.is_required == field.null:
            yield f"{table}.{name} {'must' if field.null else 'need not'} have a value, unlike the model's."


def _declared(model: type[models.Model]) -> Iterable[str]:
    return [each.name for each in (*model._meta.constraints, *model._meta.indexes)]


def _spelled(kind: str) -> str:
    for pattern, instead in SPELLED:
        kind = re.sub(pattern, instead, kind)
    return kind


# --- Row-level security


def security_faults() -> Iterator[str]:
    """What lets rows be seen that a migration protected: row security off, policies gone or added by hand."""
    security = {_bare(table): (is_on, is_forced) for table, is_on, is_forced in _rows(SECURITY)}
    wanted = expected()
    for table, is_forced in sorted(wanted.tables.items()):
        is_on, forced = security.get(table, (False, False))
        if not is_on:
            yield f"Row-level security of {table} is off: whoever may select sees every organization's rows."
        elif is_forced and not forced:
            yield f"Row-level security of {table} does not hold its owner."
    there = {name for (name,) in _rows(POLICIES)}
    for name in sorted(wanted.policies - there):
        yield f"The policy {name} is gone."
    for name in sorted(there - wanted.policies):
        yield f"The policy {name} was made by no migration."


class Expected:
    """What the migrations, in their order, leave behind: table to whether its owner is held too, and policies."""

    def __init__(self) -> None:
        self.tables: dict[str, bool] = {}
        self.policies: set[str] = set()

    def follow(self, statement: str) -> None:
        for table, word in SWITCH.findall(statement):
            if word == "DISABLE":
                self.tables.pop(_bare(table), None)
            else:
                self.tables[_bare(table)] = word == "FORCE"
        for word, name in POLICY.findall(statement):
            (self.policies.add if word == "CREATE" else self.policies.discard)(name[:63])


def expected() -> Expected:
    """Reads every migration on disk; asks the database nothing."""
    loader, found = MigrationLoader(None), Expected()
    for node in _in_order(loader):
        for operation in loader.disk_migrations[node].operations:
            if isinstance(operation, rls.Statements):
                for statement in operation.forwards():
                    found.follow(statement)
    return found


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    order: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        order.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(order)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _bare(table: object) -> str:
    return str(table).replace('"', "").removeprefix("public.")
