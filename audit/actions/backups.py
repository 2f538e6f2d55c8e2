"""Runs of `backup` and `restore_check`, as a row for the Operations page and as an event of the trail."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from audit.actions.record import record
from audit.enums import Action, Detail, Outcome, Severity, SubjectKind
from claimflow.lib.backup.enums import BackupKind, BackupOutcome
from claimflow.lib.backup.manifest import Manifest
from claimflow.lib.db.context import acting_as
from claimflow.lib.models import BackupRun

WORDS = {BackupKind.BACKUP: Action.BACKUP_MADE, BackupKind.RESTORE_CHECK: Action.BACKUP_CHECKED}


def tell(
    kind: BackupKind,
    outcome: BackupOutcome,
    *,
    started_at: dt.datetime,
    file_name: str = "",
    manifest: Manifest | None = None,
) -> BackupRun:
    """Record a run that ended now. A database error means that nobody but the caller knows of it."""
    is_good = outcome == BackupOutcome.SUCCEEDED
    with acting_as("system", str(kind)):
        run = BackupRun(
            kind=str(kind),
            outcome=str(outcome),
            started_at=started_at,
            finished_at=timezone.now(),
            file_name=file_name,
            bytes=manifest.bytes if manifest else 0,
            rows=manifest.rows if manifest else 0,
        )
        run.save(force_insert=True)
        record(
            WORDS[kind],
            SubjectKind.BACKUP,
            run.pk,
            details={Detail.ROWS: run.rows, **({Detail.KEY_ID: manifest.key_id} if manifest else {})},
            outcome=Outcome.SUCCESS if is_good else Outcome.FAILURE,
            severity=Severity.INFO if is_good else Severity.CRITICAL,
        )
    return run
