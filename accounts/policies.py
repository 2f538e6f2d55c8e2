"""Who asks, who handles alerts, and who may keep people and roles (docs/adr/0018-who-may-give-what.md). What else a
person may is the policies' of the app whose thing it is. accounts/sql/giving.sql says the same a second time, in the
database."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.enums import Permission, UserRole
from accounts.models import Role, User
from claimflow.lib.permissions import require


def user_of(request: HttpRequest) -> User:
    """The person behind a request that the gate has let through. Raises ``PermissionDenied`` for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def require_alert_handler(user: User) -> None:
    """Forbidden unless the person answers security alerts."""
    require(
        user.has(Permission.HANDLE_ALERTS),
        _(
            "Security alerts are answered by administrators and security officers. Ask one of them for that right."
        ),
    )


def is_platform(user: User) -> bool:
    return user.role == UserRole.ADMIN


def can_manage_people(user: User) -> bool:
    """Keep the people of one's organization; for a platform administrator, of all."""
    return user.has(Permission.MANAGE_USERS) and (not is_platform(user) or user.has(Permission.ADMINISTER))


def can_manage(user: User, person: User) -> bool:
    """Keep this person's account. Nobody keeps their own."""
    reaches = is_platform(user) or person.organization_id == user.organization_id
    return can_manage_people(user) and reaches and person.pk != user.pk and not person.is_system


def can_compose_roles(user: User) -> bool:
    return is_platform(user) and can_manage_people(user)


def may_give(user: User, role: Role) -> bool:
    """Give this role to somebody or take it away. Nobody gives what they do not hold; to hold an office is to hold
    its gifts: an organization administrator those of the shipped roles of the side, a platform administrator those of
    every role of providers and payers."""
    if not can_manage_people(user):
        return False
    if is_platform(user) and role.side != UserRole.ADMIN:
        return True
    if role.side != user.role:
        return False
    return (role.is_system and not is_platform(user)) or set(role.permissions) <= set(user.permissions)


def require_manage_people(user: User) -> None:
    require(
        can_manage_people(user),
        _("This page needs the right to manage people. Ask an administrator of your organization for it."),
        code="no_people",
    )


def require_manage(user: User, person: User) -> None:
    require(
        person.pk != user.pk,
        _("Nobody changes their own access or rights. Ask another administrator."),
        code="own_account",
    )
    require(
        can_manage(user, person), _("You need the right to manage this person's account."), code="no_people"
    )


def require_may_give(user: User, role: Role) -> None:
    require(
        may_give(user, role),
        _("You cannot give or take the role %(role)s: it holds rights that are not yours to give.")
        % {"role": role.name},
        code="not_yours_to_give",
    )


def require_compose(user: User) -> None:
    require(can_compose_roles(user), _("Roles are composed by platform administrators."), code="no_composing")
