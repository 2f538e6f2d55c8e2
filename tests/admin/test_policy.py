"""Security policies in the administration: recorded, only stricter for organizations, and nobody shuts themselves out."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SecurityPolicy
from accounts.safeguards import NAMES, PLATFORM_POLICY_ID, Safeguards
from audit.models import Event
from claimflow.lib.db.context import acting_as
from tests.signed_in import client_of, make_organization, make_user, set_policy

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]

PLATFORM = reverse("admin:accounts_securitypolicy_change", args=[PLATFORM_POLICY_ID])
ADD = reverse("admin:accounts_securitypolicy_add")


def form(**changes: object) -> dict[str, object]:
    figures = {name: getattr(Safeguards(), name) for name in NAMES} | changes
    figures["address_ranges"] = "\n".join(figures["address_ranges"])
    if not figures["second_factor_required"]:
        del figures["second_factor_required"]
    return figures


def events() -> list[Event]:
    with acting_as("auditor"):
        return list(Event.objects.filter(action="policy_changed").order_by("id"))


def errors(page, name: str) -> str:
    return " ".join(page.context["adminform"].form.errors.get(name, []))


def test_the_platforms_policy_is_changed_and_the_trail_has_the_figures(administrator: Client) -> None:
    ranges = ["127.0.0.0/8", "2001:db8::/32"]
    answer = administrator.post(PLATFORM, form(idle_minutes=15, attempts=10, address_ranges=ranges))
    assert answer.status_code == 302
    (event,) = events()
    assert event.subject_id == PLATFORM_POLICY_ID
    assert sorted(event.fields) == ["address_ranges", "attempts", "idle_minutes"]
    assert event.details == {
        "old_values": ["attempts:5", "idle_minutes:30", "address_ranges:0"],
        "new_values": ["attempts:10", "idle_minutes:15", "address_ranges:2"],
    }
    assert event.severity == "warning"  # more wrong tries are allowed
    with acting_as("system", "test"):
        assert SecurityPolicy.objects.get().address_ranges == ranges
    page = administrator.get(PLATFORM).content.decode()
    assert "127.0.0.0/8\n2001:db8::/32</textarea>" in page
    assert administrator.post(PLATFORM, form(idle_minutes=15, attempts=3)).status_code == 302
    assert events()[1].severity == "warning"  # the ranges are gone
    assert administrator.post(PLATFORM, form(idle_minutes=10, attempts=3)).status_code == 302
    assert events()[2].severity == "info"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("minimum_length", 11, "Enter 12 or more."),
        ("attempts", 11, "Enter 10 or less."),
        ("attempts", "", "Enter the wrong tries until the lock."),
        ("absolute_hours", 25, "Enter 24 or less."),
        ("address_ranges", ["192.0.2.0/24"], "You come from 127.0.0.1 yourself"),
        ("address_ranges", ["127.0.0.1/8"], "127.0.0.1/8 is no address range."),
        ("address_ranges", ["the office"], "the office is no address range."),
    ],
)
def test_what_would_guard_nothing_or_shut_the_door_is_refused(
    administrator: Client, name: str, value: object, sentence: str
) -> None:
    page = administrator.post(PLATFORM, form(**{name: value}))
    assert page.status_code == 200
    assert sentence in errors(page, name)
    assert events() == []


def test_an_organizations_policy_may_only_be_stricter(administrator: Client) -> None:
    clinic = make_organization()
    set_policy(idle_minutes=20, minimum_length=14, expiry_days=90, address_ranges=["127.0.0.0/8"])
    chosen = {"organization": str(clinic.pk)}
    page = administrator.post(
        ADD,
        form(idle_minutes=25, minimum_length=13, second_factor_required=False, address_ranges=["10.0.0.0/8"])
        | chosen,
    )
    assert page.status_code == 200
    assert "The platform allows at most 20." in errors(page, "idle_minutes")
    assert "The platform asks for at least 14." in errors(page, "minimum_length")
    assert "The platform allows at most 90." in errors(page, "expiry_days")
    assert "asks for a second factor" in errors(page, "second_factor_required")
    assert "nobody of the organization could come in" in errors(page, "address_ranges")
    strict = {"idle_minutes": 10, "minimum_length": 16, "expiry_days": 60}
    assert administrator.post(ADD, form(**strict) | chosen).status_code == 302
    (event,) = events()
    assert event.subject_kind == "security_policy"
    again = administrator.post(ADD, form(**strict) | chosen)
    assert again.status_code == 200
    assert "has its policy already" in again.content.decode()
    with acting_as("system", "test"):
        row = SecurityPolicy.objects.get(organization=clinic)
        assert SecurityPolicy.objects.in_force(clinic.pk).idle_minutes == 10
    own = reverse("admin:accounts_securitypolicy_change", args=[row.pk])
    page = administrator.post(own, form(**strict | {"idle_minutes": 21}))
    assert "The platform allows at most 20." in errors(page, "idle_minutes")
    assert (
        clinic.name in administrator.get(reverse("admin:accounts_securitypolicy_changelist")).content.decode()
    )


def test_a_new_policy_begins_where_the_platforms_is(administrator: Client) -> None:
    set_policy(idle_minutes=17)
    assert 'name="idle_minutes" value="17"' in administrator.get(ADD).content.decode()


def test_whoever_ends_sessions_by_ranges_is_told_how_many(administrator: Client) -> None:
    clinic = make_organization()
    biller = make_user("provider", "Biller", organization=clinic)
    theirs = client_of(biller)
    chosen = {"organization": str(clinic.pk)}
    answer = administrator.post(ADD, form(address_ranges=["192.0.2.0/24"]) | chosen, follow=True)
    assert "1 person who is signed in now is outside the ranges" in answer.content.decode()
    assert theirs.get("/welcome/").status_code == 302


def test_production_keeps_the_second_factor(administrator: Client, settings) -> None:
    settings.CLAIMFLOW_ENV = "production"
    page = administrator.post(PLATFORM, form(second_factor_required=False))
    assert "In production everybody needs a second factor." in errors(page, "second_factor_required")
