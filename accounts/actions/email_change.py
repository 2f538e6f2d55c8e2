"""Another e-mail address to sign in with: asked for with a fresh proof, and true when both addresses have said yes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.actions.mail import post
from accounts.enums import MailKind
from accounts.models import EmailChange, Session, User
from accounts.session_store import digest
from audit.actions import record
from audit.enums import Action, SubjectKind
from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as

LINKS_FOR = timedelta(hours=24)
MOST_AN_HOUR = 3


class Answer(StrEnum):
    """What became of a yes."""

    GONE = "gone"
    WAITING = "waiting"
    TAKEN = "taken"
    CHANGED = "changed"


@dataclass(frozen=True)
class Waiting:
    """A change that not everybody has agreed to. ``is_old``: this link went to the address that would go."""

    user: User
    email: str
    until: datetime
    old_agreed: bool
    new_agreed: bool
    is_old: bool = False


def ask(*, user: User, email: str) -> bool:
    """Send both addresses a link; an earlier request is over. False after three within an hour. Nobody learns here
    whether the new address has an account: then only the old one gets its link, and nothing ever changes."""
    email = email.strip().lower()
    old, new = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with acting_as("login", subject=email):
        is_free = not User.objects.filter(email=email).exists()
    with acting_as("login", user=user, organization=user.organization_id):
        asked = Event.objects.filter(
            actor_id=user.pk,
            action=Action.EMAIL_CHANGE_ASKED.value,
            at__gte=timezone.now() - timedelta(hours=1),
        )
        if asked.count() >= MOST_AN_HOUR:
            return False
        EmailChange.objects.filter(user_id=user.pk).delete()
        EmailChange(
            user_id=user.pk,
            email=email,
            old_token=digest(old),
            new_token=digest(new),
            until=timezone.now() + LINKS_FOR,
        ).save(force_insert=True)
        post(MailKind.ADDRESS_CHANGE_OLD, to=user, path=reverse("accounts:email_link", args=[old]))
        if is_free:
            path = reverse("accounts:email_link", args=[new])
            post(MailKind.ADDRESS_CHANGE_NEW, to=user, address=email, path=path)
        record(Action.EMAIL_CHANGE_ASKED, SubjectKind.USER, user.pk)
    return True


def waiting_of(*, user: User) -> Waiting | None:
    """The person's own request, if its links still work."""
    with acting_as("login", user=user, organization=user.organization_id):
        change = EmailChange.objects.filter(user_id=user.pk, until__gt=timezone.now()).first()
    return _told(change, user) if change else None


def waiting_by(token_hash: str) -> Waiting | None:
    """The request that a link belongs to."""
    with acting_as("login", subject=token_hash):
        change = _by(token_hash)
    return _told(change, _person(change), is_old=change.old_token == token_hash) if change else None


def cancel(*, user: User) -> None:
    with acting_as("login", user=user, organization=user.organization_id):
        if EmailChange.objects.filter(user_id=user.pk).delete()[0]:
            record(Action.EMAIL_CHANGE_STOPPED, SubjectKind.USER, user.pk)


def agree(*, token_hash: str, keep_session: str) -> Answer:
    """One address says yes. With the second one the person signs in with the new address and every session but
    ``keep_session`` ends; both addresses are told."""
    with acting_as("login", subject=token_hash):
        change = _by(token_hash, lock=True)
        if change is None:
            return Answer.GONE
        side = "old_confirmed_at" if change.old_token == token_hash else "new_confirmed_at"
        setattr(change, side, getattr(change, side) or timezone.now())
        change.touch(side)
        user, email = _person(change), phi.value(change, "email")
        if not (change.old_confirmed_at and change.new_confirmed_at):
            return Answer.WAITING
        with acting_as("login", user=user, organization=user.organization_id):
            EmailChange.objects.filter(pk=change.pk).delete()
            try:
                with transaction.atomic():
                    User.objects.filter(pk=user.pk).update(email=email, updated_at=timezone.now())
            except IntegrityError:  # somebody was given this address meanwhile
                return Answer.TAKEN
            Session.objects.filter(user_id=user.pk).exclude(pk=keep_session).delete()
            for address in (user.email, email):
                post(MailKind.ADDRESS_CHANGED, to=user, address=address)
            record(Action.USER_CHANGED, SubjectKind.USER, user.pk, fields=["email"])
    return Answer.CHANGED


def forget_over() -> None:
    """Delete requests whose links are over. For the system."""
    EmailChange.objects.filter(until__lt=timezone.now()).delete()


def _by(token_hash: str, *, lock: bool = False) -> EmailChange | None:
    changes = EmailChange.objects.select_for_update() if lock else EmailChange.objects.all()
    named = Q(old_token=token_hash) | Q(new_token=token_hash)
    return changes.filter(named, until__gt=timezone.now()).first()


def _person(change: EmailChange) -> User:
    with acting_as("login", user=change.user_id):
        return User.objects.get(pk=change.user_id)


def _told(change: EmailChange, user: User, *, is_old: bool = False) -> Waiting:
    return Waiting(
        user=user,
        email=phi.value(change, "email"),
        until=change.until,
        old_agreed=change.old_confirmed_at is not None,
        new_agreed=change.new_confirmed_at is not None,
        is_old=is_old,
    )
