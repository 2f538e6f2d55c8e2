"""From the trail to an alert, to a mail, to somebody who answers it."""

import datetime as dt
import math
import uuid

import pytest
from django.db import connection

from accounts import system_setting
from accounts.actions import alerts, watch
from accounts.enums import AlertKind, AlertState, MailKind
from accounts.models import Alert, AlertCursor, OutgoingMail
from audit.actions import Seen, record, record_access
from audit.actions.verify import TRAIL
from audit.enums import Action, Severity, SubjectKind
from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden, WrongState
from tests.harness import admin_connection
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _quiet_server(monkeypatch):
    """Transaction ids belong to the whole server: somebody else's long transaction must not hold our events back."""

    def horizon():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_identifier, pg_current_xact_id()::text::bigint FROM pg_control_system()"
            )
            return cursor.fetchone()

    monkeypatch.setattr(watch, "_horizon", horizon)


def run() -> list[Alert]:
    with acting_as("system", "watch_security"):
        return watch.watch()


def happen(action, subject=None, kind=SubjectKind.USER, times=1, **values):
    """Something happens to a person of the trail."""
    for _ in range(times):
        with acting_as("system", "test"):
            record(action, kind, getattr(subject, "pk", subject) or uuid.uuid4(), **values)


def settle() -> None:
    """What making the people raised is told already, without a mail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "_tell", lambda cursor: None)
        run()
    with acting_as("system", "test"):
        Alert.objects.update(mailed_at=dt.datetime.now(dt.UTC))


def mails() -> int:
    with acting_as("system", "test"):
        return OutgoingMail.objects.filter(kind=MailKind.ALERTS_RAISED).count()


@pytest.fixture
def clinic():
    return make_organization("provider")


@pytest.fixture
def biller(clinic):
    return make_user("provider", "Biller", organization=clinic)


@pytest.mark.parametrize(
    ("action", "kind", "severity"),
    [
        (Action.LOCKED, AlertKind.SIGN_IN_LOCKED, Severity.WARNING),
        (Action.NEW_DEVICE, AlertKind.NEW_DEVICE, Severity.NOTICE),
        (Action.RIGHTS_CHANGED, AlertKind.RIGHTS_CHANGED, Severity.WARNING),
        (Action.AUTHORITY_CHANGED, AlertKind.RIGHTS_CHANGED, Severity.WARNING),
        (Action.FACTOR_RESET, AlertKind.ACCESS_RESET, Severity.WARNING),
        (Action.BROKE_GLASS, AlertKind.BROKE_GLASS, Severity.CRITICAL),
    ],
)
def test_what_is_told_of_a_person_is_the_organizations_alert(biller, action, kind, severity):
    happen(action, biller)
    (alert,) = run()
    assert (alert.kind, alert.severity, alert.state) == (kind, severity, AlertState.OPEN)
    assert (alert.subject_id, alert.organization_id) == (biller.pk, biller.organization_id)
    with acting_as("system", "test"):
        event = Event.objects.get(action=Action.ALERT_RAISED)
    assert (event.subject_id, event.provider_id, event.details) == (
        alert.pk,
        biller.organization_id,
        {"alert": kind.value},
    )


def test_only_a_verification_that_failed_is_an_alert_and_the_platforms_alone():
    happen(Action.AUDIT_VERIFIED, TRAIL, SubjectKind.AUDIT)
    assert run() == []
    happen(Action.AUDIT_VERIFIED, TRAIL, SubjectKind.AUDIT, outcome="failure", severity="critical")
    (alert,) = run()
    assert (alert.kind, alert.severity, alert.organization) == (
        AlertKind.TRAIL_BROKEN,
        Severity.CRITICAL,
        None,
    )


def test_reading_twice_raises_once(biller):
    happen(Action.LOCKED, biller)
    assert len(run()) == 1
    assert run() == []
    with acting_as("system", "test"):
        AlertCursor.objects.update(xid=0)
    assert run() == []
    with acting_as("system", "test"):
        assert Alert.objects.count() == 1


def test_after_a_restore_into_another_cluster_nothing_is_passed_over(biller):
    run()
    with acting_as("system", "test"):
        AlertCursor.objects.update(cluster=1, xid=2**61)
    happen(Action.LOCKED, biller)
    assert len(run()) == 1


@pytest.mark.parametrize(("times", "alerts_"), [(10, 0), (11, 1)])
def test_a_burst_of_failures_is_one_alert(biller, times, alerts_):
    happen(Action.SIGN_IN_FAILED, biller, times=times - 2, outcome="failure")
    happen(Action.SECOND_FACTOR_FAILED, biller, outcome="failure")
    happen(Action.IDENTITY_CONFIRMED, biller, outcome="failure")
    happen(Action.IDENTITY_CONFIRMED, biller)
    found = run()
    assert [alert.kind for alert in found] == [AlertKind.SIGN_INS_FAILED] * alerts_
    happen(Action.SIGN_IN_FAILED, biller, outcome="failure")
    if found:
        assert found[0].times == times
        assert run() == []  # it goes on; told once in an hour
        with acting_as("system", "test"):
            grown = Alert.objects.get()
        assert grown.times == times + 1
        assert grown.last_at > found[0].last_at


def test_an_alert_says_from_how_many_places_and_with_which_browsers(biller):
    for place, agent in (("a1", "firefox-linux"), ("a1", "firefox-linux"), ("b2", "unknown")):
        details = {"address_hash": place, "agent": agent}
        happen(Action.SIGN_IN_FAILED, biller, times=4, outcome="failure", details=details)
    (alert,) = run()
    page = (
        client_of(make_user("admin", "Platform administrator")).get(f"/security/{alert.pk}/").content.decode()
    )
    assert "<dt>From how many places</dt><dd>2</dd>" in page
    assert "Firefox on Linux, an unknown browser" in page


def test_one_password_at_many_accounts_is_an_alert_of_the_platform():
    for _ in range(watch.MOST_SPRAYED + 1):
        happen(Action.SIGN_IN_FAILED, kind=SubjectKind.ADDRESS, outcome="failure")
    (alert,) = run()
    assert (alert.kind, alert.times, alert.organization) == (AlertKind.SIGN_INS_SPRAYED, 26, None)


def test_opening_the_data_of_many_is_an_alert_and_a_list_is_not(clinic, biller):
    system_setting.remember(system_setting.DEFAULTS | {"alert_patients": 3}, until=math.inf)
    persons = [f"{number:032x}" for number in range(4)]

    def look(action, persons):
        with acting_as("provider", user=biller, organization=clinic):
            record_access(
                action, [Seen("claim", uuid.uuid4(), clinic.pk, None, person, 1) for person in persons]
            )

    look(Action.CLAIMS_LISTED, persons)
    look(Action.CLAIM_VIEWED, persons[:3])
    look(Action.CLAIM_VIEWED, persons[:3])
    assert run() == []
    look(Action.PATIENT_VIEWED, persons[3:])
    (alert,) = run()
    assert (alert.kind, alert.subject_id, alert.times) == (AlertKind.MASS_READING, biller.pk, 4)
    assert alert.organization_id == clinic.pk
    assert run() == []


def test_a_storm_is_one_mail_to_each_officer_of_the_platform(biller):
    officer = make_user("admin", "Platform administrator")
    make_user("admin", "Auditor")
    settle()
    happen(Action.NEW_DEVICE, biller)
    run()
    assert mails() == 0  # a notice waits on the page
    happen(Action.LOCKED, biller, times=3)
    run()
    assert mails() == 1
    with acting_as("system", "test"):
        mail = OutgoingMail.objects.get(kind=MailKind.ALERTS_RAISED)
        assert (mail.user_id, phi.value(mail, "words")) == (officer.pk, {"critical": 0, "warning": 3})
    happen(Action.LOCKED, biller)
    run()
    assert mails() == 1
    with acting_as("system", "test"):
        AlertCursor.objects.update(mailed_at=dt.datetime.now(dt.UTC) - watch.MAIL_PAUSE)
    run()
    run()
    assert mails() == 2


@pytest.mark.parametrize(
    ("action", "kind", "raised"),
    [
        (Action.ROLE_CREATED, SubjectKind.ROLE, [AlertKind.RIGHTS_CHANGED]),
        (Action.ROLE_CHANGED, SubjectKind.ROLE, [AlertKind.RIGHTS_CHANGED]),
        (Action.POLICY_CHANGED, SubjectKind.SECURITY_POLICY, [AlertKind.POLICY_CHANGED]),
        (Action.PASSWORD_RESET, SubjectKind.USER, [AlertKind.ACCESS_RESET]),
        (Action.USER_CREATED, SubjectKind.USER, []),
    ],
)
def test_what_changes_who_may_come_in_is_told(action, kind, raised):
    happen(action, kind=kind)
    assert [alert.kind for alert in run()] == raised


def test_a_new_administrator_is_told_and_ones_own_forgotten_password_is_not(clinic, biller):
    officer = make_user("provider", "Organization administrator", organization=clinic)
    with acting_as("login", user=biller, organization=clinic):
        record(Action.PASSWORD_RESET, SubjectKind.USER, biller.pk)
    (alert,) = run()
    assert (alert.kind, alert.subject_id) == (AlertKind.RIGHTS_CHANGED, officer.pk)


def test_both_resets_of_one_person_are_critical(biller):
    happen(Action.PASSWORD_RESET, biller)
    happen(Action.FACTOR_RESET, biller)
    assert [alert.severity for alert in run()] == [Severity.WARNING, Severity.CRITICAL]


def test_an_organizations_officer_hears_of_its_own_alerts_also_of_taken_ones(clinic, biller):
    officer = make_user("provider", "Organization administrator", organization=clinic)
    stranger = make_user("payer", "Organization administrator", organization=make_organization("payer"))
    settle()
    with acting_as("system", "test"):
        AlertCursor.objects.update(mailed_at=dt.datetime.now(dt.UTC))
    happen(Action.LOCKED, biller)
    (alert,) = run()
    assert mails() == 0
    with acting_as("auditor", user=officer, organization=clinic):
        alerts.take(alert_id=alert.pk, by=officer)
    with acting_as("system", "test"):
        AlertCursor.objects.update(mailed_at=dt.datetime.now(dt.UTC) - watch.MAIL_PAUSE)
    run()
    with acting_as("system", "test"):
        told = list(
            OutgoingMail.objects.filter(kind=MailKind.ALERTS_RAISED).values_list("user_id", flat=True)
        )
    assert told == [officer.pk] != [stranger.pk]


def test_the_mail_names_nobody(biller):
    from accounts.actions.mail import message_of, post

    officer = make_user("admin", "Platform administrator")
    with acting_as("system", "test"):
        message = message_of(post(MailKind.ALERTS_RAISED, to=officer, critical=1, warning=2))
    assert message.subject == "New ClaimFlow security alerts"
    assert "Critical: 1. Warnings: 2." in message.body
    assert "/security/" in message.body


# --- Answering ----------------------------------------------------------------------------------------------


@pytest.fixture
def alert(biller):
    happen(Action.LOCKED, biller)
    return run()[0]


@pytest.fixture
def officer(clinic):
    return make_user("provider", "Organization administrator", organization=clinic)


def listed(client, query="") -> list[uuid.UUID]:
    page = client.get(f"/security/?{query}")
    assert page.status_code == 200
    return [row.alert.pk for row in page.context["rows"]]


def test_an_alert_is_taken_and_resolved_with_words_and_each_step_is_recorded(alert, officer):
    client = client_of(officer)
    assert listed(client) == [alert.pk]
    assert client.post(f"/security/{alert.pk}/take/").status_code == 302
    short = client.post(f"/security/{alert.pk}/resolve/", {"resolution": "no"})
    assert "at least 10 characters" in short.content.decode()
    words = "She had a new keyboard."
    assert client.post(f"/security/{alert.pk}/resolve/", {"resolution": words}).status_code == 302
    assert "Nothing waits for you" in client.get("/security/").content.decode()
    page = client.get(f"/security/{alert.pk}/").content.decode()
    assert words in page
    for shown in ("Raised an alert", "Took the alert", "Resolved the alert", officer.full_name):
        assert shown in page
    with admin_connection() as admin:
        state, owner, stored = admin.execute(
            "SELECT state, owner_id, resolution FROM accounts_alert WHERE id = %s", [alert.pk]
        ).fetchone()
    assert (state, owner) == ("resolved", officer.pk)
    assert words.encode() not in bytes(stored)


def test_who_handles_alerts_sees_whose(alert, biller, officer):
    stranger = make_user("provider", "Organization administrator", organization=make_organization("provider"))
    platform = make_user("admin", "Platform administrator")
    assert listed(client_of(platform)) == listed(client_of(officer)) == [alert.pk]
    assert client_of(officer).get(f"/security/{alert.pk}/").status_code == 200
    assert client_of(stranger).get(f"/security/{alert.pk}/").status_code == 404
    assert listed(client_of(stranger)) == []
    assert client_of(biller).get("/security/").status_code == 403
    with pytest.raises(Forbidden), acting_as("auditor", user=biller, organization=biller.organization_id):
        alerts.take(alert_id=alert.pk, by=biller)


def test_a_resolved_alert_stays_so(alert, officer):
    def acting():
        return acting_as("auditor", user=officer, organization=officer.organization_id)

    with acting():
        alerts.resolve(alert_id=alert.pk, resolution="It was a drill.", by=officer)
    for act in (
        lambda: alerts.take(alert_id=alert.pk, by=officer),
        lambda: alerts.resolve(alert_id=alert.pk, resolution="Something else.", by=officer),
    ):
        with pytest.raises(WrongState), acting():
            act()
    client = client_of(officer)
    for query in ("state=resolved", "state=all&severity=warning", "state=all&kind=sign_in_locked"):
        assert listed(client, query) == [alert.pk]
    for query in ("", "state=x", "state=all&severity=critical", "cursor=%00"):
        assert listed(client, query) == []


def test_the_number_of_queries_does_not_grow(biller, officer, django_assert_max_num_queries):
    client = client_of(officer)
    counts = []
    for _ in range(2):
        happen(Action.LOCKED, biller, times=3)
        run()
        with django_assert_max_num_queries(40) as captured:
            client.get("/security/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
