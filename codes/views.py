"""Search as you type for the forms (JSON), and pages to look codes up."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from codes.enums import GroupCode, SectionKind
from codes.formats import bare_icd
from codes.forms import BrowseForm, asked_day
from codes.models import (
    AdjustmentReason,
    CodeRelease,
    Icd10Code,
    Icd10Section,
    Modifier,
    PlaceOfService,
    ReasonCombination,
    RemarkCode,
)
from codes.presenters import notes_of, section_words
from codes.search import Found, find_icd10, find_procedures

LONGEST = 100
PER_PAGE = 50
SHORT_LIST = 60


def _typed(request: HttpRequest, name: str = "q") -> str:
    return request.GET.get(name, "").replace("\0", "")[:LONGEST].strip()


def _answer(results: Iterable[dict[str, Any]], sentences: Iterable[str] = ()) -> JsonResponse:
    """What static/claimflow/combo.js reads: ``more`` stands under the list; ``note`` says the same to other
    readers."""
    told = " ".join(sentences)
    return JsonResponse({"results": list(results), "note": told, **({"more": told} if told else {})})


@require_GET
def icd10_search(request: HttpRequest) -> JsonResponse:
    """``?q=`` typed so far, ``?on=`` date of service. Answers with up to 20 codes; headings say
    that they are not billable."""
    found = find_icd10(_typed(request), on=asked_day(request.GET.get("on", "")))
    return _answer(
        (
            {
                "value": hit.code,
                "label": hit.code,
                "note": hit.description
                if hit.billable
                else _("%(words)s (heading, not billable)") % {"words": hit.description},
                "billable": hit.billable,
            }
            for hit in found.hits
        ),
        found.sentences,
    )


@require_GET
def procedure_search(request: HttpRequest) -> JsonResponse:
    found = find_procedures(_typed(request), on=asked_day(request.GET.get("on", "")))
    return _answer(
        ({"value": hit.code, "label": hit.code, "note": hit.description} for hit in found.hits),
        found.sentences,
    )


def _narrowed(rows: QuerySet[Any], typed: str, words: str) -> QuerySet[Any]:
    """Code beginning with, or words containing, what was typed."""
    for word in typed.split()[:8]:
        rows = rows.filter(Q(code__istartswith=word) | Q(**{f"{words}__icontains": word}))
    return rows[:SHORT_LIST]


@require_GET
def modifier_search(request: HttpRequest) -> JsonResponse:
    rows = _narrowed(Modifier.objects.all(), _typed(request), "description")
    return _answer({"value": row.code, "label": row.code, "note": row.description} for row in rows)


@require_GET
def place_search(request: HttpRequest) -> JsonResponse:
    rows = PlaceOfService.objects.in_force(asked_day(request.GET.get("on", "")))
    return _answer(
        {"value": row.code, "label": row.code, "note": row.name}
        for row in _narrowed(rows, _typed(request), "name")
    )


@require_GET
def remark_search(request: HttpRequest) -> JsonResponse:
    """``?q=`` typed so far; ``?reason=`` (CO-16) leaves the remarks that may stand with that reason, and alerts,
    which may stand with any."""
    remarks, sentences = RemarkCode.objects.order_by("code"), []
    group, _dash, reason = _typed(request, "reason").partition("-")
    combinations = ReasonCombination.objects.filter(group=group, reason__code=reason)
    if fitting := list(combinations.values_list("remarks", flat=True)):
        remarks = remarks.filter(Q(code__in={code for codes in fitting for code in codes}) | Q(is_alert=True))
        sentences = [_("These remarks may stand with %(reason)s.") % {"reason": f"{group}-{reason}"}]
    rows = _narrowed(remarks, _typed(request), "description")
    return _answer(
        ({"value": row.code, "label": row.code, "note": row.description} for row in rows), sentences
    )


@require_GET
def reason_search(request: HttpRequest) -> JsonResponse:
    """``?q=``, ``?group=`` (CO, PR, OA, PI) and ``?scenario=`` narrow the adjustment reasons. Each answer
    names its legal combinations with the remarks that may stand there."""
    reasons = _narrowed(AdjustmentReason.objects.all(), _typed(request), "description")
    combinations = ReasonCombination.objects.filter(reason__in=[reason.pk for reason in reasons])
    if request.GET.get("group") in {group.value for group in GroupCode}:
        combinations = combinations.filter(group=request.GET["group"])
    if scenario := _typed(request, "scenario"):
        combinations = combinations.filter(scenario=scenario)
    legal: dict[Any, list[dict[str, Any]]] = {}
    for one in combinations:
        legal.setdefault(one.reason_id, []).append(
            {
                "group": one.group,
                "scenario": one.scenario,
                "remarks": one.remarks,
                "remark_required": one.remark_required,
            }
        )
    return _answer(
        {
            "value": reason.code,
            "label": reason.code,
            "note": reason.description,
            "needs_remark": reason.needs_remark,
            "combinations": legal[reason.pk],
        }
        for reason in reasons
        if reason.pk in legal
    )


@require_GET
def browse(request: HttpRequest) -> HttpResponse:
    """Search, or the chapters when nothing was typed."""
    form = BrowseForm(request.GET)
    on, typed = form.day(), _typed(request)
    found = find_icd10(typed, on=on, limit=PER_PAGE) if typed else Found()
    release = found.release or CodeRelease.objects.answering(on)
    chapters = _sections(release, SectionKind.CHAPTER) if release and not typed else []
    return render(
        request,
        "codes/browse.html",
        {
            "carry": _carry(request),
            "form": form,
            "typed": typed,
            "found": found,
            "release": release,
            "chapters": chapters,
            "on": on,
        },
    )


def _sections(release: CodeRelease, kind: SectionKind, **which: str) -> QuerySet[Icd10Section]:
    return release.sections.filter(kind=kind.value, **which).order_by("position")


def _carry(request: HttpRequest) -> str:
    """The date of service for the next page's address, as it was asked for."""
    return f"?{urlencode({'on': request.GET['on'][:40]})}" if request.GET.get("on") else ""


def _release(request: HttpRequest) -> CodeRelease:
    release = CodeRelease.objects.answering(asked_day(request.GET.get("on", "")))
    if release is None:
        raise Http404
    return release


@require_GET
def chapter(request: HttpRequest, code: str) -> HttpResponse:
    release = _release(request)
    section = get_object_or_404(_sections(release, SectionKind.CHAPTER), code=code)
    return render(
        request,
        "codes/section.html",
        {
            "carry": _carry(request),
            "release": release,
            "section": section,
            "heading": section_words(section),
            "notes": notes_of(section.notes),
            "blocks": _sections(release, SectionKind.BLOCK, chapter=code),
        },
    )


@require_GET
def block(request: HttpRequest, code: str) -> HttpResponse:
    release = _release(request)
    section = get_object_or_404(_sections(release, SectionKind.BLOCK), code=code.upper())
    return render(
        request,
        "codes/section.html",
        {
            "carry": _carry(request),
            "release": release,
            "section": section,
            "heading": section_words(section),
            "chapter": _sections(release, SectionKind.CHAPTER, code=section.chapter).first(),
            "notes": notes_of(section.notes),
            "codes": release.codes.filter(parent="", block=section.code).order_by("code"),
        },
    )


@require_GET
def icd10_code(request: HttpRequest, code: str) -> HttpResponse:
    """One code with its place in the hierarchy, its instructions and the codes below it, as of ``?on=``."""
    on = asked_day(request.GET.get("on", ""))
    bare = bare_icd(code.replace("\0", ""))[:8]
    answer = Icd10Code.objects.judge(bare, on=on)
    release = _release(request)
    row = get_object_or_404(release.codes, code=bare)
    above = [row.code[:length] for length in range(3, len(row.code))]
    lineage = list(release.codes.filter(code__in=above).order_by("code"))
    sections = release.sections.filter(
        Q(kind=SectionKind.CHAPTER.value, code=row.chapter) | Q(kind=SectionKind.BLOCK.value, code=row.block)
    ).order_by("position")
    return render(
        request,
        "codes/icd10_code.html",
        {
            "carry": _carry(request),
            "row": row,
            "answer": answer,
            "release": release,
            "on": on,
            "sections": [(one, section_words(one)) for one in sections],
            "lineage": lineage,
            "children": release.codes.filter(parent=row.code).order_by("code"),
            "notes": notes_of(row.notes or {}),
            "inherited": [(one, notes_of(one.notes)) for one in lineage if one.notes],
        },
    )
