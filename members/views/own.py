"""The provider's own lists: billing providers, practitioners, facilities. One list page and one form page for all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policies import user_of
from claimflow.lib.pages import Keyset, capped_count
from members import policies
from members.actions import save_own
from members.actions.doubles import organization_of
from members.forms import BillingProviderForm, FacilityForm, PractitionerForm
from members.models import BillingProvider, Facility, Practitioner
from members.presenters import Pill
from members.views.tabs import provider_tabs

PAGE = 50
Own = BillingProvider | Practitioner | Facility


@dataclass(frozen=True)
class OwnList:
    """What differs between the three."""

    name: str
    model: type[Own]
    form: type[Any]
    order: Keyset
    save: Callable[..., None]
    word: str
    heading: str | Promise
    add: str | Promise
    edit: str | Promise
    lead: str | Promise
    empty: str | Promise
    saved: str | Promise


BILLING_PROVIDERS = OwnList(
    "billing_providers",
    BillingProvider,
    BillingProviderForm,
    Keyset([("name", "asc"), ("id", "asc")]),
    save_own.save_billing_provider,
    "billing_provider",
    gettext_lazy("Billing providers"),
    gettext_lazy("Add billing provider"),
    gettext_lazy("Change billing provider"),
    gettext_lazy("In whose name you bill: boxes 25 and 33 of a claim."),
    gettext_lazy("A claim needs a billing provider. Add the first one with its NPI and tax ID."),
    gettext_lazy("Billing provider saved."),
)
PRACTITIONERS = OwnList(
    "practitioners",
    Practitioner,
    PractitionerForm,
    Keyset([("last_name", "asc"), ("first_name", "asc"), ("id", "asc")]),
    save_own.save_practitioner,
    "practitioner",
    gettext_lazy("Practitioners"),
    gettext_lazy("Add practitioner"),
    gettext_lazy("Change practitioner"),
    gettext_lazy("Who renders a service or refers to you: boxes 17 and 24J of a claim."),
    gettext_lazy("Add the clinicians whose services you bill, each with an NPI."),
    gettext_lazy("Practitioner saved."),
)
FACILITIES = OwnList(
    "facilities",
    Facility,
    FacilityForm,
    Keyset([("name", "asc"), ("id", "asc")]),
    save_own.save_facility,
    "facility",
    gettext_lazy("Facilities"),
    gettext_lazy("Add facility"),
    gettext_lazy("Change facility"),
    gettext_lazy("Where services are given: box 32 of a claim."),
    gettext_lazy("Add the places where your practitioners see patients."),
    gettext_lazy("Facility saved."),
)
LISTS = {one.name: one for one in (BILLING_PROVIDERS, PRACTITIONERS, FACILITIES)}


@require_safe
def own_list(request: HttpRequest, which: str) -> HttpResponse:
    """The whole list, in use or not, in the order of the alphabet."""
    user = user_of(request)
    policies.require_manage_patients(user)
    own = LISTS[which]
    mine = own.model.objects.visible_to(user)
    if own.model is BillingProvider:
        mine = mine.defer("tax_id")
    today = timezone.localdate(timezone=user.time_zone)
    page = own.order.page(mine, request.GET.get("cursor"), PAGE)
    return render(
        request,
        "members/own_list.html",
        {
            "own": own,
            "tabs": provider_tabs(own.name),
            "rows": [(row, _use_of(row, today)) for row in page.rows],
            "page": page,
            "summary": capped_count(mine).text,
            "edit_url": f"members:{own.word}",
            "add_url": f"members:{own.word}_add",
            "has_places": own.model is not Practitioner,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def own_form(request: HttpRequest, which: str, pk: UUID | None = None) -> HttpResponse:
    """Add one, or change one."""
    user = user_of(request)
    policies.require_manage_patients(user)
    own = LISTS[which]
    row: Own = (
        get_object_or_404(own.model.objects.visible_to(user), pk=pk)
        if pk
        else own.model(organization_id=organization_of(user))
    )
    form = own.form(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        own.save(**{own.word: form.instance}, changed=form.changed_data, by=user)
        messages.success(request, str(own.saved))
        return redirect(f"members:{own.name}")
    return render(
        request,
        "members/own_form.html",
        {"own": own, "form": form, "title": own.edit if pk else own.add, "list_url": f"members:{own.name}"},
    )


def _use_of(row: Own, today: Any) -> Pill:
    if row.active_from and row.active_from > today:
        return Pill(_("Not yet in use"), "warning")
    if row.active_to and row.active_to < today:
        return Pill(_("No longer in use"), "neutral")
    return Pill(_("In use"), "good")
