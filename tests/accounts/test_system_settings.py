"""What an administrator sets for the whole platform: typed, bounded, recorded, and in force without a restart."""

import math
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import system_setting
from accounts.enums import SettingKey, SettingType
from accounts.models import SystemSetting
from accounts.system_setting import SETTINGS, Offered
from audit.models import Event
from claimflow.lib.db.context import acting_as
from claims.actions.leases import lease_until
from tests.harness import admin_connection
from tests.signed_in import client_of, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _as_in_a_new_process():
    system_setting.forget()


def page_of(key: str) -> str:
    with acting_as("system", "test"):
        return reverse("admin:accounts_systemsetting_change", args=[SystemSetting.objects.get(key=key).pk])


def events() -> list[Event]:
    with acting_as("auditor"):
        return list(Event.objects.filter(action="setting_changed").order_by("id"))


@pytest.fixture
def administrator() -> Client:
    return client_of(make_user("admin", "Platform administrator"))


def test_the_rows_come_with_migrate_and_say_what_the_code_says() -> None:
    with acting_as("system", "test"):
        rows = {row.key: row for row in SystemSetting.objects.all()}
    assert set(rows) == set(SETTINGS)
    for key, offered in SETTINGS.items():
        row = rows[key]
        assert (row.value, row.type, row.is_public) == (offered.default, offered.type, offered.is_public)
        assert row.description == str(offered.description)
        assert offered.accepts(offered.default)


@pytest.mark.parametrize(
    ("offered", "value", "answer"),
    [
        (Offered(30, 5, 480, ""), 5, True),
        (Offered(30, 5, 480, ""), 4, False),
        (Offered(30, 5, 480, ""), 481, False),
        (Offered(30, 5, 480, ""), True, False),
        (Offered(30, 5, 480, ""), "30", False),
        (Offered(30, 5, 480, ""), 30.5, False),
        (Offered("", 0, 3, ""), "abc", True),
        (Offered("", 0, 3, ""), "abcd", False),
        (Offered("", 0, 3, ""), None, False),
    ],
)
def test_a_value_has_its_type_and_its_bounds(offered: Offered, value: object, answer: bool) -> None:
    assert offered.accepts(value) is answer


def test_a_figure_is_changed_recorded_and_in_force_at_once(administrator: Client) -> None:
    assert system_setting.figure(SettingKey.LEASE_MINUTES) == 30
    answer = administrator.post(page_of("lease_minutes"), {"value": "45"}, follow=True)
    assert "within 30 seconds" in answer.content.decode()
    assert timedelta(minutes=44) < lease_until() - timezone.now() <= timedelta(minutes=45)
    (event,) = events()
    assert (event.subject_kind, event.severity, event.fields) == ("setting", "notice", ["value"])
    assert event.details == {
        "setting": "lease_minutes",
        "old_values": ["lease_minutes:30"],
        "new_values": ["lease_minutes:45"],
    }
    with acting_as("system", "test"):
        assert SystemSetting.objects.get(key="lease_minutes").changed_by_id == event.actor_id


@pytest.mark.parametrize("value", ["4", "481", "", "soon"])
def test_what_is_out_of_bounds_is_refused(administrator: Client, value: str) -> None:
    page = administrator.post(page_of("lease_minutes"), {"value": value})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["value"]
    assert events() == []


def test_notice_and_contact_stand_where_people_look_and_not_in_the_trail(administrator: Client) -> None:
    sign_in = reverse("accounts:sign_in")
    assert "Please note" not in Client().get(sign_in).content.decode()
    administrator.post(page_of("maintenance_notice"), {"value": "Away on <Sunday> from 2 to 3"})
    administrator.post(page_of("support_contact"), {"value": "help@example.com"})
    for page in (Client().get(sign_in), administrator.get(reverse("admin:index"))):
        assert "Away on &lt;Sunday&gt; from 2 to 3" in page.content.decode()
    assert "For help: help@example.com" in Client().get(sign_in).content.decode()
    assert [event.details for event in events()] == [
        {"setting": "maintenance_notice"},
        {"setting": "support_contact"},
    ]
    administrator.post(page_of("maintenance_notice"), {"value": ""})
    assert "Please note" not in Client().get(sign_in).content.decode()


def test_a_process_asks_once_and_again_when_the_answer_is_old(monkeypatch) -> None:
    with acting_as("admin"), CaptureQueriesContext(connection) as captured:
        for _ in range(3):
            system_setting.figure(SettingKey.ALERT_PATIENTS)
    assert len(captured) == 1
    with admin_connection() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE accounts_systemsetting SET value = '7', changed_by_id = gen_random_uuid()"
            " WHERE key = 'alert_patients'"
        )
    assert system_setting.figure(SettingKey.ALERT_PATIENTS) == 100
    monkeypatch.setattr(system_setting.time, "monotonic", lambda: math.inf)
    assert system_setting.figure(SettingKey.ALERT_PATIENTS) == 7


def test_whoever_is_not_signed_in_is_told_the_public_ones_alone() -> None:
    with acting_as("anonymous"), connection.cursor() as cursor:
        cursor.execute("SELECT key FROM ops.public_settings()")
        found = {key for (key,) in cursor.fetchall()}
    assert found == {key for key, offered in SETTINGS.items() if offered.is_public}


def test_the_database_holds_a_value_to_its_type(administrator: Client) -> None:
    with pytest.raises(IntegrityError, match="system_setting_typed"), acting_as("admin"):
        SystemSetting.objects.filter(type=SettingType.NUMBER).update(value="thirty")
