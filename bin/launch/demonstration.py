"""One demonstration from nothing to ready, and down again."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from launch import keys, postgres
from launch.console import Trouble, say
from launch.environment import Product
from launch.external import ExternalServer
from launch.files import read_json, write_private
from launch.places import Var
from launch.ports import LOOPBACK, require_free
from launch.processes import Records, find
from launch.steps import bring_up
from launch.supervisor import Service, Supervisor
from launch.venv import Environment

WEB_PROCESSES, WEB_THREADS = 2, 8


class Demonstration:
    """The processes of one run. Only the holder of the lock on var/run may have one."""

    def __init__(self, var: Var, port: int) -> None:
        self.var = var
        self.port = port
        self.environment = Environment()
        self.records = Records(var.run)
        self.product: Product | None = None
        self.cluster: postgres.Cluster | None = None
        self.supervisor: Supervisor | None = None

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/"

    def up(self) -> None:
        """Brings everything up. Raises Trouble at the first thing that cannot be had."""
        self._note(ready=False)
        if left := self.records.end_all():
            say(f"An earlier run was killed; what it left running ({', '.join(left)}) has been ended.")
        require_free(self.port)
        secrets = keys.load(self.var.secrets)
        external = os.environ.get("ADMIN_DATABASE_URL")
        self.environment.ensure("product" if external else "demo", log=self.var.log)
        if external:
            product, identity = self._on_external(ExternalServer(external, secrets["id"]), secrets)
        else:
            product, identity = self._on_embedded(secrets)
        self.product = product
        bring_up(product, self.environment.python, identity, self.records)
        self.supervisor = Supervisor(self._services(product), self.records, self.cluster)
        self.supervisor.start()
        self.supervisor.wait_until_ready(self.port)
        self._note(ready=True)

    def stay(self) -> None:
        """Keeps everything running until an interrupt."""
        if self.supervisor is not None:
            self.supervisor.watch()

    def down(self) -> None:
        """Ends everything that `up` started, in reverse. The data stay."""
        if self.supervisor is not None:
            self.supervisor.stop()
        if self.cluster is not None:
            self.cluster.stop()
        self.var.state.unlink(missing_ok=True)

    def _on_external(self, server: ExternalServer, secrets: Mapping[str, str]) -> tuple[Product, str]:
        product = Product(
            self.var,
            secrets,
            server.address,
            server.database,
            server.role_prefix,
            server.admin_url,
            server.query,
        )
        return product, server.identity

    def _on_embedded(self, secrets: Mapping[str, str]) -> tuple[Product, str]:
        programs = self.environment.postgres_programs()
        if programs is None:
            raise Trouble(
                "The embedded database's programs are missing from .venv.",
                "Remove .venv and run it again: rm -r .venv",
            )
        self.cluster = postgres.Cluster(
            self.var.postgres, programs, secrets["postgres"], self.var.log / "postgres.log"
        )
        self.cluster.start()
        address = f"{LOOPBACK}:{self.cluster.port}"
        product = Product(self.var, secrets, address, "claimflow", "claimflow_", self.cluster.admin_url)
        return product, f"embedded {self.cluster.identity}"

    def _services(self, product: Product) -> list[Service]:
        python, log = self.environment.python, self.var.log
        worker: list[str | Path] = [python, "manage.py", "run_worker"]
        web: list[str | Path] = [
            python,
            "-m",
            "gunicorn",
            "claimflow.wsgi",
            "--bind",
            f"{LOOPBACK}:{self.port}",
        ]
        web += ["--worker-class", "gthread", "--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS)]
        web += ["--graceful-timeout", "5", "--no-control-socket", *_heartbeat_in_memory()]
        return [
            Service(
                "worker",
                worker,
                {**product.environment("app", "worker"), "PUBLIC_URL": self.address},
                log / "worker.log",
            ),
            Service("web server", web, product.environment("app"), log / "web.log"),
        ]

    def _note(self, *, ready: bool) -> None:
        me = find(os.getpid())
        state = {
            "pid": os.getpid(),
            "born": me.born if me else "",
            "port": self.port,
            "ready": ready,
            "since": datetime.now().astimezone().isoformat(timespec="seconds"),
            "server": self.product.server if self.product else None,
        }
        write_private(self.var.state, json.dumps(state))


def _heartbeat_in_memory() -> list[str]:
    """Gunicorn's heartbeat files go to memory: a slow disk must not look like a hung worker."""
    memory = Path("/dev/shm")  # noqa: S108  # gunicorn makes its own file there  # nosec B108
    return ["--worker-tmp-dir", str(memory)] if os.access(memory, os.W_OK) else []


def product_of(var: Var) -> Product | None:
    """The running demonstration's settings for a command beside it; None while it is not running."""
    server = state_of(var).get("server")
    return Product(var, keys.load(var.secrets), **server) if isinstance(server, dict) else None


def state_of(var: Var) -> dict[str, object]:
    """What the running demonstration noted about itself; empty when it noted nothing."""
    return read_json(var.state) or {}
