"""Whoever may save in the administration leaves an event in the trail, beside the change log (rulings 33 and 53)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Role, SecurityPolicy, SystemSetting, User
from audit.models import Event
from claimflow.lib.admin import HouseAdmin
from claimflow.lib.db.context import acting_as
from intelligence.models import RemoteBudget
from tests.factories.members import PlanFactory, npi
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.usefixtures("real_db")

PROFILE = {"time_zone": "America/Denver", "privacy_contact": "p@example.com", "npi": npi(6), "state": "CO"}
PERSON = {"email": "new@example.com", "first_name": "Ada", "last_name": "Marsh"}
POLICY = {
    "minimum_length": "15",
    "character_classes": "0",
    "expiry_days": "0",
    "history": "5",
    "attempts": "4",
    "lock_minutes": "30",
    "idle_minutes": "30",
    "absolute_hours": "12",
    "second_factor_required": "on",
    "address_ranges": "",
}
PLAN = {
    "name": "Gold",
    "line_of_business": "commercial",
    "state": "NY",
    "funding": "insured",
    "is_active": "on",
}


def plan() -> Model:
    with acting_as("system", "test"):
        made: Model = PlanFactory(name="Silver", state="NY")
    return made


def platform_policy() -> Model:
    with acting_as("system", "test"):
        made: Model = SecurityPolicy.objects.get(organization=None)
    return made


def setting() -> Model:
    with acting_as("system", "test"):
        made: Model = SystemSetting.objects.get(key="lease_minutes")
    return made


def auditors_role() -> list[str]:
    with acting_as("system", "test"):
        return [str(Role.objects.get(side="admin", name="Auditor").pk)]


BUDGET = {"daily": "5.00", "monthly": "60.00"}


def budget() -> Model:
    payer = make_organization("payer")
    with acting_as("admin"):
        made: Model = RemoteBudget.objects.create(organization=payer, daily=Decimal(10), monthly=Decimal(100))
    return made


ROLE = {"name": "Coverage desk", "description": "Asks.", "held_permissions": ["check_coverage"]}


def composed_role() -> Model:
    with acting_as("system", "test"):
        made: Model = Role.objects.create(
            name=ROLE["name"], side="provider", description="Asks.", permissions=["check_coverage"]
        )
    return made


CHANGED: dict[str, tuple[Callable[[], Model], dict[str, Any], str]] = {
    "accounts.organization": (
        make_organization,
        {"name": "New name", "status": "active"},
        "organization_changed",
    ),
    "accounts.organizationprofile": (lambda: make_organization().profile, PROFILE, "organization_changed"),
    "accounts.securitypolicy": (platform_policy, POLICY, "policy_changed"),
    "accounts.systemsetting": (setting, {"value": "45"}, "setting_changed"),
    "accounts.user": (
        lambda: make_user("admin"),
        {"first_name": "Ada", "last_name": "Marsh", "is_active": "on"},
        "user_changed",
    ),
    "accounts.role": (composed_role, ROLE | {"description": "Asks payers."}, "role_changed"),
    "members.plan": (plan, PLAN, "plan_saved"),
    "intelligence.remotebudget": (budget, BUDGET, "model_budget_set"),
}
ADDED: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "accounts.organization": (
        lambda: {"name": "Harbor View Clinic", "type": "clinic", **PROFILE, **PERSON},
        "organization_created",
    ),
    "accounts.securitypolicy": (
        lambda: {**POLICY, "organization": str(make_organization().pk)},
        "policy_changed",
    ),
    "accounts.user": (lambda: {**PERSON, "organization": "", "held_roles": auditors_role()}, "user_created"),
    "accounts.role": (lambda: {**ROLE, "side": "provider"}, "role_created"),
    "members.plan": (lambda: {**PLAN, "payer": str(make_organization("payer").pk)}, "plan_saved"),
    "intelligence.remotebudget": (
        lambda: {**BUDGET, "organization": str(make_organization("payer").pk)},
        "model_budget_set",
    ),
}


def open_pages(permission: str) -> set[str]:
    """Models that a platform administrator may add, or change, in the administration."""
    request = RequestFactory().get("/")
    request.user = make_user("admin", "Platform administrator")
    with acting_as("admin", user=request.user):
        request.user = User.objects.get(pk=request.user.pk)
    request.user.permissions = frozenset({"administer", "manage_users"})
    return {
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if getattr(page, f"has_{permission}_permission")(request)
    }


def newest() -> int:
    with acting_as("admin"):
        return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def events_since(number: int) -> list[Event]:
    with acting_as("admin"):
        return list(Event.objects.filter(id__gt=number, kind="admin"))


def test_every_page_that_saves_is_tried_here() -> None:
    assert open_pages("change") == set(CHANGED)
    assert open_pages("add") == set(ADDED)


@pytest.mark.parametrize("label", CHANGED)
def test_a_change_leaves_its_event_and_its_line_in_the_change_log(label: str, administrator: Client) -> None:
    make, form, action = CHANGED[label]
    row, before = make(), newest()
    answer = administrator.post(reverse(f"admin:{label.replace('.', '_')}_change", args=[row.pk]), form)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    (event,) = events_since(before)
    assert (event.action, event.subject_id) == (action, row.pk)
    assert event.fields
    assert set(event.fields) <= set(form)
    assert event.actor_id is not None
    with acting_as("admin"):
        assert LogEntry.objects.filter(object_pk=str(row.pk)).count() == 1


@pytest.mark.parametrize("label", ADDED)
def test_a_new_row_leaves_its_event(label: str, administrator: Client) -> None:
    make, action = ADDED[label]
    form, before = make(), newest()
    answer = administrator.post(reverse(f"admin:{label.replace('.', '_')}_add"), form)
    assert answer.status_code == 302, answer.content.decode()
    assert action in {event.action for event in events_since(before)}


@pytest.mark.parametrize("label", CHANGED)
def test_saving_without_a_change_is_no_event(label: str, administrator: Client) -> None:
    make, form, _action = CHANGED[label]
    url = reverse(f"admin:{label.replace('.', '_')}_change", args=[make().pk])
    assert administrator.post(url, form).status_code == 302
    before = newest()
    assert administrator.post(url, form).status_code == 302
    assert events_since(before) == []


def test_a_plan_stays_its_payers(administrator: Client) -> None:
    row = plan()
    other = make_organization("payer")
    url = reverse("admin:members_plan_change", args=[row.pk])
    assert administrator.post(url, PLAN | {"payer": str(other.pk)}).status_code == 302
    with acting_as("system", "test"):
        kept = type(row).objects.get(pk=row.pk)
    assert (kept.name, kept.payer_id) == ("Gold", row.payer_id)
    (event,) = [event for event in events_since(0) if event.action == "plan_saved"]
    assert (event.payer_id, event.fields) == (row.payer_id, ["name"])


def test_a_page_without_an_action_saves_nothing() -> None:
    class NewAdmin(HouseAdmin):
        pass

    page = NewAdmin(User, admin.site)
    with pytest.raises(ImproperlyConfigured, match="NewAdmin may be edited but has no action"):
        page.store(RequestFactory().post("/"), User(), None, ["first_name"])
