"""Families of procedures and diagnoses, in our own words.

CPT is licensed: numbers only, no descriptions (ruling 39). ICD-10-CM is in the public domain; codes are written
without point.
"""

import string
from collections.abc import Iterable

from codes.enums import ProcedureCategory as P
from codes.formats import ICD10CM

PROCEDURES: tuple[tuple[P, str], ...] = (
    # CPT, five digits
    (P.ANESTHESIA, "00100-01999"),
    (P.SURGERY, "10004-69990"),
    (P.LABORATORY, "36415-36416"),  # drawing blood
    (P.EMERGENCY, "31500 31603 31605"),  # opening the airway
    (P.IMAGING, "70010-79999"),
    (P.PREVENTIVE, "76706 77057 77063 77067 71271"),  # screening: aorta, breast, lung
    (P.LABORATORY, "80047-89398"),
    (P.DRUG, "90281-90399"),
    (P.PREVENTIVE, "90380-90382 90460-90759"),  # antibodies for newborn children, vaccines, giving them
    (P.THERAPY, "90785-90999"),  # mental health, dialysis
    (P.DIAGNOSTIC_TEST, "91010-91299"),
    (P.PREVENTIVE, "91300-91329"),  # vaccines
    (P.VISIT, "92002-92014"),  # eye doctor
    (P.DIAGNOSTIC_TEST, "92015-92499 92502-92700"),
    (P.THERAPY, "92507-92508 92526"),  # speech, swallowing
    (P.SURGERY, "92920-92998"),  # on the heart, by catheter
    (P.CRITICAL_CARE, "92950"),  # resuscitation
    (P.EMERGENCY, "92953"),  # pacing through the skin
    (P.DIAGNOSTIC_TEST, "93000-93799"),
    (P.THERAPY, "93797-93798"),
    (P.IMAGING, "93880-93998"),  # vessels by ultrasound
    (P.HOSPITAL, "94002-94005"),  # ventilator
    (P.DIAGNOSTIC_TEST, "94010-94799"),
    (P.THERAPY, "94625-94626 94640-94669"),
    (P.DIAGNOSTIC_TEST, "95004-95083"),
    (P.THERAPY, "95115-95199"),
    (P.DIAGNOSTIC_TEST, "95249-96020 96105-96146"),
    (P.THERAPY, "96156-96171"),
    (P.PREVENTIVE, "96160-96161"),
    (P.THERAPY, "96360-96999"),  # infusions, chemotherapy, skin
    (P.PREVENTIVE, "96380-96381"),  # giving antibodies to newborn children
    (P.THERAPY, "97001-97814"),  # physical and occupational therapy, wounds, nutrition, acupuncture
    (P.VISIT, "98000-98016"),  # by video or telephone
    (P.THERAPY, "98925-98943 98960-98962"),
    (P.VISIT, "98966-98981"),
    (P.OTHER, "99000-99091"),
    (P.FOLLOW_UP_VISIT, "99024"),  # after an operation
    (P.ANESTHESIA, "99100-99135 99143-99157"),
    (P.EMERGENCY, "99140"),
    (P.PREVENTIVE, "99172-99177 99188"),  # screening of eyes, varnish for teeth
    (P.THERAPY, "99183 99195"),
    (P.VISIT, "99201-99205 99214-99215"),
    (P.FOLLOW_UP_VISIT, "99211-99213"),
    (P.HOSPITAL, "99217-99239"),
    (P.VISIT, "99241-99245"),
    (P.HOSPITAL, "99251-99255"),
    (P.EMERGENCY, "99281-99288"),
    (P.CRITICAL_CARE, "99291-99292"),
    (P.HOSPITAL, "99304-99318"),  # nursing facility
    (P.VISIT, "99324-99350 99354-99360 99366-99380 99421-99458"),
    (P.PREVENTIVE, "99381-99420 99429"),
    (P.HOSPITAL, "99460-99464 99477-99480"),  # newborn
    (P.CRITICAL_CARE, "99465-99476"),
    (P.VISIT, "99483-99499 99605-99607"),
    (P.THERAPY, "99500-99602"),  # at home
    # HCPCS Level II, by its letters
    (P.TRANSPORT, "A0021-A0999"),
    (P.EMERGENCY, "A0225 A0427 A0429-A0431 A0433-A0436"),
    (P.EQUIPMENT, "A4206-A9999 B4034-B9999 C1713-C2699"),
    (P.SURGERY, "C5271-C5278 C7500-C7599"),
    (P.IMAGING, "C8900-C8937"),
    (P.THERAPY, "C8957"),
    (P.DRUG, "C9014-C9399 C9407-C9499"),
    (P.SURGERY, "C9600-C9608 C9724-C9780"),
    (P.PREVENTIVE, "D0120 D0145 D0190-D0191"),  # dentist's check-up
    (P.VISIT, "D0140 D0150-D0180"),
    (P.IMAGING, "D0210-D0399"),
    (P.DIAGNOSTIC_TEST, "D0411-D0999"),
    (P.PREVENTIVE, "D1000-D1999"),
    (P.SURGERY, "D2000-D9999"),
    (P.EQUIPMENT, "E0100-E9999"),
    (P.PREVENTIVE, "G0008-G0010 G0101-G0106 G0117-G0124 G0141-G0148 G0202 G0296-G0297 G0327-G0328 G0389"),
    (
        P.PREVENTIVE,
        "G0396-G0397 G0402-G0405 G0432-G0435 G0438-G0439 G0442-G0447 G0472-G0476 G0499 G0513-G0514",
    ),
    (P.SURGERY, "G0127 G0168 G0186 G0259-G0260 G0268-G0269 G0276 G0278 G0289 G0341-G0343 G0364 G0412-G0415"),
    (P.SURGERY, "G0448 G0516-G0518 G6018-G6025"),
    (P.THERAPY, "G0128-G0129 G0151-G0166 G0173 G0176-G0177 G0237-G0239 G0251 G0257 G0270-G0271 G0277"),
    (P.THERAPY, "G0281-G0283 G0295 G0299-G0300 G0329 G0339-G0340 G0409-G0411 G0422-G0424 G0491-G0498"),
    (P.THERAPY, "G2067-G2088 G6001-G6017"),  # dependence on opioids, radiation
    (P.IMAGING, "G0130 G0204-G0235 G0252 G0279 G0288 G0365"),
    (P.LABORATORY, "G0027 G0306-G0307 G0416-G0419 G0477-G0483 G0659 G2023-G2024 G6030-G6058"),
    (P.DIAGNOSTIC_TEST, "G0255 G0398-G0400"),
    (P.HOSPITAL, "G0378-G0379 G0406-G0408 G0425-G0427"),
    (P.EMERGENCY, "G0380-G0384 G0390"),
    (
        P.VISIT,
        "G0071-G0087 G0179-G0182 G0245-G0247 G0463 G0511-G0512 G2001-G2015 G2025 G2061-G2065 G2250-G2252",
    ),
    (P.CRITICAL_CARE, "G0508-G0509"),
    (P.THERAPY, "H0001-H2037"),
    (P.DRUG, "J0120-J9999"),
    (P.EQUIPMENT, "K0001-K9999 L0112-L9900"),
    (P.PREVENTIVE, "M0201"),
    (P.THERAPY, "M0220-M0250"),
    (P.LABORATORY, "P2028-P9615 Q0111-Q0115 U0001-U0005"),
    (P.PREVENTIVE, "P3000-P3001 Q0091 Q2034-Q2039"),
    (P.THERAPY, "Q0081-Q0085"),
    (
        P.DRUG,
        "Q0138-Q0181 Q0220-Q0250 Q2009-Q2028 Q2040-Q2057 Q3027-Q3028 Q5101-Q5199 Q9950-Q9995 S0012-S0199",
    ),
    (P.EQUIPMENT, "Q0477-Q0509 Q4001-Q4051"),
    (P.IMAGING, "R0070-R0076 S8032-S8042 S8080-S8092"),
    (P.PREVENTIVE, "S0302 S0601-S0622 S8032"),
    (P.SURGERY, "S0630 S0800-S0812 S2053-S2411"),
    (P.LABORATORY, "S3600-S3890"),
    (P.EQUIPMENT, "S8096-S8490"),
    (P.THERAPY, "S8930-S8990 S9098 S9122-S9131 S9152 S9325-S9379 S9472-S9480 S9490-S9504"),
    (P.VISIT, "S9083-S9088 T1015"),
    (P.THERAPY, "T1000-T1003"),
    (P.EQUIPMENT, "T4521-T4545 V2020-V2799"),
    (P.DIAGNOSTIC_TEST, "V5008-V5364"),
    (P.EQUIPMENT, "V5030-V5299"),  # hearing aids
)
"""A family and its codes, single or as ranges. A later row wins over an earlier one."""

SUFFIXES = {
    "A": P.PREVENTIVE,  # giving a vaccine
    "F": P.OTHER,  # quality reporting
    "M": P.LABORATORY,
    "T": P.SURGERY,  # new procedures
    "U": P.LABORATORY,
}
"""CPT codes of four digits and a letter."""

HIGH_SEVERITY = frozenset({"99284", "99285", "G0383", "G0384"})
"""Emergency visits of the two highest levels."""

PREVENTIVE_AGES: tuple[tuple[str, int, int], ...] = (
    ("99381 99391", 0, 0),
    ("99382 99392", 1, 4),
    ("99383 99393", 5, 11),
    ("99384 99394", 12, 17),
    ("99385 99395", 18, 39),
    ("99386 99396", 40, 64),
    ("99387 99397", 65, 130),
)
"""Preventive visits and the first and last year of age, both included, that each is for."""

CRITICAL_DIAGNOSES: tuple[tuple[str, str], ...] = (
    ("sepsis", "A021 A207 A227 A267 A327 A40 A41 A427 A5486 B377 O85 O8604 P36 R652 T8144"),
    (
        "dangerous infections",
        "A051 A170 A221 A33 A34 A35 A360 A390 A391 A392 A394 A480 A483 A4851 A4852 A80 A82",
    ),
    ("infections of the brain", "A321 A83 A84 A85 A86 B003 B004 B451"),
    ("hemorrhagic fevers, severe malaria", "A91 A95 A96 A98 A99 B500 B508"),
    ("shock", "R57 T794 T811 T882 O751"),
    ("heart attack, unstable angina", "I200 I21 I22 I23 I24"),
    ("unstable angina", "I25110 I25700 I25710 I25720 I25730 I25750 I25760 I25790"),
    ("cardiac arrest, dangerous rhythm", "I442 I46 I472 I490 I9712 I9771 P2981"),
    ("acute heart failure, infected heart", "I5021 I5023 I5031 I5033 I5041 I5043 I161 I33 I40 J810"),
    ("torn or compressed heart", "I312 I314 I511 I512"),
    ("embolism", "I26 I74 I8221 I8222 O88 T790 T791 T800"),
    ("torn or ruptured vessels", "I2542 I710 I711 I713 I715 I718 I772 I7771 I7774"),
    ("stroke", "G45 I60 I61 I62 I63 I674 I676 I9781 I9782 H341"),
    (
        "acute illness of brain or nerves",
        "G00 G01 G03 G04 G06 G08 G210 G373 G610 G834 G911 G935 G936 G952 G7001",
    ),
    ("failure of breathing", "J80 J95821 J95822 J960 J962 R0901 R092 P84 P220 P285 P916"),
    ("closing airway, air or blood beside the lung", "J051 J384 J390 J930 J942 J9851"),
    ("status asthmaticus", "J4522 J4532 J4542 J4552 J45902"),
    ("coma, danger of suicide", "R402 R45851 T1491"),
    ("delirium of withdrawal", "F10131 F10231 F10931 F13131 F13231 F13931"),
    (
        "crisis of the glands, breakdown of tumors",
        "E0501 E0511 E0521 E0531 E0541 E0581 E0591 E035 E272 E15 E883",
    ),
    ("diabetic crisis", "E080 E081 E090 E091 E101 E110 E111 E130 E131"),
    ("diabetic coma from low sugar", "E08641 E09641 E10641 E11641 E13641"),
    (
        "failure of blood, kidney or liver",
        "D570 D593 D65 M311 N136 N17 N280 K7041 K7111 K720 K7211 K7291 K767",
    ),
    (
        "bleeding of gullet and stomach",
        "I8501 I8511 K226 K2901 K2921 K2931 K2941 K2951 K2961 K2971 K2981 K2991",
    ),
    ("bleeding or open ulcers", "K250 K251 K252 K254 K255 K256 K260 K261 K262 K264 K265 K266"),
    ("more bleeding or open ulcers", "K270 K271 K272 K274 K275 K276 K280 K281 K282 K284 K285 K286"),
    (
        "other bleeding of the bowel",
        "K31811 K3182 K5521 K5711 K5713 K5731 K5733 K5751 K5753 K5791 K5793 K920 K921 K922",
    ),
    (
        "acute abdomen",
        "K223 K35 K37 K550 K561 K562 K563 K565 K566 K570 K572 K574 K578 K5931 K631 K65 K661 K822 K85",
    ),
    (
        "strangulated hernia",
        "K400 K401 K403 K404 K410 K411 K413 K414 K420 K421 K430 K431 K433 K434 K436 K437 K440 K441 K450 K451 K460 K461",
    ),
    ("emergency of early pregnancy", "O00 O031 O032 O0331 O0337 O036 O037 O0381 O0387 O080 O081 O082 O083"),
    ("emergency of pregnancy and birth", "O141 O142 O15 O225 O441 O443 O445 O45 O46 O660 O67 O690 O694"),
    ("emergency at and after birth", "O710 O711 O712 O72 O873 O903"),
    ("newborn: too early, bleeding, infected", "P070 P072 P10 P23 P26 P352 P522 P524 P526 P53 P56 P57 P60"),
    ("newborn: breathing, bowel, brain", "P2401 P2411 P2421 P2481 P251 P293 P77 P780 P90 P915"),
    (
        "organ, limb or sight in danger",
        "H0501 H330 H4021 H440 M00 M315 M316 M726 N440 N483 N493 N8351 T79A T795 T796",
    ),
    (
        "injury of skull, brain or spine",
        "S020 S021 S061 S062 S063 S064 S065 S066 S068 S069 S07 S12 S141 S241 S341",
    ),
    ("open injury of the eye", "S052 S053 S054 S055 S056 S057 T262 T267"),
    ("injury of organs and chest", "S110 S112 S17 S213 S214 S225 S26 S27 S28 S316 S3281 S36 S37"),
    ("injury of large vessels", "S15 S25 S35 S450 S451 S750 S751 S850"),
    ("limbs lost or crushed", "S381 S383 S47 S48 S58 S684 S687 S77 S78 S87 S88 S980"),
    ("burn of face, airway or gullet", "T203 T207 T27 T281 T286"),
    (
        "large burn",
        "T311 T312 T313 T314 T315 T316 T317 T318 T319 T321 T322 T323 T324 T325 T326 T327 T328 T329",
    ),
    ("poisons", "T51 T52 T53 T54 T570 T573 T58 T59 T60 T620 T650 T651"),
    ("venom, heat, cold, lack of air, current", "T630 T632 T6331 T670 T68 T71 T751 T754"),
    ("anaphylaxis, harm from treatment", "T780 T782 T803 T805 T8132 T880 T883 T886"),
)
"""Prefixes of acute, life-threatening conditions; injuries and poisonings count only while actively treated."""

BY_CHARACTER: tuple[tuple[str, str, int, str], ...] = (
    (
        "poisoning, in contrast to adverse effect and underdosing",
        " ".join(f"T{n}" for n in range(36, 51)),
        6,
        "1234",
    ),
    ("with status epilepticus", "G40", 6, "1"),
    ("choking", "T17", 6, "0"),
    ("open fracture of the third degree, first encounter: the limb is in danger", "S52 S72 S82", 7, "C"),
)
"""Categories that are critical by one later character of the code: its place, counted from 1, and its values."""

PREVENTIVE_DIAGNOSES = "Z00 Z010 Z011 Z012 Z014 Z02 Z08 Z09 Z11 Z12 Z13 Z23 Z761 Z762"
"""Prefixes of check-ups, screenings, vaccinations and follow-up examinations."""

FIRST_CHARACTERS = string.digits + string.ascii_uppercase
_ACTIVE_TREATMENT = frozenset("ABC")


def category_of(code: str) -> P | None:
    """Return the family of a tidied procedure code by its number; None for what no family holds."""
    return _BLOCKS.get(code[:4], _NOTHING).get(code[4:])


def is_critical(code: str) -> bool:
    """Say whether an ICD-10-CM code without point belongs to an acute, life-threatening family."""
    category = code[:3]
    if category not in _CRITICAL or not code.startswith(_CRITICAL[category]):  # most codes
        return False
    if category in _AT_CHARACTER:
        at, values = _AT_CHARACTER[category]
        if code[at : at + 1] not in values:
            return False
    return code[0] not in "ST" or len(code) != 7 or code[6] in _ACTIVE_TREATMENT


def is_preventive(code: str) -> bool:
    """Say whether an ICD-10-CM code without point is an encounter for prevention or follow-up."""
    return code.startswith(_PREVENTIVE)


def are_readable(codes: Iterable[str]) -> bool:
    """Say whether all diagnoses, without point, have the shape of ICD-10-CM; whether they exist is the code set's
    question."""
    return all(map(ICD10CM.fullmatch, codes))


def fits_age(code: str, age: int) -> bool:
    """Say whether a preventive visit is for patients of this age in years; True for any other procedure."""
    first, last = _AGES.get(code, (age, age))
    return first <= age <= last


def ranges() -> list[tuple[str, str, P]]:
    """Return the rows of PROCEDURES as (first code, last code, family), in their order."""
    return [(codes[:5], codes[-5:], category) for category, listed in PROCEDURES for codes in listed.split()]


def critical_prefixes() -> list[str]:
    """Return the prefixes of CRITICAL_DIAGNOSES, in their order."""
    return [prefix for _words, prefixes in CRITICAL_DIAGNOSES for prefix in prefixes.split()]


def _place(code: str) -> int:
    """Return a place of its own for each of 12345 and A1234, in their order."""
    return FIRST_CHARACTERS.index(code[0]) * 10_000 + int(code[1:])


def _painted() -> bytes:
    """Lay the rows over each other, later ones on top: for each place the number of its family, from 1; 0 for none."""
    places = bytearray(len(FIRST_CHARACTERS) * 10_000)
    for first, last, category in ranges():
        start, end = _place(first), _place(last) + 1
        places[start:end] = bytes([_FAMILIES.index(category) + 1]) * (end - start)
    return bytes(places)


def _blocks() -> dict[str, dict[str, P]]:
    """Return what the fifth character of a code says after the first four; blocks that say the same share it."""
    painted, middles = _painted(), [f"{block:03}" for block in range(1000)]
    blocks: dict[str, dict[str, P]] = {}
    for at, first in enumerate(FIRST_CHARACTERS):
        suffixes = SUFFIXES if first.isdigit() else {}
        made = {bytes(10): suffixes}
        for block, middle in enumerate(middles):
            start = at * 10_000 + block * 10
            own = painted[start : start + 10]
            if own not in made:
                made[own] = {str(fifth): _FAMILIES[number - 1] for fifth, number in enumerate(own) if number}
                made[own] |= suffixes
            if made[own]:
                blocks[first + middle] = made[own]
    return blocks


def _by_category() -> dict[str, tuple[str, ...]]:
    """Return the critical prefixes by the category, three characters, that they belong to."""
    found: dict[str, tuple[str, ...]] = {}
    for prefix in (*critical_prefixes(), *_AT_CHARACTER):
        found[prefix[:3]] = (*found.get(prefix[:3], ()), prefix)
    return found


# Made once. A code is looked up, never searched for, so one met for the first time takes no longer than any other.
_FAMILIES = tuple(P)
_NOTHING: dict[str, P] = {}
_BLOCKS = _blocks()
_AT_CHARACTER = {
    category: (at - 1, frozenset(values))
    for _words, categories, at, values in BY_CHARACTER
    for category in categories.split()
}
_CRITICAL = _by_category()
_PREVENTIVE = tuple(PREVENTIVE_DIAGNOSES.split())
_AGES = {code: (first, last) for codes, first, last in PREVENTIVE_AGES for code in codes.split()}
