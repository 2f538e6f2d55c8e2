"""What is asked of a database that was restored from a backup, and how it is put to use. Django's connection leads to it
meanwhile (claimflow.lib.backup.restore)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from audit.actions.copies import begin_anew, copy_new
from audit.actions.seal import seal_once
from audit.actions.verify import verify
from claimflow.lib.db import drift
from claimflow.lib.db.context import acting_as
from claimflow.lib.phi.rekey import check, encrypted_models


@dataclass(frozen=True)
class Trail:
    """What the verification found, in sentences."""

    faults: list[str]
    warnings: list[str]


def migrations() -> Iterator[str]:
    """A backup is asked by the release that made it: another knows other tables."""
    with acting_as("system", "restore_check"):
        loader = MigrationLoader(connection)
    if differing := set(loader.disk_migrations or ()) ^ set(loader.applied_migrations or ()):
        first = ".".join(min(differing))
        yield (
            f"The backup is of another release: {len(differing)} migrations differ, among them {first}. Check and restore"
            " it with the release that made it; migrate comes after that."
        )


def policies() -> Iterator[str]:
    """Row security that did not come back."""
    with acting_as("system", "restore_check"):
        yield from list(drift.security_faults())


def values(sample: int) -> Iterator[str]:
    """Encrypted values that do not open with today's keys, of `sample` rows of each model."""
    for model in encrypted_models():
        found = check(model, sample=sample)
        yield from (f"{found.model} {key}: {sentence}" for key, sentence in found.bad)


def trail() -> Trail:
    """The audit trail up to the moment of the backup."""
    report = verify(is_restored=True)
    return Trail(
        faults=[finding.sentence for finding in report.errors],
        warnings=[finding.sentence for finding in report.findings if finding.is_warning],
    )


def put_to_use() -> Iterator[str]:
    """Begin the story that the trail tells from now on: the copies of the lost one's seals are laid aside, the first
    seal is made here. On another server it is the first of a new epoch, because transaction numbers begin anew there."""
    if aside := begin_anew(timezone.now()):
        yield f"The copies of the seals were laid aside in {aside}, in AUDIT_COPY_DIR."
    sealed = seal_once()
    copied = copy_new()
    if sealed is not None:
        yield f"Sealed as checkpoint {sealed.batch} of epoch {sealed.epoch}."
    yield f"{copied} copies of seals were written." if copied else "The copies of the seals are complete."
