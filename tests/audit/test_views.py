"""The auditor's pages: who may, what they show and hide, that looking leaves a trace."""

import uuid

import pytest
from django.db import OperationalError

from accounts.enums import Permission
from audit import policies
from audit.actions import Seen, record, record_access
from audit.actions.verify import verify_and_record
from audit.enums import Action, SubjectKind
from audit.models import Access, Event
from audit.presenters import SENTENCES, SUBJECTS, Label, register_finder, register_subjects
from audit.views import ROWS
from claimflow.lib.db.context import acting_as
from tests.audit.conftest import seal
from tests.harness import admin_connection
from tests.signed_in import client_of, make_organization, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture
def payer():
    return make_organization("payer")


@pytest.fixture
def auditor(payer):
    return make_user("payer", "Auditor", organization=payer)


def approve(payer, claim=None, actor=None, **values):
    claim = claim or uuid.uuid4()
    with acting_as("payer", user=actor, organization=payer):
        record(Action.CLAIM_APPROVED, SubjectKind.CLAIM, claim, payer_id=payer.pk, **values)
    return claim


def test_the_word_of_the_right_is_that_of_accounts():
    assert policies.READ_AUDIT == Permission.READ_AUDIT


def test_every_word_has_a_sentence():
    assert set(SENTENCES) == set(Action)
    assert set(SUBJECTS) == set(SubjectKind)


def test_an_auditor_reads_sentences(payer, auditor):
    decider = make_user("payer", organization=payer)
    claim = approve(
        payer,
        actor=decider,
        old_status="in_review",
        new_status="approved",
        details={"reason_codes": ["CO-45"]},
    )
    page = client_of(auditor).get("/audit/")
    text = page.content.decode()
    assert page.status_code == 200
    for shown in ("Approved the claim", decider.full_name, "in review → approved", "reason codes: CO-45"):
        assert shown in text
    assert str(claim) in text


def test_strangers_and_colleagues_stay_outside(payer, client):
    for url in ("/audit/", "/audit/reads/"):
        assert client.get(url).status_code == 302
        for person in (
            make_user("payer", "Adjudicator", organization=payer),
            make_user("payer", organization=payer),
        ):
            assert client_of(person).get(url).status_code == 403
    assert (
        client_of(make_user("payer", "Adjudicator", organization=payer)).post("/audit/verify/").status_code
        == 403
    )


def test_a_refusal_stands_in_the_trail_and_stays_one_without_it(payer, monkeypatch):
    person = make_user("payer", "Adjudicator", organization=payer)
    assert client_of(person).get("/audit/?actor=somebody").status_code == 403
    with acting_as("system", "test"):
        event = Event.objects.get(action=Action.ACCESS_DENIED)
    assert (event.actor_id, event.subject_id, event.kind) == (person.pk, person.pk, "payer")
    assert (event.outcome, event.severity) == ("denied", "warning")
    assert event.details == {"reason_code": "refused", "page": "audit:events"}

    def no_trail(*_arguments, **_words):
        raise OperationalError

    monkeypatch.setattr("claimflow.middleware.actor.record", no_trail)
    assert client_of(person).get("/audit/").status_code == 403


def test_only_the_own_organization_is_shown(payer, auditor):
    other = make_organization("payer")
    mine, theirs = approve(payer), approve(other)
    text = client_of(auditor).get("/audit/").content.decode()
    assert str(mine) in text
    assert str(theirs) not in text
    platform = client_of(make_user("admin", "Auditor"))
    text = platform.get("/audit/").content.decode()
    assert str(mine) in text
    assert str(theirs) in text


def test_looking_leaves_a_trace(auditor):
    client_of(auditor).get("/audit/")
    with acting_as("admin"):
        row = Access.objects.get()
    assert (row.action, row.actor_id, row.kind) == ("audit_viewed", auditor.pk, "auditor")


def test_no_trace_no_answer(payer, auditor):
    """Without the right to append the page shows nothing (ruling 48)."""
    claim = approve(payer)
    signature = "audit.record_access(text, text[], uuid[], uuid[], uuid[], text[], smallint[])"
    from claimflow.lib.db.roles import role

    with admin_connection(autocommit=True) as admin:
        admin.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {role('auditor')}")
    client = client_of(auditor)
    client.raise_request_exception = False
    try:
        page = client.get("/audit/")
    finally:
        with admin_connection(autocommit=True) as admin:
            admin.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {role('auditor')}")
    assert page.status_code >= 500
    assert str(claim) not in page.content.decode()


def test_filters_narrow_and_nonsense_shows_nothing(payer, auditor):
    decider = make_user("payer", organization=payer)
    first, second = approve(payer, actor=decider), approve(payer, outcome="failure")
    client = client_of(auditor)

    def shown(query):
        page = client.get("/audit/?" + query)
        assert page.status_code == 200
        text = page.content.decode()
        return [claim == first for claim in (first, second) if f'title="{claim}"' in text]

    assert shown("") == [True, False]
    assert shown(f"subject={first}") == [True]
    assert shown(f"actor={decider.pk}") == [True]
    assert shown(f"actor={decider.email}") == [True]
    assert shown("actor=nobody@example.com") == []
    assert shown("outcome=failure") == [False]
    assert shown("action=claim_denied") == []
    assert shown("first_day=today&last_day=today") == [True, False]
    assert shown("first_day=01/01/2020&last_day=01/02/2020") == []
    assert shown("first_day=today&last_day=01/02/2020") == []
    for nonsense in ("subject=x", "action=y", "first_day=z", "outcome=q", "cursor=%00", "actor=%F0"):
        assert client.get("/audit/?" + nonsense).status_code == 200
    assert shown("subject=x") == []


def test_pages_go_on_without_losing_a_row(payer, auditor):
    claims = {approve(payer) for _ in range(ROWS + 3)}
    client = client_of(auditor)
    first = client.get("/audit/")
    second = client.get("/audit/?cursor=" + first.context["page"].next_cursor)
    seen = [row.subject_id for page in (first, second) for row in page.context["rows"]]
    assert len(seen) == ROWS + 3
    assert set(seen) == claims
    assert second.context["page"].next_cursor is None


def test_the_number_of_queries_does_not_grow(payer, auditor, django_assert_max_num_queries):
    client = client_of(auditor)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(40) as captured:
            client.get("/audit/")
        counts.append(len(captured))
        for _row in range(20):
            approve(payer, actor=make_user("payer", organization=payer) if _row == 0 else None)
    with django_assert_max_num_queries(40) as captured:
        client.get("/audit/")
    assert abs(len(captured) - counts[-1]) <= 1


def test_reads_show_who_saw_whom(payer, auditor):
    claims = [uuid.uuid4(), uuid.uuid4()]
    reader = make_user("payer", organization=payer)
    with acting_as("payer", user=reader, organization=payer):
        record_access(Action.CLAIMS_LISTED, [Seen("claim", claim, payer_id=payer.pk) for claim in claims])
        record_access(Action.MEMBERS_SEARCHED, [])
    text = client_of(auditor).get("/audit/reads/").content.decode()
    for shown in (*map(str, claims), reader.full_name, "2 rows shown together", "nothing found"):
        assert shown in text


def test_upper_apps_name_subjects(payer, auditor, monkeypatch):
    monkeypatch.setattr("audit.presenters._subjects", {})
    claim = approve(payer)
    register_subjects(
        SubjectKind.CLAIM, lambda ids: {each: Label("CLM-20261121-0001", "/desk/1/") for each in ids}
    )
    text = client_of(auditor).get("/audit/").content.decode()
    assert '<a href="/desk/1/">CLM-20261121-0001</a>' in text
    assert f'title="{claim}"' not in text


def test_upper_apps_find_subjects_by_what_people_call_them(payer, auditor, monkeypatch):
    monkeypatch.setattr("audit.presenters._finders", {})
    first, second = approve(payer), approve(payer)
    register_finder(SubjectKind.CLAIM, lambda text: {first} if text == "CLM-1" else set())
    client = client_of(auditor)
    assert [row.subject_id for row in client.get("/audit/?subject=CLM-1").context["rows"]] == [first]
    assert [row.subject_id for row in client.get(f"/audit/?subject={second}").context["rows"]] == [second]
    page = client.get("/audit/?subject=CLM-2")
    assert page.context["rows"] == []
    text = page.content.decode()
    assert "No claim of this number is in the trail that you may read." in text
    assert 'value="CLM-2"' in text


def test_the_state_of_the_seals_is_told(payer, auditor):
    client = client_of(auditor)
    text = client.get("/audit/").content.decode()
    assert "never" in text
    approve(payer)
    seal()
    with acting_as("system", "audit_verify"):
        verify_and_record()
    text = client.get("/audit/").content.decode()
    assert "unbroken" in text
    assert "found 0 faults" in text


def test_verification_is_asked_for_by_post(auditor):
    client = client_of(auditor)
    assert client.get("/audit/verify/").status_code == 405
    for _ in range(2):  # what waits already is not asked for again
        assert client.post("/audit/verify/").status_code == 302
    with admin_connection() as admin:
        jobs = admin.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'audit_verify'"
        ).fetchone()
    assert jobs[0] == 1
