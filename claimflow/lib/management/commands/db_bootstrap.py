from typing import Any

import environ
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claimflow.lib.db.bootstrap import BootstrapError, Plan, bootstrap, database_in, password_in

LOGINS = {
    "app": "DATABASE_URL",
    "worker": "WORKER_DATABASE_URL",
    "migrator": "MIGRATE_DATABASE_URL",
    "backup": "BACKUP_DATABASE_URL",
}


class Command(BaseCommand):
    help = (
        "Make roles, database, schemas and extensions with the administrator's login in ADMIN_DATABASE_URL. "
        "Can be run again: it changes only what is missing, and sets the passwords of the other URLs."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        env = environ.Env()
        admin_url = env.str("ADMIN_DATABASE_URL", default="")
        urls = {name: env.str(setting, default="") for name, setting in LOGINS.items()}
        if not admin_url or not urls["app"]:
            raise CommandError(
                "Set ADMIN_DATABASE_URL (an administrator's login) and DATABASE_URL (the application's)."
            )
        plan = Plan(
            admin_url=admin_url,
            database=database_in(urls["app"]),
            prefix=settings.DB_ROLE_PREFIX,
            passwords={name: password_in(url) for name, url in urls.items() if url},
        )
        try:
            steps = bootstrap(plan)
        except BootstrapError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] > 1:
            self.stdout.write("\n".join(steps))
        self.stdout.write(f"Roles {plan.prefix}* and database {plan.database} are in place.")
