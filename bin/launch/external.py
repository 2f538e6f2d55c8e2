"""A PostgreSQL server of somebody else, named by ADMIN_DATABASE_URL, and our own names on it."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from launch.console import Trouble, run_step
from launch.files import read_json
from launch.places import Var

KIND = "external "


@dataclass(frozen=True)
class ExternalServer:
    """The administrator's URL. Roles belong to the whole server, so each demonstration has a prefix."""

    admin_url: str
    demonstration: str

    @property
    def address(self) -> str:
        """host:port, as it stands in the logins' URLs. Raises Trouble when the URL names none."""
        try:
            parts = urlsplit(self.admin_url)
            host, port = parts.hostname, parts.port or 5432
        except ValueError:
            host, port = None, 0
        if not host or not parts.scheme.startswith("postgres"):
            raise Trouble(
                "ADMIN_DATABASE_URL does not name a server.",
                "It looks like this: postgres://postgres:password@127.0.0.1:5432/postgres",
            )
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def query(self) -> str:
        """Options of the administrator's URL, such as sslmode, which the logins need as well."""
        return urlsplit(self.admin_url).query

    @property
    def database(self) -> str:
        return f"claimflow_{self.demonstration}"

    @property
    def role_prefix(self) -> str:
        return f"claimflow_{self.demonstration}_"

    @property
    def identity(self) -> str:
        return f"{KIND}{self.address}/{self.database}"


def is_external(server_identity: str) -> bool:
    return server_identity.startswith(KIND)


def drop(var: Var, python: Path) -> None:
    """Removes the demonstration's database and roles, if they are on an external server.

    Raises Trouble when that server is not named any more: its data would stay behind unseen.
    """
    used = str((read_json(var.stamps) or {}).get("server", ""))
    if not is_external(used):
        return
    admin_url = os.environ.get("ADMIN_DATABASE_URL")
    if not admin_url:
        raise Trouble(
            f"The data are on another server: {used.removeprefix(KIND)}.",
            "Set ADMIN_DATABASE_URL to its administrator's login, so that they can be removed there.",
        )
    server = ExternalServer(admin_url, str((read_json(var.secrets) or {}).get("id", "")))
    run_step(
        f"Removing {server.database} from {server.address}",
        [python, Path(__file__).with_name("drop_external.py"), server.database, server.role_prefix],
        log=var.log / "reset.log",
    )
