"""What an administrator sets for the whole platform while it runs (ruling 37).

    system_setting.figure(SettingKey.LEASE_MINUTES)        # a whole number
    system_setting.words(SettingKey.SUPPORT_CONTACT)       # a text, perhaps empty

A process reads the rows at most every ``AGE`` seconds, so a change is in force everywhere after that, and at once in the
process that made it. A row that is missing or out of bounds counts as the default. What anybody may know, signed in or
not, comes from ``ops.public_settings()`` (ruling 4); the rest is read in the caller's own context.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.enums import SettingKey, SettingType
from claimflow.lib.db.context import acting_as, current_actor

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

AGE = 30.0  # seconds
PUBLIC = "SELECT key, value::text FROM ops.public_settings()"
INTERNAL = "SELECT key, value::text FROM accounts_systemsetting WHERE NOT is_public"
Value = int | str


@dataclass(frozen=True)
class Offered:
    """One setting: its default decides its type; ``low`` and ``high`` bound a figure, or the length of a text."""

    default: Value
    low: int
    high: int
    description: _StrOrPromise
    is_public: bool = False

    @property
    def type(self) -> SettingType:
        return SettingType.TEXT if isinstance(self.default, str) else SettingType.NUMBER

    def accepts(self, value: object) -> bool:
        if isinstance(value, bool) or type(value) is not type(self.default):
            return False
        return self.low <= (len(value) if isinstance(value, str) else int(str(value))) <= self.high


SETTINGS: dict[SettingKey, Offered] = {
    SettingKey.LEASE_MINUTES: Offered(
        30, 5, 480, _("Minutes for which an adjudicator holds a claim; every step on it begins them anew.")
    ),
    SettingKey.ALERT_PATIENTS: Offered(
        100, 1, 10_000, _("An alert comes when one person opens the health data of more patients in an hour.")
    ),
    SettingKey.ALERT_FAILURES: Offered(
        10, 3, 1000, _("An alert comes when sign-ins of one account fail more often in 15 minutes.")
    ),
    SettingKey.SUPPORT_CONTACT: Offered(
        "",
        0,
        200,
        _("Whom to call or write to for help, on the sign-in page. Anybody can read it."),
        is_public=True,
    ),
    SettingKey.MAINTENANCE_NOTICE: Offered(
        "",
        0,
        200,
        _("A sentence above every page, such as when the platform will be away. Anybody can read it."),
        is_public=True,
    ),
}
DEFAULTS: dict[str, Value] = {key.value: offered.default for key, offered in SETTINGS.items()}

_read: dict[bool, tuple[float, Mapping[str, Value]]] = {}  # public or not: until when, what


def figure(key: SettingKey) -> int:
    """The number in force. Raises ``ValueError`` for a setting that is a text."""
    return int(_value(key))


def words(key: SettingKey) -> str:
    """The text in force, perhaps empty."""
    return str(_value(key))


def remember(values: Mapping[str, Value], until: float) -> None:
    """Take these for what the rows say, until this moment of the process's own clock (``time.monotonic``)."""
    for is_public in (False, True):
        _read[is_public] = (until, values)


def forget() -> None:
    """The next question reads the rows again: called once a change is committed."""
    _read.clear()


def _value(key: SettingKey) -> Value:
    offered = SETTINGS[key]
    until, values = _read.get(offered.is_public, (0.0, DEFAULTS))
    # A transaction that has failed answers nothing any more; what was known before is near enough for its page.
    if time.monotonic() >= until and not connection.needs_rollback:
        values = _rows(offered.is_public)
        _read[offered.is_public] = (time.monotonic() + AGE, values)
    value = values.get(key.value)
    return value if isinstance(value, int | str) and offered.accepts(value) else offered.default


def _rows(is_public: bool) -> dict[str, Value]:
    with _some_context(is_public), connection.cursor() as cursor:
        cursor.execute(PUBLIC if is_public else INTERNAL)
        return {key: json.loads(value) for key, value in cursor.fetchall()}


@contextlib.contextmanager
def _some_context(is_public: bool) -> Iterator[None]:
    """The caller's, if one is open: every kind may ask."""
    if current_actor() is not None and connection.in_atomic_block:
        yield
    elif is_public:
        with acting_as("anonymous"):
            yield
    else:
        with acting_as("system", "settings"):
            yield
