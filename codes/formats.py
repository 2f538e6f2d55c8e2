"""The shapes of codes, without their meaning: what may be checked although no list is loaded (ruling 39).

All patterns are ASCII and match whole texts. Codes are kept in upper case; ICD codes without their point,
as X12 wants them (HI segment), and shown with it.
"""

import re
from datetime import date

from codes.enums import CodeSystem

ICD10CM_START = date(2015, 10, 1)
"""First service date that needs ICD-10-CM, 45 CFR 162.1002(c); earlier services were coded in ICD-9-CM."""

# FY2026 brought the first category whose second character is a letter (QA0).
ICD10CM = re.compile(r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.?[0-9A-Z]{1,4})?")
"""For whoever has tidied codes and no time; others ask `is_icd10cm`."""

_ICD9CM = re.compile(r"(?:[0-9]{3}(?:\.?[0-9]{1,2})?|V[0-9]{2}(?:\.?[0-9]{1,2})?|E[0-9]{3}(?:\.?[0-9])?)")
_CPT = re.compile(r"[0-9]{4}[0-9FTUMA]")
_HCPCS = re.compile(r"[A-V][0-9]{4}")
_DEMO = re.compile(r"X[0-9]{4}")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_PLACE = re.compile(r"[0-9]{2}")
_MEMBER_ID = re.compile(r"[A-Za-z0-9-]{1,50}")
_MBI_LETTER, _MBI_ANY = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
_MBI = re.compile(
    f"[1-9]{_MBI_LETTER}{_MBI_ANY}[0-9]{_MBI_LETTER}{_MBI_ANY}[0-9]{_MBI_LETTER}{_MBI_LETTER}[0-9][0-9]"
)
_ECHO = re.compile(r"[A-Z0-9.-]{1,8}")


def tidy_code(text: str) -> str:
    """Upper case, without any white space: " 9921 3" becomes "99213"."""
    return "".join(text.split()).upper()


def bare_icd(text: str) -> str:
    """Return the stored and X12 form: "i21.9 " becomes "I219"."""
    return tidy_code(text).replace(".", "")


def dotted_icd(text: str) -> str:
    """Return the form people read: "I219" becomes "I21.9"."""
    bare = bare_icd(text)
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def is_icd10cm(text: str) -> bool:
    """Three to seven characters, the point (if any) after the third."""
    return ICD10CM.fullmatch(tidy_code(text)) is not None


def looks_like_icd9cm(text: str) -> bool:
    """Say whether the text has the shape of an ICD-9-CM diagnosis.

    Some shapes belong to both sets (V7389, E8490): ask only when ICD-10-CM does not know the code.
    """
    return _ICD9CM.fullmatch(tidy_code(text)) is not None


def procedure_system(text: str) -> CodeSystem | None:
    """Return the code system by shape alone; None when it is no procedure code.

    CPT: five digits, or four digits and F, T, U, M, A. HCPCS Level II: A to V and four digits.
    DEMO: X and four digits.
    """
    code = tidy_code(text)
    shapes = ((_CPT, CodeSystem.CPT), (_HCPCS, CodeSystem.HCPCS), (_DEMO, CodeSystem.DEMO))
    return next((system for shape, system in shapes if shape.fullmatch(code)), None)


def is_modifier(text: str) -> bool:
    """Two letters or digits."""
    return _MODIFIER.fullmatch(tidy_code(text)) is not None


def is_place_of_service(text: str) -> bool:
    """Two digits; the leading zero belongs to the code."""
    return _PLACE.fullmatch(tidy_code(text)) is not None


def is_member_id(text: str) -> bool:
    """1 to 50 letters, digits and hyphens (ruling 41), at least one of them no hyphen."""
    return _MEMBER_ID.fullmatch(text) is not None and bool(member_key(text))


def member_key(text: str) -> str:
    """Return what is compared and indexed: letters and digits alone, upper case. Leading zeros stay."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def is_mbi(text: str) -> bool:
    """Medicare Beneficiary Identifier as stored: 11 characters, no dashes, upper case (CMS MBI format)."""
    return _MBI.fullmatch(text) is not None


def echo(text: str) -> str | None:
    """Return a typed code if it is harmless to repeat in a message, else None.

    People paste names and member ids into code fields; a message never repeats those.
    """
    code = tidy_code(text)
    return code if _ECHO.fullmatch(code) and any(c.isdigit() for c in code) else None
