"""What a password must be (ruling 42), and how it is kept: 12 to 128 characters or more as the policy says, not a
common one, not the person's or the product's words; bcrypt over SHA-256, one hash at a time."""

import contextlib
import os
import re
import secrets
import string
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    check_password,
    get_hasher,
    identify_hasher,
    make_password,
)
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.safeguards import Safeguards

MAXIMUM = 128
OWN_WORDS = ("claimflow", "claims", "password")
TEMPORARY_ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
LETTERS = re.compile(r"[^\W\d_]+")
USED_UP = UNUSABLE_PASSWORD_PREFIX
"""What stands in place of the hash of a temporary password that was used."""
CLASSES: tuple[Callable[[str], bool], ...] = (
    str.islower,
    str.isupper,
    str.isdigit,
    lambda letter: not letter.isalnum(),
)

Result = TypeVar("Result")


# --- What is refused ---------------------------------------------------------------------------------------------------


class LengthValidator:
    """The policy's minimum to 128 characters after NFKC (NIST SP 800-63B-4: 15 for a lone password, fewer with a second
    factor)."""

    def __init__(self, minimum: int = Safeguards.minimum_length) -> None:
        self.minimum = minimum

    def validate(self, password: str, user: Any = None) -> None:
        length = len(normal(password))
        if length < self.minimum:
            raise ValidationError(
                ngettext(
                    "This password has %(length)d character. Choose one with at least %(minimum)d.",
                    "This password has %(length)d characters. Choose one with at least %(minimum)d.",
                    length,
                )
                % {"length": length, "minimum": self.minimum},
                code="password_too_short",
            )
        if length > MAXIMUM:
            raise ValidationError(
                _("This password is longer than %(maximum)d characters. Choose a shorter one.")
                % {"maximum": MAXIMUM},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return length_hint(self.minimum)


class ClassesValidator:
    """So many of lower case, upper case, digits and signs: a switch for organizations whose auditor insists (ADR 7)."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted

    def validate(self, password: str, user: Any = None) -> None:
        found = sum(any(is_one(letter) for letter in password) for is_one in CLASSES)
        if found < self.wanted:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _(
            "Use at least %(wanted)d of these: lower-case letters, upper-case letters, digits, other signs."
        ) % {"wanted": self.wanted}


class CommonValidator(CommonPasswordValidator):
    """Django's 20,000 common passwords, also with digits or signs around them or twice in a row, and runs such as
    123456789012 or aaaaaaaaaaaa (NIST SP 800-63B-4: repetitive or sequential characters)."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = normal(password).casefold()
        half = len(plain) // 2
        core = plain[:half] if plain == plain[:half] * 2 else plain
        bare = core.strip(string.digits + string.punctuation + " ")
        steps = sum(abs(ord(letter) - ord(before)) > 1 for before, letter in pairwise(plain))
        if steps < 5 or {plain, core, bare} & self.passwords:
            raise ValidationError(
                _("This password is one that many people use. Choose several words of your own."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("Not one that many people use.")


class OwnWordsValidator:
    """Refuses a password built around the person's name or address, the organization's name or the product's."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = plain = "".join(LETTERS.findall(normal(password).casefold()))
        for word in sorted(self._words(user), key=len, reverse=True):
            rest = rest.replace(word, "") if len(word) >= 4 else rest
        if rest != plain and len(rest) < 6:
            raise ValidationError(
                _("This password is mostly a name that others can guess. Choose different words."),
                code="password_own_words",
            )

    @staticmethod
    def _words(user: Any) -> list[str]:
        words = list(OWN_WORDS)
        if user is not None:
            organization = user.organization.name if user.organization_id else ""
            text = f"{user.first_name} {user.last_name} {user.email} {organization}"
            words += LETTERS.findall(normal(text).casefold())
        return words

    def get_help_text(self) -> str:
        return _("Not your name, your address, your organization or the product's name.")


def length_hint(minimum: int) -> str:
    return _(
        "At least %(minimum)d characters. A sentence of several words is easy to remember and hard to guess."
    ) % {"minimum": minimum}


def judge(password: str, *, user: Any, guards: Safeguards) -> None:
    """Raise ``ValidationError`` with a sentence for everything that the policy has against this password. Earlier
    passwords are compared where one is chosen (accounts/actions/choose.py)."""
    validators: list[Any] = [LengthValidator(guards.minimum_length)]
    if guards.character_classes:
        validators.append(ClassesValidator(guards.character_classes))
    validators += [OwnWordsValidator(), _common()]
    validate_password(password, user, validators)


@lru_cache(maxsize=1)
def _common() -> CommonValidator:
    """Reads the list once."""
    return CommonValidator()


def generate_temporary() -> str:
    """16 characters without look-alikes: about 93 bits (NIST SP 800-63B-4)."""
    return "".join(secrets.choice(TEMPORARY_ALPHABET) for _ in range(16))


# --- Hashes, one at a time ---------------------------------------------------------------------------------------------

AT_THE_DOOR = 2
"""How many requests of a process may be at a password at once: one that hashes and one that waits. The others' threads
stay free for people who work."""
NICENESS = 5
_places = threading.BoundedSemaphore(AT_THE_DOOR)


class Busy(Exception):
    """Too many people sign in at once; nobody's try was looked at or counted."""


@contextlib.contextmanager
def place_at_the_door() -> Iterator[None]:
    """One of the few places for requests that compare a password. Raises ``Busy`` when none is free."""
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def _give_way() -> None:
    """The hashing thread gets a third of what others get while they want it (on Linux niceness is a thread's own)."""
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(
            os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + NICENESS
        )


@lru_cache(maxsize=1)
def _hashing() -> ThreadPoolExecutor:
    """At most one hash at a time per process (ruling 43): a flood of wrong passwords must not take every core. bcrypt
    lets other threads run meanwhile. Made with the first hash, after the server has forked."""
    return ThreadPoolExecutor(1, "hashing", initializer=_give_way)


def _in_turn(work: Callable[..., Result], *arguments: Any) -> Result:
    return _hashing().submit(work, *arguments).result()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return make_password("a password that belongs to nobody")


def normal(password: str) -> str:
    """The one spelling of a password: what two keyboards send differently is the same (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The stored form: bcrypt over SHA-256, cost 12, of the NFKC form."""
    return _in_turn(make_password, normal(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is right. Costs the same for ``None`` and for a used-up one: an address that has no account
    (ruling 43)."""
    known = stored if stored is not None and is_usable(stored) else None
    right = _in_turn(_check, normal(password), known)
    return right and known is not None


def _check(password: str, stored: str | None) -> bool:
    return check_password(password, stored or _nobodys_hash())


def matches_any(password: str, hashes: Iterable[str]) -> bool:
    """Whether the password is one of these."""
    return any(is_usable(stored) and matches(password, stored) for stored in hashes)


def is_usable(stored: str) -> bool:
    return not stored.startswith(UNUSABLE_PASSWORD_PREFIX)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with less work, or another way, than one would be now (ASVS 11.4.2)."""
    hasher, now = identify_hasher(stored), get_hasher()
    return hasher.algorithm != now.algorithm or bool(now.must_update(stored))
