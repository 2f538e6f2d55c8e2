from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


def store_system_roles(**_: Any) -> None:
    """Write accounts/roles.py into ``accounts_role``; a shipped role that changed in code changes in the table."""
    from django.db import connection

    from accounts.models import Role
    from accounts.roles import SYSTEM_ROLES

    if settings.DATABASE_LOGIN != "migrator":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('accounts_role')")
        if cursor.fetchone()[0] is None:
            return
    for shipped in SYSTEM_ROLES:
        Role.objects.update_or_create(
            name=shipped.name,
            defaults={
                "side": shipped.side.value,
                "description": shipped.description,
                "permissions": sorted(permission.value for permission in shipped.permissions),
                "is_system": True,
            },
        )


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import start_checks  # noqa: F401 - registers its question
        from accounts.presenters import ids_of, names_of, organization_names, organizations_called, payers
        from audit.presenters import Organizations, People, register_organizations, register_people

        post_migrate.connect(store_system_roles, sender=self)
        register_people(People(names=names_of, find=ids_of))
        register_organizations(
            Organizations(names=organization_names, find=organizations_called, payers=payers)
        )
