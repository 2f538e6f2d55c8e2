"""What a password must be (ruling 42): 12 to 128 characters, not a common one, not the person's or the product's words."""

import re
import secrets
import string
import threading
import unicodedata
from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MINIMUM, MAXIMUM = 12, 128
OWN_WORDS = ("claimflow", "claims", "password")
TEMPORARY_ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
# At most one hash at a time per process (ruling 43): a flood of wrong passwords must not take every core.
_one_at_a_time = threading.Semaphore(1)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return make_password("a password that belongs to nobody")


class LengthValidator:
    """12 to 128 characters after NFKC (NIST SP 800-63B-4: 15 for a lone password, fewer with a second factor)."""

    def validate(self, password: str, user: Any = None) -> None:
        length = len(unicodedata.normalize("NFKC", password))
        if length < MINIMUM:
            raise ValidationError(
                _("This password has %(length)d characters. Choose one with at least %(minimum)d.")
                % {"length": length, "minimum": MINIMUM},
                code="password_too_short",
            )
        if length > MAXIMUM:
            raise ValidationError(
                _("This password is longer than %(maximum)d characters. Choose a shorter one.")
                % {"maximum": MAXIMUM},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return _("12 to 128 characters. A sentence of several words is easy to remember and hard to guess.")


class OwnWordsValidator:
    """Refuses a password built around the person's name or address, the organization's name or the product's."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = re.sub(r"[^a-z]", "", password.lower())
        for word in self._words(user):
            if len(word) >= 4 and word in plain and len(plain.replace(word, "")) < 6:
                raise ValidationError(
                    _("This password is mostly a name that others can guess. Choose different words."),
                    code="password_own_words",
                )

    @staticmethod
    def _words(user: Any) -> list[str]:
        words = list(OWN_WORDS)
        if user is not None:
            organization = user.organization.name if user.organization_id else ""
            text = f"{user.first_name} {user.last_name} {user.email} {organization}".lower()
            words += re.findall(r"[a-z]+", text)
        return words

    def get_help_text(self) -> str:
        return _("Not your name, your address, your organization or the product's name.")


def generate_temporary() -> str:
    """16 characters without look-alikes: about 93 bits (NIST SP 800-63B-4)."""
    return "".join(secrets.choice(TEMPORARY_ALPHABET) for _ in range(16))


def hashed(password: str) -> str:
    """The stored form: bcrypt over SHA-256, cost 12, of the NFKC form."""
    with _one_at_a_time:
        return make_password(unicodedata.normalize("NFKC", password))


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is right. Costs the same for ``None``: an address that has no account (ruling 43)."""
    with _one_at_a_time:
        right = check_password(unicodedata.normalize("NFKC", password), stored or _nobodys_hash())
    return right and stored is not None
