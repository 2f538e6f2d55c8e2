"""Proving again who one is, while signed in: by a code of the authenticator or by the password. Wrong tries count and
are told together with those at the door, so that this page gives nobody a second set of guesses."""

from accounts import passwords
from accounts.actions.backup_codes import tell_of_use
from accounts.actions.sign_in import Door, note_wrong_proof
from accounts.actions.throttling import count_try, forgive, keys_of
from accounts.factors import BackupCodes, prove
from accounts.models import Credential, User
from audit.actions import record
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.db.context import acting_as


def confirm_with_code(*, user: User, code: str, door: Door) -> bool:
    """Whether the code proves the person now. It works once (ASVS 6.5.1)."""
    keys = keys_of("code", user.email, door.address)
    counted = count_try(keys, user=user)
    if counted.too_early:
        return False
    with acting_as("login", user=user, organization=user.organization_id):
        factor = prove(user=user, answer=code)
        if factor is None:
            note_wrong_proof(user, counted, door, action=Action.IDENTITY_CONFIRMED, factor="totp")
            return False
        if factor.name == BackupCodes.name:
            tell_of_use(user)
        _record(user, factor.name, door)
    forgive(keys)
    return True


def confirm_with_password(*, user: User, password: str, door: Door) -> bool:
    """Whether this is the person's password. The hash is computed between two short steps (ruling 4). Raises
    ``passwords.Busy``, before anything is looked at or counted, while too many others are at the door."""
    keys = keys_of("password", user.email, door.address)
    with passwords.place_at_the_door():
        counted = count_try(keys, user=user)
        if counted.too_early:
            return False
        with acting_as("login", user=user, organization=user.organization_id):
            stored = Credential.objects.get(user_id=user.pk)
        is_right = passwords.matches(password, stored.password)
    with acting_as("login", user=user, organization=user.organization_id):
        if not is_right:
            note_wrong_proof(user, counted, door, action=Action.IDENTITY_CONFIRMED, factor="password")
            return False
        _record(user, "password", door)
    forgive(keys)
    return True


def _record(user: User, factor: str, door: Door) -> None:
    details = door.details | {Detail.FACTOR: factor}
    record(Action.IDENTITY_CONFIRMED, SubjectKind.USER, user.pk, details=details)
