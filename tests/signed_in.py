"""People for tests: made as an administrator would, signed in as the door would leave them."""

import base64
import itertools
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.actions.create import create_user
from accounts.models import (
    Organization,
    OrganizationProfile,
    Role,
    SecurityPolicy,
    Session,
    TotpDevice,
    User,
)
from accounts.passwords import hashed
from accounts.safeguards import PLATFORM_POLICY_ID
from accounts.session_store import SessionStore, digest
from claimflow.lib.db.context import acting_as

PASSWORD = "correct horse battery staple"
SECRET = base64.b32encode(b"twenty bytes of test").decode()
_numbers = itertools.count(1)


def make_organization(
    kind: str = "provider", *, name: str = "", type_: str = "", time_zone: str = "America/New_York"
) -> Organization:
    """A clinic or an insurer with its profile."""
    number = next(_numbers)
    with acting_as("system", "test"):
        organization = Organization.objects.create(
            name=name or f"{kind.title()} {number}",
            kind=kind,
            type=type_ or {"provider": "clinic", "payer": "insurer"}[kind],
        )
        profile = OrganizationProfile.objects.create(
            organization=organization,
            time_zone=time_zone,
            payer_code=f"P{number:05d}" if kind == "payer" else None,
            privacy_contact=f"privacy{number}@example.com",
        )
        organization.profile = profile
    return organization


def make_user(
    role: str, *roles: str, organization: Organization | None = None, email: str = "", enrolled: bool = True
) -> User:
    """A person who chose a password and enrolled a second factor (``enrolled=False``: fresh from an administrator).

    ``role`` is provider, payer or admin; ``roles`` are names of accounts/roles.py."""
    number = next(_numbers)
    with acting_as("system", "test"):
        held = list(Role.objects.filter(side=role, name__in=roles))
        assert {each.name for each in held} == set(roles), f"{role} has not all of the roles {roles}"
        user = create_user(
            user=User(
                email=email or f"person{number}@example.com",
                first_name="Pat",
                last_name=f"Person{number}",
                role=role,
                organization=organization,
            ),
            password_hash=hashed(PASSWORD),
            roles=held,
            by=None,
            temporary=not enrolled,
        )
        if enrolled:
            TotpDevice.objects.create(user=user, name="Authenticator", confirmed=True, secret=SECRET)
    return user


def client_of(user: User, *, is_verified: bool = True, is_fresh: bool = False) -> Client:
    """A client that came through the door: password and, if ``is_verified``, second factor proven; ``is_fresh``: within
    the last five minutes."""
    store = SessionStore()
    store.row = {
        "user_id": user.pk,
        "organization_id": user.organization_id,
        "is_verified": is_verified,
        "user_agent": "test",
    }
    if is_fresh:
        store.note_proof(with_factor=True)
    store.create()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key or ""
    return client


def age_session(client: Client, **ago: float) -> None:
    """Move the session's times into the past: ``age_session(client, last_seen_at=31)`` minutes."""
    key = digest(client.cookies[settings.SESSION_COOKIE_NAME].value)
    from tests.harness import admin_connection

    with admin_connection(autocommit=True) as admin:
        for column, minutes in ago.items():
            assert column in {field.name for field in Session._meta.fields}
            admin.execute(
                f"UPDATE accounts_session SET {column} = %s WHERE session_key = %s",  # type: ignore[arg-type]
                [timezone.now() - timedelta(minutes=minutes), key],
            )


def let_pass(**time: float) -> None:
    """The clock of wrong tries goes on: ``let_pass(seconds=10)``, ``let_pass(minutes=30)``."""
    from tests.harness import admin_connection

    columns = ("locked_until", "strict_until", "window_started_at", "updated_at")
    moved = ", ".join(f"{column} = {column} - %(ago)s" for column in columns)
    with admin_connection(autocommit=True) as admin:
        admin.execute(f"UPDATE accounts_throttle SET {moved}", {"ago": timedelta(**time)})  # type: ignore[arg-type]


def set_policy(organization: Organization | None = None, **figures: object) -> None:
    """The platform's security policy with these figures, or a new one of an organization."""
    with acting_as("system", "test"):
        if organization is None:
            SecurityPolicy.objects.filter(pk=PLATFORM_POLICY_ID).update(**figures)
        else:
            SecurityPolicy.objects.create(organization=organization, **figures)
