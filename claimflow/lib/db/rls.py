"""Migration operations for row-level security: the policies stand in the migration that makes the table.

    rls.Protect("claims_claim")                      ENABLE and FORCE, nothing granted
    rls.Allow("claims_claim", "provider", select="provider_id = {org}")
    rls.Public("codes_icd10code", reason="...")       a public list: readable by the named kinds, written by few
    rls.Function("claims.next_number(day date)", ...) a definer function with a pinned search_path
    rls.Withdraw(rls.Allow(...))                      takes back what an earlier migration gave, to give it anew

One policy per (table, command, kind), each a plain equality where it can be: OR-ed policies lose their indexes
(security.md 4.1 rows 22 and 23). In expressions ``{org} {user} {subject} {purpose}`` stand for the signed context's
value for that kind, ``{on}`` for "this kind is in force", all as scalar sub-selects, evaluated once a statement.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

from claimflow.lib.db.roles import KINDS, SIGNED_IN, fill_roles, role

__all__ = ["KINDS", "SIGNED_IN", "SQL", "Allow", "Function", "Grant", "Protect", "Public", "Withdraw"]

Lines = Sequence[str]


def expression(text: str, kind: str) -> str:
    """Fill the placeholders of a policy for one kind. ``reader`` has no context: its policies say ``true``."""
    for name, function in (("org", "org"), ("user", "usr"), ("subject", "subject"), ("purpose", "purpose")):
        text = text.replace("{" + name + "}", f"(SELECT ctx.{function}('{kind}'))")
    return fill_roles(text.replace("{on}", f"(SELECT ctx.active('{kind}'))"))


def columns_of(columns: Sequence[str] | None) -> str:
    return f" ({', '.join(columns)})" if columns else ""


class Statements(Operation):
    """Runs SQL forwards and backwards; changes no model state."""

    reversible = True
    reduces_to_sql = True

    def forwards(self) -> Lines:
        raise NotImplementedError

    def backwards(self) -> Lines:
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.forwards():
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.backwards():
            schema_editor.execute(statement, params=None)


class SQL(Statements):
    """Plain SQL whose ``{role:name}`` are filled in. ``owner`` wraps it in ``SET LOCAL ROLE`` (audit's tables)."""

    def __init__(self, forwards: str, backwards: str, *, owner: str = "owner") -> None:
        self.sql, self.reverse_sql, self.owner = forwards, backwards, owner

    def _wrapped(self, sql: str) -> Lines:
        if self.owner == "owner":
            return [fill_roles(sql)]
        return [
            f"SET LOCAL ROLE {role(self.owner)}",
            fill_roles(sql),
            f"SET LOCAL ROLE {role('owner')}",
        ]

    def forwards(self) -> Lines:
        return self._wrapped(self.sql)

    def backwards(self) -> Lines:
        return self._wrapped(self.reverse_sql)

    def describe(self) -> str:
        return "SQL under the roles of the cluster"


class Protect(Statements):
    """Row security on, for the owner too; nothing granted to anyone."""

    def __init__(self, table: str) -> None:
        self.table = table

    def forwards(self) -> Lines:
        return [
            f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {self.table} FORCE ROW LEVEL SECURITY",
            f"REVOKE ALL ON {self.table} FROM PUBLIC",
        ]

    def backwards(self) -> Lines:
        return [
            f"ALTER TABLE {self.table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY",
        ]

    def describe(self) -> str:
        return f"Protect {self.table} by row-level security"


class Allow(Statements):
    """What one kind may do with a protected table: the policies and exactly the grants they need.

    ``select``, ``insert``, ``update``, ``delete`` are SQL conditions; ``update_check`` defaults to ``update``;
    ``columns`` limits UPDATE, ``select_columns`` SELECT (ruling 8: only ``admin``, for encrypted columns).
    """

    def __init__(
        self,
        table: str,
        kind: str,
        *,
        select: str | None = None,
        insert: str | None = None,
        update: str | None = None,
        update_check: str | None = None,
        delete: str | None = None,
        columns: Sequence[str] | None = None,
        select_columns: Sequence[str] | None = None,
    ) -> None:
        self.table, self.kind = table, kind
        self.select, self.insert, self.update, self.delete = select, insert, update, delete
        self.update_check = update_check if update_check is not None else update
        self.columns, self.select_columns = columns, select_columns

    def _policy(self, command: str) -> str:
        return f"{self.table.replace('.', '_').replace(chr(34), '')}_{self.kind}_{command}"[:63]

    def _commands(self) -> list[tuple[str, str, str]]:
        """(command, clauses of the policy, granted columns)"""

        def using(text: str) -> str:
            return f"USING ({expression(text, self.kind)})"

        def check(text: str) -> str:
            return f"WITH CHECK ({expression(text, self.kind)})"

        found: list[tuple[str, str, str]] = []
        if self.select is not None:
            found.append(("select", using(self.select), columns_of(self.select_columns)))
        if self.insert is not None:
            found.append(("insert", check(self.insert), ""))
        if self.update is not None:
            clauses = f"{using(self.update)} {check(self.update_check or self.update)}"
            found.append(("update", clauses, columns_of(self.columns)))
        if self.delete is not None:
            found.append(("delete", using(self.delete), ""))
        return found

    def forwards(self) -> Lines:
        statements: list[str] = []
        for command, clauses, columns in self._commands():
            statements.append(
                f"CREATE POLICY {self._policy(command)} ON {self.table} FOR {command.upper()}"
                f" TO {role(self.kind)} {clauses}"
            )
            statements.append(f"GRANT {command.upper()}{columns} ON {self.table} TO {role(self.kind)}")
        return statements

    def backwards(self) -> Lines:
        statements: list[str] = []
        for command, _, columns in reversed(self._commands()):
            statements.append(f"REVOKE {command.upper()}{columns} ON {self.table} FROM {role(self.kind)}")
            statements.append(f"DROP POLICY {self._policy(command)} ON {self.table}")
        return statements

    def describe(self) -> str:
        return f"Allow {self.kind} on {self.table}"


class Public(Statements):
    """A list that is nobody's secret: readable by ``kinds``, written by ``writers`` under a context of their kind.

    Row security stands here as well, or a statement that only switched the role could rewrite the list. It is not
    forced: the owner fills such tables after ``migrate``. A policy that says ``true`` leaves every index usable.
    """

    def __init__(
        self,
        table: str,
        *,
        reason: str,
        kinds: Sequence[str] = SIGNED_IN,
        writers: Sequence[str] = ("system",),
    ) -> None:
        self.table, self.reason, self.kinds, self.writers = table, reason, kinds, writers

    def _rights(self) -> list[Allow]:
        reading = [Allow(self.table, kind, select="true") for kind in self.kinds]
        writing = [
            Allow(self.table, kind, insert="{on}", update="{on}", delete="{on}") for kind in self.writers
        ]
        return [*reading, *writing]

    def forwards(self) -> Lines:
        return [
            f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY",
            f"REVOKE ALL ON {self.table} FROM PUBLIC",
            *(statement for right in self._rights() for statement in right.forwards()),
        ]

    def backwards(self) -> Lines:
        return [
            *(statement for right in reversed(self._rights()) for statement in right.backwards()),
            f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY",
        ]

    def describe(self) -> str:
        return f"{self.table} is readable: {self.reason}"


class Grant(Statements):
    """Plain privileges on something that has no policies of ours (a package's table, a schema, a sequence)."""

    def __init__(self, privileges: str, on: str, kinds: Sequence[str]) -> None:
        self.privileges, self.on, self.kinds = privileges, on, kinds

    def forwards(self) -> Lines:
        return [f"GRANT {self.privileges} ON {self.on} TO {role(kind)}" for kind in self.kinds]

    def backwards(self) -> Lines:
        return [f"REVOKE {self.privileges} ON {self.on} FROM {role(kind)}" for kind in self.kinds]

    def describe(self) -> str:
        return f"Grant {self.privileges} on {self.on}"


class Function(Statements):
    """A definer function. ``runs_as`` is ``owner`` (tables without policies only: under FORCE the owner sees no rows)
    or ``reader`` (tenant tables on which ``reader`` has an explicit SELECT policy). EXECUTE goes to ``execute``."""

    def __init__(
        self,
        signature: str,
        *,
        returns: str,
        body: str,
        execute: Sequence[str],
        runs_as: str = "owner",
        language: str = "plpgsql",
        volatility: str = "VOLATILE",
        definer: bool = True,
    ) -> None:
        self.signature, self.returns, self.body, self.execute = signature, returns, body, execute
        self.runs_as, self.language, self.volatility, self.definer = runs_as, language, volatility, definer

    def _identity(self) -> str:
        name, _, arguments = self.signature.partition("(")
        inside = arguments.rsplit(")", 1)[0]
        pieces = [piece.strip() for piece in inside.split(",") if piece.strip()]
        types = [piece.split(" DEFAULT ")[0].split(None, 1)[1] for piece in pieces]
        return f"{name}({', '.join(types)})"

    def forwards(self) -> Lines:
        security = "SECURITY DEFINER" if self.definer else "SECURITY INVOKER"
        identity = self._identity()
        statements = [
            f"CREATE FUNCTION {self.signature} RETURNS {self.returns} LANGUAGE {self.language} {self.volatility}"
            f" {security} SET search_path = pg_catalog, public, pg_temp AS $function${fill_roles(self.body)}$function$",
            f"REVOKE ALL ON FUNCTION {identity} FROM PUBLIC",
        ]
        if self.runs_as != "owner":
            statements.append(f"ALTER FUNCTION {identity} OWNER TO {role(self.runs_as)}")
            statements.append(f"SET LOCAL ROLE {role(self.runs_as)}")
        statements += [f"GRANT EXECUTE ON FUNCTION {identity} TO {role(kind)}" for kind in self.execute]
        if self.runs_as != "owner":
            statements.append(f"SET LOCAL ROLE {role('owner')}")
        return statements

    def backwards(self) -> Lines:
        return [f"DROP FUNCTION {self._identity()}"]

    def describe(self) -> str:
        return f"Function {self.signature}"


class Withdraw(Statements):
    """Takes an earlier operation back; backwards it stands again. A function or a right that changes is withdrawn and
    given anew in the same migration, so that nobody meets the moment between."""

    def __init__(self, given: Statements) -> None:
        self.given = given

    def forwards(self) -> Lines:
        return self.given.backwards()

    def backwards(self) -> Lines:
        return self.given.forwards()

    def describe(self) -> str:
        return f"Withdraw: {self.given.describe()}"
