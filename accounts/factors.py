"""Second factors: one interface, however somebody proves that the account is theirs (docs/adr/0022-second-factors.md).

A factor reads what the person typed or their device answered, says whether it is its own, and uses it up: one proof
opens one door, also when two come at once. A further factor, such as a passkey, is a class here and a line in
``FACTORS``; the door, the fresh proof and the trail stay as they are.
"""

from typing import ClassVar, Protocol

from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import BackupCode, TotpDevice, User

CODE_LENGTH = 16
# Crockford's Base32: 32 signs of which none looks like another, so a sign is 5 bits and a code 80.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("OIL", "011")


class Factor(Protocol):
    """``name`` is what the trail calls it (``Detail.FACTOR``)."""

    name: ClassVar[str]

    def reads(self, answer: str) -> bool:
        """Whether this has the shape of one of its answers; no database."""

    def verify(self, *, user: User, answer: str) -> bool:
        """Whether it proves this person now. Uses it up: the next time, and for whoever comes at the same moment, the
        same answer is wrong. Call it inside a ``login`` step of that person."""


class Totp:
    """The six digits of an authenticator app. The device's row is locked while its last step is compared: a code works
    once (ASVS 6.5.1)."""

    name: ClassVar[str] = "totp"

    def reads(self, answer: str) -> bool:
        return len(answer) == 6 and answer.isascii() and answer.isdigit()

    def verify(self, *, user: User, answer: str) -> bool:
        device = TotpDevice.objects.select_for_update().filter(user_id=user.pk, confirmed=True).first()
        step = device.step_of(answer) if device else None
        if device is None or step is None:
            return False
        device.last_step = step
        device.touch("last_step")
        return True


class BackupCodes:
    """The printed codes. One statement finds and uses up: of two that bring the same code, one changes the row."""

    name: ClassVar[str] = "backup_code"

    def reads(self, answer: str) -> bool:
        return len(answer) == CODE_LENGTH and set(answer) <= set(CODE_ALPHABET)

    def verify(self, *, user: User, answer: str) -> bool:
        now = timezone.now()
        unused = BackupCode.objects.filter(
            user_id=user.pk, code_hash=backup_code_hash(user, answer), used_at__isnull=True
        )
        return bool(unused.update(used_at=now, updated_at=now))


FACTORS: tuple[Factor, ...] = (Totp(), BackupCodes())


def plain(typed: str) -> str:
    """What somebody typed in its one spelling: without spaces and hyphens, capitals, no look-alikes."""
    return "".join(typed.split()).replace("-", "").upper().translate(_LOOK_ALIKES)


def factor_of(answer: str) -> Factor | None:
    """The factor that an answer is meant for, by its shape alone."""
    return next((factor for factor in FACTORS if factor.reads(answer)), None)


def prove(*, user: User, answer: str) -> Factor | None:
    """The factor that this answer proves, used up with it; None if it proves nothing. Inside a ``login`` step."""
    factor = factor_of(answer)
    return factor if factor is not None and factor.verify(user=user, answer=answer) else None


def backup_code_hash(user: User, code: str) -> str:
    """How a backup code is kept. A slow hash makes guessing dear where there is little to guess; 80 random bits are out
    of reach for any hash, so a fast one does and the door stays quick. The key keeps a stolen table from being tried
    against at all, the person in it one person's code from opening another's account. A new SECRET_KEY ends all codes.
    """
    return salted_hmac("accounts.backup_code", f"{user.pk}|{code}", algorithm="sha256").hexdigest()
