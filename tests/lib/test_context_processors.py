"""The header shows what a person may open, and which of it is open."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory, override_settings
from django.urls import include, path

from accounts.enums import Permission
from claimflow.context_processors import page


def _nothing() -> None:
    return None


urlpatterns = [
    path("", _nothing, name="home"),
    path("claims/home/", include(([path("", _nothing, name="home")], "claims"), namespace="claims")),
    path("queue/", include(([path("", _nothing, name="queue")], "payer"))),
    path("members/", include(([path("", _nothing, name="members")], "members"))),
    path("audit/", include(([path("", _nothing, name="events")], "audit"))),
]


def person(role: str, *permissions: Permission, **changes: Any) -> SimpleNamespace:
    given: dict[str, Any] = {
        "is_authenticated": True,
        "role": role,
        "first_name": "Maria",
        "last_name": "Álvarez",
        "email": "maria@example.com",
        "organization": SimpleNamespace(name="Riverside"),
        "has": lambda permission: permission in permissions,
    }
    return SimpleNamespace(**{**given, **changes})


def context(user: Any, at: str = "/") -> dict[str, Any]:
    request = RequestFactory().get(at)
    request.user = user
    request.session = SimpleNamespace(row={})
    return page(request)


pytestmark = pytest.mark.usefixtures("_own_urls")


@pytest.fixture
def _own_urls():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_nobody_gets_nothing() -> None:
    assert context(AnonymousUser())["nav_items"] == []


def test_request_without_a_person_is_fine() -> None:
    assert page(RequestFactory().get("/"))["nav_items"] == []


def test_links_follow_the_rights_and_the_pages_that_exist() -> None:
    labels = [str(item.label) for item in context(person("payer", Permission.WORK_QUEUE))["nav_items"]]
    assert labels == ["Queue"]
    everything = person("payer", Permission.WORK_QUEUE, Permission.MANAGE_MEMBERS, Permission.READ_AUDIT)
    labels = [str(item.label) for item in context(everything)["nav_items"]]
    assert labels == ["Queue", "Members", "Audit"]


def test_page_below_a_link_is_under_it() -> None:
    user = person("payer", Permission.WORK_QUEUE, Permission.READ_AUDIT)
    current = [str(item.label) for item in context(user, "/queue/mine/")["nav_items"] if item.is_current]
    assert current == ["Queue"]
    assert not any(item.is_current for item in context(user, "/welcome/")["nav_items"])


def test_names() -> None:
    shown = context(person("payer"))
    assert (shown["user_short_name"], shown["user_name"]) == ("M.Á.", "Maria Álvarez")
    assert shown["organization_name"] == "Riverside"
    bare = context(person("admin", first_name="", last_name="", organization=None))
    assert (bare["user_short_name"], bare["organization_name"]) == ("maria@example.com", "")


@pytest.mark.parametrize(("environment", "shown"), [("demo", True), ("production", False), ("test", False)])
def test_banner_only_in_the_demonstration(environment: str, shown: bool) -> None:
    with override_settings(CLAIMFLOW_ENV=environment):
        assert context(AnonymousUser())["is_demonstration"] is shown
