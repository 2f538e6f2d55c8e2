from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


def store_context_keys(**_: Any) -> None:
    """Give the database the pads of the keys in ``CONTEXT_KEYS``, so that it can verify what the application signs.
    Runs after ``migrate``, as the owner; keys that left the setting leave the table."""
    from django.db import connection

    from claimflow.lib.db.context import put_keys

    if settings.DATABASE_LOGIN != "migrator":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('ctx.key')")
        if cursor.fetchone()[0] is not None:
            put_keys(cursor)


def store_job_names(**_: Any) -> None:
    """Write the closed list of job names that ``jobs.enqueue`` accepts. Runs after ``migrate``, as the owner."""
    from django.db import connection

    from claimflow.lib import jobs

    if settings.DATABASE_LOGIN != "migrator":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('jobs.allowed')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute("DELETE FROM jobs.allowed WHERE name <> ALL(%s)", [jobs.names()])
        cursor.execute(
            "INSERT INTO jobs.allowed SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [jobs.names()]
        )


class KernelConfig(AppConfig):
    name = "claimflow.lib"
    label = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        post_migrate.connect(store_context_keys, sender=self)
        post_migrate.connect(store_job_names, sender=self)
