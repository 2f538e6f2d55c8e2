"""Mails to people about their accounts: written in the transaction of what they tell, sent by the worker after it.

    post(MailKind.PASSWORD_CHANGED, to=user)
    post(MailKind.ADDRESS_CHANGED, to=user, address=old, path=reverse("accounts:confirm_address"))

A mail holds no health data, and its row keeps address and words, encrypted, only until it is out. It is delivered
once: what failed is tried again with growing pauses until it is too old. A worker that dies between the server's
answer and its own commit sends twice, which for these mails is the better side to err on.
"""

import datetime as dt
import logging
import re
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from accounts.enums import MailKind
from accounts.models import OutgoingMail, User
from claimflow.lib import jobs
from claimflow.lib.phi import value
from claimflow.lib.templatetags.claimflow import date_time

logger = logging.getLogger("accounts.mail")

LONGEST_PAUSE = dt.timedelta(hours=1)
GIVE_UP_AFTER = dt.timedelta(days=3)
# A link that no longer opens anything is not sent any more.
SHELF_LIFE = {
    MailKind.PASSWORD_FORGOTTEN: dt.timedelta(hours=1),
    MailKind.ADDRESS_CHANGE_OLD: dt.timedelta(hours=24),
    MailKind.ADDRESS_CHANGE_NEW: dt.timedelta(hours=24),
}
AT_ONCE = 200  # waiting mails that one minute takes up again
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d|Z)$")


def post(
    kind: MailKind, *, to: User | None, address: str | None = None, **words: str | int | dt.datetime
) -> OutgoingMail:
    """Promise a mail: it leaves if the caller's transaction commits. ``to`` is whom it is about, ``address`` where it
    goes if not to that person's own address. ``words`` are what the template says; times are shown in the person's
    zone. The database refuses a person whom the caller's kind does not see, and nobody at all (``to=None``) but from
    administrators and the system. Raises ``ValueError`` without any address."""
    if to is None and not address:
        raise ValueError("A mail needs somebody to go to.")
    mail = OutgoingMail(
        kind=kind.value,
        user_id=to.pk if to else None,
        address=address or (to.email if to else ""),
        words={
            name: word.isoformat() if isinstance(word, dt.datetime) else word for name, word in words.items()
        },
        next_try_at=timezone.now() + pause(0),
    )
    mail.save(force_insert=True)
    jobs.enqueue("send_mail", mail_id=mail.pk)
    return mail


def pause(attempts: int) -> dt.timedelta:
    """How long a mail rests after so many tries: 1, 2, 4 ... minutes, an hour at most."""
    return min(dt.timedelta(minutes=2 ** min(attempts, 10)), LONGEST_PAUSE)


def send(*, mail_id: UUID) -> bool:
    """Send a waiting mail and wipe it; True if it went out now. A server that refuses or does not answer is a later
    try's business; a mail that somebody else is sending, or that rests, is left alone."""
    mail = (
        OutgoingMail.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user__organization__profile")
        .filter(pk=mail_id, next_try_at__isnull=False)
        .first()
    )
    if mail is None:
        return False
    now = timezone.now()
    if now - mail.created_at > SHELF_LIFE.get(MailKind(mail.kind), GIVE_UP_AFTER):
        logger.error("mail %s (%s) is given up after %d tries", mail.pk, mail.kind, mail.attempts)
        _lay_to_rest(mail)
        return False
    mail.attempts += 1
    try:
        message_of(mail).send()
    except (
        Exception
    ) as problem:  # whatever a mail backend raises: the mail waits, the reason is named, nobody's address
        logger.warning("mail %s (%s) did not leave: %s", mail.pk, mail.kind, type(problem).__name__)
        mail.next_try_at = now + pause(mail.attempts)
        mail.touch("attempts", "next_try_at")
        return False
    mail.sent_at = now
    _lay_to_rest(mail)
    return True


def send_waiting() -> int:
    """Put the mails whose pause is over into the queue again; returns how many."""
    now = timezone.now()
    due = OutgoingMail.objects.select_for_update(skip_locked=True).filter(next_try_at__lte=now)
    waiting = list(due.only("attempts").order_by("next_try_at")[:AT_ONCE])
    for mail in waiting:
        mail.next_try_at = now + pause(mail.attempts)
        mail.touch("next_try_at")
        jobs.enqueue("send_mail", mail_id=mail.pk)
    return len(waiting)


def message_of(mail: OutgoingMail) -> EmailMessage:
    """The mail as text: templates/mail/<kind>.txt, whose first line is the subject."""
    zone = mail.user.time_zone if mail.user else ZoneInfo(settings.PLATFORM_TIME_ZONE)
    with timezone.override(zone):
        words = {name: _shown(word) for name, word in (value(mail, "words") or {}).items()}
        context = {
            "to": mail.user,
            "at": _shown(mail.created_at.isoformat()),
            "site": settings.PUBLIC_URL,
            **words,
        }
        template = get_template(f"mail/{mail.kind}.txt").template  # type: ignore[attr-defined]  # Django's own engine
        text = template.render(Context(context, autoescape=False))
    subject, _line, body = text.strip().partition("\n")
    return EmailMessage(
        subject.strip(), f"{body.strip()}\n", settings.DEFAULT_FROM_EMAIL, [value(mail, "address")]
    )


def _shown(word: Any) -> Any:
    if isinstance(word, str) and _INSTANT.match(word):
        return date_time(timezone.localtime(dt.datetime.fromisoformat(word)))
    return word


def _lay_to_rest(mail: OutgoingMail) -> None:
    mail.address = mail.words = mail.next_try_at = None
    mail.touch("address", "words", "next_try_at", "attempts", "sent_at")
