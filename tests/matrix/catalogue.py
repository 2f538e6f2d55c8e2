"""What PostgreSQL itself says about our tables: columns, keys, checks, policies, grants."""

import re
from dataclasses import dataclass, field
from functools import cached_property

import psycopg

OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'"
NOT_OF_AN_EXTENSION = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')"


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    is_required: bool
    has_default: bool
    is_generated: bool
    is_identity: bool


@dataclass(frozen=True)
class ForeignKey:
    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass
class Table:
    """``name`` as a statement writes it: without ``public``, with any other schema."""

    name: str
    oid: int
    is_partition: bool
    has_row_security: bool
    is_forced: bool
    columns: dict[str, Column] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    uniques: list[tuple[str, ...]] = field(default_factory=list)
    foreign: list[ForeignKey] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)

    @cached_property
    def allowed_words(self) -> dict[str, str]:
        """For a text column with a list of allowed words: the first of them."""
        found: dict[str, str] = {}
        for check in self.checks:
            match = re.search(r"\(\(?\(?\"?(\w+)\"?\)?(?:::text)? = ANY \(\(?ARRAY\['([^']+)'", check)
            if match and " OR " not in check.split("ARRAY")[0]:
                found.setdefault(match[1], match[2])
        return found


def _name(schema: str, table: str) -> str:
    return table if schema == "public" else f"{schema}.{table}"


def load(connection: psycopg.Connection) -> dict[str, Table]:
    """Every table of every schema of ours, partitions included."""
    tables: dict[int, Table] = {}
    for oid, schema, name, partition, secured, forced in connection.execute(
        "SELECT c.oid::int, n.nspname, c.relname, c.relispartition, c.relrowsecurity, c.relforcerowsecurity"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind IN ('r', 'p') AND {OURS} AND {NOT_OF_AN_EXTENSION.format(oid='c.oid')} ORDER BY 2, 3"
    ):
        tables[oid] = Table(_name(schema, name), oid, partition, secured, forced)
    oids = list(tables)
    for oid, name, kind, required, default, generated, identity in connection.execute(
        "SELECT attrelid::int, attname, format_type(atttypid, atttypmod), attnotnull, atthasdef, attgenerated <> '',"
        " attidentity <> '' FROM pg_attribute WHERE attrelid = ANY(%s) AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attrelid, attnum",
        [oids],
    ):
        tables[oid].columns[name] = Column(name, kind, required, default, generated, identity)
    names = "(SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest({keys}) WITH ORDINALITY k(num, n)"
    names += " JOIN pg_attribute a ON a.attrelid = {rel} AND a.attnum = k.num)"
    for oid, primary, columns in connection.execute(
        f"SELECT indrelid::int, indisprimary, {names.format(keys='indkey::int2[]', rel='indrelid')}"
        " FROM pg_index WHERE indisunique AND indrelid = ANY(%s)",
        [oids],
    ):
        if columns and primary:
            tables[oid].key = tuple(columns)
        elif columns:
            tables[oid].uniques.append(tuple(columns))
    for oid, kind, target, columns, targets, definition in connection.execute(
        f"SELECT conrelid::int, contype::text, confrelid::int, {names.format(keys='conkey', rel='conrelid')},"
        f" {names.format(keys='confkey', rel='confrelid')}, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE contype IN ('f', 'c') AND conrelid = ANY(%s) ORDER BY cardinality(conkey) DESC, conname",
        [oids],
    ):
        if kind == "f" and target in tables:
            tables[oid].foreign.append(ForeignKey(tuple(columns), tables[target].name, tuple(targets)))
        elif kind == "c":
            tables[oid].checks.append(definition)
    return {table.name: table for table in tables.values()}
