"""Members in the Django admin: everything to look at, plans to mend; encrypted columns stay closed (ruling 53)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.policies import user_of
from claimflow.lib.admin import HouseAdmin, ReadOnlyAdmin
from members.actions.save_own import save_plan
from members.models import (
    BillingProvider,
    Coverage,
    CoverageInquiry,
    Facility,
    Member,
    Patient,
    PatientCoverage,
    Plan,
    Practitioner,
    RosterUpload,
)


@admin.register(Plan)
class PlanAdmin(HouseAdmin):
    list_display = ["name", "payer", "line_of_business", "state", "funding", "is_active"]
    list_filter = ["line_of_business", "funding", "is_active"]
    list_select_related = ["payer"]
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A plan stays its payer's: coverages and claims name both."""
        return ["payer"] if obj else []

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        save_plan(plan=obj, changed=fields, by=user_of(request))


class PersonAdmin(ReadOnlyAdmin):
    """A person without a name: id, organization, sex, dates."""

    list_display = ["id", "organization", "sex", "created_at"]
    list_filter = ["sex"]
    list_select_related = ["organization"]
    show_facets = admin.ShowFacets.NEVER


@admin.register(Patient)
class PatientAdmin(PersonAdmin):
    list_display = ["id", "organization", "sex", "is_active", "created_at"]


@admin.register(Member)
class MemberAdmin(PersonAdmin):
    """The payer's roster."""


class CoverageAdminBase(ReadOnlyAdmin):
    """A coverage without its ids; the person behind it is named by a key, not read."""

    show_facets = admin.ShowFacets.NEVER


@admin.register(PatientCoverage)
class PatientCoverageAdmin(CoverageAdminBase):
    list_display = [
        "id",
        "organization",
        "payer",
        "relationship",
        "effective_from",
        "effective_to",
        "is_active",
    ]
    list_select_related = ["organization", "payer"]
    list_filter = ["relationship", "is_active"]


@admin.register(Coverage)
class CoverageAdmin(CoverageAdminBase):
    list_display = ["id", "organization", "plan", "effective_from", "effective_to", "verification"]
    list_select_related = ["organization", "plan"]
    list_filter = ["verification", "relationship"]


@admin.register(Practitioner)
class PractitionerAdmin(ReadOnlyAdmin):
    list_display = ["name", "npi", "organization", "active_from", "active_to"]
    list_select_related = ["organization"]
    search_fields = ["last_name", "npi"]


@admin.register(Facility)
class FacilityAdmin(ReadOnlyAdmin):
    list_display = ["name", "npi", "organization", "city", "state", "active_from", "active_to"]
    list_select_related = ["organization"]
    search_fields = ["name", "npi"]


@admin.register(BillingProvider)
class BillingProviderAdmin(ReadOnlyAdmin):
    list_display = ["name", "npi", "organization", "is_default", "active_from", "active_to"]
    list_select_related = ["organization"]
    search_fields = ["name", "npi"]


@admin.register(RosterUpload)
class RosterUploadAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "organization",
        "state",
        "rows",
        "faults",
        "added",
        "changed",
        "ended",
        "created_at",
    ]
    list_select_related = ["organization"]
    list_filter = ["state"]


@admin.register(CoverageInquiry)
class CoverageInquiryAdmin(ReadOnlyAdmin):
    list_display = ["user_id", "minute", "asked"]
