"""Organizations and people come into being: by an administrator, with a temporary password that is shown once."""

from datetime import timedelta

from django.utils import timezone
from django.utils.text import slugify

from accounts import passwords
from accounts.actions.writing import writing_people
from accounts.models import Credential, Organization, OrganizationProfile, RightGrant, Role, User
from accounts.policies import require_manage, require_may_give
from audit.actions import record
from audit.enums import Action, Detail, SubjectKind

TEMPORARY_FOR = timedelta(hours=24)


def create_organization(
    *, organization: Organization, profile: OrganizationProfile, by: User | None
) -> Organization:
    """Store a new provider or payer with its profile."""
    organization.save(force_insert=True)
    profile.organization = organization
    profile.save(force_insert=True)
    record(Action.ORGANIZATION_CREATED, SubjectKind.ORGANIZATION, organization.pk)
    return organization


def create_user(
    *, user: User, password_hash: str, roles: list[Role], by: User | None, temporary: bool = True
) -> User:
    """Store a new person with rights. ``password_hash`` was made before the transaction (ruling 6); a temporary one
    ends after 24 hours and leads to choosing one's own. Raises ``Forbidden`` for a person or a role that is not ``by``'s
    to give, ``IntegrityError`` for an address that is taken."""
    if by is not None:
        require_manage(by, user)
        for role in roles:
            require_may_give(by, role)
    now = timezone.now()
    user.email = user.email.strip().lower()
    user.is_first_login = temporary
    with writing_people(by):
        user.save(force_insert=True)
        Credential(
            user=user,
            password=password_hash,
            changed_at=now,
            temporary_until=now + TEMPORARY_FOR if temporary else None,
        ).save(force_insert=True)
        for role in roles:
            RightGrant(user=user, role=role, organization_id=user.organization_id, granted_by=by).save(
                force_insert=True
            )
    record(
        Action.USER_CREATED,
        SubjectKind.USER,
        user.pk,
        details={Detail.RIGHTS_ADDED: sorted(slugify(role.name) for role in roles)},
    )
    return user


def temporary_password() -> tuple[str, str]:
    """(what is shown once, its hash)"""
    password = passwords.generate_temporary()
    return password, passwords.hashed(password)
