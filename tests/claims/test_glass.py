"""Emergency openings of one claim's health data: who, for how long, who is told, and who signs it off."""

from copy import copy
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import OrganizationProfile, OutgoingMail, User
from audit.models import Access, Event
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden, WrongState
from claimflow.lib.phi import encrypted_fields, value
from claims.actions.glass import break_glass, open_glass, sign_off
from claims.enums import GlassVerdict
from claims.models import Claim, GlassGrant
from claims.presenters import OPENED
from tests.claims.desk_cast import make_desk
from tests.harness import admin_connection
from tests.signed_in import client_of, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
WHY = "The patient complains that somebody else was billed."


@pytest.fixture
def claim() -> Claim:
    return make_desk().claim()


@pytest.fixture
def administrator() -> User:
    return make_user("admin", "Platform administrator")


def asking(user: User) -> Any:
    return acting_as("admin", user=user)


def opened(claim: Claim, by: User) -> GlassGrant:
    with asking(by):
        return break_glass(claim=claim, reason=WHY, by=by)


def as_admin_finds(claim: Claim) -> Claim:
    found: Claim = Claim.objects.without_sealed().get(pk=claim.pk)
    return found


def end(grant: GlassGrant) -> None:
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE claims_glassgrant SET until = now() WHERE id = %s", [grant.pk])


def test_the_page_shows_every_encrypted_value_of_a_claim() -> None:
    assert {field.name for field in encrypted_fields(Claim)} == set(OPENED)


def test_an_auditor_opens_a_claim_and_another_signs_it_off(claim: Claim) -> None:
    auditor, officer = make_user("admin", "Auditor"), make_user("admin", "Security officer")
    page = reverse("claims:glass_open")
    assert "/account/confirm/" in client_of(auditor).get(page).url
    client = client_of(auditor, is_fresh=True)
    assert client.post(page, {"number": "CLM-0", "reason": "short"}).status_code == 200
    answer = client.post(page, {"number": claim.claim_number.lower(), "reason": WHY}, follow=True)
    text = answer.content.decode()
    with acting_as("system", "test"):
        stored = Claim.objects.get(pk=claim.pk)
        assert value(stored, "patient_last_name") in text
        assert value(stored, "member_id") in text
        told = [value(mail, "address") for mail in OutgoingMail.objects.filter(kind="glass_broken")]
        contacts = {stored.provider.profile.privacy_contact, stored.payer.profile.privacy_contact}
    assert "Health data is open to you" in text
    assert set(told) == contacts
    assert len(told) == 2
    with acting_as("auditor"):
        event = Event.objects.get(action="broke_glass")
        access = Access.objects.get(action="broke_glass")
    assert (event.severity, event.provider_id, event.payer_id) == (
        "critical",
        claim.provider_id,
        claim.payer_id,
    )
    assert (access.actor_id, access.subject_id, access.person_bidx) == (
        auditor.pk,
        claim.pk,
        stored.member_bidx,
    )

    for organization in (stored.provider, stored.payer):
        assert f"The privacy contact of {organization.name} was told." in text
    with acting_as("admin"):
        OrganizationProfile.objects.filter(pk=stored.payer_id).update(privacy_contact="")
    grant = answer.context["grant"]
    again = client.get(reverse("claims:glass_claim", args=[grant.pk])).content.decode()
    assert f"{stored.payer.name} has named no privacy contact" in again
    off = reverse("claims:glass_sign_off", args=[grant.pk])
    assert client.get(off).status_code == 403
    other = client_of(officer)
    assert other.get(reverse("claims:glass_claim", args=[grant.pk])).status_code == 403
    assert WHY in other.get(off).content.decode()
    assert other.post(off, {"verdict": ""}).status_code == 200
    assert other.post(off, {"verdict": "justified", "note": "Seen."}).status_code == 302
    assert "Justified" in other.get(reverse("claims:glass")).content.decode()
    assert "Seen." in other.get(off).content.decode()
    with acting_as("auditor"):
        assert Event.objects.get(action="glass_signed_off").actor_id == officer.pk

    end(grant)
    shut = client.get(reverse("claims:glass_claim", args=[grant.pk]), follow=True).content.decode()
    assert "Nothing of this claim is open to you now." in shut


def test_it_opens_one_claim_to_one_person(administrator: User, claim: Claim) -> None:
    other = make_desk().claim()
    opened(claim, administrator)
    with asking(administrator):
        mine = as_admin_finds(claim)
        open_glass(claim=mine, lines=[], by=administrator)
        assert value(mine, "patient_last_name")
        with pytest.raises(WrongState):
            open_glass(claim=as_admin_finds(other), lines=[], by=administrator)
    colleague = make_user("admin", "Auditor")
    with asking(colleague), pytest.raises(WrongState):
        open_glass(claim=as_admin_finds(claim), lines=[], by=colleague)


def test_who_may_not(administrator: User, claim: Claim) -> None:
    grant = opened(claim, administrator)
    for role in ("Support", "Security officer"):
        person = make_user("admin", role)
        with asking(person), pytest.raises(Forbidden):
            break_glass(claim=claim, reason=WHY, by=person)
    with asking(administrator), pytest.raises(Forbidden, match="Another person"):
        sign_off(grant=grant, verdict=GlassVerdict.JUSTIFIED, note="", by=administrator)
    officer = make_user("admin", "Security officer")
    second = copy(grant)  # as somebody else had it on their page
    with asking(officer):
        sign_off(grant=grant, verdict=GlassVerdict.NOT_JUSTIFIED, note="", by=officer)
        with pytest.raises(WrongState, match="signed off already"):
            sign_off(grant=second, verdict=GlassVerdict.JUSTIFIED, note="", by=officer)
        with pytest.raises(WrongState, match="signed off already"):
            sign_off(grant=grant, verdict=GlassVerdict.JUSTIFIED, note="", by=officer)


def ask_the_function(claim: Claim) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM claims.open_glass(%s)", [claim.pk])
        return list(cursor.fetchall())


def test_the_database_asks_for_itself(administrator: User, claim: Claim) -> None:
    with pytest.raises(ProgrammingError, match="nothing is open"), asking(administrator):
        ask_the_function(claim)
    support = make_user("admin", "Support")
    with pytest.raises(ProgrammingError, match="no right"), asking(support):
        ask_the_function(claim)
    with pytest.raises(IntegrityError, match="not theirs"), asking(support):
        GlassGrant(
            **claim.as_parent(), user=support, reason=WHY, until=timezone.now() + timedelta(minutes=5)
        ).save(force_insert=True)
    with pytest.raises(ProgrammingError, match="row-level security"), asking(administrator):
        GlassGrant(
            **claim.as_parent(), user=administrator, reason=WHY, until=timezone.now() + timedelta(hours=5)
        ).save(force_insert=True)
    grant = opened(claim, administrator)
    with asking(administrator):
        assert ask_the_function(claim)
        assert GlassGrant.objects.filter(pk=grant.pk).update(verdict="justified") == 0
    with pytest.raises(ProgrammingError, match="permission denied"), asking(administrator):
        list(GlassGrant.objects.values_list("reason"))
    end(grant)
    with pytest.raises(ProgrammingError, match="nothing is open"), asking(administrator):
        ask_the_function(claim)
