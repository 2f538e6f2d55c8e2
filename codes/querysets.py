"""Which rows: releases in force, codes judged on a day, lists as of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import FilteredRelation, Q

from codes.answers import CodeAnswer, ProcedureAnswer, in_force, is_past
from codes.enums import CodeSystem, ProcedureCategory, ReleaseStatus
from codes.formats import bare_icd, dotted_icd, procedure_system, tidy_code

if TYPE_CHECKING:
    from codes.models import CodeRelease

NARROWER = 5
Judged = dict[tuple[str, date], CodeAnswer]


@dataclass(frozen=True, slots=True)
class _Release:
    """A release as far as judging needs it."""

    pk: Any
    label: str
    in_force_from: date
    effective_from: date


class CodeReleaseQuerySet(models.QuerySet["CodeRelease"]):
    def loaded(self) -> CodeReleaseQuerySet:
        """Releases of ICD-10-CM that answer, newest first."""
        return self.filter(status=ReleaseStatus.LOADED.value, system=CodeSystem.ICD10CM.value).order_by(
            "-effective_from", "-number"
        )

    def answering(self, on: date) -> CodeRelease | None:
        """The release for a day (ruling 38); before the oldest, None. One query: there are few releases."""
        return in_force(self.loaded(), on)


class Icd10CodeQuerySet(models.QuerySet[Any]):
    def judge(self, code: str, *, on: date) -> CodeAnswer:
        """One diagnosis code on its date of service. ``code`` in any case, with or without its point."""
        return self.judge_many([(code, on)])[bare_icd(code), on]

    def judge_many(self, asked: Iterable[tuple[str, date]]) -> Judged:
        """Answers by (tidied code, day), any number of codes in one query; one more for each heading among
        them (their ``narrower``)."""
        wanted = {(bare_icd(code), on) for code, on in asked}
        if not wanted:
            return {}
        releases, found = self._found({code for code, _ in wanted})
        answers = {(code, on): _judged(code, on, releases, found) for code, on in wanted}
        return self._with_narrower(answers, releases)

    def _found(self, codes: set[str]) -> tuple[list[_Release], dict[tuple[Any, str], tuple[bool, str]]]:
        """Every loaded release, joined with those of the codes that it knows."""
        release_model = self.model._meta.get_field("release").related_model
        rows = (
            release_model.objects.loaded()
            .annotate(hit=FilteredRelation("codes", condition=Q(codes__code__in=sorted(codes))))
            .values_list(
                "pk",
                "label",
                "in_force_from",
                "effective_from",
                "hit__code",
                "hit__billable",
                "hit__description",
            )
        )
        releases: dict[Any, _Release] = {}
        found = {}
        for key, label, begins, effective, code, billable, description in rows:
            releases[key] = _Release(key, label, begins, effective)
            if code is not None:
                found[key, code] = (billable, description)
        return list(releases.values()), found

    def _with_narrower(self, answers: Judged, releases: list[_Release]) -> Judged:
        """Codes that are known headings get a few of the billable codes below them: one query a heading,
        and a claim has few."""
        for (code, on), answer in answers.items():
            release = in_force(releases, on)
            if release is not None and answer.known and not answer.billable:
                below = self.filter(release_id=release.pk, billable=True).starting_with(code).order_by("code")
                narrower = below.values_list("code", flat=True)[:NARROWER]
                answers[code, on] = replace(answer, narrower=tuple(dotted_icd(one) for one in narrower))
        return answers

    def starting_with(self, prefix: str) -> Icd10CodeQuerySet:
        """By range, not by LIKE, so that the index serves every way of binding parameters."""
        return self.filter(code__gte=prefix, code__lt=prefix + "~")


class ProcedureQuerySet(models.QuerySet[Any]):
    def in_force(self, on: date) -> ProcedureQuerySet:
        return self.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on), effective_from__lte=on)

    def judge(self, code: str) -> ProcedureAnswer | None:
        """See ``judge_many``."""
        return self.judge_many([code])[tidy_code(code)]

    def judge_many(self, codes: Iterable[str]) -> dict[str, ProcedureAnswer | None]:
        """Answers by tidied code, one query. None for what has the shape of CPT or HCPCS, or no shape at
        all: nothing but the format can be judged there. The answer carries the days in force; the edit
        compares them."""
        wanted = {tidy_code(code) for code in codes}
        ours = {code for code in wanted if procedure_system(code) is CodeSystem.DEMO}
        rows = {row.code: row for row in self.filter(code__in=sorted(ours))} if ours else {}
        return {code: (_procedure(code, rows.get(code)) if code in ours else None) for code in wanted}


class ModifierQuerySet(models.QuerySet[Any]):
    def known(self) -> frozenset[str]:
        """Every modifier, for ``CodeBook``."""
        return frozenset(self.values_list("code", flat=True))


class PlaceOfServiceQuerySet(models.QuerySet[Any]):
    def in_force(self, on: date) -> PlaceOfServiceQuerySet:
        return self.filter(Q(effective_from__isnull=True) | Q(effective_from__lte=on))

    def known(self, on: date | None = None) -> frozenset[str]:
        """The places of a day, or all of them, for ``CodeBook``."""
        rows = self.in_force(on) if on else self
        return frozenset(rows.values_list("code", flat=True))


class ReasonCombinationQuerySet(models.QuerySet[Any]):
    def refusing(self) -> ReasonCombinationQuerySet:
        """Those that answer one of the four questions of a refusal."""
        return self.exclude(scenario="")


def _judged(
    code: str, on: date, releases: list[_Release], found: dict[tuple[Any, str], tuple[bool, str]]
) -> CodeAnswer:
    release = in_force(releases, on)
    if release is None:
        return CodeAnswer(code=code, known=False, billable=False, before_oldest=True)
    newest = max(releases, key=lambda one: (one.in_force_from, one.effective_from))
    billable, description = found.get((release.pk, code), (False, ""))
    return CodeAnswer(
        code=code,
        known=(release.pk, code) in found,
        billable=billable,
        description=description,
        release=release.label,
        judged_by_newest=release is newest and is_past(release, on),
    )


def _procedure(code: str, row: Any) -> ProcedureAnswer:
    if row is None:
        return ProcedureAnswer(code=code, known=False, billable=False)
    return ProcedureAnswer(
        code=code,
        known=True,
        description=row.description,
        in_force_from=row.effective_from,
        in_force_to=row.effective_to,
        category=ProcedureCategory(row.category),
        emergency=row.is_emergency,
        preventive=row.is_preventive,
    )
