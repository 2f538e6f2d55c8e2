"""The columns of a roster file."""

from dataclasses import dataclass

from claimflow.lib.sentences import gettext_noop

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` stands in the first line of the file, in any case and with spaces or underscores."""

    name: str
    says: str
    example: str
    needed: bool = False
    longest: int = 100


COLUMNS = (
    Column("member_id", gettext_noop("1 to 50 letters, digits and hyphens."), "W100200300", True, 50),
    Column("last_name", gettext_noop("As on the card."), "Okafor", True),
    Column("first_name", gettext_noop("As on the card."), "Adaeze", True),
    Column("birth_date", gettext_noop("2026-01-31 or 01/31/2026."), "1965-03-14", True),
    Column("sex", gettext_noop("F, M or U for unknown. Empty means unknown."), "F"),
    Column("plan", gettext_noop("The name of one of your plans."), "Silver PPO", True, 120),
    Column("group_number", gettext_noop("Up to 50 characters."), "G-7781", False, 50),
    Column("relationship", gettext_noop("self, spouse, child or other. Empty means self."), "self"),
    Column("effective_from", gettext_noop("First day in force."), "2026-01-01", True),
    Column("effective_to", gettext_noop("Last day in force. Empty means open."), ""),
    Column("deductible", gettext_noop("Dollars a year. Empty means none."), "500.00"),
    Column("copay", gettext_noop("Dollars a visit. Empty means none."), "25.00"),
    Column("coinsurance_percent", gettext_noop("The member's share, 0 to 100. Empty means 0."), "20"),
    Column("out_of_pocket_limit", gettext_noop("Dollars a year. Empty means no limit."), "4000.00"),
    Column("line1", gettext_noop("Street address."), "12 Elm St", False, 55),
    Column("line2", gettext_noop("Apartment or suite."), "", False, 55),
    Column("city", gettext_noop("City."), "Albany", False, 30),
    Column("state", gettext_noop("Two letters."), "NY", False, 2),
    Column("postal_code", gettext_noop("ZIP code."), "12207", False, 10),
    Column("phone", gettext_noop("Up to 30 characters."), "518-555-0142", False, 30),
)
BY_NAME = {column.name: column for column in COLUMNS}
ADDRESS = ("line1", "line2", "city", "state", "postal_code")


def named(heading: str) -> str:
    """A heading as the columns spell it: ``Member ID`` is ``member_id``."""
    return "_".join(heading.replace("-", " ").replace("_", " ").lower().split())


def template() -> str:
    """A file to start from: the headings and one invented member."""
    return "\r\n".join(
        (",".join(column.name for column in COLUMNS), ",".join(column.example for column in COLUMNS), "")
    )
