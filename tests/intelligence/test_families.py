import pytest

from codes.enums import ProcedureCategory as P
from codes.formats import is_icd10cm, procedure_system
from intelligence import families
from intelligence.families import are_readable, category_of, fits_age, is_critical, is_preventive


@pytest.mark.parametrize(
    ("code", "category"),
    [
        ("00100", P.ANESTHESIA),
        ("01999", P.ANESTHESIA),
        ("02000", None),
        ("27447", P.SURGERY),
        ("36415", P.LABORATORY),
        ("36417", P.SURGERY),
        ("70450", P.IMAGING),
        ("77067", P.PREVENTIVE),
        ("77066", P.IMAGING),
        ("92950", P.CRITICAL_CARE),
        ("92960", P.SURGERY),
        ("31500", P.EMERGENCY),
        ("D0120", P.PREVENTIVE),
        ("D0274", P.IMAGING),
        ("99213", P.FOLLOW_UP_VISIT),
        ("99214", P.VISIT),
        ("99281", P.EMERGENCY),
        ("99289", None),
        ("99291", P.CRITICAL_CARE),
        ("0001A", P.PREVENTIVE),
        ("0001F", P.OTHER),
        ("0001U", P.LABORATORY),
        ("0075T", P.SURGERY),
        ("A0427", P.EMERGENCY),
        ("A0428", P.TRANSPORT),
        ("G0439", P.PREVENTIVE),
        ("J3490", P.DRUG),
        ("V5364", P.DIAGNOSTIC_TEST),
        ("V5261", P.EQUIPMENT),
        ("90380", P.PREVENTIVE),
        ("91320", P.PREVENTIVE),
        ("97001", P.THERAPY),
        ("99023", P.OTHER),
        ("99024", P.FOLLOW_UP_VISIT),
        ("99183", P.THERAPY),
        ("G0202", P.PREVENTIVE),
        ("G0204", P.IMAGING),
        ("G0279", P.IMAGING),
        ("G0283", P.THERAPY),
        ("S9131", P.THERAPY),
        ("U0003", P.LABORATORY),
        ("X0001", None),
        ("", None),
        ("9921", None),
        ("992130", None),
        ("٩٩٢٨٥", None),
        ("99285\n", None),
        ("ÄÖÜßA", None),
    ],
)
def test_families_by_number(code, category):
    assert category_of(code) == category


@pytest.mark.parametrize(
    "code",
    [
        "I219",
        "I2101",
        "A419",
        "J9601",
        "I639",
        "G40301",
        "G40911",
        "S062X1A",
        "S066X9B",
        "T401X1A",
        "T50902A",
        "T780XXA",
        "R6521",
        "I5021",
        "E1110",
        "O1500",
        "I25110",
        "K254",
        "K420",
        "S82201C",
        "S0531XA",
        "T600X1A",
        "T511X1A",
        "F10231",
        "P5222",
        "O690XX0",
        "T17220A",
        "J930",
        "J0511",
        "G060",
        "G834",
        "H33001",
        "D5930",
    ],
)
def test_critical(code):
    assert is_critical(code)


@pytest.mark.parametrize(
    "code",
    [
        "I10",
        "I252",
        "I69351",
        "J449",
        "J9610",
        "G40909",
        "S060X0A",
        "S062X1D",
        "S066X9S",
        "T401X5A",
        "T45515A",
        "T600X1D",
        "S82201A",
        "S82201D",
        "S0531XD",
        "I2510",
        "K429",
        "F1020",
        "O80",
        "T17228A",
        "T17220D",
        "J939",
        "H3321",
        "T401X1D",
        "E119",
        "Z0000",
        "R51",
        "X",
        "I",
    ],
)
def test_not_critical(code):
    assert not is_critical(code)


@pytest.mark.parametrize("code", ["Z0000", "Z00129", "Z01419", "Z09", "Z1211", "Z23", "Z13220", "Z0120"])
def test_preventive(code):
    assert is_preventive(code)


@pytest.mark.parametrize("code", ["Z01810", "Z4789", "I10", "Z79", "Z", ""])
def test_not_preventive(code):
    assert not is_preventive(code)


@pytest.mark.parametrize(
    ("code", "age", "fits"),
    [
        ("99391", 0, True), ("99391", 1, False), ("99392", 1, True), ("99392", 4, True), ("99392", 5, False),
        ("99394", 17, True), ("99395", 17, False), ("99396", 64, True), ("99397", 64, False), ("99397", 101, True),
        ("99213", 3, True), ("", 3, True),
    ],
)  # fmt: skip
def test_ages_of_preventive_visits(code, age, fits):
    assert fits_age(code, age) == fits


@pytest.mark.parametrize(
    ("codes", "readable"),
    [((), True), (("I219", "M545"), True), (("I219", "41091"), False), (("",), False)],
)
def test_readable_diagnoses(codes, readable):
    assert are_readable(codes) == readable


def test_the_tables_are_well_formed():
    for first, last, _category in families.ranges():
        assert procedure_system(first)
        assert procedure_system(first) == procedure_system(last)
        assert first <= last
    prefixes = families.critical_prefixes()
    assert len(prefixes) == len(set(prefixes))
    assert all(is_icd10cm(prefix) and len(prefix) <= 6 for prefix in prefixes)


@pytest.mark.slow
def test_critical_prefixes_exist_in_icd10cm():
    icd = pytest.importorskip("simple_icd_10_cm")
    prefixes = families.critical_prefixes() + families.PREVENTIVE_DIAGNOSES.split()
    assert [prefix for prefix in prefixes if not icd.is_valid_item(prefix)] == []
