"""What the worker does for accounts. Arguments are ids alone (claimflow/lib/jobs.py)."""

from uuid import UUID

from accounts.actions import browsers, email_change, forgotten, kept, mail, throttling
from accounts.actions import watch as watching
from accounts.session_store import SessionStore
from claimflow.lib import jobs


@jobs.job("send_mail")
def send_mail(mail_id: str) -> None:
    """One mail leaves, as soon as what it tells is true."""
    mail.send(mail_id=UUID(mail_id))


@jobs.job("send_waiting_mail", cron="* * * * *")
def send_waiting_mail_each_minute() -> None:
    """Mails that did not leave are tried again when their pause is over."""
    mail.send_waiting()


@jobs.job("watch_security", cron="* * * * *")
def watch_security() -> None:
    """What is new in the trail becomes alerts."""
    watching.watch()


@jobs.job("forget_kept", cron="*/10 * * * *")
def forget_kept_forms() -> None:
    """Forms that nobody came back for, and changes of address that nobody agreed to."""
    kept.forget_over()
    email_change.forget_over()


@jobs.job("answer_forgotten")
def answer_forgotten(reset_id: str) -> None:
    """Somebody asked for a new password: the link goes to whoever may have one."""
    forgotten.answer(reset_id=UUID(reset_id))


@jobs.job("forget_recovery", cron="53 2 * * *")
def forget_recovery_each_night() -> None:
    """Old requests for a password, and browsers whose cookie is over."""
    forgotten.forget_old()
    browsers.forget_old()


@jobs.job("clear_sessions", cron="17 3 * * *")
def clear_sessions_each_night() -> None:
    """Sessions that have ended are removed; nobody could use them any more."""
    SessionStore.clear_expired()


@jobs.job("clear_wrong_tries", cron="41 3 * * *")
def clear_wrong_tries_each_night() -> None:
    """Counts of wrong tries that mean nothing any more."""
    throttling.clear_old()
