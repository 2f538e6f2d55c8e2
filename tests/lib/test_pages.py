"""Keyset pages: every row once, forwards and backwards; cursors that are ours alone; counts that stop."""

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimflow.lib.db.context import acting_as
from claimflow.lib.pages import Keyset, capped_count, capped_counts
from codes.models import PlaceOfService, Procedure

pytestmark = pytest.mark.usefixtures("real_db")
UP = Keyset([("is_facility", "asc"), ("code", "asc")])
DOWN = Keyset([("is_facility", "desc"), ("code", "desc")])


@pytest.fixture(autouse=True)
def context(real_db):
    with acting_as("system", "test"):
        yield


def codes(rows):
    return [(row.is_facility, row.code) for row in rows]


@pytest.mark.parametrize("order", [UP, DOWN])
@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_every_row_once_forwards_and_backwards(order, size):
    everything = PlaceOfService.objects.all()
    expected = sorted(codes(everything), reverse=order is DOWN)
    forwards, cursor = [], None
    while True:
        page = order.page(everything, cursor, size)
        forwards += codes(page.rows)
        last, cursor = page, page.next_cursor
        if cursor is None:
            break
    assert forwards == expected
    backwards, page = codes(last.rows), last
    while page.previous_cursor:
        page = order.page(everything, page.previous_cursor, size)
        backwards = codes(page.rows) + backwards
    assert backwards == expected
    assert page.previous_cursor is None


def test_the_place_is_a_row_comparison():
    first = UP.page(PlaceOfService.objects.all(), None, 5)
    with CaptureQueriesContext(connection) as queries:
        UP.page(PlaceOfService.objects.all(), first.next_cursor, 5)
    (query,) = queries
    assert '("codes_placeofservice"."is_facility", "codes_placeofservice"."code") > (' in query["sql"]
    assert " OR " not in query["sql"]


def test_money_dates_and_numbers_come_back_exactly():
    order = Keyset([("usual_charge", "asc"), ("effective_from", "asc"), ("code", "asc")])
    everything = Procedure.objects.all()
    found, cursor = [], None
    while True:
        page = order.page(everything, cursor, 3)
        found += [row.code for row in page.rows]
        if not (cursor := page.next_cursor):
            break
    assert found == list(
        everything.order_by("usual_charge", "effective_from", "code").values_list("code", flat=True)
    )


FOREIGN = [
    "",
    "x",
    "\x00",
    "😀" * 10,
    "a" * 5000,
    signing.Signer(salt="other").sign_object(["a", True, "11"]),
    DOWN._cursor("a", PlaceOfService(is_facility=True, code="11")),
    UP._signer.sign_object(["a", "11"]),
    UP._signer.sign_object({"a": 1}),
    UP._signer.sign_object(["a", {"x": 1}, "11"]),
]


@pytest.mark.parametrize("cursor", FOREIGN, ids=range(len(FOREIGN)))
def test_a_cursor_that_is_not_ours_gives_the_first_page(cursor):
    everything = PlaceOfService.objects.all()
    assert codes(UP.page(everything, cursor, 5).rows) == codes(UP.page(everything, None, 5).rows)


def test_a_cursor_cannot_be_changed():
    cursor = UP.page(PlaceOfService.objects.all(), None, 5).next_cursor
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    assert UP.page(PlaceOfService.objects.all(), changed, 5).previous_cursor is None


def test_rows_that_are_gone_lead_back_to_the_first_page():
    cursor = UP._cursor("b", PlaceOfService(is_facility=False, code="00"))
    assert codes(UP.page(PlaceOfService.objects.all(), cursor, 5).rows) == codes(
        UP.page(PlaceOfService.objects.all(), None, 5).rows
    )


@pytest.mark.parametrize("order", [[], [("a", "asc"), ("b", "desc")], [("a", "sideways")]])
def test_an_order_without_a_row_comparison_is_refused(order):
    with pytest.raises(ValueError, match="goes one way"):
        Keyset(order)


def test_counts_stop_at_the_cap():
    everything = PlaceOfService.objects.all()
    n = everything.count()
    assert capped_count(everything) == (n, str(n))
    assert capped_count(everything, 11) == (11, "10+")
    assert capped_count(everything, n + 1) == (n, str(n))


def test_many_counts_take_one_round_trip():
    everything = PlaceOfService.objects.all()
    with CaptureQueriesContext(connection) as queries:
        counts = capped_counts(
            {
                "all": everything,
                "inside": everything.filter(is_facility=True),
                "none": everything.filter(code="00"),
            }
        )
    assert len(queries) == 1
    assert counts["all"].n == everything.count()
    assert counts["inside"].n == everything.filter(is_facility=True).count()
    assert counts["none"] == (0, "0")
    assert capped_counts({}) == {}


def test_a_condition_that_nothing_can_meet_counts_none():
    everything = PlaceOfService.objects.all()
    counts = capped_counts(
        {"never": everything.filter(code__in=[]), "nothing": everything.none(), "all": everything}
    )
    assert (counts["never"].n, counts["nothing"].n, counts["all"].n) == (0, 0, everything.count())
