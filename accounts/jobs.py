"""What the door leaves behind and nobody needs any more."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Session, Throttle
from claimflow.lib import jobs

QUIET = timedelta(days=2)
"""Longer than any lock lasts and any lock is remembered."""


@jobs.job("door_cleaning", cron="41 2 * * *")
def door_cleaning() -> None:
    """Sessions that are over, and counts of wrong tries that mean nothing now."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Throttle.objects.filter(updated_at__lt=now - QUIET).delete()
