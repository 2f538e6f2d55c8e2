from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from claimflow.lib.db.context import acting_as
from codes.actions.reference import load_reference_codes


class Command(BaseCommand):
    help = "Write the short lists of codes/data (procedures, places, reasons, ...) into their tables again."

    def handle(self, *_: Any, **__: Any) -> None:
        with acting_as("system", "load_codes"):
            loaded = load_reference_codes(lambda name: apps.get_model("codes", name))
        for name, rows in loaded.items():
            self.stdout.write(f"{name}: {rows} rows")
