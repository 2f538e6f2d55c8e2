"""Loading a release of ICD-10-CM: staged with all its rows, looked at, then switched on or thrown away."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.ids import uuid7
from claimflow.lib.permissions import WrongState
from codes.enums import CodeSystem, ReleaseStatus, SectionKind
from codes.icd10.compare import Difference, Wording, compare, refuse_too_small, wording
from codes.icd10.rows import CodeFile, CodeRow, Notes, SectionRow, in_vocabulary, lexemes, tokens_of
from codes.models import CodeRelease, Icd10Code, Icd10Section, Icd10Word

SAMPLES = 200
BATCH = 5000
_CODE_COLUMNS = (
    "id",
    "release_id",
    "code",
    "description",
    "billable",
    "chapter",
    "block",
    "parent",
    "position",
    "rank",
    "notes",
    "search",
)


@dataclass(frozen=True, slots=True)
class _Base:
    """The release that a new one is compared with and, where a file says nothing, borrows from."""

    release: CodeRelease | None
    wording: dict[str, Wording]
    notes: dict[str, Notes]
    places: dict[str, tuple[str, str]]
    """Category to (block, chapter)."""
    sections: list[SectionRow]


def stage(*, file: CodeFile, effective_from: date, by: UUID | None) -> CodeRelease:
    """Store the file's codes as a release that answers nothing yet, with the difference to the release
    before it.

    Runs as ``system``. Raises ``FileProblem`` for a file with fewer than 80 percent of the codes of that
    release, and ``WrongState`` when exactly this file is loaded for this day already.
    """
    _one_at_a_time()
    _refuse_repeated(file, effective_from)
    base = _base(effective_from)
    if base.release is not None:
        refuse_too_small(len(base.wording), len(file.rows), release=base.release.label)
    difference = compare(base.wording, wording(file.rows))
    borrowed = not file.sections and base.release is not None
    release = CodeRelease(
        number=1 + (CodeRelease.objects.aggregate(last=models.Max("number"))["last"] or 0),
        system=CodeSystem.ICD10CM.value,
        effective_from=effective_from,
        source=file.source[:200],
        sha256=file.sha256,
        code_count=len(file.rows),
        billable_count=sum(row.billable for row in file.rows),
        compared_to=base.release,
        added=len(difference.added),
        revised=len(difference.revised),
        deleted=len(difference.deleted),
        samples=_samples(difference, base.wording, file.rows),
        notes_from=base.release.label if borrowed and base.release else "",
        staged_by=by,
    )
    release.date_it()
    release.save(force_insert=True)
    _store(release, _borrowing(file, base) if borrowed else file)
    return release


def load(*, release: CodeRelease, by: UUID | None) -> CodeRelease:
    """Let a staged release answer from now on: the one row that changes is its own, and that of a release
    loaded for the same day before. Runs as ``system``; ``WrongState`` unless it is staged."""
    release = _locked_staged(release)
    now = timezone.now()
    CodeRelease.objects.loaded().filter(effective_from=release.effective_from).update(
        status=ReleaseStatus.REPLACED.value, updated_at=now
    )
    release.status = ReleaseStatus.LOADED.value
    release.loaded_at, release.loaded_by = now, by
    release.touch("status", "loaded_at", "loaded_by")
    record(
        Action.CODES_LOADED,
        SubjectKind.CODE_RELEASE,
        release.pk,
        details={
            Detail.RELEASE: f"{release.effective_from:%Y-%m-%d}",
            Detail.ROWS: release.code_count,
            Detail.ADDED: release.added,
            Detail.CHANGED: release.revised,
            Detail.ENDED: release.deleted,
        },
    )
    return release


def discard(*, release: CodeRelease) -> None:
    """Throw a staged release away with its rows. Runs as ``system``; ``WrongState`` unless it is staged."""
    release = _locked_staged(release)
    for model in (Icd10Code, Icd10Section, Icd10Word):
        model._base_manager.filter(release=release).delete()
    release.delete()


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('claimflow.codes'))")


def _locked_staged(release: CodeRelease) -> CodeRelease:
    _one_at_a_time()
    found = CodeRelease.objects.select_for_update().filter(pk=release.pk).first()
    if found is None or found.status != ReleaseStatus.STAGED.value:
        raise WrongState(
            _("This release is no longer waiting: somebody loaded or discarded it. Look at the list again."),
            code="not_staged",
        )
    return found


def _refuse_repeated(file: CodeFile, effective_from: date) -> None:
    if CodeRelease.objects.loaded().filter(sha256=file.sha256, effective_from=effective_from).exists():
        raise WrongState(_("Exactly this file is loaded for this day already."), code="already_loaded")


def _base(effective_from: date) -> _Base:
    """The latest release up to that day, else the earliest after it."""
    loaded = list(CodeRelease.objects.loaded())
    before = [release for release in loaded if release.effective_from <= effective_from]
    release = before[0] if before else (loaded[-1] if loaded else None)
    base = _Base(release, {}, {}, {}, [])
    if release is None:
        return base
    for code, description, billable, notes, block, chapter in release.codes.values_list(
        "code", "description", "billable", "notes", "block", "chapter"
    ):
        base.wording[code] = (description, billable)
        if notes:
            base.notes[code] = notes
        if len(code) == 3:
            base.places[code] = (block, chapter)
    base.sections.extend(
        SectionRow(
            kind=one.kind,
            code=one.code,
            title=one.title,
            first=one.first,
            last=one.last,
            chapter=one.chapter,
            order=one.position,
            notes=one.notes,
        )
        for one in release.sections.all()
    )
    return base


def _borrowing(file: CodeFile, base: _Base) -> CodeFile:
    """An order file holds neither chapters nor instructions: take the earlier release's, by category and
    code."""
    blocks = [section for section in base.sections if section.kind == SectionKind.BLOCK.value]
    chapters = [section for section in base.sections if section.kind == SectionKind.CHAPTER.value]
    places = dict(base.places)
    for row in file.rows:
        if row.code[:3] not in places:
            places[row.code[:3]] = (_spanning(blocks, row.code[:3]), _spanning(chapters, row.code[:3]))
    rows = []
    for row in file.rows:
        block, chapter = places[row.code[:3]]
        rows.append(replace(row, block=block, chapter=chapter, notes=base.notes.get(row.code, {})))
    return replace(file, rows=rows, sections=base.sections)


def _spanning(sections: list[SectionRow], category: str) -> str:
    """For a new category: of the sections that enclose it the one that begins last (C00-C75 encloses C50,
    so does C50 itself)."""
    enclosing = [section for section in sections if section.first <= category <= section.last]
    return max(enclosing, key=lambda section: section.first).code if enclosing else ""


def _samples(difference: Difference, before: dict[str, Wording], rows: list[CodeRow]) -> dict[str, Any]:
    """The first codes of each kind with their wording before and after, for the preview."""
    if not before:
        return {"added": [], "revised": [], "deleted": []}
    after = {row.code: row.description for row in rows}
    return {
        "added": [[code, after[code]] for code in difference.added[:SAMPLES]],
        "revised": [[code, before[code][0], after[code]] for code in difference.revised[:SAMPLES]],
        "deleted": [[code, before[code][0]] for code in difference.deleted[:SAMPLES]],
    }


def _store(release: CodeRelease, file: CodeFile) -> None:
    words: Counter[str] = Counter()
    _insert(Icd10Code, _CODE_COLUMNS, _code_rows(release, file.rows, words))
    _insert(
        Icd10Word,
        ("id", "release_id", "word", "uses"),
        ((uuid7(), release.pk, word, uses) for word, uses in words.items() if in_vocabulary(word)),
    )
    Icd10Section.objects.bulk_create(
        Icd10Section(
            release=release,
            kind=one.kind,
            code=one.code,
            title=one.title,
            first=one.first,
            last=one.last,
            chapter=one.chapter,
            position=one.order,
            notes=one.notes,
        )
        for one in file.sections
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT codes_settle()")


def _code_rows(release: CodeRelease, rows: list[CodeRow], words: Counter[str]) -> Iterator[tuple[Any, ...]]:
    """Rows in the order in which a search shows them (see ``Icd10Code``); counts their words on the way."""
    best_first = sorted(rows, key=lambda row: (not row.billable, _remoteness(row), row.code))
    for rank, row in enumerate(best_first, start=1):
        own, other = tokens_of(row)
        words.update(own)
        words.update(other)
        yield (
            uuid7(),
            release.pk,
            row.code,
            row.description,
            row.billable,
            row.chapter,
            row.block,
            row.parent,
            row.order,
            rank,
            json.dumps(row.notes) if row.notes else None,
            f"{release.lexeme} {lexemes(own, other)}",
        )


_SUPPLEMENTARY = re.compile(r"\([^)]*\)|\bunspecified\b", re.IGNORECASE)


def _remoteness(row: CodeRow) -> int:
    """How far a code is from what somebody means who types one of its words: by the length of its description
    without nonessential modifiers and "unspecified" (ICD-10-CM guidelines I.A.7 and I.A.9.b), and by the digits after
    its category."""
    return len(_SUPPLEMENTARY.sub("", row.description).strip(" ,")) + 12 * (len(row.code) - 3)


def _insert(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Many rows at once, as one array a column: COPY is refused under row-level security (ruling 13), which stands
    on these public lists too, so that a switched role alone cannot write them. Texts stay uncast, so that one that
    is too long fails instead of being cut."""
    types = {field.column: field.db_type(connection) or "" for field in model._meta.local_fields}
    chosen = ", ".join(
        name if types[name].startswith("varchar") else f"{name}::{types[name]}" for name in columns
    )
    arrays = ", ".join(["%s::text[]"] * len(columns))
    names = ", ".join(columns)
    statement = (
        f"INSERT INTO {model._meta.db_table} ({names})"  # noqa: S608  # names of our own columns  # nosec B608
        f" SELECT {chosen} FROM unnest({arrays}) AS given ({names})"
    )
    with connection.cursor() as cursor:
        for batch in _batched(rows, BATCH):
            cursor.execute(statement, [list(map(_text, column)) for column in zip(*batch, strict=True)])


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _batched(rows: Iterable[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """Lists of at most ``size`` rows."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch
