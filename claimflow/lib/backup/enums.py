from enum import StrEnum


class BackupKind(StrEnum):
    """What was run."""

    BACKUP = "backup"
    RESTORE_CHECK = "restore_check"


class BackupOutcome(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
