"""A reader of a few lines for sample 837P files: one claim, as much of it as the claim form has boxes for.

No validation and no loops: a segment belongs to the last name (NM1) before it, which is enough for files of one claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

RELATIONSHIPS = {"18": "Self", "01": "Spouse", "19": "Child"}
SEXES = {"F": "Female", "M": "Male", "U": "Unknown"}


@dataclass
class Party:
    """Somebody named by NM1: NM103, NM104, NM109, and what follows until the next name."""

    last_name: str = ""
    first_name: str = ""
    number: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    born: date | None = None
    sex: str = ""

    @property
    def name(self) -> str:
        return f"{self.last_name}, {self.first_name}" if self.first_name else self.last_name


@dataclass
class Line:
    """SV1 and its date."""

    procedure: str
    modifiers: list[str]
    charge: Decimal
    units: Decimal
    place: str
    pointers: str
    served: date = date.min


@dataclass
class Claim:
    """One claim of a file. ``parties`` by the entity code of NM101: 85 billing, IL insured, QC patient, PR payer, 82
    rendering, 77 place of service."""

    parties: dict[str, Party] = field(default_factory=dict)
    account_number: str = ""
    charge: Decimal = Decimal(0)
    place: str = ""
    relationship: str = "Other"
    group_number: str = ""
    diagnoses: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    accident: str = ""
    accident_state: str = ""
    accident_date: date | None = None
    onset_date: date | None = None

    @property
    def patient(self) -> Party:
        """The insured, unless somebody else is the patient."""
        return self.parties.get("QC", self.parties["IL"])

    @property
    def is_dependent(self) -> bool:
        return "QC" in self.parties


def segments(text: str) -> Iterator[list[str]]:
    """Elements by segment; the delimiters stand at fixed places of ISA. Missing elements read as ""."""
    element, end = text[3], text[105]
    for segment in text.split(end):
        if segment.strip():
            yield segment.strip().split(element) + [""] * 16


def read(path: Path) -> Claim:
    """The single claim of a file."""
    claim, party = Claim(), Party()
    for tag, *each in segments(path.read_text()):
        match tag:
            case "NM1":
                party = claim.parties.setdefault(each[0], Party())
                party.last_name, party.first_name, party.number = each[2], each[3], each[8]
            case "N3":
                party.street = each[0]
            case "N4":
                party.city, party.state, party.postal_code = each[:3]
            case "DMG":
                party.born, party.sex = day(each[1]), SEXES[each[2]]
            case "SBR":
                claim.relationship = RELATIONSHIPS.get(each[1], claim.relationship)
                claim.group_number = each[2]
            case "PAT":
                claim.relationship = RELATIONSHIPS.get(each[0], claim.relationship)
            case "CLM":
                claim.account_number, claim.charge = each[0], Decimal(each[1])
                claim.place = each[4].split(":")[0]
                claim.accident, _second, _third, claim.accident_state = (each[10].split(":") + [""] * 3)[:4]
            case "HI":
                claim.diagnoses = [code.split(":")[1] for code in each if code]
            case "SV1":
                _system, procedure, *modifiers = each[0].split(":")
                letters = "".join("ABCDEFGHIJKL"[int(at) - 1] for at in each[6].split(":"))
                place = each[4] or claim.place
                claim.lines.append(
                    Line(procedure, modifiers, Decimal(each[1]), Decimal(each[3]), place, letters)
                )
            case "DTP":
                _keep_date(claim, each[0], day(each[2]))
    return claim


def _keep_date(claim: Claim, qualifier: str, told: date) -> None:
    match qualifier:
        case "472":
            claim.lines[-1].served = told
        case "439":
            claim.accident_date = told
        case "431":
            claim.onset_date = told


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
