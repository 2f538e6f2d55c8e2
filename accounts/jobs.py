"""What the worker does for accounts. Arguments are ids alone (claimflow/lib/jobs.py)."""

from uuid import UUID

from accounts.actions import mail, throttling
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


@jobs.job("clear_sessions", cron="17 3 * * *")
def clear_sessions_each_night() -> None:
    """Sessions that have ended are removed; nobody could use them any more."""
    SessionStore.clear_expired()


@jobs.job("clear_wrong_tries", cron="41 3 * * *")
def clear_wrong_tries_each_night() -> None:
    """Counts of wrong tries that mean nothing any more."""
    throttling.clear_old()
