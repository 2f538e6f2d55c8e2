"""Raw SQL for every operation, and what PostgreSQL answered, in a word.

denied: no privilege. rls: a policy refused the row. rows A B: reached these. nothing: reached none. passed: the policy
let it through (a unique key or a foreign key may have stopped it later). guard: a trigger refused it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from claimflow.lib.db.roles import role
from tests.matrix.callers import Caller
from tests.matrix.grid import Expected, Prediction
from tests.matrix.world import World

DENIED = "42501"
Difference = tuple[str, str, str, str]
Cell = tuple[str, str, Callable[[], str]]


def outcome_of(error: psycopg.Error) -> str:
    state, said = error.sqlstate or "", str(error)
    if state == DENIED:
        return "rls" if "row-level security" in said else "denied"
    if state == "0A000":
        return "unsupported"
    if state.startswith("23") and (error.diag.constraint_name or error.diag.column_name):
        return "passed"
    if state.startswith(("23", "P0")):
        return "guard"
    return f"error {state} {said.splitlines()[0]}"


class Probe:
    """Asks one connection. ``as_login`` is a superuser's way to become the application's login in a transaction."""

    def __init__(self, connection: psycopg.Connection, world: World, *, as_login: str = "") -> None:
        self.connection, self.world, self.as_login = connection, world, as_login
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        self.pid: int = row[0] if row else 0

    @contextmanager
    def speaking_as(self, caller: Caller) -> Iterator[None]:
        self.connection.execute("SAVEPOINT caller")
        if self.as_login:
            # Triggers rest, so that nothing but privileges and policies answers.
            self.connection.execute("SET LOCAL session_replication_role = replica")
            self.connection.execute(f"SET LOCAL SESSION AUTHORIZATION {self.as_login}")
        if caller.kind:
            self.connection.execute(
                "SELECT set_config('claimflow.context', %s, true), set_config('role', %s, true)",
                [caller.token(self.pid), role(caller.kind)],
            )
        self.connection.execute("SAVEPOINT attempt")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK TO SAVEPOINT caller")

    def attempt(self, ask: Callable[[], str], *, reads: bool = False) -> str:
        """Ask, put the answer into a word, and undo. A read that went well leaves nothing to undo."""
        try:
            answer = ask()
        except psycopg.Error as error:
            self.connection.execute("ROLLBACK TO SAVEPOINT attempt")
            return outcome_of(error)
        if not reads:
            self.connection.execute("ROLLBACK TO SAVEPOINT attempt")
        return answer

    def differences(self, caller: Caller, expected: Expected, *, first: str = "") -> Iterator[Difference]:
        """(caller, operation, expected, got) for every cell that is not as expected; cells of ``first`` come first."""
        with self.speaking_as(caller):
            cells = list(Cells(self, caller, expected).all())
            for name, wanted, ask in sorted(cells, key=lambda cell: not cell[0].startswith(first)):
                got = ask()
                if got != wanted:
                    yield caller.name, name, wanted, got


class Cells:
    """Every operation of one caller on one table: its name, what it must answer, and how to ask."""

    def __init__(self, probe: Probe, caller: Caller, expected: Expected) -> None:
        self.probe, self.world, self.name = probe, probe.world, expected.name
        self.connection = probe.connection
        self.predicted = Prediction(self.world, expected, caller)
        self.table = self.predicted.table
        self.labels = self.predicted.labels
        self.key = ", ".join(f'"{column}"' for column in self.table.key) or "1"
        self.column = f'"{self.predicted.column}"'
        self.is_earnest = not caller.is_impostor

    def all(self) -> Iterator[Cell]:
        where = self.world.condition(self.connection, self.name, self.labels)
        select = f"SELECT {self.key} FROM {self.name} WHERE {where}"
        yield self._cell("select", lambda: self._rows(select), reads=True)
        yield self._cell("select for update", lambda: self._rows(select + " FOR UPDATE"))
        if self.is_earnest:
            yield self._cell("read columns", self._readable)
            yield self._cell("change columns", self._changeable)
        yield from self._insertions()
        yield self._cell("update", lambda: self._each(self._update_of, where))
        yield from self._moves()
        yield self._cell(
            "delete", lambda: self._each(lambda text: f"DELETE FROM {self.name} WHERE {text}", where)
        )
        if not (self.predicted.expected.is_open or self.predicted.expected.is_public):
            yield from self._unseen()
        yield self._cell("truncate", lambda: self._done(f"TRUNCATE {self.name} CASCADE"))
        yield self._cell("copy to", lambda: self._copied(select), reads=True)
        yield self._cell("copy whole", self._copy_whole, reads=True)
        yield self._cell("copy from", self._copy_from)
        if self.table.key:
            yield self._cell("on conflict nothing", lambda: self._passing(self._conflict("NOTHING")))
        if self.table.key and self.labels:
            update = f"({self.key}) DO UPDATE SET {self.column} = excluded.{self.column}"
            yield self._cell("on conflict update", lambda: self._passing(self._conflict(update)))
            yield self._cell("merge", self._merge)

    def _cell(self, name: str, ask: Callable[[], str], detail: str = "", *, reads: bool = False) -> Cell:
        wanted = self.predicted.answer(name, detail)
        return f"{name} {detail}".strip(), wanted, lambda: self.probe.attempt(ask, reads=reads)

    # --- Asking ----------------------------------------------------------------------------------------------
    def _labels(self, rows: list[tuple[Any, ...]]) -> str:
        found = sorted({label for row in rows if (label := self.world.label_of(self.name, row))})
        return "rows " + " ".join(found) if found else "nothing"

    def _rows(self, statement: str) -> str:
        return self._labels(self.connection.execute(statement).fetchall())

    def _done(self, statement: str) -> str:
        self.connection.execute(statement)
        return "passed"

    def _tries(self, statement: str) -> str:
        return self.probe.attempt(lambda: self._done(statement))

    def _columns_passing(self, statement: str) -> str:
        """The columns for which a statement gets past the privileges; one try says whether all do."""
        names = list(self.table.columns)
        good = [name for name in names if self._tries(statement.format(column=f'"{name}"')) == "passed"]
        return "every column" if len(good) == len(names) else " ".join(sorted(good)) or "no column"

    def _readable(self) -> str:
        if self._tries(f"SELECT * FROM {self.name} LIMIT 0") == "passed":
            return "every column"
        return self._columns_passing(f"SELECT {{column}} FROM {self.name} LIMIT 0")

    def _changeable(self) -> str:
        every = ", ".join(f'"{name}" = DEFAULT' for name in self.table.columns)
        if self._tries(f"UPDATE {self.name} SET {every} WHERE false") == "passed":
            return "every column"
        return self._columns_passing(f"UPDATE {self.name} SET {{column}} = DEFAULT WHERE false")

    def _insertions(self) -> Iterator[Cell]:
        sample = self.world.samples.get(self.name)
        if sample is None:
            yield self._cell("insert", lambda: self._done(f"INSERT INTO {self.name} DEFAULT VALUES"), "-")
            return
        copies = {label: self.world.fresh(self.name, label) for label in sample.labels}
        for name, (start, changes) in sample.extras.items():
            copies[name] = {**self.world.fresh(self.name, start), **changes}
        if not self.is_earnest or self.predicted.rights.add is None:
            copies = dict(
                list(copies.items())[:1]
            )  # for an impostor, and without the privilege, all rows are alike
        for label, row in copies.items():
            statement = self.world.insertion(self.connection, self.name, row)
            yield self._cell("insert", lambda statement=statement: self._done(statement), label)  # type: ignore[misc]
            if label in sample.labels and self.table.key:
                back = f"{statement} RETURNING {self.key}"
                yield self._cell("insert returning", lambda back=back: self._done(back), label)  # type: ignore[misc]

    def _update_of(self, condition: str) -> str:
        return f"UPDATE {self.name} SET {self.column} = {self.column} WHERE {condition}"

    def _each(self, statement: Callable[[str], str], where: str) -> str:
        """Which rows a statement reaches: counted at once, row by row where the count does not say it all."""
        whole = self.probe.attempt(lambda: str(self.connection.execute(statement(where)).rowcount))
        if whole == "0" or not (whole.isdigit() or whole in ("passed", "guard", "rls")):
            return "nothing" if whole == "0" else whole
        if whole == str(len(self.labels)):
            return "rows " + " ".join(self.labels)
        found = []
        for label in self.labels:
            text = statement(self.world.condition(self.connection, self.name, [label]))
            reached = self.probe.attempt(lambda text=text: str(self.connection.execute(text).rowcount))  # type: ignore[misc]
            found += [label] if reached in ("1", "passed", "guard") else []
        return "rows " + " ".join(found) if found else "nothing"

    def _moves(self) -> Iterator[Cell]:
        sample = self.world.samples.get(self.name)
        rows = self.world.rows.get(self.name, {})
        changed = sorted(self.predicted.changed)
        for column in sample.moves if sample else ():
            start = (changed or self.labels)[0]
            away = [label for label in self.labels if label not in changed] or self.labels
            values = {rows[label].get(column) for label in away} - {rows[start].get(column), None}
            if column not in self.table.columns or not values:
                continue
            value = self.world.literal(self.connection, self.name, column, sorted(values, key=str)[0])
            where = self.world.condition(self.connection, self.name, [start])
            statement = f'UPDATE {self.name} SET "{column}" = {value} WHERE {where}'
            yield self._cell("move", lambda statement=statement: self._moved(statement), column)  # type: ignore[misc]

            blind = f'UPDATE {self.name} SET "{column}" = {value}'
            yield self._cell("move unseen", lambda statement=blind: self._moved(statement), column)  # type: ignore[misc]

    def _unseen(self) -> Iterator[Cell]:
        """Without WHERE a statement reads nothing, so that the policies for SELECT stand aside."""
        column = self.predicted.free_column
        rows = self.world.rows.get(self.name, {})
        if column and rows:
            value = next((row[column] for row in rows.values() if row.get(column) is not None), None)
            held = (
                "DEFAULT" if value is None else self.world.literal(self.connection, self.name, column, value)
            )
            yield self._counting("update unseen", f'UPDATE {self.name} SET "{column}" = {held}')
        yield self._counting("delete unseen", f"DELETE FROM {self.name}")

    def _counting(self, name: str, statement: str) -> Cell:
        """How many rows a statement reaches. One that a foreign key stops reached as many as were expected."""
        wanted = self.predicted.answer(name)

        def count() -> str:
            reached = self.connection.execute(statement).rowcount
            if reached >= len(self.labels) > 0:
                return "every row"
            return f"{reached} rows" if reached else "nothing"

        def ask() -> str:
            answer = self.probe.attempt(count)
            return wanted if answer == "passed" and wanted.endswith(("row", "rows")) else answer

        return name, wanted, ask

    def _moved(self, statement: str) -> str:
        return "passed" if self.connection.execute(statement).rowcount else "nothing"

    def _copied(self, select: str) -> str:
        with self.connection.cursor().copy(f"COPY ({select}) TO STDOUT") as copy:
            return self._labels(list(copy.rows()))

    def _copy_whole(self) -> str:
        with self.connection.cursor().copy(f"COPY {self.name} TO STDOUT") as copy:
            for _ in copy:
                pass
        return "counted"

    def _copy_from(self) -> str:
        with self.connection.cursor().copy(f"COPY {self.name} FROM STDIN"):
            pass
        return "passed"

    def _conflict(self, action: str) -> Callable[[str], str]:
        rows = self.world.rows.get(self.name, {})
        clause = f"ON CONFLICT DO {action}" if action == "NOTHING" else f"ON CONFLICT {action}"
        return lambda label: f"{self.world.insertion(self.connection, self.name, rows[label])} {clause}"

    def _passing(self, statement: Callable[[str], str]) -> str:
        """For which sample rows a statement passes; the first answer that is about privileges ends it."""
        found = []
        for label in self.labels:
            answer = self._tries(statement(label))
            if answer not in ("passed", "rls", "nothing", "guard"):
                return answer
            found += [label] if answer in ("passed", "guard") else []
        if not self.labels:
            return self._tries(f"INSERT INTO {self.name} DEFAULT VALUES ON CONFLICT DO NOTHING")
        return "passed " + " ".join(found) if found else "rls"

    def _merge(self) -> str:
        found, hidden = [], 0
        for label in self.labels:
            where = self.world.condition(self.connection, self.name, [label])
            statement = (
                f"MERGE INTO {self.name} USING (SELECT 1) AS one ON {where}"
                f" WHEN MATCHED THEN UPDATE SET {self.column} = {self.name.split('.')[-1]}.{self.column}"
            )
            answer = self.probe.attempt(lambda statement=statement: self._moved(statement))  # type: ignore[misc]
            if answer not in ("passed", "rls", "nothing", "guard"):
                return answer
            found += [label] if answer in ("passed", "guard") else []
            hidden += answer == "nothing"
        if found:
            return "passed " + " ".join(found)
        return "nothing" if hidden == len(self.labels) else "rls"
