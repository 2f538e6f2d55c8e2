"""The database roles and their names (ruling 3).

Logins hold no rights of their own; kinds are what a request, a job or a command acts as. Roles belong to the
PostgreSQL cluster, hence a prefix.
"""

from django.conf import settings

KINDS = ("anonymous", "login", "provider", "payer", "admin", "auditor", "system")
SIGNED_IN = ("provider", "payer", "admin", "auditor", "system")
LOGINS = ("app", "worker", "migrator", "backup")
OWNERS = ("owner", "auditor_owner", "reader")
ALL_ROLES = (*KINDS, *LOGINS, *OWNERS)


def role(name: str, prefix: str | None = None) -> str:
    """The cluster's name of one of our roles. Raises ``ValueError`` for a name that is not ours."""
    if name not in ALL_ROLES:
        raise ValueError(f"{name!r} is not one of ClaimFlow's database roles")
    return (settings.DB_ROLE_PREFIX if prefix is None else prefix) + name


def fill_roles(sql: str) -> str:
    """Replace ``{role:name}`` in SQL text by the cluster's role names."""
    for name in ALL_ROLES:
        sql = sql.replace("{role:" + name + "}", role(name))
    return sql
