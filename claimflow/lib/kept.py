"""What somebody typed into a form that could not be taken when it came (the session had ended, a fresh proof was
missing): for the one request that shows its page again, it stands here, and the page's forms put it into their boxes.

Nothing is judged or done with it: the page is asked for with GET, and the person presses the button again.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict


@dataclass
class Kept:
    """``fields`` as the browser sent them, without files and passwords. ``sentence`` tells the person why the page is
    here again; ``is_taken`` says that a form of this page has them, so that the sentence is true. What no form takes is
    kept ``until``."""

    fields: QueryDict
    sentence: str
    until: datetime
    is_taken: bool = False

    def take(self) -> QueryDict:
        """The fields, for a page whose form is put together by hand."""
        self.is_taken = True
        return self.fields


_kept: contextvars.ContextVar[Kept | None] = contextvars.ContextVar("claimflow_kept", default=None)


def current() -> Kept | None:
    """What this request puts back, or None."""
    return _kept.get()


def taken() -> QueryDict | None:
    """What was typed, if there is something to put back; the page that asks shows it."""
    kept = _kept.get()
    return kept.take() if kept else None


@contextlib.contextmanager
def put_back(kept: Kept) -> Iterator[None]:
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)


def rows_kept(prefix: str) -> int | None:
    """How many lines a formset had; None when it is not of what is put back."""
    kept = _kept.get()
    count = kept.fields.get(f"{prefix}-TOTAL_FORMS", "") if kept else ""
    return int(count) if count.isascii() and count.isdigit() and len(count) <= 3 else None
