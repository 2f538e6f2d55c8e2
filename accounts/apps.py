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
            side=shipped.side.value,
            name=shipped.name,
            defaults={
                "description": shipped.description,
                "permissions": sorted(permission.value for permission in shipped.permissions),
                "is_system": True,
            },
        )


def store_system_settings(**_: Any) -> None:
    """Add the settings of accounts/system_setting.py that ``accounts_systemsetting`` lacks; of the others only what
    they mean follows the code, never their value."""
    from django.db import connection

    from accounts.models import SystemSetting
    from accounts.system_setting import SETTINGS

    if settings.DATABASE_LOGIN != "migrator":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('accounts_systemsetting')")
        if cursor.fetchone()[0] is None:
            return
    for key, offered in SETTINGS.items():
        meaning = {
            "type": offered.type.value,
            "description": str(offered.description),
            "is_public": offered.is_public,
        }
        SystemSetting.objects.update_or_create(
            key=key.value, defaults=meaning, create_defaults={**meaning, "value": offered.default}
        )


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts import (
            presenters,
            start_checks,  # noqa: F401 - registers its question
        )
        from audit.enums import SubjectKind
        from audit.presenters import (
            Organizations,
            People,
            register_organizations,
            register_people,
            register_subjects,
        )

        post_migrate.connect(store_system_roles, sender=self)
        post_migrate.connect(store_system_settings, sender=self)
        register_people(People(names=presenters.names_of, find=presenters.ids_of))
        register_organizations(
            Organizations(
                names=presenters.organization_names,
                find=presenters.organizations_called,
                payers=presenters.payers,
            )
        )
        register_subjects(SubjectKind.USER, presenters.user_labels)
        register_subjects(SubjectKind.ORGANIZATION, presenters.organization_labels)
        register_subjects(SubjectKind.ALERT, presenters.alert_labels)
        register_subjects(SubjectKind.SETTING, presenters.setting_labels)
