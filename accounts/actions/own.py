"""What a person does with their own account. Everything here is read and written at kind ``login``, whose token names
this one person; sensitive changes end the person's other sessions (ASVS 7.4.3) and are told by mail."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.actions.browsers import browser_class
from accounts.actions.enroll import WAITS_FOR
from accounts.actions.mail import post
from accounts.actions.sessions import end_other_sessions
from accounts.actions.sign_in import Door
from accounts.enums import MailKind
from accounts.factors import Totp
from accounts.models import Credential, RightGrant, Role, TotpDevice, User, UserContact
from audit.actions import record
from audit.enums import Action, Detail, Severity, SubjectKind
from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as

SHOWN = 30
"""Events of the person's own page."""


@dataclass(frozen=True)
class Details:
    """What a person says about themselves."""

    first_name: str
    last_name: str
    phone: str
    address: str


@dataclass(frozen=True)
class WaysIn:
    """Since when the password and the authenticator are the person's (None: without one)."""

    password_since: datetime
    device_since: datetime | None


def details_of(*, user: User) -> Details:
    with acting_as("login", user=user, organization=user.organization_id):
        contact = UserContact.objects.filter(pk=user.pk).first()
    return Details(
        first_name=user.first_name,
        last_name=user.last_name,
        phone=phi.value(contact, "phone") if contact else "",
        address=phi.value(contact, "address") if contact else "",
    )


def change_details(*, user: User, details: Details) -> None:
    """Save name, phone and address, as far as they differ. The trail has the names of the fields."""
    before = details_of(user=user)
    changed = [name for name in Details.__annotations__ if getattr(before, name) != getattr(details, name)]
    if not changed:
        return
    with acting_as("login", user=user, organization=user.organization_id):
        names = {name: getattr(details, name) for name in ("first_name", "last_name") if name in changed}
        if names:
            User.objects.filter(pk=user.pk).update(**names, updated_at=timezone.now())
        if {"phone", "address"} & set(changed):
            contact, is_new = UserContact.objects.get_or_create(
                pk=user.pk, defaults={"phone": details.phone, "address": details.address}
            )
            if not is_new:
                contact.phone, contact.address = details.phone, details.address
                contact.touch("phone", "address")
        severity = Severity.NOTICE if names else Severity.INFO  # the trail tells people by their names
        record(Action.USER_CHANGED, SubjectKind.USER, user.pk, fields=changed, severity=severity)


def ways_in(*, user: User) -> WaysIn:
    with acting_as("login", user=user, organization=user.organization_id):
        credential = Credential.objects.only("changed_at").get(user_id=user.pk)
        device = TotpDevice.objects.filter(user_id=user.pk, confirmed=True).only("created_at").first()
    return WaysIn(credential.changed_at, device.created_at if device else None)


def replace_device(*, user: User, code: str, door: Door, keep_session: str) -> bool:
    """Make the authenticator that waits for its first code the person's, and the one before nobody's; False if the code
    is not of the new one. Backup codes stay."""
    with acting_as("login", user=user, organization=user.organization_id):
        devices = list(TotpDevice.objects.select_for_update().filter(user_id=user.pk).order_by("created_at"))
        since = timezone.now() - WAITS_FOR
        waiting = next((each for each in devices if not each.confirmed and each.created_at > since), None)
        step = waiting.step_of(code) if waiting else None
        if waiting is None or step is None:
            return False
        for device in devices:
            if device.confirmed:
                device.confirmed = False
                device.touch("confirmed")
                device.delete()
        waiting.confirmed, waiting.last_step = True, step
        waiting.touch("confirmed", "last_step")
        post(MailKind.FACTOR_REPLACED, to=user, browser=str(browser_class(door.agent)))
        record(Action.FACTOR_REPLACED, SubjectKind.USER, user.pk, details={Detail.FACTOR: Totp.name})
    end_other_sessions(user=user, keep=keep_session)
    return True


def held_roles(*, user: User) -> list[Role]:
    """The roles that the person holds, by name."""
    with acting_as("login", user=user, organization=user.organization_id):
        grants = RightGrant.objects.filter(user_id=user.pk).select_related("role").order_by("role__name")
        return [grant.role for grant in grants]


def own_events(*, user: User) -> list[Event]:
    """The newest of what the person did, and of what was done to their account. What the system did because of it is
    not theirs."""
    with acting_as("login", user=user, organization=user.organization_id):
        theirs = Q(actor_id=user.pk) & ~Q(kind="system")
        done_to = Q(subject_kind=SubjectKind.USER.value, subject_id=user.pk)
        found = {
            event.pk: event
            for part in (theirs, done_to)
            for event in Event.objects.filter(part).newest_first()[:SHOWN]
        }
    return sorted(found.values(), key=lambda event: (event.at, event.pk), reverse=True)[:SHOWN]
