"""What the worker does for claims. Arguments are ids alone (claimflow/lib/jobs.py)."""

from uuid import UUID

from claimflow.lib import jobs
from claims.actions import ask_model
from claims.actions.close_holds import close_holds
from claims.actions.pend import resume_due
from claims.actions.prioritize import AT_ONCE, escalate_waiting
from claims.actions.recategorize import JOB, stuck_runs, work_on
from claims.actions.release import expire_leases


@jobs.job("close_holds")
def close_holds_of(claim_id: str) -> None:
    """A provider withdrew a pended claim: the payer's hold has nothing to wait for."""
    close_holds(claim_id=UUID(claim_id))


@jobs.job("escalate_waiting", cron="*/10 * * * *")
def escalate_waiting_each_ten_minutes() -> None:
    """Claims that nobody looked at for a week move up; a full batch is followed by the next at once."""
    if escalate_waiting() == AT_ONCE:
        jobs.enqueue("escalate_waiting")


@jobs.job(JOB)
def recategorize(run_id: str) -> None:
    """One batch of a re-categorization; the next one follows it."""
    if work_on(run_id=UUID(run_id)):
        jobs.enqueue(JOB, run_id=UUID(run_id))


@jobs.job("recategorize_again", cron="* * * * *")
def recategorize_again() -> None:
    """Runs that a killed worker left in the middle go on."""
    for run_id in stuck_runs():
        jobs.enqueue(JOB, run_id=run_id)


@jobs.job("expire_leases", cron="* * * * *")
def expire_leases_each_minute() -> None:
    """Claims whose lease ran out go back to their queue."""
    expire_leases()


@jobs.job("resume_due", cron="* * * * *")
def resume_due_each_minute() -> None:
    """Pended claims whose timer ran out come back to the desk they came from."""
    resume_due()


@jobs.job("ask_model", opens_own=True, late=True, alone=True)
def ask_model_about(claim_id: str, version_id: str) -> None:
    """A claim was received while a remote model is switched on. It may wait for seconds on another machine, so it
    takes one place of the workers' at most and lets everything else go first."""
    ask_model.ask_model(claim_id=UUID(claim_id), version_id=UUID(version_id))
