"""Families of procedures and diagnoses, in our own words.

CPT is licensed: ranges only, no descriptions (ruling 39). A later row wins over an earlier one, so that a
narrow family can stand inside a wide one. ICD-10-CM is in the public domain; codes are written without point.
"""

from bisect import bisect_right
from functools import lru_cache

from codes.enums import ProcedureCategory as P

PROCEDURES: tuple[tuple[str, str, P], ...] = (
    # CPT, five digits
    ("00100", "01999", P.ANESTHESIA),
    ("10004", "69990", P.SURGERY),
    ("36415", "36416", P.LABORATORY),  # drawing blood
    ("70010", "79999", P.IMAGING),
    ("76706", "76706", P.PREVENTIVE),  # screening of the aorta
    ("77063", "77063", P.PREVENTIVE),  # screening of the breast
    ("77067", "77067", P.PREVENTIVE),
    ("80047", "89398", P.LABORATORY),
    ("90281", "90399", P.DRUG),
    ("90460", "90759", P.PREVENTIVE),  # vaccines and giving them
    ("90785", "90999", P.THERAPY),  # mental health, dialysis
    ("91010", "91299", P.DIAGNOSTIC_TEST),
    ("92002", "92014", P.VISIT),  # eye doctor
    ("92015", "92499", P.DIAGNOSTIC_TEST),
    ("92502", "92700", P.DIAGNOSTIC_TEST),
    ("92507", "92508", P.THERAPY),  # speech
    ("92526", "92526", P.THERAPY),
    ("92920", "92998", P.SURGERY),  # on the heart, by catheter
    ("92950", "92950", P.CRITICAL_CARE),  # resuscitation
    ("93000", "93799", P.DIAGNOSTIC_TEST),
    ("93797", "93798", P.THERAPY),
    ("93880", "93998", P.IMAGING),  # vessels by ultrasound
    ("94002", "94005", P.HOSPITAL),  # ventilator
    ("94010", "94799", P.DIAGNOSTIC_TEST),
    ("94640", "94669", P.THERAPY),
    ("95004", "95083", P.DIAGNOSTIC_TEST),
    ("95115", "95199", P.THERAPY),
    ("95249", "96020", P.DIAGNOSTIC_TEST),
    ("96105", "96146", P.DIAGNOSTIC_TEST),
    ("96156", "96171", P.THERAPY),
    ("96160", "96161", P.PREVENTIVE),
    ("96360", "96999", P.THERAPY),  # infusions, chemotherapy, skin
    ("97010", "97814", P.THERAPY),  # physical and occupational therapy, wounds, nutrition, acupuncture
    ("98000", "98016", P.VISIT),  # by video or telephone
    ("98925", "98943", P.THERAPY),
    ("98960", "98962", P.THERAPY),
    ("98966", "98972", P.VISIT),
    ("99140", "99140", P.EMERGENCY),
    ("99151", "99157", P.ANESTHESIA),
    ("99202", "99205", P.VISIT),
    ("99211", "99213", P.FOLLOW_UP_VISIT),
    ("99214", "99215", P.VISIT),
    ("99217", "99239", P.HOSPITAL),
    ("99241", "99245", P.VISIT),
    ("99251", "99255", P.HOSPITAL),
    ("99281", "99288", P.EMERGENCY),
    ("99291", "99292", P.CRITICAL_CARE),
    ("99304", "99318", P.HOSPITAL),  # nursing facility
    ("99324", "99350", P.VISIT),
    ("99354", "99360", P.VISIT),
    ("99366", "99380", P.VISIT),
    ("99381", "99429", P.PREVENTIVE),
    ("99421", "99449", P.VISIT),
    ("99460", "99464", P.HOSPITAL),  # newborn
    ("99465", "99476", P.CRITICAL_CARE),
    ("99477", "99480", P.HOSPITAL),
    ("99483", "99499", P.VISIT),
    ("99500", "99602", P.THERAPY),  # at home
    # HCPCS Level II
    ("A0021", "A0999", P.TRANSPORT),
    ("A0225", "A0225", P.EMERGENCY),
    ("A0427", "A0427", P.EMERGENCY),
    ("A0429", "A0431", P.EMERGENCY),
    ("A0433", "A0436", P.EMERGENCY),
    ("A4206", "A9999", P.EQUIPMENT),
    ("B4034", "B9999", P.EQUIPMENT),
    ("D0120", "D0999", P.DIAGNOSTIC_TEST),
    ("D1000", "D1999", P.PREVENTIVE),
    ("D2000", "D9999", P.SURGERY),
    ("E0100", "E9999", P.EQUIPMENT),
    ("G0008", "G0010", P.PREVENTIVE),
    ("G0101", "G0106", P.PREVENTIVE),
    ("G0117", "G0124", P.PREVENTIVE),
    ("G0141", "G0148", P.PREVENTIVE),
    ("G0151", "G0164", P.THERAPY),
    ("G0296", "G0297", P.PREVENTIVE),
    ("G0328", "G0328", P.PREVENTIVE),
    ("G0378", "G0379", P.HOSPITAL),
    ("G0380", "G0384", P.EMERGENCY),
    ("G0390", "G0390", P.EMERGENCY),
    ("G0402", "G0405", P.PREVENTIVE),
    ("G0406", "G0408", P.HOSPITAL),
    ("G0425", "G0427", P.HOSPITAL),
    ("G0438", "G0439", P.PREVENTIVE),
    ("G0442", "G0447", P.PREVENTIVE),
    ("G0463", "G0463", P.VISIT),
    ("G0472", "G0476", P.PREVENTIVE),
    ("G0508", "G0509", P.CRITICAL_CARE),
    ("H0001", "H2037", P.THERAPY),
    ("J0120", "J9999", P.DRUG),
    ("K0001", "K9999", P.EQUIPMENT),
    ("L0112", "L9900", P.EQUIPMENT),
    ("P2028", "P9615", P.LABORATORY),
    ("Q0081", "Q0085", P.THERAPY),
    ("Q0091", "Q0091", P.PREVENTIVE),
    ("Q2034", "Q2039", P.PREVENTIVE),
    ("Q5101", "Q5199", P.DRUG),
    ("R0070", "R0076", P.IMAGING),
    ("S0610", "S0613", P.PREVENTIVE),
    ("S9083", "S9088", P.VISIT),
    ("T1015", "T1015", P.VISIT),
    ("V2020", "V2799", P.EQUIPMENT),
    ("V5008", "V5364", P.DIAGNOSTIC_TEST),
)

SUFFIXES = {
    "A": P.PREVENTIVE,  # giving a vaccine
    "F": P.OTHER,  # quality reporting
    "M": P.LABORATORY,
    "T": P.SURGERY,  # new procedures
    "U": P.LABORATORY,
}
"""CPT codes of four digits and a letter."""

CRITICAL_DIAGNOSES: tuple[tuple[str, str], ...] = (
    ("A40 A41 O85 P36 R652", "sepsis"),
    ("R57 T794 T811", "shock"),
    ("I200 I21 I22 I23 I24", "heart attack, unstable angina"),
    ("I442 I46 I472 I490 P2981", "cardiac arrest, dangerous rhythm"),
    ("I5021 I5023 I5031 I5033 I5041 I5043 I161 I314 I330 I40 J810", "acute heart failure, heart infection"),
    ("I26 I74 O88", "embolism"),
    ("I710 I711 I713 I715 I718", "torn or ruptured aorta"),
    ("G45 I60 I61 I62 I63 H341", "stroke"),
    ("G00 G01 G03 G04 G610 G935 G936 G7001", "acute illness of brain or nerves"),
    ("J80 J960 J962 R092 P84 P220 P285 P916", "failure of breathing"),
    ("J4522 J4532 J4542 J4552 J45902", "status asthmaticus"),
    ("R402 R45851 T1491", "coma, danger of suicide"),
    ("E0501 E0511 E0521 E0531 E0541 E0581 E0591 E035 E272 E15", "endocrine crisis"),
    ("E101 E110 E111 E130 E131 E10641 E11641 E13641", "diabetic crisis"),
    ("D570 D65 N17 K720 K762", "failure of blood, kidney or liver"),
    ("K250 K251 K252 K260 K261 K262 K35 K562 K565 K566 K631 K65 K85 K920 K921 K922 K550", "acute abdomen"),
    ("O00 O141 O142 O15 O45 O710 O711 O72", "emergency of pregnancy and birth"),
    ("M726 N440 H4021", "organ or limb in danger"),
    (
        "S021 S061 S062 S063 S064 S065 S066 S068 S069 S07 S12 S141 S241 S341",
        "injury of skull, brain or spine",
    ),
    ("S15 S25 S26 S27 S28 S35 S36 S37 S48 S78 S88", "injury of organs, large vessels, limbs lost"),
    ("T27 T311 T312 T313 T314 T315 T316 T317 T318 T319 T321 T322 T323 T324 T325 T326", "large burn"),
    ("T58 T630 T670 T68 T71 T751 T754", "poisoning and harm from outside"),
    ("T780 T782 T805 T886", "anaphylaxis"),
)
"""Prefixes of acute, life-threatening conditions; injuries count only while actively treated."""

PREVENTIVE_DIAGNOSES = "Z00 Z014 Z02 Z08 Z09 Z11 Z12 Z13 Z23 Z761 Z762"
"""Prefixes of check-ups, screenings, vaccinations and follow-up examinations."""

_CRITICAL = {prefix for prefixes, _words in CRITICAL_DIAGNOSES for prefix in prefixes.split()}
_PREVENTIVE = frozenset(PREVENTIVE_DIAGNOSES.split())
_ACTIVE_TREATMENT = frozenset("ABC")
_POISONING = frozenset("1234")
"""Sixth character of T36 to T50: poisoning, in contrast to adverse effect and underdosing."""


@lru_cache(maxsize=20_000)
def category_of(code: str) -> P | None:
    """Return the family of a tidied procedure code by its number; None for what no family holds."""
    if len(code) == 5 and code[:4].isdigit() and code[4] in SUFFIXES and code.isascii():
        return SUFFIXES[code[4]]
    key = _key(code)
    at = bisect_right(_STARTS, key) - 1
    return _CATEGORIES[at] if key >= 0 and at >= 0 else None


@lru_cache(maxsize=20_000)
def is_critical(code: str) -> bool:
    """Say whether an ICD-10-CM code without point belongs to an acute, life-threatening family."""
    if code[:1] in "ST" and len(code) == 7 and code[6] not in _ACTIVE_TREATMENT:
        return False
    if "T36" <= code[:3] <= "T50":
        return len(code) > 5 and code[5] in _POISONING
    if code.startswith("G40"):
        return len(code) == 6 and code[5] == "1"  # with status epilepticus
    return any(code[:length] in _CRITICAL for length in (3, 4, 5, 6))


@lru_cache(maxsize=20_000)
def is_preventive(code: str) -> bool:
    """Say whether an ICD-10-CM code without point is an encounter for prevention or follow-up."""
    return code[:3] in _PREVENTIVE or code[:4] in _PREVENTIVE


def _key(code: str) -> int:
    """Return a number that orders 12345 and A1234 alike; -1 for anything else."""
    if len(code) != 5 or not code.isascii() or not code[1:].isdigit():
        return -1
    if code[0].isdigit():
        return int(code)
    return ord(code[0]) * 100_000 + int(code[1:]) if "A" <= code[0] <= "Z" else -1


def _painted() -> tuple[list[int], list[P | None]]:
    """Lay the rows over each other, later ones on top: sorted starts, and the category from there on."""
    rows = [(_key(first), _key(last), category) for first, last, category in PROCEDURES]
    starts = sorted({edge for first, last, _ in rows for edge in (first, last + 1)})
    return starts, [
        next((category for first, last, category in reversed(rows) if first <= start <= last), None)
        for start in starts
    ]


_STARTS, _CATEGORIES = _painted()
