"""The environment of the product's processes (what each name means: .env.example and claimflow/settings.py).

Each process gets the database logins it needs and no others: the web process cannot migrate, and only
`db_bootstrap` sees an administrator (ruling 2).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from launch.places import Var
from launch.ports import LOOPBACK

URL_NAMES = {
    "app": "DATABASE_URL",
    "worker": "WORKER_DATABASE_URL",
    "migrator": "MIGRATE_DATABASE_URL",
    "backup": "BACKUP_DATABASE_URL",
}
KEY_NAMES = ("SECRET_KEY", "CONTEXT_KEYS", "PHI_KEYS", "PHI_INDEX_KEYS", "AUDIT_SIGNING_KEY")

# What a terminal may carry for another ClaimFlow, Django or server; none of it may leak in here.
FOREIGN_PREFIXES = ("DB_", "SMTP_", "EMAIL_", "PG", "DJANGO_", "GUNICORN_", "CLAIMFLOW_")
FOREIGN_NAMES = frozenset(
    {
        *URL_NAMES.values(),
        *KEY_NAMES,
        "ADMIN_DATABASE_URL",
        "ALLOWED_HOSTS",
        "PUBLIC_URL",
        "CSRF_TRUSTED_ORIGINS",
        "TRUSTED_PROXIES",
    }
    | {"DEBUG", "STATIC_ROOT", "AUDIT_COPY_DIR", "PLATFORM_TIME_ZONE", "WEB_CONCURRENCY"}
)


@dataclass(frozen=True)
class Product:
    """One demonstration. `address` is host:port of the server, `query` the options of each login's URL."""

    var: Var
    secrets: Mapping[str, str]
    address: str
    database: str
    role_prefix: str
    admin_url: str = ""
    query: str = ""

    @property
    def server(self) -> dict[str, str]:
        """Where it is, without a secret."""
        names = ("address", "database", "role_prefix", "query")
        return {name: str(getattr(self, name)) for name in names}

    def url(self, login: str) -> str:
        options = f"?{self.query}" if self.query else ""
        return f"postgres://{self.role_prefix}{login}:{self.secrets[login]}@{self.address}/{self.database}{options}"

    def environment(self, *logins: str, administrator: bool = False) -> dict[str, str]:
        """Variables for a process that may use these logins (app, worker, migrator, backup)."""
        kept = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
        own = {
            "CLAIMFLOW_ENV": "demo",
            "CLAIMFLOW_ENV_FILE": os.devnull,
            "DB_ROLE_PREFIX": self.role_prefix,
            "ALLOWED_HOSTS": f"{LOOPBACK},localhost",
            "STATIC_ROOT": str(self.var.static),
            "EMAIL_FILE_PATH": str(self.var.mail),
            "AUDIT_COPY_DIR": str(self.var.audit),
            "PYTHONUNBUFFERED": "1",
            **{name: self.secrets[name] for name in KEY_NAMES},
            **{URL_NAMES[login]: self.url(login) for login in logins},
        }
        if administrator:
            own["ADMIN_DATABASE_URL"] = self.admin_url
        return {**kept, **own}


def _is_foreign(name: str) -> bool:
    return name in FOREIGN_NAMES or name.startswith(FOREIGN_PREFIXES)
