"""An administrator makes organizations and people, gives and takes roles, and closes accounts."""

import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, OrganizationProfile, RightGrant, Role, User
from audit.models import Event
from claimflow.lib.db.context import acting_as
from tests.accounts.test_sign_in import code_of, enter_password
from tests.factories.members import npi
from tests.harness import admin_connection
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]

NEW_ORGANIZATION = {
    "name": "Harbor View Clinic",
    "type": "clinic",
    "npi": npi(77),
    "payer_code": "",
    "time_zone": "America/Chicago",
    "privacy_contact": "privacy@harbor.example",
    "city": "Chicago",
    "state": "il",
    "phone": "312 555 0100",
    "email": "Ada@Harbor.example",
    "first_name": "Ada",
    "last_name": "Marsh",
}
ADD_ORGANIZATION = "admin:accounts_organization_add"
ADD_USER = "admin:accounts_user_add"


def roles(*names: str, side: str = "admin") -> list[str]:
    with acting_as("system", "test"):
        return [
            str(key) for key in Role.objects.filter(side=side, name__in=names).values_list("pk", flat=True)
        ]


def events(action: str) -> list[Event]:
    with acting_as("auditor"):
        return list(Event.objects.filter(action=action).order_by("id"))


def shown_password(page: str) -> str:
    found = re.search(r'id="temporary-password">([^<]+)<', page)
    assert found
    return found[1]


def error_at(page, field: str) -> str:
    return " ".join(page.context["form"].errors.get(field, []))


def person_form(user: User, **changes: object) -> dict[str, object]:
    with acting_as("system", "test"):
        held = [str(key) for key in RightGrant.objects.filter(user=user).values_list("role_id", flat=True)]
    form = {"first_name": user.first_name, "last_name": user.last_name, "held_roles": held}
    form |= {"is_active": "on"} if user.is_active else {}
    return {key: value for key, value in (form | changes).items() if value is not None}


def change(client: Client, user: User, **changes: object):
    return client.post(reverse("admin:accounts_user_change", args=[user.pk]), person_form(user, **changes))


def test_an_organization_and_its_first_user_who_then_signs_in(administrator: Client) -> None:
    answer = administrator.post(reverse(ADD_ORGANIZATION), NEW_ORGANIZATION)
    assert answer.status_code == 302
    page = administrator.get(answer["Location"])
    password = shown_password(page.content.decode())
    again = administrator.get(answer["Location"])
    assert again.status_code == 302
    assert password not in administrator.get(again["Location"]).content.decode()
    with acting_as("system", "test"):
        organization = Organization.objects.get(name="Harbor View Clinic")
        profile = OrganizationProfile.objects.get(organization=organization)
        user = User.objects.get(email="ada@harbor.example")
        held = sorted(grant.role.name for grant in user.rights.select_related("role"))
    assert (organization.kind, profile.time_zone, profile.state) == ("provider", "America/Chicago", "IL")
    assert held == ["Billing manager", "Organization administrator"]
    assert [event.subject_id for event in events("organization_created")] == [organization.pk]
    assert user.pk in {event.subject_id for event in events("user_created")}

    person = Client()
    enter_password(person, user.email, password)
    assert person.get(reverse("accounts:next_step")).url == reverse("accounts:first_password")
    own = "harbor lights over a quiet bay"
    person.post(reverse("accounts:first_password"), {"new_password": own, "again": own})
    secret = person.get(reverse("accounts:first_factor")).context["secret"].replace(" ", "")
    assert person.post(reverse("accounts:first_factor"), {"code": code_of(secret)}).status_code == 302
    assert person.get(reverse("accounts:nothing_yet")).status_code == 200
    late = Client()
    assert enter_password(late, user.email, password).status_code == 200


def test_a_further_user_of_the_platform(administrator: Client) -> None:
    form = {"email": "aud@example.com", "first_name": "A", "last_name": "B", "organization": ""}
    answer = administrator.post(reverse(ADD_USER), form | {"held_roles": roles("Auditor")})
    assert answer.status_code == 302
    assert shown_password(administrator.get(answer["Location"]).content.decode())


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter the organization name."),
        ("name", "x" * 256, "at most 255"),
        ("type", "", "Choose the type."),
        ("type", "bank", "Choose one of the answers offered."),
        ("npi", "", "A provider needs its NPI"),
        ("npi", "1234567890", "A provider needs its NPI"),
        ("npi", "12345678901", "at most 10"),
        ("payer_code", "P1", "A payer code is for payers."),
        ("time_zone", "Mars/Olympus", "This is not a time zone."),
        ("time_zone", "", "Enter the time zone."),
        ("privacy_contact", "nobody", "Enter an e-mail address such as"),
        ("privacy_contact", "a" * 300 + "@example.com", "at most 254"),
        ("state", "Illinois", "at most 2"),
        ("phone", "3" * 21, "at most 20"),
        ("city", "c" * 101, "at most 100"),
        ("email", "no address", "Enter an e-mail address such as"),
        ("email", "", "Enter the e-mail address."),
        ("first_name", "", "Enter the first name."),
        ("last_name", "z" * 101, "at most 100"),
        ("last_name", "a\x00b", "Null characters are not allowed."),
    ],
)
def test_a_wrong_organization_is_told_at_its_field_and_nothing_typed_is_lost(
    administrator: Client, field: str, value: str, sentence: str
) -> None:
    typed = NEW_ORGANIZATION | {field: value}
    page = administrator.post(reverse(ADD_ORGANIZATION), typed)
    assert page.status_code == 200
    assert sentence in error_at(page, field)
    assert list(page.context["form"].errors) == [field]
    text = page.content.decode()
    assert f'id="id_{field}_error"' in text
    for name, kept in typed.items():
        if name != "type" and kept and "\x00" not in kept:
            assert kept in text, name
    with acting_as("system", "test"):
        assert not Organization.objects.filter(name="Harbor View Clinic").exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"type": "insurer"}, "npi", "An NPI is for providers."),
        ({"type": "insurer", "npi": "", "payer_code": ""}, "payer_code", "A payer needs a code"),
        ({"npi": npi(78)}, "npi", "Another organization has this NPI."),
        ({"type": "insurer", "npi": "", "payer_code": "TAKEN"}, "payer_code", "Another payer has this code."),
        ({"email": "Taken@example.com"}, "email", "Somebody already signs in with this address."),
    ],
)
def test_what_is_taken_or_of_the_other_side(
    administrator: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    make_user("admin", email="taken@example.com")
    for kind, numbers in (("provider", {"npi": npi(78)}), ("payer", {"payer_code": "TAKEN"})):
        other = make_organization(kind)
        with acting_as("system", "test"):
            OrganizationProfile.objects.filter(pk=other.pk).update(**numbers)
    page = administrator.post(reverse(ADD_ORGANIZATION), NEW_ORGANIZATION | changes)
    assert sentence in error_at(page, field)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"held_roles": []}, "held_roles", "Choose the roles."),
        ({"held_roles": ["rubbish"]}, "held_roles", "not a valid"),
        ({"held_roles": [str(uuid.uuid4())]}, "held_roles", "Choose one of the answers offered."),
        ({"held_roles": "Biller"}, "held_roles", "Without an organization choose roles of the platform"),
        ({"organization": "rubbish"}, "organization", "is not a valid"),
        ({"email": "x"}, "email", "Enter an e-mail address such as"),
        ({"first_name": ""}, "first_name", "Enter the first name."),
    ],
)
def test_a_wrong_user_is_told_at_its_field(
    administrator: Client, changes: dict[str, object], field: str, sentence: str
) -> None:
    form = {"email": "kept@example.com", "first_name": "Kept", "last_name": "Too", "organization": ""}
    form["held_roles"] = roles("Auditor")
    if changes.get("held_roles") == "Biller":
        changes = {"held_roles": roles("Biller", side="provider")}
    page = administrator.post(reverse(ADD_USER), form | changes)
    assert page.status_code == 200
    assert sentence in error_at(page, field)
    assert 'value="Too"' in page.content.decode()


def test_two_at_once_with_one_address_make_one(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("admin", email="ada@harbor.example")
    monkeypatch.setattr("accounts.forms.people._clean_address", lambda email: email.lower())
    page = administrator.post(reverse(ADD_ORGANIZATION), NEW_ORGANIZATION)
    assert "Somebody has just used this address" in page.content.decode()
    with acting_as("system", "test"):
        assert not Organization.objects.filter(name="Harbor View Clinic").exists()


def test_the_form_token_is_asked_for(administrator: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = administrator.cookies
    assert strict.post(reverse(ADD_ORGANIZATION), NEW_ORGANIZATION).status_code == 403


def test_roles_are_given_and_taken_and_count_from_the_next_request(administrator: Client) -> None:
    clinic = make_organization()
    make_user("provider", "Organization administrator", organization=clinic)
    user = make_user("provider", "Organization administrator", organization=clinic)
    theirs = client_of(user)
    assert theirs.get(reverse("audit:events")).status_code == 403
    answer = change(administrator, user, held_roles=roles("Billing manager", side="provider"))
    assert answer.status_code == 302
    assert theirs.get(reverse("audit:events")).status_code == 200
    (event,) = events("rights_changed")
    assert event.subject_id == user.pk
    assert event.details == {
        "rights_added": ["billing-manager"],
        "rights_removed": ["organization-administrator"],
    }
    with acting_as("system", "test"):
        (grant,) = RightGrant.objects.filter(user=user)
        assert grant.granted_by_id
        assert grant.organization_id == user.organization_id
        (entry,) = LogEntry.objects.filter(object_pk=str(user.pk))
    assert entry.changes == {"held_roles": ["Organization administrator", "Billing manager"]}
    change(administrator, user, held_roles=[])
    assert theirs.get(reverse("audit:events")).status_code == 403


def test_saving_without_a_change_records_nothing(administrator: Client) -> None:
    user = make_user("provider", "Biller", organization=make_organization())
    assert change(administrator, user).status_code == 302
    assert events("rights_changed") == events("user_changed") == []


def test_a_role_of_another_side_is_not_offered(administrator: Client) -> None:
    user = make_user("provider", "Biller", organization=make_organization())
    page = change(administrator, user, held_roles=roles("Platform administrator"))
    assert page.status_code == 200
    assert "Choose one of the answers offered." in page.content.decode()


def test_nobody_changes_their_own_rights_or_closes_their_own_account() -> None:
    me = make_user("admin", "Platform administrator")
    client = client_of(me, is_fresh=True)
    page = client.get(reverse("admin:accounts_user_change", args=[me.pk])).content.decode()
    assert 'name="held_roles"' not in page
    assert 'name="is_active"' not in page
    assert "Platform administrator" in page
    answer = change(client, me, held_roles=roles("Auditor"), is_active=None, last_name="New")
    assert answer.status_code == 302
    with acting_as("system", "test"):
        now = User.objects.get(pk=me.pk)
        assert now.is_active
        assert now.last_name == "New"
        assert [grant.role.name for grant in now.rights.select_related("role")] == ["Platform administrator"]
    assert [(event.fields, event.severity) for event in events("user_changed")] == [(["last_name"], "notice")]


@pytest.mark.parametrize("action", ["deactivate", "end_sessions", "unlock"])
def test_support_looks_and_does_nothing_to_people(action: str) -> None:
    user = make_user("provider", "Biller", organization=make_organization())
    theirs = client_of(user)
    client = client_of(make_user("admin", "Support"), is_fresh=True)
    page = client.get(reverse("admin:accounts_user_changelist")).content.decode()
    assert 'name="action"' not in page
    before = newest_event()
    client.post(
        reverse("admin:accounts_user_changelist"), {"action": action, "_selected_action": [str(user.pk)]}
    )
    assert theirs.get(reverse("claims:home")).status_code == 200
    assert newest_event() == before


def newest_event() -> int:
    with acting_as("admin"):
        return Event.objects.exclude(kind="auditor").order_by("-id").values_list("id", flat=True).first() or 0


def test_the_chosen_are_signed_out_everywhere_and_oneself_is_not() -> None:
    me = make_user("admin", "Platform administrator")
    user = make_user("provider", "Biller", organization=make_organization())
    theirs, client = client_of(user), client_of(me, is_fresh=True)
    people = [str(user.pk), str(me.pk)]
    url = reverse("admin:accounts_user_changelist")
    page = client.post(url, {"action": "end_sessions", "_selected_action": people}, follow=True)
    assert "1 session was ended." in page.content.decode()
    assert "Nobody changes their own access" in page.content.decode()
    assert theirs.get(reverse("claims:home")).status_code == 302
    (event,) = events("session_ended")
    assert (event.subject_id, event.details, event.severity) == (user.pk, {"ended": 1}, "notice")


@pytest.mark.parametrize("name", ["user_add", "user_changelist", "role_add", "securitypolicy_add"])
def test_what_decides_who_comes_in_is_saved_after_a_fresh_proof(name: str) -> None:
    client = client_of(make_user("admin", "Platform administrator"))
    url = reverse(f"admin:accounts_{name}")
    assert client.get(url).status_code == 200
    answer = client.post(url, {"name": "Desk", "email": "new@example.com", "first_name": "Ada"})
    assert answer.url.startswith(reverse("accounts:confirm"))
    back = parse_qs(urlsplit(answer.url).query)["next"][0]
    assert back.startswith(f"{url}?kept=")


def test_somebody_deactivated_is_out_with_the_next_request(administrator: Client) -> None:
    user = make_user("provider", "Billing manager", organization=make_organization())
    theirs = client_of(user)
    assert theirs.get(reverse("audit:events")).status_code == 200
    assert change(administrator, user, is_active=None).status_code == 302
    assert theirs.get(reverse("audit:events")).status_code == 302
    assert [event.subject_id for event in events("user_deactivated")] == [user.pk]
    user.is_active = False
    assert change(administrator, user, is_active="on").status_code == 302
    assert [event.subject_id for event in events("user_reactivated")] == [user.pk]
    assert theirs.get(reverse("audit:events")).status_code == 302
    assert client_of(user).get(reverse("audit:events")).status_code == 200


def test_the_people_of_an_inactive_organization_are_out(administrator: Client) -> None:
    organization = make_organization()
    theirs = client_of(make_user("provider", "Billing manager", organization=organization))
    url = reverse("admin:accounts_organization_change", args=[organization.pk])
    assert theirs.get(reverse("audit:events")).status_code == 200
    assert administrator.post(url, {"name": "Renamed", "status": "inactive"}).status_code == 302
    assert theirs.get(reverse("audit:events")).status_code == 302
    (event,) = events("organization_changed")
    assert (event.subject_id, event.old_status, event.new_status) == (organization.pk, "active", "inactive")
    assert sorted(event.fields) == ["name", "status"]


def test_a_profile_is_changed_and_checked(administrator: Client) -> None:
    organization = make_organization()
    url = reverse("admin:accounts_organizationprofile_change", args=[organization.pk])
    form = {"time_zone": "America/Denver", "privacy_contact": "p@example.com", "npi": npi(5), "state": "co"}
    assert administrator.post(url, form).status_code == 302
    (event,) = events("organization_changed")
    assert sorted(event.fields) == ["npi", "privacy_contact", "state", "time_zone"]
    for name, value, sentence in (
        ("npi", "1234567890", "A provider needs its NPI"),
        ("time_zone", "Denver", "This is not a time zone"),
        ("payer_code", "P1", "A payer code is for payers"),
    ):
        page = administrator.post(url, form | {name: value})
        assert page.status_code == 200
        assert sentence in page.content.decode()


def test_the_reserved_account_cannot_be_changed(administrator: Client) -> None:
    with acting_as("system", "test"):
        robot = User.objects.get(is_system=True)
    url = reverse("admin:accounts_user_change", args=[robot.pk])
    assert administrator.get(url).status_code == 200
    assert administrator.post(url, {"first_name": "X"}).status_code == 403


def test_the_administration_has_no_door_of_its_own(administrator: Client) -> None:
    anyone = Client()
    assert anyone.get("/admin/").url.startswith(reverse("accounts:sign_in"))
    assert anyone.get("/admin/login/").url.startswith(reverse("accounts:sign_in"))
    assert administrator.get("/admin/login/").status_code == 403
    assert administrator.get("/admin/password_change/").status_code == 404
    assert administrator.get("/admin/nothing/here/").status_code == 404
    answer = administrator.post("/admin/logout/")
    assert (answer.status_code, answer.url) == (307, reverse("accounts:sign_out"))
    assert administrator.post(answer.url).status_code == 302
    assert administrator.get("/admin/").status_code == 302


def test_others_are_refused_everywhere() -> None:
    for user in (
        make_user("provider", "Organization administrator", organization=make_organization()),
        make_user("payer", "Organization administrator", organization=make_organization("payer")),
        make_user("admin", "Auditor"),
    ):
        client = client_of(user)
        for name in (
            "index",
            "accounts_user_changelist",
            "accounts_user_add",
            "accounts_organization_created",
        ):
            assert client.get(reverse(f"admin:{name}")).status_code == 403
        assert client.post(reverse(ADD_ORGANIZATION), NEW_ORGANIZATION).status_code == 403


def test_the_password_is_not_in_the_database_in_clear(administrator: Client) -> None:
    answer = administrator.post(reverse(ADD_ORGANIZATION), NEW_ORGANIZATION)
    with admin_connection() as admin:
        kept = str(admin.execute("SELECT session_data FROM accounts_session").fetchall())
    password = shown_password(administrator.get(answer["Location"]).content.decode())
    assert password not in kept
