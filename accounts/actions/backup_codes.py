"""Ten printed codes for the day without the authenticator: made at enrolment and anew from one's account."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from accounts.actions.mail import post
from accounts.enums import MailKind
from accounts.factors import CODE_ALPHABET, CODE_LENGTH, backup_code_hash
from accounts.models import BackupCode, User
from audit.actions import record
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.db.context import acting_as

HOW_MANY = 10
FEW = 3
"""With this many left, or fewer, the owner is asked to make new ones."""


@dataclass(frozen=True)
class Left:
    """How many of a person's codes still open the door, and when they were made (None: never)."""

    codes: int
    made_at: datetime | None

    @property
    def are_few(self) -> bool:
        return self.codes <= FEW


def make_backup_codes(*, user: User) -> list[str]:
    """Ten new codes, as they are shown this once; earlier ones no longer work. The owner is told by mail."""
    with acting_as("login", user=user, organization=user.organization_id):
        codes = first_backup_codes(user)
        post(MailKind.BACKUP_CODES_MADE, to=user)
        record(Action.BACKUP_CODES_MADE, SubjectKind.USER, user.pk)
        return codes


def first_backup_codes(user: User) -> list[str]:
    """The same inside the step that enrols, which records and tells."""
    BackupCode.objects.filter(user_id=user.pk).delete()
    codes = [
        "".join(secrets.choice(CODE_ALPHABET) for _sign in range(CODE_LENGTH)) for _code in range(HOW_MANY)
    ]
    BackupCode.objects.bulk_create(
        [BackupCode(user_id=user.pk, code_hash=backup_code_hash(user, code)) for code in codes]
    )
    return ["-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4)) for code in codes]


def backup_codes_left(*, user: User) -> Left:
    with acting_as("login", user=user, organization=user.organization_id):
        rows = list(BackupCode.objects.filter(user_id=user.pk).only("used_at", "created_at"))
    return Left(
        codes=sum(row.used_at is None for row in rows),
        made_at=max((row.created_at for row in rows), default=None),
    )


def tell_of_use(user: User) -> None:
    """Inside the step in which a backup code opened the door: recorded, and told to the owner by mail."""
    left = BackupCode.objects.filter(user_id=user.pk, used_at__isnull=True).count()
    post(MailKind.BACKUP_CODE_USED, to=user, left=left)
    record(Action.BACKUP_CODE_USED, SubjectKind.USER, user.pk, details={Detail.ROWS: left})
