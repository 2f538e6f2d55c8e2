"""Invented history happens at its own time: the application's clock is moved while a story is told.

The database's clock, and with it the time that the audit trail itself keeps, is never moved; events say in
``occurred_at`` what time they tell of (audit.actions.told_later).
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from unittest import mock

from audit.actions import told_later


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run the application as if it were ``moment``."""
    with mock.patch("django.utils.timezone.now", return_value=moment), told_later(moment):
        yield
