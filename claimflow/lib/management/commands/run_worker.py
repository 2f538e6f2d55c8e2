import contextlib
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app as queue

from claimflow.lib import jobs, start_checks


class Command(BaseCommand):
    help = "Work off background jobs until stopped (SIGTERM lets running jobs finish)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="stop when the queue is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        start_checks.require()
        connector = queue.connector.get_worker_connector()  # type: ignore[attr-defined]  # a Django connector
        loops = contextlib.nullcontext() if options["once"] else jobs.running_loops()
        with queue.replace_connector(connector) as app, loops:
            app.run_worker(wait=not options["once"], concurrency=2, shutdown_graceful_timeout=20)
