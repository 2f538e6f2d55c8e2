"""How a test says "the database refuses this, and names the rule"."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from claimflow.lib.db.context import check_deferred


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The block, or the deferred checks after it, break the constraint of that name."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012 - the caller's block
        yield
        check_deferred()
    cause = caught.value.__cause__
    assert cause is not None
    assert cause.diag.constraint_name == rule, caught.value  # type: ignore[attr-defined]


@contextmanager
def forbidden() -> Iterator[None]:
    """The block lacks a grant, or breaks a policy."""
    with pytest.raises(ProgrammingError, match=r"permission denied|row-level security"), transaction.atomic():
        yield
