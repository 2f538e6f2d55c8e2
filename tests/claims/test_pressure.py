"""Submissions at the same time, over real transactions and in real processes: none is lost, none is doubled."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, connections

from audit.models import Event
from claimflow.lib.db.context import acting_as
from claims.actions.assign_number import platform_day, spell_number
from claims.actions.submit import submit
from claims.models import Claim
from members.models import Patient
from tests.claims.cast import make_cast
from tests.claims.test_form_page import NEW, typed
from tests.harness import admin_connection
from tests.signed_in import client_of

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture
def cast(real_db):
    return make_cast()


def at_once(jobs):
    """Run each job in a thread of its own, with a connection of its own, and return the answers."""

    def run(job):
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_20_identical_submissions_make_one_claim(cast):
    form = {**typed(cast), "do": "submit"}
    cookies = client_of(cast.biller).cookies

    def send():
        client = client_of(cast.biller)
        client.cookies = cookies
        return client.post(NEW, form)

    answers = at_once([send] * 20)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    with acting_as("system", "test"):
        assert Claim.objects.count() == 1
        assert Patient.objects.count() == 1
        assert Event.objects.filter(action="claim_submitted").count() == 1


def test_20_identical_submissions_of_a_draft_make_one_claim(cast):
    token = str(uuid4())
    client = client_of(cast.biller)
    url = client.post(NEW, {**typed(cast, form_token=token), "do": "save"}).url
    form = {**typed(cast, form_token=token), "do": "submit"}

    def send():
        other = client_of(cast.biller)
        return other.post(url, form)

    answers = at_once([send] * 20)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    with acting_as("system", "test"):
        assert Claim.objects.count() == 1


def _submit_some(cast, first, results):
    """In a process of its own: eight threads, one claim each."""
    connections.close_all()

    def send(at):
        with acting_as("provider", user=cast.biller, organization=cast.clinic):
            entry = cast.entry(lines=(cast.line(charge=Decimal(100 + first + at)),))
            claim = submit(entry=entry, form_token=uuid4(), by=cast.biller)
            return claim.claim_number

    results.put(at_once([lambda at=at: send(at) for at in range(8)]))


def test_32_different_submissions_all_succeed_with_gapless_numbers(cast):
    connection.close()
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    processes = [context.Process(target=_submit_some, args=(cast, 8 * each, results)) for each in range(4)]
    for process in processes:
        process.start()
    numbers = [number for _process in processes for number in results.get(timeout=120)]
    for process in processes:
        process.join(timeout=30)
    day = platform_day()
    assert sorted(numbers) == [spell_number(day, n) for n in range(1, 33)]


def test_one_biller_may_send_32_different_forms_at_once(cast):
    """Over HTTP, for one new patient: nothing on the way serialises them for long."""

    def send(at):
        return client_of(cast.biller).post(
            NEW, {**typed(cast), "lines-0-charge": str(100 + at), "do": "submit"}
        )

    answers = at_once([lambda at=at: send(at) for at in range(32)])
    assert {answer.status_code for answer in answers} == {302}
    with acting_as("system", "test"):
        assert sorted(Claim.objects.values_list("number_n", flat=True)) == list(range(1, 33))
        assert Patient.objects.count() == 1


def test_numbers_go_past_9999_a_day(cast):
    with admin_connection(autocommit=True) as admin:
        admin.execute(
            "INSERT INTO claims_daycounter (day, n, created_at, updated_at) VALUES (%s, 9998, now(), now())",
            [platform_day()],
        )
    numbers = at_once([lambda: cast.submit().claim_number] * 3)
    day = f"{platform_day():%Y%m%d}"
    assert sorted(numbers, key=len) == [f"CLM-{day}-9999", *sorted(numbers, key=len)[1:]]
    assert set(numbers) == {f"CLM-{day}-{n}" for n in (9999, 10000, 10001)}


def test_a_submission_that_fails_leaves_no_gap(cast, monkeypatch):
    first = cast.submit()

    def fail(**_more):
        raise RuntimeError("the last statement")

    with monkeypatch.context() as patch:
        patch.setattr("claims.actions.receive.assign_number", fail)
        with pytest.raises(RuntimeError):
            cast.submit()
    second = cast.submit()
    assert second.number_n == first.number_n + 1
    with acting_as("system", "test"):
        assert Claim.objects.count() == 2
