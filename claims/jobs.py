"""Background work of this app (claimflow/lib/jobs.py)."""

from claimflow.lib import jobs
from claims.actions.pend import resume_due
from claims.actions.release import expire_leases


@jobs.job("expire_leases", cron="* * * * *")
def expire_leases_each_minute() -> None:
    expire_leases()


@jobs.job("resume_due", cron="* * * * *")
def resume_due_each_minute() -> None:
    resume_due()
