import re
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import WrongState
from codes.actions import releases
from codes.icd10.order_file import read_order_file
from codes.icd10.rows import CodeFile, FileProblem
from codes.icd10.tabular import bundled_effective_from, bundled_sha256, read_bundled
from codes.models import CodeRelease

_YEAR = re.compile(r"order[_-]?(?:rev[_-]?)?(\d{4})", re.IGNORECASE)


class Command(BaseCommand):
    help = (
        "Load a release of ICD-10-CM: the CMS order file FILE, or with --bundled the one of the installed "
        "package. Shows the difference to the release before it. The same file twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="icd10cm_order_YYYY.txt from CMS")
        parser.add_argument("--bundled", action="store_true", help="load the release of simple-icd-10-cm")
        parser.add_argument(
            "--effective-from",
            type=date.fromisoformat,
            help="first day of the release, as 2026-10-01; by default by the year in the file's name",
        )
        parser.add_argument("--preview", action="store_true", help="show the difference and keep nothing")

    def handle(self, *_: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            if options["bundled"] and not options["file"] and self._is_loaded(bundled_sha256()):
                self.stdout.write("The bundled release is loaded already.")
                return
            file, effective_from = self._read(options)
            with acting_as("system", "load_codes"):
                release = releases.stage(file=file, effective_from=effective_from, by=None)
                self._show(release)
                if options["preview"]:
                    releases.discard(release=release)
                    self.stdout.write("Preview only: nothing was kept.")
                    return
                releases.load(release=release, by=None)
        except FileProblem as problem:
            raise CommandError(str(problem)) from problem
        except WrongState as refusal:
            self.stdout.write(refusal.sentence)
            return
        self.stdout.write(f"Loaded in {time.monotonic() - started:.1f} s.")

    def _is_loaded(self, sha256: str) -> bool:
        with acting_as("system", "load_codes"):
            return CodeRelease.objects.loaded().filter(sha256=sha256).exists()

    def _read(self, options: dict[str, Any]) -> tuple[CodeFile, date]:
        path, day = options["file"], options["effective_from"]
        if options["bundled"] == (path is not None):
            raise CommandError("Name one CMS order file, or give --bundled.")
        if path is None:
            return read_bundled(), day or bundled_effective_from()
        try:
            content = path.read_bytes()
        except OSError as problem:
            raise CommandError(f"{path} cannot be read: {problem.strerror}.") from problem
        if day is None:
            year = _YEAR.search(path.name)
            if year is None:
                raise CommandError(
                    "The file's name does not say its year. Give --effective-from, such as 2026-10-01."
                )
            day = date(int(year[1]) - 1, 10, 1)
        return read_order_file(content, source=path.name), day

    def _show(self, release: CodeRelease) -> None:
        before = release.compared_to.label if release.compared_to else "nothing"
        self.stdout.write(
            f"{release.label}: {release.code_count:,} codes, {release.billable_count:,} billable. "
            f"Against {before}: {release.added:,} added, {release.revised:,} revised, "
            f"{release.deleted:,} deleted."
        )
        if release.compared_to is None:
            return
        for kind, sign in (("added", "+"), ("revised", "~"), ("deleted", "-")):
            for code, *words in release.samples[kind][:5]:
                self.stdout.write(f"  {sign} {code} {' -> '.join(words)}")
