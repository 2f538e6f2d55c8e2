"""The payer's lists: what stands where, in which order, for whom, at what cost."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.enums import Action
from claimflow.lib.db.context import acting_as
from tests.claims.desk_cast import WHY, Desk, make_desk
from tests.factories.claims import ClaimFactory
from tests.signed_in import make_organization

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def page_of(cast: Desk, **query: Any) -> str:
    answer = cast.client().get(reverse("payer:queue"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def shown(cast: Desk, **query: Any) -> list[str]:
    answer = cast.client().get(reverse("payer:queue"), query)
    return [row.claim.claim_number for row in answer.context["rows"]]


def test_a_row_answers_at_a_glance(cast: Desk) -> None:
    cast.claim(
        priority="urgent",
        patient_last_name="Lindqvist",
        patient_first_name="Mira",
        lines=[
            {"charge": Decimal("8512.40"), "procedure_code": "X0001"},
            {},
            {"procedure_code": "99213"},
            {},
        ],
        has_other_coverage=True,
    )
    page = page_of(cast)
    for words in (
        "Urgent",
        "Lindqvist, M",
        "Riverside Clinic",
        "+3",
        "8,887.40",
        "Other insurance",
        "in 30d",
    ):
        assert words in page
    assert "Mira" not in page


def test_the_order_is_rank_then_due_then_age_or_newest_first(cast: Desk) -> None:
    now = timezone.now()
    values = [
        ("standard", 5, 1), ("urgent", 9, 2), ("standard", 3, 3), ("routine", 1, 4), ("urgent", 9, 9),
    ]  # fmt: skip
    claims = [
        cast.claim(
            priority=priority,
            due_at=now + timedelta(days=due),
            submitted_at=now - timedelta(days=age),
        ).claim_number
        for priority, due, age in values
    ]
    assert shown(cast) == [claims[n] for n in (4, 1, 2, 0, 3)]
    assert shown(cast, sort="newest") == [claims[n] for n in (1, 4, 0, 2, 3)]


def test_tabs_hold_what_they_say(cast: Desk) -> None:
    waiting, mine, colleagues = cast.claim(), cast.taken(), cast.taken(cast.other)
    approved, pended = cast.taken(), cast.taken()
    client = cast.client()
    client.post(reverse("payer:decide", args=[approved.pk]), {"press": "send", "version": "0"})
    tomorrow = timezone.localdate() + timedelta(days=2)
    client.post(
        reverse("payer:pend", args=[pended.pk]),
        {"reasons": ["records_needed"], "until": tomorrow.isoformat()},
    )
    assert shown(cast) == [waiting.claim_number]
    assert shown(cast, tab="mine") == [mine.claim_number]
    assert shown(cast, tab="pended") == [pended.claim_number]
    assert shown(cast, tab="decided") == [approved.claim_number]
    assert colleagues.claim_number not in page_of(cast)
    counts = {str(tab["label"]): tab["count"] for tab in client.get(reverse("payer:queue")).context["tabs"]}
    assert counts == {"Available": "1", "Mine": "1", "Second look": "0", "Pended": "1", "Decided": "1"}
    assert "medical records are needed" in page_of(cast, tab="pended")
    today = timezone.localdate(timezone=cast.adjudicator.time_zone)
    assert shown(cast, tab="decided", decided_from=today.isoformat()) == [approved.claim_number]
    assert shown(cast, tab="decided", decided_to=(today - timedelta(days=1)).isoformat()) == []


def test_the_head_counts_what_is_late(cast: Desk) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=9)
    for due in (now - timedelta(hours=2), now + timedelta(hours=3), now + timedelta(hours=5)):
        cast.claim(submitted_at=long_ago, due_at=due)
    stats = cast.client().get(reverse("payer:queue")).context["stats"]
    assert [stat["value"] for stat in stats] == ["3", "0", "2", "1"]
    assert len(shown(cast, due="overdue")) == 1
    assert len(shown(cast, due="soon")) == 2


def test_filters_narrow_and_chips_undo(cast: Desk) -> None:
    now = timezone.now()
    other = make_organization("provider", name="Harbor Surgery")
    with acting_as("system", "test"):
        surgery = ClaimFactory(
            payer=cast.payer, provider=other, priority="urgent", lines=[{"charge": Decimal("900.00")}]
        )
    old = cast.claim(submitted_at=now - timedelta(days=5), lines=[{"charge": Decimal("100.00")}])
    for query, wanted in (
        ({"priority": "urgent"}, surgery),
        ({"provider": str(other.pk)}, surgery),
        ({"amount_min": "500"}, surgery),
        ({"amount_max": "$500,00"}, old),
        ({"age": "3"}, old),
    ):
        assert shown(cast, **query) == [wanted.claim_number], query
        answer = cast.client().get(reverse("payer:queue"), query)
        [chip] = answer.context["chips"]
        assert next(iter(query)) not in chip["remove_url"]
    assert "No claim fits these filters" in page_of(cast, amount_min="1000")


def test_empty_lists_say_what_would_stand_there(cast: Desk) -> None:
    for tab, words in (
        ("available", "Nothing is waiting"),
        ("mine", "Your desk is empty"),
        ("pended", "No claim is pended"),
        ("decided", "No decision yet"),
    ):
        assert words in page_of(cast, tab=tab)


@pytest.mark.parametrize(
    "query",
    [
        {"tab": "nothing"},
        {"priority": "high"},
        {"provider": "not-a-uuid"},
        {"amount_min": "much", "age": "-1"},
        {"age": "99999999999999999999"},
        {"cursor": "forged"},
        {"sort": "name"},
        {"tab": "decided", "decided_from": "yesterday-ish"},
        {"amount_min": "\0", "due": "never"},
    ],
)
def test_no_parameter_breaks_it(cast: Desk, query: dict[str, str]) -> None:
    cast.claim()
    assert cast.client().get(reverse("payer:queue"), query).status_code == 200


def test_pages_follow_each_other(cast: Desk) -> None:
    for _claim in range(30):
        cast.claim()
    client = cast.client()
    first = client.get(reverse("payer:queue"))
    second = client.get(reverse("payer:queue"), {"cursor": first.context["page"].next_cursor})
    numbers = [row.claim.claim_number for answer in (first, second) for row in answer.context["rows"]]
    assert len(numbers) == len(set(numbers)) == 30
    assert second.context["page"].next_cursor is None


def test_it_refuses_people_without_the_right(cast: Desk) -> None:
    for who in (cast.colleague, cast.biller):
        assert cast.client(who).get(reverse("payer:queue")).status_code == 403


def test_another_payers_claims_are_not_there(cast: Desk) -> None:
    cast.claim()
    assert cast.client(cast.outsider).get(reverse("payer:queue")).context["rows"] == []


def test_each_list_records_whose_data_it_shows(cast: Desk) -> None:
    claims = [cast.claim() for _claim in range(3)]
    cast.client().get(reverse("payer:queue"))
    rows = cast.accesses(Action.CLAIMS_LISTED)
    assert {row.subject_id for row in rows} == {claim.pk for claim in claims}
    assert {row.person_bidx for row in rows} == {claim.member_bidx for claim in claims}


def queries_of(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    return len(captured)


@pytest.mark.slow
@pytest.mark.parametrize("tab", ["available", "mine", "pended", "decided"])
def test_the_number_of_queries_does_not_grow(cast: Desk, tab: str) -> None:
    """The same for 1 row and for 50 (a page shows 25), and few."""
    from claims.actions.pend import pend
    from claims.actions.pull import pick
    from claims.enums import PendReason
    from tests.factories.claims import decide as decide_one
    from tests.factories.claims import lease

    def one() -> None:
        claim = cast.claim()
        if tab == "available":
            return
        if tab == "mine":
            lease(claim, cast.adjudicator)
            return
        with acting_as("payer", user=cast.adjudicator, organization=cast.payer):
            if tab == "pended":
                pick(claim_id=claim.pk, by=cast.adjudicator)
                pend(
                    claim_id=claim.pk, reasons=[PendReason.PRICING], no_timer_because="x", by=cast.adjudicator
                )
        if tab == "decided":
            decide_one(claim, by=cast.adjudicator)

    one()
    client = cast.client()
    look = lambda: client.get(reverse("payer:queue"), {"tab": tab})  # noqa: E731
    look()
    few = queries_of(look)
    for _claim in range(49):
        one()
    assert queries_of(look) == few
    assert few <= 23


# --- Export -----------------------------------------------------------------------------------------------------


def test_approved_claims_are_exported_and_recorded(cast: Desk) -> None:
    approved, denied = cast.taken(), cast.taken()
    client = cast.client(is_fresh=True)
    client.post(reverse("payer:decide", args=[approved.pk]), {"press": "send", "version": "0"})
    client.post(
        reverse("payer:decide", args=[denied.pk]),
        {"press": "deny", "version": "0", "denial_reason": "duplicate", "explanation": WHY},
    )
    answer = client.get(reverse("payer:export"))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert approved.claim_number in text
    assert "125.00" in text
    assert denied.claim_number not in text
    assert "Okafor" not in text
    [row] = cast.accesses(Action.CLAIM_EXPORTED)
    assert (row.subject_id, row.person_bidx) == (approved.pk, approved.member_bidx)


def test_the_export_asks_for_a_fresh_second_factor(cast: Desk) -> None:
    url = f"{reverse('payer:export')}?amount_min=500"
    answer = cast.client().get(url)
    assert answer.url == f"{reverse('accounts:confirm')}?{urlencode({'next': url, 'ask': 'factor'})}"
    assert cast.accesses(Action.CLAIMS_EXPORTED) == []
    assert cast.client(is_fresh=True).post(url).status_code == 405


def test_the_export_keeps_the_filters(cast: Desk) -> None:
    for charge in ("100.00", "900.00"):
        claim = cast.taken(lines=[{"charge": Decimal(charge)}])
        cast.client().post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    text = cast.client(is_fresh=True).get(reverse("payer:export"), {"amount_min": "500"}).content.decode()
    assert len(text.splitlines()) == 2
    assert "900.00" in text


def test_no_cell_is_a_formula(cast: Desk) -> None:
    from claimflow.lib.spreadsheet import safe

    for start in "=+-@\t\r":
        assert safe(f"{start}cmd") == f"'{start}cmd"
    assert safe(None) == ""
    with acting_as("system", "test"):
        cast.clinic.name = "=HYPERLINK(1)"
        cast.clinic.save(update_fields=["name"])
    claim = cast.taken()
    cast.client().post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    assert ",'=HYPERLINK(1)," in cast.client(is_fresh=True).get(reverse("payer:export")).content.decode()


def test_a_provider_with_the_right_exports_its_own(cast: Desk) -> None:
    from tests.signed_in import make_user

    claim = cast.taken()
    cast.client().post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    manager = make_user("provider", "Billing manager", organization=cast.clinic)
    assert (
        claim.claim_number
        in cast.client(manager, is_fresh=True).get(reverse("payer:export")).content.decode()
    )
    stranger = make_user("provider", "Billing manager", organization=make_organization("provider"))
    assert (
        claim.claim_number
        not in cast.client(stranger, is_fresh=True).get(reverse("payer:export")).content.decode()
    )
    for who in (cast.colleague, cast.biller):
        assert cast.client(who, is_fresh=True).get(reverse("payer:export")).status_code == 403


def test_the_decided_tab_leads_to_the_export_under_its_filters(cast: Desk) -> None:
    page = page_of(cast, tab="decided", amount_min="500")
    assert f'href="{reverse("payer:export")}?amount_min=500"' in page
    assert "Export approved claims (CSV)" in page
    assert reverse("payer:export") not in page_of(cast, tab="available")


def test_too_many_for_one_file_lead_back_to_the_list_with_its_filters(
    cast: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.views.export.MOST_ROWS", 0)
    claim = cast.taken()
    client = cast.client(is_fresh=True)
    client.post(reverse("payer:decide", args=[claim.pk]), {"press": "send", "version": "0"})
    answer = client.get(reverse("payer:export"), {"amount_max": "9999"}, follow=True)
    assert answer.redirect_chain == [(f"{reverse('payer:queue')}?amount_max=9999&tab=decided", 302)]
    assert "Narrow the filters" in answer.content.decode()
