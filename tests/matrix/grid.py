"""Reads the expected table and says, from PostgreSQL's rules, what each statement must answer.

A line is a kind and four cells: what it may see, add, change and remove. A cell is ``-`` (not even the privilege) or
whose rows, with columns in parentheses where not all are meant:

    all           every row                          own       rows of the caller's organization
    scoped        own; everything for the platform   mine      rows of the person in the token
    named         rows of the address or key that the token names
    none          the privilege, but no row          PA, robot, ... the row with that label
    a+b  a-PA     union, and without                 (x,y)     only these columns; (-x,y) all but these
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from claimflow.lib.db.roles import KINDS
from tests.matrix.callers import Caller
from tests.matrix.world import World, tags

PURPOSES = ("seal", "verify", "rekey", "erase")
OPTIONAL = ("reader", *PURPOSES)
CELL = re.compile(r"^([\w.+-]+?)(?:\((-?)([\w,@]+)\))?$")


@dataclass(frozen=True)
class Cell:
    """One right: whose rows, and which columns (None: all)."""

    scope: str
    columns: frozenset[str] | None = None
    but: frozenset[str] = frozenset()

    def rows(self, caller: Caller, labels: list[str], extras: Mapping[str, str] | None = None) -> set[str]:
        """The labels a caller reaches. An extra (name: the label it starts from) is reached where its start is, if
        the scope says its name, or all and not without it."""
        if caller.is_impostor:
            return set()
        found: set[str] = set()
        words = re.findall(r"([+-]?)([\w.]+)", self.scope)
        for sign, word in words:
            named = {label for label in labels if self._means(word, caller, label)}
            found = found - named if sign == "-" else found | named
        included = {word for sign, word in words if sign != "-"}
        excluded = {word for sign, word in words if sign == "-"}
        for name, start in (extras or {}).items():
            if start in found and name not in excluded and included & {name, "all"}:
                found.add(name)
        return found

    @staticmethod
    def _means(word: str, caller: Caller, label: str) -> bool:
        return {
            "all": True,
            "none": False,
            "own": bool(caller.tag) and caller.tag in tags(label),
            "scoped": caller.is_platform or caller.tag in tags(label),
            "mine": bool(caller.person) and caller.person in tags(label),
            "named": bool(caller.named) and caller.named in tags(label),
        }.get(word, word == label)

    def allows(self, column: str) -> bool:
        return column not in self.but and (self.columns is None or column in self.columns)


@dataclass(frozen=True)
class Rights:
    see: Cell | None
    add: Cell | None
    change: Cell | None
    remove: Cell | None


NOTHING = Rights(None, None, None, None)


@dataclass(frozen=True)
class Expected:
    """One table's lines. ``is_open``: no row security, so that a token changes nothing. ``is_public``: whoever has
    the privilege reads every row; writing needs a context."""

    name: str
    lines: Mapping[str, Rights]
    is_open: bool
    is_public: bool

    def rights(self, caller: Caller) -> Rights:
        if caller.line == "bare":
            return NOTHING
        if caller.line in PURPOSES and caller.line not in self.lines:
            return _blind(self.lines["system"]) if caller.line in ("seal", "verify") else self.lines["system"]
        return self.lines.get(caller.line, NOTHING)


def _blind(rights: Rights) -> Rights:
    """The same privileges, no rows: what ``system`` has with a purpose that is not to touch tables."""
    cells = (rights.see, rights.add, rights.change, rights.remove)
    return Rights(*(cell and Cell("none", cell.columns, cell.but) for cell in cells))


def _cell(text: str, sets: Mapping[str, str], where: str) -> Cell | None:
    if text == "-":
        return None
    match = CELL.match(text)
    if match is None:
        raise ValueError(f"{where}: cannot read the cell {text!r}")
    names: set[str] = set()
    for name in filter(None, (match[3] or "").split(",")):
        names |= set(sets[name[1:]].split()) if name.startswith("@") else {name}
    if not names:
        return Cell(match[1])
    return Cell(match[1], but=frozenset(names)) if match[2] else Cell(match[1], columns=frozenset(names))


def read(text: str, sets: Mapping[str, str]) -> dict[str, Expected]:
    """Parse the expected table. Raises ``ValueError`` for a table without a line for every kind, a line without four
    cells, or a table written twice."""
    found: dict[str, Expected] = {}
    name, flags, lines = "", set[str](), dict[str, Rights]()

    def close() -> None:
        if not name:
            return
        missing = set(KINDS) - set(lines)
        if missing or name in found:
            raise ValueError(f"{name}: " + (f"no line for {sorted(missing)}" if missing else "written twice"))
        found[name] = Expected(name, dict(lines), "open" in flags, "public" in flags)

    for raw in text.splitlines():
        line = raw.split("#")[0].rstrip()
        if not line:
            continue
        words = line.split()
        if not line.startswith(" "):
            close()
            name, flags, lines = words[0], set(words[1:]), {}
            continue
        if len(words) != 5:
            raise ValueError(f"{name}: a line has a kind and four cells: {line.strip()!r}")
        for kind in KINDS if words[0] == "everyone" else words[0].split(","):
            if kind not in (*KINDS, *OPTIONAL):
                raise ValueError(f"{name}: {kind!r} is no kind")
            if words[0] != "everyone" or kind not in lines:
                lines[kind] = Rights(*(_cell(word, sets, f"{name}, {kind}") for word in words[1:]))
    close()
    return found


def _show(labels: set[str]) -> str:
    return "rows " + " ".join(sorted(labels)) if labels else "nothing"


def _passed(labels: set[str]) -> str:
    return "passed " + " ".join(sorted(labels)) if labels else "rls"


class Prediction:
    """What each operation of tests/matrix/probe.py must answer for one caller and table."""

    def __init__(self, world: World, expected: Expected, caller: Caller) -> None:
        self.world, self.expected, self.caller = world, expected, caller
        self.rights = expected.rights(caller)
        self.table = world.tables[expected.name]
        self.sample = world.samples.get(expected.name)
        self.labels = sorted(world.rows.get(expected.name, {}))

    def _rows(self, cell: Cell | None, *, extras: bool = False, reading: bool = False) -> set[str]:
        if cell is None:
            return set()
        names = (
            {name: start for name, (start, _) in self.sample.extras.items()} if self.sample and extras else {}
        )
        if self.expected.is_open or (self.expected.is_public and reading):
            return {*self.labels, *names}
        return cell.rows(self.caller, self.labels, names)

    @cached_property
    def seen(self) -> set[str]:
        return self._rows(self.rights.see, reading=True)

    @cached_property
    def changed(self) -> set[str]:
        return self._rows(self.rights.change) & self.seen

    @cached_property
    def added(self) -> set[str]:
        return self._rows(self.rights.add, extras=True)

    def columns(self, cell: Cell | None) -> str:
        allowed = [name for name in self.table.columns if cell is not None and cell.allows(name)]
        return (
            "every column"
            if len(allowed) == len(self.table.columns)
            else " ".join(sorted(allowed)) or "no column"
        )

    @cached_property
    def column(self) -> str:
        """A column for UPDATE: one that may be changed and seen, so that a refusal is about rows."""
        names = [
            name
            for name, column in self.table.columns.items()
            if not (column.is_generated or column.is_identity)
        ]
        both = [
            name
            for name in names
            if self.rights.change
            and self.rights.change.allows(name)
            and self.rights.see
            and self.rights.see.allows(name)
        ]
        return (both or names)[0]

    @cached_property
    def free_column(self) -> str:
        """A column that may be changed and that no key, list of words or check ties to another value."""
        table = self.table
        tied = {name for unique in (table.key, *table.uniques) for name in unique}
        tied |= {name for foreign in table.foreign for name in foreign.columns}
        tied |= {name for check in table.checks for name in table.columns if re.search(rf"\b{name}\b", check)}
        cell = self.rights.change
        free = [
            name
            for name, column in table.columns.items()
            if name not in tied and not column.is_generated and not column.is_identity
        ]
        return next(
            (name for name in free if cell and cell.allows(name)), free[0] if cell is None and free else ""
        )

    def answer(self, operation: str, detail: str = "") -> str:
        method = getattr(self, "_" + operation.replace(" ", "_"))
        return str(method(detail) if detail else method())

    def _select(self) -> str:
        return "denied" if self.rights.see is None else _show(self.seen)

    def _read_columns(self) -> str:
        return self.columns(self.rights.see)

    def _select_for_update(self) -> str:
        return "denied" if not (self.rights.see and self.rights.change) else _show(self.changed)

    def _insert(self, label: str) -> str:
        if self.rights.add is None:
            return "denied"
        return "passed" if label in self.added else "rls"

    def _insert_returning(self, label: str) -> str:
        if not (self.rights.add and self.rights.see):
            return "denied"
        return "passed" if label in self.added & self.seen else "rls"

    def _change_columns(self) -> str:
        return self.columns(self.rights.change)

    def _update(self) -> str:
        return "denied" if not (self.rights.see and self.rights.change) else _show(self.changed)

    def _move(self, column: str) -> str:
        if not (self.rights.see and self.rights.change and self.rights.change.allows(column)):
            return "denied"
        if not self.changed:
            return "nothing"
        return "passed" if set(self.labels) <= self.changed else "rls"

    def _delete(self) -> str:
        if not (self.rights.see and self.rights.remove):
            return "denied"
        return _show(self._rows(self.rights.remove) & self.seen)

    def _counted(self, labels: set[str]) -> str:
        if not labels:
            return "nothing"
        return "every row" if labels >= set(self.labels) else f"{len(labels)} rows"

    def _update_unseen(self) -> str:
        return "denied" if self.rights.change is None else self._counted(self._rows(self.rights.change))

    def _delete_unseen(self) -> str:
        return "denied" if self.rights.remove is None else self._counted(self._rows(self.rights.remove))

    def _move_unseen(self, column: str) -> str:
        if self.rights.change is None or not self.rights.change.allows(column):
            return "denied"
        reached = self._rows(self.rights.change)
        if not reached:
            return "nothing"
        return "passed" if set(self.labels) <= reached else "rls"

    def _truncate(self) -> str:
        return "denied"

    def _copy_to(self) -> str:
        return self._select()

    def _copy_whole(self) -> str:
        every = self.rights.see and self.columns(self.rights.see) == "every column"
        return "counted" if every else "denied"

    def _copy_from(self) -> str:
        if self.rights.add is None:
            return "denied"
        return "passed" if self.expected.is_open else "unsupported"

    def _on_conflict_nothing(self) -> str:
        if self.rights.add is None:
            return "denied"
        return _passed(self.added & set(self.labels))

    def _on_conflict_update(self) -> str:
        if not (self.rights.add and self.rights.change and self.rights.see):
            return "denied"
        return _passed(self.added & self.changed)

    def _merge(self) -> str:
        if not (self.rights.see and self.rights.change):
            return "denied"
        if not self.seen:
            return "nothing"
        return _passed(self.changed)
