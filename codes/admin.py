"""The code sets in the Django admin: everything to look at, one page to load a release (ruling 53)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from claimflow.lib.admin import ReadOnlyAdmin
from claimflow.lib.db.context import as_system
from claimflow.lib.permissions import WrongState
from codes.actions import releases
from codes.enums import ReleaseStatus
from codes.forms import OrderFileForm
from codes.icd10.rows import FileProblem
from codes.models import (
    AdjustmentReason,
    CodeRelease,
    Icd10Code,
    Icd10Section,
    Icd10Word,
    Modifier,
    PlaceOfService,
    Procedure,
    ReasonCombination,
    RemarkCode,
)
from codes.policies import can_load

PURPOSE = "load_codes"
LIST = "admin:codes_coderelease_changelist"


@admin.register(CodeRelease)
class CodeReleaseAdmin(ReadOnlyAdmin):
    """Releases, and the way a new one comes in: upload, look at the difference, then load or discard."""

    list_display = [
        "label",
        "status",
        "effective_from",
        "code_count",
        "added",
        "revised",
        "deleted",
        "loaded_at",
    ]
    list_filter = ["status"]
    change_list_template = "admin/codes/release_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("load/", view(self.upload_page), name="codes_coderelease_load"),
            path("<uuid:pk>/preview/", view(self.preview_page), name="codes_coderelease_preview"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"can_load": can_load(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    def upload_page(self, request: HttpRequest) -> HttpResponse:
        """The file becomes a staged release; what is wrong with it is said beside the field."""
        _require_right(request)
        form = OrderFileForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                with as_system(PURPOSE):
                    release = releases.stage(
                        file=form.cleaned_data["file"],
                        effective_from=form.cleaned_data["effective_from"],
                        by=request.user.pk,
                    )
            except FileProblem as problem:
                form.add_error("file", str(problem))
            except WrongState as refusal:
                form.add_error("file", refusal.sentence)
            else:
                return redirect("admin:codes_coderelease_preview", pk=release.pk)
        return self._page(
            request, "admin/codes/release_load.html", _("Load a release of ICD-10-CM"), form=form
        )

    def preview_page(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The difference to the release before; POST ``load`` or ``discard`` ends the waiting."""
        _require_right(request)
        release = get_object_or_404(CodeRelease, pk=pk)
        if request.method == "POST" and ("load" in request.POST or "discard" in request.POST):
            return self._end(request, release)
        return self._page(
            request,
            "admin/codes/release_preview.html",
            _("Release %(label)s") % {"label": release.label},
            release=release,
            waiting=release.status == ReleaseStatus.STAGED.value,
            back=LIST,
        )

    def _end(self, request: HttpRequest, release: CodeRelease) -> HttpResponse:
        label = {"label": release.label}
        try:
            with as_system(PURPOSE):
                if "load" in request.POST:
                    releases.load(release=release, by=request.user.pk)
                    messages.success(request, _("%(label)s is loaded and answers from now on.") % label)
                else:
                    releases.discard(release=release)
                    messages.success(request, _("%(label)s was discarded. Nothing changed.") % label)
        except WrongState as refusal:
            messages.error(request, refusal.sentence)
        return redirect(LIST)

    def _page(self, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **more}
        return TemplateResponse(request, template, context)


def _require_right(request: HttpRequest) -> None:
    if not can_load(request.user):
        raise PermissionDenied


@admin.register(Icd10Code)
class Icd10CodeAdmin(ReadOnlyAdmin):
    list_display = ["display", "description", "billable", "block", "release"]
    list_filter = ["release", "billable"]
    list_select_related = ["release"]
    search_fields = ["code__startswith"]
    search_help_text = "E119"
    show_facets = admin.ShowFacets.NEVER


@admin.register(Icd10Section)
class Icd10SectionAdmin(ReadOnlyAdmin):
    list_display = ["code", "title", "kind", "release"]
    list_filter = ["release", "kind"]
    list_select_related = ["release"]
    search_fields = ["code", "title"]


@admin.register(Icd10Word)
class Icd10WordAdmin(ReadOnlyAdmin):
    list_display = ["word", "uses", "release"]
    list_filter = ["release"]
    list_select_related = ["release"]
    search_fields = ["word__startswith"]


@admin.register(Procedure)
class ProcedureAdmin(ReadOnlyAdmin):
    list_display = [
        "code",
        "description",
        "category",
        "is_emergency",
        "is_preventive",
        "effective_from",
        "effective_to",
    ]
    list_filter = ["category", "is_emergency", "is_preventive"]
    search_fields = ["code", "description"]


@admin.register(Modifier)
class ModifierAdmin(ReadOnlyAdmin):
    list_display = ["code", "description", "system", "is_pricing"]
    list_filter = ["system", "is_pricing"]
    search_fields = ["code", "description"]


@admin.register(PlaceOfService)
class PlaceOfServiceAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "is_facility", "effective_from"]
    list_filter = ["is_facility"]
    search_fields = ["code", "name"]


@admin.register(AdjustmentReason)
class AdjustmentReasonAdmin(ReadOnlyAdmin):
    list_display = ["code", "description", "needs_remark"]
    list_filter = ["needs_remark"]
    search_fields = ["code", "description"]


@admin.register(RemarkCode)
class RemarkCodeAdmin(ReadOnlyAdmin):
    list_display = ["code", "description", "is_alert"]
    list_filter = ["is_alert"]
    search_fields = ["code", "description"]


@admin.register(ReasonCombination)
class ReasonCombinationAdmin(ReadOnlyAdmin):
    list_display = ["group", "reason", "scenario", "remarks", "remark_required"]
    list_filter = ["scenario", "group"]
    list_select_related = ["reason"]
    search_fields = ["reason__code"]
