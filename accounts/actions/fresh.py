"""Proving again who one is, while signed in: by a code of the authenticator or by the password. Wrong tries count
together with those at the door, so that this page gives nobody a second set of guesses."""

from accounts import passwords
from accounts.actions.backup_codes import tell_of_use
from accounts.actions.sign_in import Door
from accounts.actions.throttling import count_try, forgive, keys_of
from accounts.factors import BackupCodes, prove
from accounts.models import Credential, User
from audit.actions import record
from audit.enums import Action, Detail, Outcome, Severity, SubjectKind
from claimflow.lib.db.context import acting_as


def confirm_with_code(*, user: User, code: str, door: Door) -> bool:
    """Whether the code proves the person now. It works once (ASVS 6.5.1)."""
    keys = keys_of("code", user.email, door.address)
    if count_try(keys, user=user).too_early:
        return False
    with acting_as("login", user=user, organization=user.organization_id):
        factor = prove(user=user, answer=code)
        if factor is not None and factor.name == BackupCodes.name:
            tell_of_use(user)
        _record(user, factor.name if factor else "totp", is_right=factor is not None)
    if factor is not None:
        forgive(keys)
    return factor is not None


def confirm_with_password(*, user: User, password: str, door: Door) -> bool:
    """Whether this is the person's password. The hash is computed between two short steps (ruling 4)."""
    keys = keys_of("password", user.email, door.address)
    if count_try(keys, user=user).too_early:
        return False
    with acting_as("login", user=user, organization=user.organization_id):
        stored = Credential.objects.get(user_id=user.pk)
    is_right = passwords.matches(password, stored.password)
    with acting_as("login", user=user, organization=user.organization_id):
        _record(user, "password", is_right=is_right)
    if is_right:
        forgive(keys)
    return is_right


def _record(user: User, factor: str, *, is_right: bool) -> None:
    record(
        Action.IDENTITY_CONFIRMED,
        SubjectKind.USER,
        user.pk,
        details={Detail.FACTOR: factor},
        outcome=Outcome.SUCCESS if is_right else Outcome.FAILURE,
        severity=Severity.INFO if is_right else Severity.WARNING,
    )
