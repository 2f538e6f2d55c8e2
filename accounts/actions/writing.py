"""How accounts are written: a platform administrator does it in their own name, an organization administrator through
one narrow step of the system (ruling 9), whose rows the database checks against the person who asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import is_platform
from claimflow.lib.db.context import as_system, check_deferred
from claimflow.lib.permissions import Refusal

MANAGE_PEOPLE = "manage_people"
"""The purpose of the step; accounts/sql/giving.sql knows it."""


@contextmanager
def writing_people(by: User | None) -> Iterator[None]:
    """A savepoint in which accounts and rights may be written. Raises ``Refusal`` when an organization, or the platform,
    would lose its last administrator; also when two of them go at the same moment."""
    step = transaction.atomic() if by is None or is_platform(by) else as_system(MANAGE_PEOPLE)
    try:
        with step:
            yield
            check_deferred()
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != "last_administrator":
            raise
        raise Refusal(
            _(
                "Nothing was changed: nobody would be left who can let others in. Give somebody else the "
                "administrator's role first."
            ),
            code="last_administrator",
        ) from error
