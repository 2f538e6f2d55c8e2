"""What guards an account: the figures of a security policy, and the stricter of two. Knows no database.

A row of ``SecurityPolicy`` stands for the platform, an optional second one for an organization; what is in force for a
person is the stricter of both, figure by figure. The defaults are those of the client's documents and of ruling 42.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

PLATFORM_POLICY_ID = UUID("0196f0c0-0000-7000-8000-00000000000c")
"""The key of the platform's row, which a migration brings."""
LOWER, HIGHER, TRUE, INSIDE = "lower", "higher", "true", "inside"
# Which way is stricter. ``expiry_days`` is lower too, but 0 there means never.
STRICTER = {
    "minimum_length": HIGHER,
    "character_classes": HIGHER,
    "expiry_days": LOWER,
    "history": HIGHER,
    "attempts": LOWER,
    "lock_minutes": HIGHER,
    "idle_minutes": LOWER,
    "absolute_hours": LOWER,
    "second_factor_required": TRUE,
    "address_ranges": INSIDE,
}


@dataclass(frozen=True)
class Safeguards:
    """The figures in force. Lengths in characters; ``expiry_days`` 0: never; ``history``: how many earlier passwords
    are refused beside the present one; ``address_ranges``: CIDR, empty: from anywhere. ``further_ranges`` are those of
    the second policy: an address must be inside both."""

    minimum_length: int = 12
    character_classes: int = 0
    expiry_days: int = 0
    history: int = 0
    attempts: int = 5
    lock_minutes: int = 30
    idle_minutes: int = 30
    absolute_hours: int = 12
    second_factor_required: bool = True
    address_ranges: tuple[str, ...] = ()
    further_ranges: tuple[str, ...] = ()

    def stricter(self, other: "Safeguards") -> "Safeguards":
        """Figure by figure the stricter of both; of the addresses, those that both admit."""
        figures = {
            name: stricter_of(name, getattr(self, name), getattr(other, name))
            for name in STRICTER
            if name != "address_ranges"
        }
        return replace(self, **figures, further_ranges=other.address_ranges)

    def admits(self, address: str) -> bool:
        """Whether somebody may come from this address. What is no address comes from nowhere."""
        return is_inside(address, self.address_ranges) and is_inside(address, self.further_ranges)

    def has_expired(self, chosen_at: datetime | None, now: datetime) -> bool:
        """Whether a password that was chosen then must be replaced."""
        return bool(self.expiry_days and chosen_at and now - chosen_at > timedelta(days=self.expiry_days))

    def with_second_factor(self) -> "Safeguards":
        return replace(self, second_factor_required=True)


NAMES = tuple(field.name for field in fields(Safeguards) if field.name in STRICTER)


def stricter_of(name: str, one: Any, other: Any) -> Any:
    """The stricter of two values of one figure (not of address ranges)."""
    if name == "expiry_days":
        return min(filter(None, (one, other)), default=0)
    return min(one, other) if STRICTER[name] == LOWER else max(one, other)


def laxer(own: Mapping[str, Any], platform: Mapping[str, Any]) -> list[str]:
    """Names of the figures in which an organization's policy is weaker than the platform's. Its address ranges never
    are: they only narrow."""
    return [
        name
        for name, way in STRICTER.items()
        if way != INSIDE and name in own and stricter_of(name, own[name], platform[name]) != own[name]
    ]


def combined(rows: Iterable[Mapping[str, Any]]) -> Safeguards:
    """What is in force, from the policies' rows: the platform's and, if there is one, the organization's. Without any
    row the defaults stand."""
    policies = sorted(rows, key=lambda row: row["organization_id"] is not None)
    guards = [_of(row) for row in policies]
    if not guards:
        return Safeguards()
    # An organization's row without the platform's is held to the defaults.
    first = guards[0] if policies[0]["organization_id"] is None else Safeguards().stricter(guards[0])
    return first.stricter(guards[1]) if len(guards) > 1 else first


def _of(row: Mapping[str, Any]) -> Safeguards:
    figures: dict[str, Any] = {name: row[name] for name in NAMES}
    return Safeguards(**{**figures, "address_ranges": tuple(figures["address_ranges"])})


def is_inside(address: str, ranges: Iterable[str]) -> bool:
    """Whether an address is in one of the ranges; without ranges everything is. An IPv4 address that came in IPv6
    clothes (``::ffff:192.0.2.1``) counts as itself."""
    networks = [ip_network(each) for each in ranges]
    if not networks:
        return True
    try:
        place = ip_address(address)
    except ValueError:
        return False
    place = getattr(place, "ipv4_mapped", None) or place
    return any(place in network for network in networks)


def parse_range(text: str) -> str:
    """A range in its one spelling: ``192.0.2.0/24``, ``2001:db8::/32``; a lone address becomes a range of one. Raises
    ``ValueError`` for what is neither, and for a range whose address has bits beyond its length."""
    return str(ip_network(text.strip(), strict=True))


def overlap(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether any address is in both lists; an empty list means everywhere."""
    first, second = [ip_network(each) for each in one], [ip_network(each) for each in other]
    if not first or not second:
        return True
    return any(a.version == b.version and a.overlaps(b) for a in first for b in second)
