"""Every encrypted value of the house, walked in batches: re-encrypted to the current key, or only opened. Seals
over encrypted text go with it: verified with the key that made them, and then made with the current one.

Both walks are generic over `apps.get_models()`, so a model that gains an encrypted field is covered without a
word here. A batch is one short transaction; a run that is killed loses at most its last batch, and the next
run finds what is left by the key id in the ciphertext itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models.expressions import RawSQL

from claimflow.lib.db.context import acting_as
from claimflow.lib.phi import keyring
from claimflow.lib.phi.blind import declarations
from claimflow.lib.phi.cipher import HEADER_BYTES, PhiError, Sealed, header, open_sealed
from claimflow.lib.phi.fields import PhiField, encrypted_fields
from claimflow.lib.phi.mac import macs

Model = type[models.Model]


@dataclass
class Findings:
    """What a walk over one model met. `bad` holds (primary key, sentence) of rows that do not open, or whose seal
    does not fit; `keys` counts values and `seals` counts seals by the key that made them."""

    model: str
    rows: int = 0
    keys: Counter[int] = field(default_factory=Counter)
    seals: Counter[int] = field(default_factory=Counter)
    bad: list[tuple[object, str]] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """Rows that a rekey wrote."""
        return self.rows - len(self.bad)


def encrypted_models() -> list[Model]:
    """Concrete models with at least one encrypted field, in a stable order."""
    found = [model for model in apps.get_models() if encrypted_fields(model) and not model._meta.proxy]
    return sorted(found, key=lambda model: model._meta.label)


def rekey(model: Model, *, batch: int) -> Iterator[Findings]:
    """Re-encrypt the rows that hold another key than the current one; yields the sum after each batch.

    Only ciphertext, blind index, seal and key-id columns are written (ruling 34). A row that does not open, or
    whose seal does not fit its text, is reported and left as it is: nothing false gets a new seal.
    """
    done, last = Findings(model._meta.label), None
    while True:
        with acting_as("system", "rekey"):
            rows = list(_after(_stale(model), last)[:batch].select_for_update(of=("self",)))
            bad = _rewrite(model, rows)
        done.rows += len(rows)
        done.bad += bad
        yield done
        if len(rows) < batch:
            return
        last = rows[-1].pk


def count_stale(model: Model) -> int:
    """Rows that still hold another key: none after a run, unless a process with the old settings writes."""
    with acting_as("system", "rekey"):
        return _stale(model).count()


def check(model: Model, *, sample: int | None, batch: int = 1000) -> Findings:
    """Open the encrypted values of all rows, or of the `sample` oldest and newest, and verify their seals; change
    nothing."""
    found = Findings(model._meta.label)
    if sample is not None:
        with acting_as("system", "phi_check"):
            newest = list(_sealed(model).order_by("-pk")[: sample - sample // 2])
            oldest = list(_sealed(model).order_by("pk")[: sample // 2])
        _open_all(model, list({row.pk: row for row in [*newest, *oldest]}.values()), found)
        return found
    last = None
    while True:
        with acting_as("system", "phi_check"):
            rows = list(_after(_sealed(model), last)[:batch])
        _open_all(model, rows, found)
        if len(rows) < batch:
            return found
        last = rows[-1].pk


def _sealed(model: Model) -> models.QuerySet[Any]:
    """The rows with just the columns that a walk reads."""
    names = [each.name for each in encrypted_fields(model)]
    for indexed in declarations(model):
        names += [indexed.column, indexed.organization, *indexed.parts]
    if declarations(model):
        names.append("bi_key_id")
    for mac in macs(model):
        names += [mac.column, mac.key_column, mac.subject]
    return model._base_manager.only("pk", *dict.fromkeys(names))


def _after(rows: models.QuerySet[Any], last: object) -> models.QuerySet[Any]:
    rows = rows.order_by("pk")
    return rows if last is None else rows.filter(pk__gt=last)


def _stale(model: Model) -> models.QuerySet[Any]:
    current = header(keyring.values().current)
    table = connection.ops.quote_name(model._meta.db_table)
    wanted = models.Q()
    for each in encrypted_fields(model):
        head = f"substring({table}.{_column(model, each.name)} from 1 for {HEADER_BYTES}) <> %s"
        wanted |= models.Q(RawSQL(head, [current], output_field=models.BooleanField()))  # noqa: S611  # our columns  # nosec B611
    if declarations(model):
        wanted |= ~models.Q(bi_key_id=keyring.indexes().current)
    for mac in macs(model):
        wanted |= ~models.Q(**{mac.key_column: keyring.indexes().current})
    return _sealed(model).filter(wanted)


def _rewrite(model: Model, rows: list[Any]) -> list[tuple[object, str]]:
    """Write them with the current keys; returns those that stay as they are, and why."""
    renewed: list[tuple[dict[str, Any], Any]] = []
    bad: list[tuple[object, str]] = []
    for row in rows:
        try:
            renewed.append((_renewed(model, row), row.pk))
        except PhiError as problem:
            bad.append((row.pk, str(problem)))
    if renewed:
        sets = ", ".join(f"{_column(model, name)} = %s" for name in renewed[0][0])
        key, table = _column(model, model._meta.pk.name), connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE {key} = %s",  # noqa: S608  # names of our own columns  # nosec B608
                [[*values.values(), pk] for values, pk in renewed],
            )
    return bad


def _renewed(model: Model, row: Any) -> dict[str, Any]:
    """Every column that a key stands behind, with the current keys. PhiError when the row is not what was written."""
    values: dict[str, Any] = {each.name: _resealed(row, each) for each in encrypted_fields(model)}
    declared = declarations(model)
    values |= {indexed.column: indexed.of(row) for indexed in declared}
    if declared:
        values["bi_key_id"] = keyring.indexes().current
    for mac in macs(model):
        mac.verify(row)
        values |= mac.made(row)
    return values


def _column(model: Model, name: str) -> str:
    """The quoted column of a field."""
    return connection.ops.quote_name(str(model._meta.get_field(name).column))  # type: ignore[union-attr]  # no relation


def _resealed(row: models.Model, each: PhiField) -> bytes | None:
    stored = getattr(row, each.attname)
    if not isinstance(stored, Sealed):
        return None
    return each.sealed_for(open_sealed(stored, row.pk), row.pk).data


def _open_all(model: Model, rows: list[Any], found: Findings) -> None:
    for row in rows:
        found.rows += 1
        bad = len(found.bad)
        for each in encrypted_fields(model):
            stored = getattr(row, each.attname)
            if not isinstance(stored, Sealed):
                continue
            try:
                open_sealed(stored, row.pk)
                found.keys[stored.key_id] += 1
            except PhiError as problem:
                found.bad.append((row.pk, str(problem)))
        if len(found.bad) == bad:
            _verify_seals(model, row, found)


def _verify_seals(model: Model, row: Any, found: Findings) -> None:
    for mac in macs(model):
        try:
            mac.verify(row)
            found.seals[getattr(row, mac.key_column)] += 1
        except PhiError as problem:
            found.bad.append((row.pk, str(problem)))
