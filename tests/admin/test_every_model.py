"""Every page that the Django admin has, opened as a platform administrator under row-level security (ruling 53)."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimflow.lib.admin import HouseAdmin
from claimflow.lib.db.context import acting_as
from claimflow.lib.phi import encrypted_fields
from tests.admin.conftest import ROWS
from tests.admin.world import PLAIN

pytestmark = [pytest.mark.usefixtures("world"), pytest.mark.slow]

OURS = ("accounts", "audit", "codes", "intelligence", "members", "claims", "engagement")
WITHOUT_PAGES = {
    "accounts.Credential": "a hash is readable at the door alone (ruling 36)",
    "accounts.EarlierPassword": "hashes, readable at the door alone (ruling 36)",
    "accounts.Throttle": "keyed hashes of typed addresses, readable at the door alone (ruling 43)",
    "engagement.NoticeReading": "Django's admin has no pages for keys of two columns; shown on the notice",
}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
ADDED = {
    "accounts.Organization",
    "accounts.Role",
    "accounts.SecurityPolicy",
    "accounts.User",
    "intelligence.RemoteBudget",
    "members.Plan",
}
CHANGED = {*ADDED, "accounts.OrganizationProfile", "accounts.SystemSetting"} - {
    "accounts.Role"
}  # the world has only those that ship
FEW = {
    "accounts.AlertCursor",
    "accounts.Role",
    "accounts.SecurityPolicy",
    "accounts.SystemSetting",
    "audit.Checkpoint",
    "codes.CodeRelease",
    "intelligence.ModelVersion",
    "intelligence.RemoteCircuit",
}
"""Tables whose rows the platform brings itself."""
ACTIONS = {"accounts.User": ["deactivate", "end_sessions", "unlock"]}
"""What is done to several rows at once."""
each_model = pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label_lower)


def address(model, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def some_row(model):
    """The newest row as the administrator finds it."""
    with acting_as("admin"):
        queryset = admin.site._registry[model].get_queryset(RequestFactory().get("/"))
        return queryset.order_by("-pk").values_list("pk", flat=True).first()


def clear_values(page: str) -> list[str]:
    text = unescape(re.sub(r"<[^>]+>", " ", page))
    return [value for value in PLAIN if value in text]


def test_every_model_of_ours_is_registered() -> None:
    models = [model for name in OURS for model in apps.get_app_config(name).get_models()]
    missing = {model._meta.label for model in models} - {model._meta.label for model in REGISTERED}
    assert missing == set(WITHOUT_PAGES)


def test_every_page_is_ours_and_deletes_nothing() -> None:
    request = RequestFactory().get("/")
    for model, page in admin.site._registry.items():
        assert isinstance(page, HouseAdmin), model
        assert page.has_delete_permission(request) is False
        assert page.actions == ACTIONS.get(model._meta.label)
        assert {field.name for field in encrypted_fields(model)} <= set(page.get_exclude(request)), model


@each_model
def test_the_list_opens_and_is_searched_sorted_and_filtered(model, administrator: Client) -> None:
    page = administrator.get(address(model, "changelist"))
    assert page.status_code == 200
    assert clear_values(page.content.decode()) == []
    assert ('name="action"' in page.content.decode()) == (model._meta.label in ACTIONS)
    columns = range(1, len(admin.site._registry[model].list_display) + 1)
    queries = [{"q": "E11"}, {"q": "a'b%_\\\u00e9"}, {"o": ".".join(str(n) for n in columns)}, {"all": ""}]
    for query in queries:
        answer = administrator.get(address(model, "changelist"), query)
        assert answer.status_code == 200, query
    for spec in page.context["cl"].filter_specs:
        choice = list(spec.choices(page.context["cl"]))[-1]
        answer = administrator.get(address(model, "changelist") + choice["query_string"])
        assert answer.status_code == 200, choice


@each_model
def test_a_row_and_its_history_open(model, administrator: Client) -> None:
    key = some_row(model)
    assert key is not None, f"the world of this test has no {model._meta.label}"
    for kind in ("change", "history"):
        page = administrator.get(address(model, kind, key))
        assert page.status_code == 200, kind
        assert clear_values(page.content.decode()) == []
    assert administrator.get(address(model, "delete", key)).status_code == 403
    assert administrator.post(address(model, "delete", key), {"post": "yes"}).status_code == 403


@each_model
def test_a_row_that_is_not_there_is_told_and_breaks_nothing(model, administrator: Client) -> None:
    for key in ("0196f0c0-0000-7000-8000-000000000000", "\u00e9'", "9" * 30):
        page = administrator.get(address(model, "change", key), follow=True)
        assert page.status_code in (200, 404), key


@each_model
def test_adding_and_changing_are_open_only_where_they_are_meant(model, administrator: Client) -> None:
    added = administrator.get(address(model, "add")).status_code
    assert added == (200 if model._meta.label in ADDED else 403)
    changed = administrator.post(address(model, "change", some_row(model)), {})
    expected = {200, 302} if model._meta.label in CHANGED else {403}
    assert changed.status_code in expected


@each_model
def test_a_list_costs_the_same_for_one_row_and_for_many(model, administrator: Client, monkeypatch) -> None:
    def cost(rows: int) -> tuple[int, int]:
        monkeypatch.setattr(admin.site._registry[model], "list_per_page", rows)
        with CaptureQueriesContext(connection) as captured:
            page = administrator.get(address(model, "changelist"))
        return len(page.context["cl"].result_list), len(captured)

    administrator.get(address(model, "changelist"))
    one, many = cost(1), cost(ROWS)
    assert one[0] == 1
    assert many[0] == ROWS or model._meta.label in FEW
    assert one[1] == many[1]


def test_the_first_page_opens_every_door(administrator: Client) -> None:
    page = administrator.get(reverse("admin:index"))
    assert page.status_code == 200
    assert clear_values(page.content.decode()) == []
    rooms = page.context["rooms"]
    assert len(rooms) >= 14
    for room in rooms:
        assert room.value
        if room.url:
            assert administrator.get(room.url).status_code == 200, room.name
