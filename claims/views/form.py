"""Writing a claim: the form, its drafts, the checks while one fills it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.policies import user_of
from audit.actions import Seen, record_access
from audit.enums import Action, SubjectKind
from claimflow.lib import kept, phi
from claimflow.lib.permissions import WrongState
from claimflow.middleware.gate import stands_on
from claims import policies
from claims.actions.ask_coverage import ask_coverage, remembered_answer
from claims.actions.drafts import Gone, Outdated, copy_to_draft, delete_draft, save_draft
from claims.actions.find_patients import PatientHit, find_patients, get_patient
from claims.actions.judge import judge, local_day
from claims.actions.submit import Unfit, submit
from claims.actions.suggest_codes import Suggested, accept_code, suggest_codes
from claims.enums import ClaimState
from claims.forms import (
    ClaimForms,
    OwnLists,
    blank,
    content_of_claim,
    content_of_patient,
    content_of_post,
    with_code_added,
    with_row_added,
    with_row_removed,
)
from claims.forms.fields import as_uuid
from claims.models import Claim, ClaimDraft
from codes.search import LONGEST
from members.enums import Standing

Content = dict[str, Any]


@dataclass
class Sheet:
    """One sight of the form: what was typed, which draft it belongs to, what the payer said about the
    coverage."""

    user: User
    content: Content
    token: UUID
    version: int | None = None
    draft: ClaimDraft | None = None
    coverage: str = ""
    searched: bool = False
    hits: list[PatientHit] = field(default_factory=list)
    description: str = ""
    suggested: Suggested | None = None
    notice: str = ""

    def read(self) -> ClaimForms:
        return ClaimForms(self.content, lists=OwnLists.of(self.user), today=local_day(self.user))


# --- Pages --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def claim_new(request: HttpRequest) -> HttpResponse:
    """A new claim. Its draft is made when it is first saved."""
    user = user_of(request)
    policies.require_submit(user)
    if request.method == "POST":
        return _answer(request, _posted(request.POST, user, None))
    if (typed := kept.taken()) is not None:
        return _page(request, _posted(typed, user, None))
    return _page(request, Sheet(user, blank(user), uuid4()))


@stands_on("claims:draft")
@require_http_methods(["GET", "POST"])
def draft_edit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go on with a draft."""
    user = user_of(request)
    if request.method == "POST" and (claim := _made_of(request, draft_id)):
        return _sent(request, claim)
    draft = _draft_or_404(user, draft_id)
    policies.require_submit(user)
    if request.method == "POST":
        return _answer(request, _posted(request.POST, user, draft))
    record_access(Action.DRAFT_VIEWED, [Seen(SubjectKind.DRAFT, draft.pk, user.organization_id)])
    if (typed := kept.taken()) is not None:
        return _page(request, _posted(typed, user, draft))
    return _page(request, Sheet(user, phi.value(draft, "content"), draft.form_token, draft.version, draft))


@require_http_methods(["GET", "POST"])
def draft_delete(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = user_of(request)
    draft = _draft_or_404(user, draft_id)
    policies.require_submit(user)
    if request.method == "POST":
        delete_draft(draft=draft, by=user)
        messages.success(request, _("Draft deleted."))
        return redirect("claims:drafts")
    return render(request, "claims/draft_delete.html", {"draft": draft})


@stands_on("claims:detail")
@require_POST
def claim_correct(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """A rejected claim, typed anew in a draft."""
    user = user_of(request)
    claim = get_object_or_404(Claim.objects.visible_to(user), pk=claim_id)
    policies.require_submit(user)
    try:
        draft = copy_to_draft(claim=claim, content=content_of_claim(claim), form_token=uuid4(), by=user)
    except WrongState as refusal:
        messages.error(request, refusal.sentence)
        return redirect("claims:detail", claim.pk)
    return redirect("claims:draft", draft.pk)


@require_POST
def claim_check(request: HttpRequest) -> JsonResponse:
    """What validate.js asks 400 ms after a field was left (ruling 46). Nothing is stored but the question
    to the payer."""
    user = user_of(request)
    policies.require_submit(user)
    sheet = _posted(request.POST, user, None)
    forms = sheet.read()
    _judge(sheet, forms, _asked(sheet, forms))
    return JsonResponse(
        {
            "findings": [
                {
                    "field": problem.target,
                    "severity": problem.severity,
                    "message": problem.message,
                    "quiet": problem.missing,
                    "points": problem.points,
                }
                for problem in forms.problems
            ],
            "counts": forms.counts,
            "score": forms.score.value,
            "empty": forms.empty,
            "total": forms.total,
            "sections": {
                section.name: {"missing": section.missing, "wrong": section.wrong}
                for section in forms.sections
            },
            "coverage": sheet.coverage,
        }
    )


# --- What a button does -------------------------------------------------------------------------------------


def _answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    asked = request.POST
    for rows in ("lines", "diagnoses"):
        if f"add_{rows}" in asked:
            sheet.content = with_row_added(sheet.content, rows)
            return _page(request, sheet)
        if f"remove_{rows}" in asked:
            typed = asked[f"remove_{rows}"]
            at = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else -1
            sheet.content = with_row_removed(sheet.content, rows, at)
            return _page(request, sheet)
    if "use_patient" in asked:
        return _use_patient(request, sheet)
    if "add_code" in asked:
        return _add_code(request, sheet)
    steps = {"save": _save, "submit": _submit, "find_patient": _find_patient, "suggest": _suggest}
    return steps.get(asked.get("do", ""), _check)(request, sheet)


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    wants_json = request.headers.get("Accept", "") == "application/json"
    try:
        draft = _kept(sheet)
    except Outdated as outdated:
        if wants_json:
            return JsonResponse({"sentence": outdated.sentence}, status=409)
        sheet.version, sheet.notice = outdated.version, outdated.sentence
        return _page(request, sheet)
    except Gone as gone:
        if wants_json:
            return JsonResponse({"sentence": gone.sentence}, status=409)
        return _page(request, _orphaned(sheet, gone))
    if wants_json:
        return JsonResponse({"url": reverse("claims:draft", args=[draft.pk]), "version": draft.version})
    messages.success(request, _("Draft saved."))
    return redirect("claims:draft", draft.pk)


def _submit(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Send the claim, or say what stands in the way and keep what was typed."""
    forms = sheet.read()
    entry = forms.entry()
    standing = remembered_answer(entry=entry, token=sheet.coverage, by=sheet.user)
    if forms.can_be_read:
        try:
            claim = submit(
                entry=entry, form_token=sheet.token, draft=_draft_of(sheet), standing=standing, by=sheet.user
            )
        except Unfit as unfit:
            forms.judge(unfit.findings, unfit.words)
        else:
            return _sent(request, claim)
    else:
        forms.judge(
            judge(entry=entry, today=local_day(sheet.user), standing=standing, by=sheet.user).findings
        )
    forms.show()
    try:
        draft = _kept(sheet)
        sheet.draft, sheet.version = draft, draft.version
    except Outdated as outdated:
        sheet.version, sheet.notice = outdated.version, outdated.sentence
    except Gone as gone:
        _orphaned(sheet, gone)
    return _page(request, sheet, forms)


def _sent(request: HttpRequest, claim: Claim) -> HttpResponse:
    told = {"number": claim.claim_number, "payer": claim.payer.name}
    if claim.state == ClaimState.REJECTED:
        messages.warning(request, _("Claim %(number)s was rejected by %(payer)s before review.") % told)
    else:
        messages.success(request, _("Claim %(number)s was submitted to %(payer)s.") % told)
    return redirect("claims:detail", claim.pk)


def _check(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Say what is wrong, without sending anything: the button "Check claim", and Enter in a field."""
    forms = sheet.read()
    _judge(sheet, forms, _asked(sheet, forms))
    forms.show()
    return _page(request, sheet, forms)


def _find_patient(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    forms = sheet.read()
    patient, coverage = forms.patient.entry(), forms.coverage.entry()
    sheet.hits = find_patients(
        member_id=coverage.member_id,
        last_name=patient.last_name,
        first_name=patient.first_name,
        birth_date=patient.birth_date,
        by=sheet.user,
    )
    sheet.searched = True
    return _page(request, sheet)


def _use_patient(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Fill the boxes of patient and coverage from the own list; whatever else was typed stays."""
    patient_id, _sep, coverage_id = request.POST["use_patient"].partition(" ")
    hit = get_patient(patient_id=as_uuid(patient_id), coverage_id=as_uuid(coverage_id), by=sheet.user)
    if hit is None:
        sheet.notice = _("This patient is not on your organization's list any more. Search again.")
    else:
        sheet.content |= content_of_patient(hit.patient, hit.coverage)
    return _page(request, sheet)


def _suggest(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Codes from the description, and from what the own approved claims usually have together."""
    sheet.suggested = _suggested(sheet, sheet.read())
    return _page(request, sheet)


def _add_code(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Put one suggested code into the form, keep that as a draft, and go on suggesting."""
    rows, _sep, code = request.POST["add_code"].partition(" ")
    forms = sheet.read()
    suggestion = _suggested(sheet, forms).find(rows, code)
    if suggestion is None:
        sheet.notice = _("This code is not suggested any more. Look at what is, or type it.")
    else:
        entry = forms.entry()
        chosen = frozenset((*entry.diagnoses, *(line.procedure for line in entry.lines)))
        sheet.content = with_code_added(sheet.content, rows, code)
        try:
            draft = _kept(sheet)
        except Outdated as outdated:
            sheet.version, sheet.notice = outdated.version, outdated.sentence
        except Gone as gone:
            _orphaned(sheet, gone)
        else:
            sheet.draft, sheet.version = draft, draft.version
            accept_code(suggestion=suggestion, chosen=chosen, draft=draft, by=sheet.user)
    sheet.suggested = _suggested(sheet, sheet.read())
    return _page(request, sheet)


def _suggested(sheet: Sheet, forms: ClaimForms) -> Suggested:
    return suggest_codes(
        entry=forms.entry(), description=sheet.description, today=local_day(sheet.user), by=sheet.user
    )


# --- Around it ----------------------------------------------------------------------------------------------


def _posted(typed: QueryDict, user: User, draft: ClaimDraft | None) -> Sheet:
    version = typed.get("version", "")
    return Sheet(
        user=user,
        content=content_of_post(typed),
        token=draft.form_token if draft else as_uuid(typed.get("form_token", "")) or uuid4(),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None,
        draft=draft,
        coverage=typed.get("coverage_answer", "")[:500],
        description=typed.get("description", "").replace("\0", "")[:LONGEST],
    )


def _made_of(request: HttpRequest, draft_id: UUID) -> Claim | None:
    """The claim that this draft has become, for whoever sends the form a second time."""
    user = user_of(request)
    token = as_uuid(request.POST.get("form_token", ""))
    if token is None or request.POST.get("do") != "submit" or not policies.can_submit(user):
        return None
    if ClaimDraft.objects.visible_to(user).filter(pk=draft_id).exists():
        return None
    made: Claim | None = Claim.objects.visible_to(user).filter(form_token=token).first()
    return made


def _orphaned(sheet: Sheet, gone: Gone) -> Sheet:
    """What was typed goes on without its draft, as a new form."""
    sheet.draft, sheet.token, sheet.version, sheet.notice = None, uuid4(), None, gone.sentence
    return sheet


def _draft_or_404(user: User, draft_id: UUID) -> ClaimDraft:
    draft: ClaimDraft = get_object_or_404(ClaimDraft.objects.visible_to(user), pk=draft_id)
    return draft


def _draft_of(sheet: Sheet) -> ClaimDraft | None:
    """The draft of this form, also when the page did not know of it (a form that was autosaved)."""
    if sheet.draft is None:
        sheet.draft = ClaimDraft.objects.visible_to(sheet.user).filter(form_token=sheet.token).first()
    return sheet.draft


def _kept(sheet: Sheet) -> ClaimDraft:
    return save_draft(
        content=sheet.content, form_token=sheet.token, version=sheet.version, draft=sheet.draft, by=sheet.user
    )


def _judge(sheet: Sheet, forms: ClaimForms, standing: Standing | None = None) -> None:
    judged = judge(entry=forms.entry(), today=local_day(sheet.user), standing=standing, by=sheet.user)
    forms.judge(judged.findings, judged.words)


def _asked(sheet: Sheet, forms: ClaimForms) -> Standing | None:
    """The payer's word about the coverage, remembered in the sheet."""
    standing: Standing | None
    standing, sheet.coverage = ask_coverage(entry=forms.entry(), remembered=sheet.coverage, by=sheet.user)
    return standing


def _page(request: HttpRequest, sheet: Sheet, forms: ClaimForms | None = None) -> HttpResponse:
    if forms is None:
        forms = sheet.read()
        _judge(sheet, forms)
    return render(request, "claims/claim_form.html", _context(sheet, forms))


def _context(sheet: Sheet, forms: ClaimForms) -> Mapping[str, Any]:
    address = reverse("claims:draft", args=[sheet.draft.pk]) if sheet.draft else reverse("claims:new")
    return {
        "sheet": sheet,
        "forms": forms,
        "address": address,
        "hits": [_shown_hit(hit) for hit in sheet.hits],
        "predecessor": sheet.draft.predecessor if sheet.draft else None,
    }


def _shown_hit(hit: PatientHit) -> dict[str, Any]:
    coverage = hit.coverage
    return {
        "value": f"{hit.patient.pk} {coverage.pk if coverage else ''}".strip(),
        "name": f"{phi.value(hit.patient, 'last_name')}, {phi.value(hit.patient, 'first_name')}",
        "birth_date": phi.value(hit.patient, "birth_date"),
        "payer": coverage.payer.name if coverage else "",
        "plan": coverage.plan.name if coverage and coverage.plan else "",
        "member_id": phi.value(coverage, "member_id") if coverage else "",
    }
