from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


def store_vocabulary(**_: Any) -> None:
    """Copy the words of audit/enums.py to the database, which refuses any other. Runs after `migrate`, as
    the trail's owner; a word that left the code leaves the list, never the events that used it."""
    from django.db import connection, transaction

    from audit.enums import Action, Detail, SubjectKind
    from claimflow.lib.db.roles import role

    if settings.DATABASE_LOGIN != "migrator":
        return
    lists = {"action": Action, "subject_kind": SubjectKind, "detail": Detail}
    words = [(name, str(word)) for name, enum in lists.items() for word in enum]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit.vocabulary')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(role('auditor_owner'))}")
        cursor.execute(
            "DELETE FROM audit.vocabulary WHERE (list || '/' || word) <> ALL(%s)",
            [["/".join(w) for w in words]],
        )
        cursor.executemany("INSERT INTO audit.vocabulary VALUES (%s, %s) ON CONFLICT DO NOTHING", words)
        cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(role('owner'))}")


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        post_migrate.connect(store_vocabulary, sender=self)
