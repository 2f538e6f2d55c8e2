"""Appending: what an event holds, whose it is, what is refused, and that nothing happens without it."""

import datetime as dt
import threading
import uuid
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction

from audit.actions import Seen, record, record_access, record_many, told_later
from audit.enums import Action, Detail, SubjectKind
from audit.models import Access, Checkpoint, Event
from claimflow.lib.db.context import Actor, acting_as, opened
from claimflow.lib.ids import uuid7

pytestmark = pytest.mark.usefixtures("real_db")

PROVIDER, PAYER, OTHER, BILLER = (uuid.UUID(int=number) for number in (1, 2, 3, 4))


def submitted(claim=None, **values):
    given = {"provider_id": PROVIDER, "payer_id": PAYER, "new_status": "submitted", **values}
    return record(Action.CLAIM_SUBMITTED, SubjectKind.CLAIM, claim or uuid7(), **given)


def refused(text):
    return pytest.raises(DatabaseError, match=text)


def test_the_event_takes_the_actor_from_the_signed_context():
    claim = uuid7()
    with opened(Actor("provider", user_id=BILLER, organization_id=PROVIDER, request_id="req-1")):
        number = submitted(claim, old_status="draft", fields=["charge"], details={Detail.CHANNEL: "web"})
        event = Event.objects.get(pk=number)
    assert (event.actor_id, event.kind, event.organization_id) == (BILLER, "provider", PROVIDER)
    assert (event.request_id, event.purpose) == ("req-1", None)
    assert (event.action, event.subject_kind, event.subject_id) == ("claim_submitted", "claim", claim)
    assert (event.provider_id, event.payer_id) == (PROVIDER, PAYER)
    assert (event.old_status, event.new_status, event.fields) == ("draft", "submitted", ["charge"])
    assert (event.details, event.outcome, event.severity) == ({"channel": "web"}, "success", "info")
    assert abs(dt.datetime.now(dt.UTC) - event.at) < dt.timedelta(minutes=1)
    assert event.when == event.at


def test_events_of_a_subject_form_a_chain():
    claim, other = uuid7(), uuid7()
    with acting_as("provider", user=BILLER, organization=PROVIDER):
        for subject in (claim, other, claim, claim):
            submitted(subject)
        chain = list(Event.objects.about("claim", claim))
    assert [event.chain_seq for event in chain] == [1, 2, 3]
    for before, after in pairwise(chain):
        assert bytes(after.prev_hash) == bytes(before.row_hash)
        assert len(bytes(after.row_hash)) == 32
    with acting_as("system", "verify"), connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM audit.chain_head WHERE subject_id = %s", [claim])
        head = cursor.fetchone()
    assert (head[0], bytes(head[1])) == (3, bytes(chain[-1].row_hash))


def test_a_rolled_back_event_leaves_no_gap():
    claim = uuid7()
    with acting_as("provider", organization=PROVIDER):
        submitted(claim)
        with transaction.atomic():
            submitted(claim)
            transaction.set_rollback(True)
        submitted(claim)
        assert [event.chain_seq for event in Event.objects.about("claim", claim)] == [1, 2]


def test_writers_of_one_chain_wait_for_each_other():
    claim = uuid7()

    def write():
        with acting_as("provider", organization=PROVIDER):
            for _ in range(5):
                submitted(claim)
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting_as("provider", organization=PROVIDER):
        assert [event.chain_seq for event in Event.objects.about("claim", claim)] == list(range(1, 31))


def test_no_event_without_a_valid_context():
    with refused("permission denied|no context"), transaction.atomic():
        submitted()
    with refused("permission denied"), acting_as("anonymous"):
        submitted()
    with refused("no context"), acting_as("provider", organization=PROVIDER), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('claimflow.context', '', true)")
        submitted()


def test_nobody_records_for_another_organization():
    with refused("another organization"), acting_as("provider", organization=OTHER):
        submitted()
    with refused("another organization"), acting_as("payer", organization=OTHER):
        submitted()
    with refused("another organization"), acting_as("provider", organization=OTHER):
        record_access(Action.CLAIM_VIEWED, [Seen("claim", uuid7(), PROVIDER, PAYER)])


def test_sign_in_records_people_and_addresses_only():
    with acting_as("login", subject="ada@example.com"):
        record(Action.SIGN_IN_FAILED, SubjectKind.ADDRESS, uuid7(), outcome="failure", severity="warning")
    with refused("people and addresses"), acting_as("login", subject="ada@example.com"):
        submitted()


@pytest.mark.parametrize("purpose", ["seal", "verify"])
def test_sealing_and_verifying_record_nothing(purpose):
    with refused("records nothing"), acting_as("system", purpose):
        submitted()


@pytest.mark.parametrize(
    "values",
    [
        {"details": {"patient": "x"}},
        {"details": {Detail.REASON_CODE: "Ada Lovelace"}},
        {"details": {Detail.REASON_CODES: ["CO-45", "not covered by plan"]}},
        {"details": {Detail.REASON_CODE: {"nested": 1}}},
        {"details": {Detail.REASON_CODES: ["x" * 90] * 60}},
        {"new_status": "In review"},
        {"fields": ["Last name"]},
        {"outcome": "maybe"},
        {"severity": "loud"},
    ],
)
def test_text_and_unknown_words_are_refused(values):
    with pytest.raises(DatabaseError) as refusal, acting_as("provider", organization=PROVIDER):
        submitted(**values)
    assert "Lovelace" not in str(refusal.value)
    with refused("unknown action"), acting_as("provider", organization=PROVIDER):
        record("claim_eaten", "claim", uuid7())
    with refused("unknown kind"), acting_as("provider", organization=PROVIDER):
        record(Action.CLAIM_SUBMITTED, "dinosaur", uuid7())


def test_every_word_of_the_code_is_known_to_the_database():
    with acting_as("system", "test"):
        for action in Action:
            record(action, SubjectKind.CLAIM, uuid7())
        for kind in SubjectKind:
            record(Action.CLAIM_SUBMITTED, kind, uuid7(), details={key: ["CO-45", 1] for key in Detail})


def test_an_event_that_cannot_be_written_takes_the_change_with_it():
    claim = uuid7()

    def change():
        submitted(claim)
        record("claim_eaten", "claim", claim)

    with pytest.raises(DatabaseError), acting_as("provider", organization=PROVIDER):
        change()
    with acting_as("provider", organization=PROVIDER):
        assert not Event.objects.about("claim", claim).exists()


def test_many_events_in_one_round_trip(django_assert_num_queries):
    members = [uuid7() for _ in range(3)]
    events = [
        {"action": Action.MEMBER_ADDED, "subject_kind": "member", "subject_id": member, "payer_id": PAYER}
        for member in [*members, *members]
    ]
    with acting_as("payer", organization=PAYER):
        with django_assert_num_queries(1):
            assert record_many(events) == 6
        for member in members:
            chain = Event.objects.about("member", member)
            assert [(event.chain_seq, event.outcome, event.fields) for event in chain] == [
                (1, "success", []),
                (2, "success", []),
            ]


def test_a_list_leaves_one_row_for_each_subject():
    claims = [uuid7() for _ in range(3)]
    rows = [Seen("claim", claim, PROVIDER, PAYER, "ab" * 16, 1) for claim in claims]
    with opened(Actor("payer", user_id=BILLER, organization_id=PAYER, request_id="req-2")):
        answer = record_access(Action.CLAIMS_LISTED, rows)
        nothing = record_access(Action.CLAIMS_SEARCHED, [])
    with acting_as("admin"):
        seen = list(Access.objects.filter(event_id=answer).order_by("id"))
        empty = Access.objects.get(event_id=nothing)
    assert [row.subject_id for row in seen] == claims
    for row in seen:
        assert (row.actor_id, row.kind, row.organization_id) == (BILLER, "payer", PAYER)
        assert (row.action, row.row_count, row.request_id) == ("claims_listed", 3, "req-2")
        assert (row.provider_id, row.payer_id, row.person_bidx, row.bi_key_id) == (
            PROVIDER,
            PAYER,
            "ab" * 16,
            1,
        )
    assert (empty.subject_kind, empty.subject_id, empty.row_count) == (None, None, 0)


def test_a_person_is_named_by_a_blind_index_only():
    with refused("blind index"), acting_as("payer", organization=PAYER):
        record_access(Action.CLAIM_VIEWED, [Seen("claim", uuid7(), PROVIDER, PAYER, "W123456789", 1)])


def test_earlier_times_are_told_by_the_system_and_the_seed_alone():
    earlier = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
    with acting_as("provider", "seed", organization=PROVIDER), told_later(earlier):
        event = Event.objects.get(pk=submitted())
        record_many([{"action": "claim_received", "subject_kind": "claim", "subject_id": event.subject_id}])
        assert (event.occurred_at, event.when) == (earlier, earlier)
        assert event.at > earlier
    with refused("earlier times"), acting_as("provider", organization=PROVIDER), told_later(earlier):
        submitted()


def test_models_do_not_write():
    for model in (Event, Access, Checkpoint):
        with pytest.raises(TypeError):
            model().save()
        with pytest.raises(TypeError):
            model().delete()
