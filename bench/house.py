"""A house for the benchmarks of the door: a database of its own, a queue with claims, people, and a real server.

Needs ``TEST_DATABASE_URL`` like the tests, whose template it copies. Import it before anything of Django.
"""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PYTEST_XDIST_WORKER"] = (
    "bench"  # the name of the database: neither the tests' nor another worker's
)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimflow.settings")

from tests import harness  # noqa: E402

# Real hashes and the pool of connections, without the manifest of static files.
SETTINGS = {"CLAIMFLOW_ENV": "development", "DB_POOL": "1", "LOG_LEVEL": "ERROR"}
PROCESSES, THREADS = 2, int(os.environ.get("WEB_THREADS", "8"))


@contextmanager
def database() -> Iterator[None]:
    """A copy of the tests' template, gone afterwards."""
    os.environ.update(harness.environment(harness.DATABASE))
    import psycopg

    with psycopg.connect(harness.ADMIN_URL, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [harness.TEMPLATE])
        harness.build_template(admin)
        admin.execute(f"DROP DATABASE IF EXISTS {harness.DATABASE} WITH (FORCE)")
        admin.execute(
            f"CREATE DATABASE {harness.DATABASE} TEMPLATE {harness.TEMPLATE} OWNER {harness.PREFIX}owner"
        )
        admin.execute("SELECT pg_advisory_unlock(hashtext(%s))", [harness.TEMPLATE])
    os.environ.update(SETTINGS)
    import django

    django.setup()
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        for connection in connections.all():
            connection.close_pool()  # type: ignore[attr-defined]
        with psycopg.connect(harness.ADMIN_URL, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {harness.DATABASE} WITH (FORCE)")


@contextmanager
def server(port: int) -> Iterator[str]:
    """gunicorn as the demonstration and the image start it; answers before it is handed out."""
    command = [sys.executable, "-m", "gunicorn", "claimflow.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(PROCESSES), "--threads", str(THREADS)]
    command += ["--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--log-level", "error"]  # noqa: S108  # nosec B108
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ.copy())
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2)  # noqa: S310  # nosec B310
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def percentile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
