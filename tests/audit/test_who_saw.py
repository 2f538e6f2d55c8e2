"""Who saw this patient, and what leaves as a file."""

import csv
import io
import uuid

import pytest

from audit.actions import Seen, record, record_access
from audit.enums import Action, SubjectKind
from audit.models import Event
from audit.presenters import register_finder
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from tests.signed_in import client_of, make_organization, make_user

pytestmark = pytest.mark.slow


@pytest.fixture
def payer(real_db):
    return make_organization("payer")


@pytest.fixture
def auditor(payer):
    return make_user("payer", "Auditor", organization=payer)


def look(reader, *persons, claim=None, action=Action.CLAIM_VIEWED):
    claim = claim or uuid.uuid4()
    with acting_as(reader.kind, user=reader, organization=reader.organization_id):
        sides = {f"{reader.kind}_id": reader.organization_id}
        record_access(
            action, [Seen("claim", claim, person_bidx=person, bi_key_id=1, **sides) for person in persons]
        )
    return claim


def bidx(payer, member_id):
    return phi.blind_index("member_id", payer.pk, member_id).value


def ask(client, **asked):
    """What the page answers, after its redirect."""
    answer = client.post("/audit/patient/", asked)
    assert answer.status_code == 302, answer.context["form"].errors
    assert "member_id" not in asked or asked["member_id"] not in answer["Location"]
    page = client.get(answer["Location"])
    return {reader.name: reader.times for reader in page.context["readers"]}, page


def test_who_saw_a_member_by_the_member_id(payer, auditor):
    first, second = (make_user("payer", organization=payer) for _ in range(2))
    person, other = bidx(payer, "W-123 456"), bidx(payer, "W-999")
    for reader, seen in ((first, [person, other]), (first, [person]), (second, [person]), (second, [other])):
        look(reader, *seen)
    client = client_of(auditor)
    told, page = ask(client, payer=str(payer.pk), member_id="w123456")
    assert told == {first.full_name: 2, second.full_name: 1}
    assert len(page.context["rows"]) == 3
    told, _page = ask(client, payer=str(payer.pk), member_id="w123456", last_day="yesterday")
    assert told == {}
    told, _page = ask(client, payer=str(payer.pk), member_id="w123456", first_day="today", last_day="today")
    assert len(told) == 2


def test_who_saw_a_patient_by_a_claim(payer, auditor, monkeypatch):
    """Reads of another claim of the same person count, for they showed the same patient."""
    monkeypatch.setattr("audit.presenters._finders", {})
    reader, person = make_user("payer", organization=payer), bidx(payer, "W-123 456")
    claim = look(reader, person)
    look(reader, person)
    register_finder(SubjectKind.CLAIM, lambda text: {claim} if text == "CLM-1" else set())
    client = client_of(auditor)
    assert ask(client, claim="CLM-1")[0] == {reader.full_name: 2}
    by_link = client.get(f"/audit/patient/?claim={claim}")
    assert [each.times for each in by_link.context["readers"]] == [2]


def test_another_payers_reads_stay_its_own(payer, auditor):
    rival = make_organization("payer")
    look(make_user("payer", organization=rival), bidx(rival, "W-1"))
    client = client_of(auditor)
    refused = client.post("/audit/patient/", {"payer": str(rival.pk), "member_id": "W-1"})
    assert refused.status_code == 200
    assert "payer" in refused.context["form"].errors
    platform = client_of(make_user("admin", "Auditor"))
    assert len(ask(platform, payer=str(rival.pk), member_id="W-1")[0]) == 1


def test_a_question_that_makes_no_sense_is_asked_again(auditor, payer):
    client = client_of(auditor)
    for asked, field in (
        ({}, "claim"),
        ({"member_id": "W-1", "payer": ""}, "payer"),
        ({"member_id": "--", "payer": str(payer.pk)}, "member_id"),
        ({"claim": "CLM-1"}, "claim"),
        ({"member_id": "W1", "payer": str(payer.pk), "first_day": "x"}, "first_day"),
    ):
        page = client.post("/audit/patient/", asked)
        assert field in page.context["form"].errors
    for forged in ("patient=x", "patient=" + "x" * 3000, "claim=x"):
        page = client.get(f"/audit/patient/?{forged}")
        assert page.status_code == 200
        assert "readers" not in page.context


# --- Export -------------------------------------------------------------------------------------------------


def exported(client, query=""):
    answer = client.get(f"/audit/export/?{query}")
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_what_fits_leaves_as_a_file_and_is_recorded(payer, auditor):
    decider = make_user("payer", organization=payer)
    with acting_as("payer", user=decider, organization=payer):
        for action in (Action.CLAIM_APPROVED, Action.CLAIM_DENIED):
            record(action, SubjectKind.CLAIM, uuid.uuid4(), payer_id=payer.pk, details={"reason_code": "-45"})
    look(decider, bidx(payer, "W-1"))
    client = client_of(auditor, is_fresh=True)
    (row,) = exported(client, "of=events&action=claim_denied")
    assert (row["who"], row["action"], row["organization"]) == (
        decider.full_name,
        "claim_denied",
        payer.name,
    )
    assert [row["action"] for row in exported(client, "of=reads&action=claim_viewed")] == ["claim_viewed"]
    with acting_as("auditor", organization=payer):
        told = [event.details for event in Event.objects.filter(action=Action.AUDIT_EXPORTED).order_by("id")]
    assert told == [{"rows": 1, "source": "events"}, {"rows": 1, "source": "reads"}]


def test_an_export_asks_for_a_fresh_second_factor(auditor):
    answer = client_of(auditor).get("/audit/export/?of=events")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/confirm/")


def test_no_cell_is_a_formula(payer, auditor, monkeypatch):
    attacker = make_user("payer", organization=payer)
    with acting_as("system", "test"):
        attacker.first_name = "=HYPERLINK(1)"
        attacker.touch("first_name")
    with acting_as("payer", user=attacker, organization=payer):
        record(Action.CLAIM_DENIED, SubjectKind.CLAIM, uuid.uuid4(), payer_id=payer.pk)
    (row,) = exported(client_of(auditor, is_fresh=True), "action=claim_denied")
    assert row["who"].startswith("'=HYPERLINK")


def test_more_than_a_file_holds_is_refused_with_a_sentence(payer, auditor, monkeypatch):
    monkeypatch.setattr("audit.views.MOST_EXPORTED", 1)
    for _ in range(2):
        look(auditor, bidx(payer, "W-1"))
    client = client_of(auditor, is_fresh=True)
    answer = client.get("/audit/export/?of=reads&action=claim_viewed", follow=True)
    assert answer.redirect_chain == [("/audit/reads/?of=reads&action=claim_viewed", 302)]
    assert "More than 1 rows fit" in answer.content.decode()
    assert client.get("/audit/export/?of=events&first_day=x").status_code == 302
