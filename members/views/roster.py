"""A roster file: upload, preview, confirm. Between the steps it waits encrypted in the database."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.policies import user_of
from audit.actions import Seen, record_access
from audit.enums import Action, SubjectKind
from claimflow.lib import phi
from claimflow.lib.permissions import WrongState
from claimflow.lib.sentences import Sentence
from claimflow.middleware.gate import stands_on
from members import policies
from members.actions.import_roster import apply_roster, discard_roster, upload_roster
from members.enums import UploadState
from members.forms import RosterForm
from members.models import RosterUpload
from members.roster.columns import COLUMNS, template
from members.roster.read import Unreadable
from members.views.tabs import payer_tabs

MOST_FAULTS = 200
"""Faulty cells that a page names; a file with more is mended and read again."""


@require_http_methods(["GET", "HEAD", "POST"])
def roster_upload(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_members(user)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RosterForm(*posted, was_skipped=getattr(request, "upload_skipped", False))
    if request.method == "POST" and form.is_valid():
        try:
            upload = upload_roster(content=form.cleaned_data["file"], by=user)
        except Unreadable as problem:
            form.add_error("file", problem.sentence.through(_))
        else:
            return redirect("members:roster_preview", pk=upload.pk)
    return render(
        request,
        "members/roster_upload.html",
        {
            "form": form,
            "tabs": payer_tabs("roster"),
            "columns": [(column, _(column.says)) for column in COLUMNS],
            "recent": list(
                RosterUpload.objects.visible_to(user)
                .exclude(state=UploadState.DISCARDED.value)
                .defer("content")
                .select_related("uploaded_by")
                .order_by("-created_at")[:5]
            ),
        },
    )


@require_safe
def roster_template(request: HttpRequest) -> HttpResponse:
    """An empty roster with its headings and one invented member."""
    policies.require_manage_members(user_of(request))
    response = HttpResponse("\ufeff" + template(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="roster-template.csv"'
    return response


@require_safe
def roster_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What would happen, and which cells are faulty; after the confirmation what did happen."""
    user = user_of(request)
    policies.require_manage_members(user)
    upload = _upload(user, pk)
    record_access(
        Action.MEMBERS_LISTED, [Seen(SubjectKind.ROSTER, upload.pk, payer_id=upload.organization_id)]
    )
    content = phi.value(upload, "content") or {"faults": [], "notes": []}
    return render(
        request,
        "members/roster_preview.html",
        {
            "upload": upload,
            "is_waiting": upload.state == UploadState.WAITING,
            "is_applied": upload.state == UploadState.APPLIED,
            "faults": [{**fault, "message": _sentence(fault)} for fault in content["faults"][:MOST_FAULTS]],
            "more_faults": max(upload.faults - MOST_FAULTS, 0),
            "notes": [_sentence(note) for note in content["notes"]],
            "stats": _stats(upload),
            "has_changes": bool(upload.added or upload.changed or upload.ended),
        },
    )


@stands_on("members:roster_preview")
@require_POST
def roster_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_members(user)
    upload = _upload(user, pk)
    try:
        apply_roster(upload=upload, by=user)
    except WrongState as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Roster applied."))
    return redirect("members:roster_preview", pk=pk)


@stands_on("members:roster_preview")
@require_POST
def roster_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    policies.require_manage_members(user)
    discard_roster(upload=_upload(user, pk), by=user)
    messages.success(request, _("The file was discarded. The roster is as it was."))
    return redirect("members:roster")


def _upload(user: User, pk: UUID) -> RosterUpload:
    upload: RosterUpload = get_object_or_404(RosterUpload.objects.visible_to(user), pk=pk)
    return upload


def _sentence(stored: dict[str, Any]) -> str:
    values = tuple((name, value) for name, value in stored["values"])
    return Sentence(stored["template"], values).through(_)


def _stats(upload: RosterUpload) -> list[dict[str, Any]]:
    faulty = {"value": upload.faults, "label": _("Faulty cells"), "tone": "urgent" if upload.faults else ""}
    return [
        {"value": upload.added, "label": _("New")},
        {"value": upload.changed, "label": _("Changed")},
        {"value": upload.ended, "label": _("Ended")},
        {"value": upload.unchanged, "label": _("Unchanged")},
        faulty,
    ]
