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
    """Write the closed list of jobs that ``jobs.enqueue`` accepts, with their turns. Runs after
    ``migrate``, as the owner."""
    from django.db import connection

    from claimflow.lib import jobs

    if settings.DATABASE_LOGIN != "migrator":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('jobs.allowed') AND attname = 'lock'"
        )
        if cursor.fetchone()[0] == 0:  # migrated back to before there were turns
            return
        cursor.execute("DELETE FROM jobs.allowed WHERE name <> ALL(%s)", [jobs.names()])
        cursor.executemany(
            "INSERT INTO jobs.allowed (name, priority, lock) VALUES (%s, %s, %s) ON CONFLICT (name)"
            " DO UPDATE SET priority = excluded.priority, lock = excluded.lock",
            jobs.turns(),
        )


class KernelConfig(AppConfig):
    name = "claimflow.lib"
    label = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        post_migrate.connect(store_context_keys, sender=self)
        post_migrate.connect(store_job_names, sender=self)
