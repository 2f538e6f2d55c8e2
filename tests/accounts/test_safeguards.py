"""Which of two policies is stricter, who is laxer, and which addresses are inside: without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.safeguards import (
    NAMES,
    Safeguards,
    combined,
    is_inside,
    laxer,
    overlap,
    parse_range,
    stricter_of,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def row(organization: str | None = None, **figures: object) -> dict[str, object]:
    return {name: getattr(Safeguards(), name) for name in NAMES} | {
        "organization_id": organization,
        **figures,
    }


@pytest.mark.parametrize(
    ("name", "one", "other", "stricter"),
    [
        ("minimum_length", 12, 15, 15),
        ("character_classes", 3, 0, 3),
        ("expiry_days", 0, 90, 90),
        ("expiry_days", 90, 0, 90),
        ("expiry_days", 90, 30, 30),
        ("expiry_days", 0, 0, 0),
        ("history", 5, 10, 10),
        ("attempts", 5, 3, 3),
        ("lock_minutes", 30, 60, 60),
        ("idle_minutes", 30, 15, 15),
        ("absolute_hours", 8, 12, 8),
        ("second_factor_required", False, True, True),
        ("second_factor_required", False, False, False),
    ],
)
def test_the_stricter_of_two_figures(name: str, one: object, other: object, stricter: object) -> None:
    assert stricter_of(name, one, other) == stricter_of(name, other, one) == stricter


def test_both_policies_together_are_as_strict_as_either_in_every_figure() -> None:
    platform = row(idle_minutes=20, attempts=5, address_ranges=["10.0.0.0/8"])
    own = row("a", idle_minutes=40, attempts=3, expiry_days=90, address_ranges=["10.1.0.0/16"])
    for rows in ([platform, own], [own, platform]):
        guards = combined(rows)
        assert (guards.idle_minutes, guards.attempts, guards.expiry_days) == (20, 3, 90)
        assert guards.admits("10.1.2.3")
        assert not guards.admits("10.2.2.3")


def test_without_rows_the_defaults_stand() -> None:
    assert combined([]) == Safeguards()
    assert combined([row("a", minimum_length=8)]).minimum_length == 12
    assert combined([row(minimum_length=14)]).minimum_length == 14


@pytest.mark.parametrize(
    ("figures", "names"),
    [
        ({"idle_minutes": 31}, ["idle_minutes"]),
        ({"idle_minutes": 30, "minimum_length": 12}, []),
        ({"minimum_length": 11, "history": 9}, ["minimum_length"]),
        ({"expiry_days": 90}, []),
        ({"second_factor_required": False}, ["second_factor_required"]),
        ({"address_ranges": ["::/0"]}, []),
    ],
)
def test_laxer_figures_are_named(figures: dict[str, object], names: list[str]) -> None:
    assert laxer(figures, row()) == names


def test_no_expiry_is_laxer_than_any() -> None:
    assert laxer({"expiry_days": 0}, row(expiry_days=90)) == ["expiry_days"]
    assert laxer({"expiry_days": 91}, row(expiry_days=90)) == ["expiry_days"]


@pytest.mark.parametrize(
    ("address", "ranges", "inside"),
    [
        ("192.0.2.7", [], True),
        ("192.0.2.7", ["192.0.2.0/24"], True),
        ("192.0.3.7", ["192.0.2.0/24"], False),
        ("192.0.3.7", ["192.0.2.0/24", "192.0.3.7/32"], True),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"], True),
        ("2001:db8::1", ["2001:db8::/32"], True),
        ("2001:db9::1", ["2001:db8::/32"], False),
        ("2001:db8::1", ["0.0.0.0/0"], False),
        ("", ["0.0.0.0/0"], False),
        ("unknown", ["::/0"], False),
        ("unknown", [], True),
    ],
)
def test_an_address_is_inside_or_not(address: str, ranges: list[str], inside: bool) -> None:
    assert is_inside(address, ranges) is inside


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 192.0.2.0/24 ", "192.0.2.0/24"),
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
        ("2001:db8::7", "2001:db8::7/128"),
    ],
)
def test_a_range_has_one_spelling(typed: str, kept: str) -> None:
    assert parse_range(typed) == kept


@pytest.mark.parametrize(
    "typed", ["192.0.2.1/24", "192.0.2.0/33", "300.0.0.1", "here", "10.0.0.0/8, 11.0.0.0/8"]
)
def test_what_is_no_range_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_range(typed)


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        ([], ["10.0.0.0/8"], True),
        (["10.1.0.0/16"], ["10.0.0.0/8"], True),
        (["11.0.0.0/8"], ["10.0.0.0/8"], False),
        (["2001:db8::/32"], ["10.0.0.0/8"], False),
        (["11.0.0.0/8", "2001:db8:1::/48"], ["10.0.0.0/8", "2001:db8::/32"], True),
    ],
)
def test_ranges_overlap_or_not(one: list[str], other: list[str], overlaps: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is overlaps


def test_a_password_expires_after_its_days() -> None:
    guards = Safeguards(expiry_days=90)
    assert guards.has_expired(NOW - timedelta(days=91), NOW)
    assert not guards.has_expired(NOW - timedelta(days=89), NOW)
    assert not guards.has_expired(None, NOW)
    assert not Safeguards().has_expired(NOW - timedelta(days=9_000), NOW)
