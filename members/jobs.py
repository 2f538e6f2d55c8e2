"""Background work of this app (claimflow/lib/jobs.py)."""

from datetime import timedelta

from django.utils import timezone

from claimflow.lib import jobs
from claimflow.lib.db.upkeep import analyze
from members.actions.import_roster import forget_rosters

KEPT = timedelta(days=1)


@jobs.job("forget_rosters", cron="17 * * * *")
def forget_uploads() -> None:
    """Uploaded rosters go a day after they came, confirmed or not."""
    forget_rosters(before=timezone.now() - KEPT)


@jobs.job("analyze_members")
def analyze_members() -> None:
    """A roster brought many rows at once."""
    analyze("members_member", "members_coverage")
