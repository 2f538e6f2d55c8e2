"""Invented organizations and people. No name, number or address belongs to anybody; NPIs only pass the check digit."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import OrganizationType, UserRole
from codes.npi import check_digit
from members.enums import Funding, LineOfBusiness

T, R = OrganizationType, UserRole
TPA = T.THIRD_PARTY_ADMINISTRATOR


@dataclass(frozen=True)
class Firm:
    """An organization as it is made. ``code`` is a provider's first nine NPI digits or a payer's code."""

    key: str
    name: str
    type: OrganizationType
    time_zone: str
    city: str
    state: str
    code: str


FIRMS = (
    Firm(
        "riverside", "Riverside Medical Center", T.HOSPITAL, "America/New_York", "Albany", "NY", "120000001"
    ),
    Firm("harbor", "Harbor Family Practice", T.PRACTICE, "America/Chicago", "Duluth", "MN", "120000002"),
    Firm("acme", "Acme Health Insurance", T.INSURER, "America/New_York", "Hartford", "CT", "ACME1"),
    Firm(
        "summit",
        "Summit Benefit Administrators",
        T.THIRD_PARTY_ADMINISTRATOR,
        "America/Denver",
        "Boulder",
        "CO",
        "SUMMIT",
    ),
)


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    email: str
    first_name: str
    last_name: str
    side: UserRole
    firm: str
    roles: tuple[str, ...]


STAFF = (
    Person("demo@claimflow.com", "Dana", "Whitfield", R.PROVIDER, "riverside", ("Biller",)),
    Person(
        "manager@riverside.example", "Morgan", "Castellano", R.PROVIDER, "riverside", ("Billing manager",)
    ),
    Person(
        "people@riverside.example",
        "Jamie",
        "Thornton",
        R.PROVIDER,
        "riverside",
        ("Organization administrator",),
    ),
    Person("biller@harbor.example", "Robin", "Aldridge", R.PROVIDER, "harbor", ("Biller",)),
    Person("test@example.com", "Taylor", "Nakamura", R.PAYER, "acme", ("Adjudicator",)),
    Person("adjudicator@acme.example", "Jordan", "Okonkwo", R.PAYER, "acme", ("Adjudicator",)),
    Person("supervisor@acme.example", "Casey", "Lindqvist", R.PAYER, "acme", ("Supervisor",)),
    Person("people@acme.example", "Drew", "Halvorsen", R.PAYER, "acme", ("Organization administrator",)),
    Person("auditor@acme.example", "Avery", "Brandt", R.PAYER, "acme", ("Auditor",)),
    Person("adjudicator@summit.example", "Riley", "Vasquez", R.PAYER, "summit", ("Adjudicator",)),
    Person("admin@claimflow.example", "Alex", "Moreau", R.ADMIN, "", ("Platform administrator",)),
    Person("auditor@claimflow.example", "Sam", "Petrov", R.ADMIN, "", ("Auditor",)),
)

PLANS = {
    "acme": (
        ("Acme Choice PPO", LineOfBusiness.COMMERCIAL, "NY", Funding.INSURED),
        ("Acme Silver Exchange", LineOfBusiness.EXCHANGE, "NY", Funding.INSURED),
        ("Acme Medicare Advantage", LineOfBusiness.MEDICARE_ADVANTAGE, "CT", Funding.GOVERNMENT),
    ),
    "summit": (
        ("Summit Employer Plan", LineOfBusiness.EMPLOYER, "CO", Funding.SELF_FUNDED),
        ("Summit High Deductible", LineOfBusiness.EMPLOYER, "MN", Funding.SELF_FUNDED),
    ),
}

CLINICIANS = {
    "riverside": (("Imani", "Whitlock"), ("Henrik", "Solberg"), ("Lucia", "Ferrante"), ("Omar", "Haddad")),
    "harbor": (("Grace", "Tanaka"), ("Owen", "Fitzgerald")),
}

FIRST_NAMES = (
    "Adaeze", "Marcus", "Lena", "Tobias", "Priya", "Hannah", "Diego", "Wei", "Amina", "Jonas", "Rosa", "Elijah",
    "Sofia", "Kwame", "Ingrid", "Rafael", "Mei", "Patrick", "Yara", "Nils", "Camille", "Andre", "Farah", "Oscar",
    "Ivy", "Malik", "Greta", "Hugo", "Leila", "Stefan",
)  # fmt: skip
LAST_NAMES = (
    "Okafor", "Lind", "Marchetti", "Abernathy", "Ramaswamy", "Kowalczyk", "Delacroix", "Nguyen-Harrington", "Osei",
    "Bergstrom", "Villanueva", "Thornbury", "Ibrahim", "Castellanos", "MacAllister", "Yamamoto", "O'Rourke",
    "Featherstonehaugh", "Petrosyan", "Adeyemi",
)  # fmt: skip


def npi_of(nine: str) -> str:
    """A ten-digit NPI that passes the check."""
    return nine + check_digit(nine)


def birth_date_of(number: int, today: date) -> date:
    """Ages from 19 to 88, spread evenly over the invented people, who are all insured themselves."""
    return date(today.year - 19 - (number * 37) % 70, 1 + (number * 7) % 12, 1 + (number * 11) % 28)
