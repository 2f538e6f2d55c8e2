"""The trail's work in the background. The worker also seals every second in a thread of its own; the job of
every minute is the net under it, and makes missing copies good."""

from __future__ import annotations

from django.db import connection

from audit.actions.copies import copy_new
from audit.actions.seal import seal_once, seal_until
from audit.actions.verify import verify_and_record
from claimflow.lib import jobs

jobs.loop("seal")(seal_until)


@jobs.job("audit_seal", cron="* * * * *")
def audit_seal() -> None:
    if seal_once() is None:
        copy_new()


@jobs.job("audit_partitions", cron="11 2 * * *")
def audit_partitions() -> None:
    """This month's partitions and those of the next two."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit.ensure_partitions(2)")


@jobs.job("audit_verify", cron="23 3 * * *")
def audit_verify() -> None:
    """The whole trail, every night and when an auditor asks; the result is an event itself."""
    verify_and_record()
