"""What happens in an invented clinic: visits as bundles of demonstration procedures and real diagnoses."""

from dataclasses import dataclass

from claims.enums import DenialReason


@dataclass(frozen=True)
class Visit:
    """One kind of visit: procedures of our own (codes/data), billable ICD-10-CM codes, place of service, weight."""

    procedures: tuple[str, ...]
    diagnoses: tuple[tuple[str, ...], ...]
    place: str
    weight: int
    at: tuple[str, ...] = ("riverside", "harbor")


HOSPITAL = ("riverside",)
VISITS = (
    Visit(("X0004",), (("I10",), ("E119", "I10"), ("J069",), ("M5450",)), "11", 20),
    Visit(("X0003", "X0055"), (("J020",), ("J029",)), "11", 9),
    Visit(("X0005", "X0052", "X0053"), (("E1165", "I10"), ("E119", "E785")), "11", 12),
    Visit(("X0018", "X0024", "X0051"), (("Z0000",),), "11", 10),
    Visit(("X0007",), (("I10", "E785"), ("J449",)), "11", 9),
    Visit(("X0008",), (("F411",), ("G43909",)), "10", 5),
    Visit(("X0032", "X0030", "X0031"), (("M1711",), ("M25561",), ("S83241A",)), "11", 8),
    Visit(("X0035",), (("F331",), ("F411",)), "11", 7),
    Visit(("X0009", "X0039", "X0050"), (("I4891",), ("I2510", "I10")), "22", 5, HOSPITAL),
    Visit(("X0012", "X0039", "X0051", "X0052"), (("R079", "I10"), ("R55",)), "23", 8, HOSPITAL),
    Visit(("X0013", "X0014", "X0039"), (("I219", "I10"), ("I214",)), "23", 4, HOSPITAL),
    Visit(("X0011", "X0046", "X0059"), (("S52501A",), ("S61411A",)), "23", 7, HOSPITAL),
    Visit(("X0047",), (("R519",), ("S060X0A",)), "22", 5, HOSPITAL),
    Visit(("X0056", "X0061"), (("K3580",),), "21", 3, HOSPITAL),
    Visit(("X0058",), (("M1711",), ("M1712",)), "21", 2, HOSPITAL),
    Visit(("X0060",), (("H2511",), ("H2512",)), "24", 3, HOSPITAL),
    Visit(("X0023",), (("Z1211",),), "24", 4, HOSPITAL),
    Visit(("X0026", "X0027", "X0028"), (("J189", "J449"), ("N179", "I10")), "21", 4, HOSPITAL),
)

DENIALS: tuple[tuple[DenialReason, str], ...] = (
    (
        DenialReason.NOT_COVERED,
        "The plan does not cover this service. The plan booklet lists it under exclusions; the patient was told in "
        "the enrollment materials.",
    ),
    (
        DenialReason.DUPLICATE,
        "The same service on the same day was already received and decided under another claim number. Send a "
        "replacement if something was wrong with the first one.",
    ),
    (
        DenialReason.INSUFFICIENT_DOCUMENTATION,
        "The visit note that was asked for did not arrive. Send the note with the next claim or with an appeal.",
    ),
    (
        DenialReason.NOT_ELIGIBLE,
        "The member's coverage had ended before the date of service. Check the member's card for a newer plan.",
    ),
    (
        DenialReason.INVALID_DIAGNOSIS,
        "The diagnosis on this line does not support the service. Correct the pointer or the diagnosis and send a "
        "replacement claim.",
    ),
)

PEND_NOTES = (
    "Asked the clinic for the visit note and the order of the attending physician.",
    "Waiting for the answer of the other insurance about who pays first.",
    "Price of the implant is being checked with the contract team.",
)
RELEASE_REASON = "Needs somebody who knows orthopedic claims."
