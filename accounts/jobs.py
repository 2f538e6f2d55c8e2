"""Background work of this app (claimflow/lib/jobs.py)."""

from django.utils import timezone

from accounts.actions.sessions import forget_ended
from claimflow.lib import jobs


@jobs.job("forget_sessions", cron="41 * * * *")
def forget_sessions() -> None:
    """Sessions long over and forms that nobody came back for are deleted."""
    forget_ended(now=timezone.now())
