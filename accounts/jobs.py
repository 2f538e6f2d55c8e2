"""What the worker does for accounts. Arguments are ids alone (claimflow/lib/jobs.py)."""

from uuid import UUID

from django.utils import timezone

from accounts.actions import browsers, forgotten, mail
from accounts.actions.sessions import forget_ended
from claimflow.lib import jobs


@jobs.job("send_mail")
def send_mail(mail_id: str) -> None:
    """One mail leaves, as soon as what it tells is true."""
    mail.send(mail_id=UUID(mail_id))


@jobs.job("send_waiting_mail", cron="* * * * *")
def send_waiting_mail_each_minute() -> None:
    """Mails that did not leave are tried again when their pause is over."""
    mail.send_waiting()


@jobs.job("forget_sessions", cron="41 * * * *")
def forget_sessions() -> None:
    """Sessions long over and forms that nobody came back for are deleted."""
    forget_ended(now=timezone.now())


@jobs.job("answer_forgotten")
def answer_forgotten(reset_id: str) -> None:
    """Somebody asked for a new password: the link goes to whoever may have one."""
    forgotten.answer(reset_id=UUID(reset_id))


@jobs.job("forget_recovery", cron="53 2 * * *")
def forget_recovery_each_night() -> None:
    """Old requests for a password, and browsers whose cookie is over."""
    forgotten.forget_old()
    browsers.forget_old()
