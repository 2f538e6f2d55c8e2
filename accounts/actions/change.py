"""An administrator changes an organization, a person, or what a person may do. Each takes effect with the next
request: the session's person and rights are read anew every time (ruling 4)."""

from collections.abc import Collection, Sequence

from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actions.writing import writing_people
from accounts.models import Organization, OrganizationProfile, RightGrant, Role, Session, User
from accounts.policies import require_manage, require_may_give
from audit.actions import record
from audit.enums import Action, Detail, Severity, SubjectKind
from claimflow.lib.permissions import require


def change_organization(*, organization: Organization, fields: Sequence[str], was: str) -> None:
    """Save these fields. ``was`` is the status before: the people of an inactive organization cannot come in."""
    organization.touch(*fields)
    moved = was != organization.status
    record(
        Action.ORGANIZATION_CHANGED,
        SubjectKind.ORGANIZATION,
        organization.pk,
        fields=fields,
        old_status=was if moved else None,
        new_status=organization.status if moved else None,
    )


def change_profile(*, profile: OrganizationProfile, fields: Sequence[str]) -> None:
    """Save these fields of an organization's profile."""
    profile.touch(*fields)
    record(Action.ORGANIZATION_CHANGED, SubjectKind.ORGANIZATION, profile.organization_id, fields=fields)


def change_user(*, user: User, fields: Sequence[str], by: User) -> None:
    """Save these fields. Somebody deactivated loses every session; whoever is let back in begins with none, also if one
    came about at the door in the moment of the deactivation. Raises ``Forbidden`` for a stranger's account and for
    opening or closing one's own, ``Refusal`` for the last administrator's."""
    if user.pk != by.pk or "is_active" in fields:
        require_manage(by, user)
    with writing_people(by):
        user.touch(*fields)
        if "is_active" in fields:
            Session.objects.filter(user=user).delete()
    others = [name for name in fields if name != "is_active"]
    if others:
        severity = (
            Severity.NOTICE if user.pk == by.pk else Severity.INFO
        )  # the trail tells people by their names
        record(Action.USER_CHANGED, SubjectKind.USER, user.pk, fields=others, severity=severity)
    if "is_active" in fields:
        record(
            Action.USER_REACTIVATED if user.is_active else Action.USER_DEACTIVATED, SubjectKind.USER, user.pk
        )


def change_rights(*, user: User, roles: Collection[Role], by: User) -> None:
    """Make these the roles that the person holds. Raises ``Forbidden`` for one's own rights, for a role of another side
    and for one that is not ``by``'s to give or take; ``Refusal`` for the last administrator's."""
    require_manage(by, user)
    require(all(role.side == user.role for role in roles), _("A role of another side cannot be held here."))
    held = {grant.role_id: grant for grant in RightGrant.objects.filter(user=user).select_related("role")}
    wanted = {role.pk: role for role in roles}
    added = [role for key, role in wanted.items() if key not in held]
    removed = [grant for key, grant in held.items() if key not in wanted]
    if not added and not removed:
        return
    for role in [*added, *(grant.role for grant in removed)]:
        require_may_give(by, role)
    with writing_people(by):
        for role in added:
            RightGrant(user=user, role=role, organization_id=user.organization_id, granted_by=by).save(
                force_insert=True
            )
        for grant in removed:
            grant.delete()
    record(
        Action.RIGHTS_CHANGED,
        SubjectKind.USER,
        user.pk,
        details={
            Detail.RIGHTS_ADDED: sorted(slugify(role.name) for role in added),
            Detail.RIGHTS_REMOVED: sorted(slugify(grant.role.name) for grant in removed),
        },
        severity=Severity.WARNING,
    )
