import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.actions.seal import seal_once, seal_until


class Command(BaseCommand):
    help = (
        "Seal the trail every second until stopped. The worker does this by itself; if several run, one at"
        " a time does the work."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="seal what is complete now, and end")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            sealed = seal_once()
            self.stdout.write(f"Sealed as checkpoint {sealed.batch}." if sealed else "Nothing to seal.")
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        seal_until(stop)
