"""Roles that the platform's administrators compose from the list of permissions. The shipped ones are not theirs to
change: the database's policies refuse it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.actions.writing import writing_people
from accounts.enums import UserRole
from accounts.models import RightGrant, Role, User
from accounts.policies import require_compose, require_may_give
from accounts.roles import OF_SIDE
from audit.actions import record
from audit.enums import Action, Detail, Severity, SubjectKind
from claimflow.lib.permissions import Refusal, require


def compose_role(*, role: Role, by: User) -> Role:
    """Store a new role. Raises ``Forbidden`` for a permission of another side, or one that is not ``by``'s to give."""
    _require_composable(role, by)
    role.permissions = sorted(role.permissions)
    with writing_people(by):
        role.save(force_insert=True)
    record(
        Action.ROLE_CREATED,
        SubjectKind.ROLE,
        role.pk,
        details={Detail.RIGHTS_ADDED: role.permissions},
        severity=Severity.WARNING,
    )
    return role


def change_role(*, role: Role, fields: Sequence[str], was: Sequence[str], by: User) -> None:
    """Save these fields; ``was`` are the permissions before. Whoever holds the role is bound by the change with the next
    request. Raises ``Forbidden`` as ``compose_role``, ``Refusal`` if somebody would lose their last administrator."""
    _require_composable(role, by)
    role.permissions = sorted(role.permissions)
    with writing_people(by):
        role.touch(*fields)
    record(
        Action.ROLE_CHANGED,
        SubjectKind.ROLE,
        role.pk,
        fields=fields,
        details={
            Detail.RIGHTS_ADDED: sorted(set(role.permissions) - set(was)),
            Detail.RIGHTS_REMOVED: sorted(set(was) - set(role.permissions)),
        },
        severity=Severity.WARNING,
    )


def delete_role(*, role: Role, by: User) -> None:
    """Take away a role that nobody holds. Raises ``Refusal`` while somebody does."""
    _require_composable(role, by)
    if RightGrant.objects.filter(role=role).exists():
        raise Refusal(
            _("Somebody holds this role. Take it from everybody before you delete it."), code="role_in_use"
        )
    key = role.pk
    with writing_people(by):
        role.delete()
    record(
        Action.ROLE_DELETED,
        SubjectKind.ROLE,
        key,
        details={Detail.RIGHTS_REMOVED: sorted(role.permissions)},
        severity=Severity.WARNING,
    )


def _require_composable(role: Role, by: User) -> None:
    require_compose(by)
    require(
        not role.is_system, _("A role that ships with ClaimFlow cannot be changed. Compose one of your own.")
    )
    require(
        set(role.permissions) <= {each.value for each in OF_SIDE[UserRole(role.side)]},
        _("A role holds only permissions of its own side."),
        code="other_side",
    )
    require_may_give(by, role)
    require(
        not RightGrant.objects.filter(role=role, user=by).exists(),
        _("You hold this role yourself. Nobody changes their own rights; ask another administrator."),
        code="own_rights",
    )
