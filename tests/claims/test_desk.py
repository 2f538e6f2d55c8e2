"""The reading desk: what it shows, to whom, and what it keeps of unfinished work."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from audit.enums import Action
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claims.models import PayerNote, Proposal
from tests.claims.desk_cast import WHY, Desk, adjustment, line, make_desk

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def test_a_claim_on_the_own_desk_has_the_decision_form(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}, {"procedure_code": "X0002"}])
    answer = cast.client().get(reverse("payer:desk", args=[claim.pk]))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert claim.claim_number in page
    assert 'name="lines-1-allowed"' in page
    assert 'data-key="a"' in page
    assert "Okafor" in page
    assert "I10" in page


def test_looking_at_a_claim_is_recorded(cast: Desk) -> None:
    claim = cast.claim()
    cast.client().get(reverse("payer:desk", args=[claim.pk]))
    rows = [row for row in cast.accesses(Action.CLAIM_VIEWED) if row.subject_id == claim.pk]
    assert [row.person_bidx for row in rows] == [claim.member_bidx]


def test_a_claim_on_nobodys_desk_can_be_read_and_taken(cast: Desk) -> None:
    claim = cast.claim()
    page = cast.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert "Take this claim" in page
    assert 'name="lines-0-allowed"' not in page


def test_a_colleagues_claim_can_be_read_only(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    page = cast.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert cast.other.full_name in page
    assert "Take this claim" not in page
    assert 'name="lines-0-allowed"' not in page


def test_a_supervisor_may_take_it_over(cast: Desk) -> None:
    claim = cast.taken(cast.other)
    client = cast.client(cast.supervisor)
    assert "Take this claim" in client.get(reverse("payer:desk", args=[claim.pk])).content.decode()
    client.post(reverse("payer:take", args=[claim.pk]))
    assert 'name="lines-0-allowed"' in client.get(reverse("payer:desk", args=[claim.pk])).content.decode()


@pytest.mark.parametrize("name", ["desk", "take", "decide", "release", "pend", "resume", "note"])
def test_strangers_find_nothing(cast: Desk, name: str) -> None:
    claim = cast.claim()
    client = cast.client(cast.outsider)
    url = reverse(f"payer:{name}", args=[claim.pk])
    answer = client.get(url) if name == "desk" else client.post(url, {"body": "x", "why": "other"})
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["desk", "take", "decide", "release", "pend", "resume", "note"])
@pytest.mark.parametrize("who", ["colleague", "biller"])
def test_without_the_right_it_is_refused(cast: Desk, name: str, who: str) -> None:
    claim = cast.claim()
    client = cast.client(getattr(cast, who))
    url = reverse(f"payer:{name}", args=[claim.pk])
    answer = client.get(url) if name == "desk" else client.post(url, {"body": "x", "why": "other"})
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["take", "decide", "release", "resume", "note"])
def test_steps_refuse_get(cast: Desk, name: str) -> None:
    claim = cast.claim()
    assert cast.client().get(reverse(f"payer:{name}", args=[claim.pk])).status_code == 405


def test_the_benefits_price_the_form(cast: Desk) -> None:
    coverage = cast.covered(copay=Decimal("20.00"), coinsurance_percent=Decimal("10.00"))
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}], coverage=coverage)
    page = cast.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert "In force" in page
    assert 'name="lines-0-copay" value="20.00"' in page
    assert 'name="lines-0-coinsurance" value="13.00"' in page
    assert 'name="lines-0-paid" value="117.00"' in page


def test_a_deductible_is_used_up_by_earlier_claims(cast: Desk) -> None:
    coverage = cast.covered(deductible=Decimal("100.00"))
    day = date.today()
    same = {
        "coverage": coverage,
        "member_id": "W777",
        "lines": [{"charge": Decimal("80.00"), "date_from": day}],
    }
    first = cast.taken(**same)
    answer = cast.client().post(reverse("payer:decide", args=[first.pk]), {"press": "send", "version": "0"})
    assert answer.status_code == 302, answer.content.decode()
    assert cast.now(first).patient_responsibility == Decimal("80.00")
    second = cast.taken(**same)
    page = cast.client().get(reverse("payer:desk", args=[second.pk])).content.decode()
    assert 'name="lines-0-deductible" value="20.00"' in page
    assert first.claim_number in page


def test_ended_and_unknown_coverage_are_told(cast: Desk) -> None:
    ended = cast.covered(effective_to=date.today() - timedelta(days=60))
    page = cast.client().get(reverse("payer:desk", args=[cast.claim(coverage=ended).pk])).content.decode()
    assert "Ended" in page
    page = cast.client().get(reverse("payer:desk", args=[cast.claim().pk])).content.decode()
    assert "Not found" in page


# --- Unfinished work -------------------------------------------------------------------------------------------


def test_what_is_typed_is_saved_and_found_again(cast: Desk) -> None:
    claim = cast.taken()
    client = cast.client()
    answer = client.post(
        reverse("payer:decide", args=[claim.pk]),
        {"press": "save", "version": "0", "explanation": "half a sent", **line(allowed="12,x")},
    )
    assert answer.status_code == 302
    page = client.get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert 'value="12,x"' in page
    assert "half a sent" in page
    with acting_as("system", "test"):
        proposal = Proposal.objects.get(claim=claim)
    assert proposal.version == 1
    assert phi.value(proposal, "content")["explanation"] == "half a sent"


def test_two_windows_are_guarded(cast: Desk) -> None:
    claim = cast.taken()
    client, url = cast.client(), reverse("payer:decide", args=[claim.pk])
    client.post(url, {"press": "save", "version": "0", "explanation": "from the first window"})
    answer = client.post(url, {"press": "save", "version": "0", "explanation": "from the second window"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "saved in another window" in page
    assert "from the second window" in page
    assert 'name="version" value="1"' in page
    answer = client.post(url, {"press": "send", "version": "0"})
    assert "saved in another window" in answer.content.decode()
    assert cast.now(claim).state == "in_review"


def test_price_lines_fills_the_boxes(cast: Desk) -> None:
    coverage = cast.covered(copay=Decimal("20.00"))
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}], coverage=coverage)
    client = cast.client()
    client.post(
        reverse("payer:decide", args=[claim.pk]), {"press": "price", "version": "0", **line(allowed="100")}
    )
    page = client.get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert 'name="lines-0-paid" value="80.00"' in page
    assert 'name="lines-0-adjustments-0-amount" value="50.00"' in page
    assert '<option value="CO-45" selected' in page


def test_check_tells_what_does_not_balance_and_keeps_what_was_typed(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}])
    client, url = cast.client(), reverse("payer:decide", args=[claim.pk])
    custom = {**line(verdict="custom", allowed="100", paid="90"), **adjustment(0, 0, "CO-45", "50")}
    answer = client.post(url, {"press": "check", "version": "0", **custom}, follow=True)
    page = answer.content.decode()
    assert "Line 1 allows $100.00, but paid, deductible, copay and coinsurance make $90.00." in page
    assert "They differ by $10.00." in page
    assert 'value="90"' in page
    answer = client.post(url, {"press": "check", "version": "1", **custom, **line(paid="100")}, follow=True)
    assert "Everything balances" in answer.content.decode()


# --- Several reasons -------------------------------------------------------------------------------------------


def rows_on(page: str, index: int) -> int:
    return len(set(re.findall(rf'name="lines-{index}-adjustments-(\d+)-reason"', page)))


def test_add_reason_gives_one_row_more_and_keeps_what_was_typed(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}, {}])
    client, url = cast.client(), reverse("payer:decide", args=[claim.pk])
    assert rows_on(client.get(reverse("payer:desk", args=[claim.pk])).content.decode(), 0) == 1
    typed = {**line(verdict="custom", allowed="100"), **adjustment(0, 0, "CO-45", "30")}
    page = client.post(url, {"add_reason": "0", "version": "0", **typed}).content.decode()
    assert (rows_on(page, 0), rows_on(page, 1)) == (2, 1)
    assert 'name="lines-0-adjustments-0-amount" value="30"' in page
    assert re.search(r'<select name="lines-0-adjustments-1-reason"[^>]* autofocus', page)
    with acting_as("system", "test"):
        assert not Proposal.objects.exists()


def test_two_reasons_of_one_line_are_kept_and_sent(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}])
    client, url = cast.client(), reverse("payer:decide", args=[claim.pk])
    typed = {
        **line(verdict="custom", allowed="90", paid="90"),
        **adjustment(0, 0, "CO-45", "30"),
        **adjustment(0, 1, "CO-97", "30"),
        "explanation": WHY,
    }
    client.post(url, {"press": "save", "version": "0", **typed})
    assert rows_on(client.get(reverse("payer:desk", args=[claim.pk])).content.decode(), 0) == 2
    client.post(url, {"press": "send", "version": "1", **typed})
    assert cast.now(claim).state == "partially_approved"


@pytest.mark.parametrize("index", ["7", "-1", "x", ""])
def test_add_reason_to_a_line_that_is_none_changes_nothing(cast: Desk, index: str) -> None:
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}])
    answer = cast.client().post(
        reverse("payer:decide", args=[claim.pk]), {"add_reason": index, "version": "0"}
    )
    assert rows_on(answer.content.decode(), 0) == 1


def test_a_line_takes_twelve_reasons_and_no_more(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}])
    typed = line(verdict="custom")
    for row in range(12):
        typed |= adjustment(0, row, "CO-45", "1")
    answer = cast.client().post(
        reverse("payer:decide", args=[claim.pk]), {"add_reason": "0", "version": "0", **typed}
    )
    page = answer.content.decode()
    assert rows_on(page, 0) == 12
    assert "data-add-reason" not in page


def test_remark_codes_are_offered_for_the_reason_beside_them(cast: Desk) -> None:
    claim = cast.taken(lines=[{"charge": Decimal("150.00")}])
    page = cast.client().get(reverse("payer:desk", args=[claim.pk])).content.decode()
    assert 'data-with="id_lines-0-adjustments-0-reason:reason"' in page
    assert 'data-with="id_lines-0-refusal:reason"' in page
    assert 'data-with="id_lines-__line__-adjustments-__row__-reason:reason"' in page


# --- Notes -----------------------------------------------------------------------------------------------------


def test_a_note_is_added(cast: Desk) -> None:
    claim = cast.claim()
    client = cast.client()
    answer = client.post(reverse("payer:note", args=[claim.pk]), {"body": "Called the clinic."}, follow=True)
    assert "Called the clinic." in answer.content.decode()
    assert [event.action for event in cast.events(claim, Action.NOTE_ADDED)] == ["note_added"]
    assert all(event.provider_id is None for event in cast.events(claim, Action.NOTE_ADDED))


def test_an_empty_note_is_not_added(cast: Desk) -> None:
    claim = cast.claim()
    answer = cast.client().post(reverse("payer:note", args=[claim.pk]), {"body": " "}, follow=True)
    assert "Write the note first." in answer.content.decode()
    with acting_as("system", "test"):
        assert not PayerNote.objects.exists()


def test_an_odd_request_breaks_nothing(cast: Desk) -> None:
    claim = cast.taken()
    client = cast.client()
    for data in (
        {"press": "nothing", "version": "x"},
        {"press": "check", "version": "-1", "lines-0-verdict": "maybe"},
        {"press": "send", "lines-0-allowed": "1e9", "lines-7-allowed": "3"},
        {"press": "deny", "denial_reason": "because"},
    ):
        assert client.post(reverse("payer:decide", args=[claim.pk]), data).status_code in (200, 302)
    assert client.get(reverse("payer:desk", args=[claim.pk]) + "?checked=%00").status_code == 200
