"""The demonstration's accounts as the seed command wrote them, and their one-time codes."""

import base64
import hashlib
import hmac
import struct
from pathlib import Path
from typing import TypedDict

from launch.console import Trouble
from launch.files import read_json

STEP_SECONDS = 30
DIGITS = 6


class Account(TypedDict):
    """One account; `totp_secret` is base32, as an authenticator application takes it."""

    email: str
    password: str
    role: str
    organization: str
    totp_secret: str


def load(file: Path) -> list[Account]:
    """Every account. Raises Trouble when there are none yet."""
    accounts = read_json(file)
    if not accounts:
        raise Trouble("There are no accounts yet.", "Start the demonstration first: bin/demo")
    return list(accounts)


def code_for(email: str, file: Path, at: float) -> str:
    """The one-time code of an account at a time (seconds since 1970). Raises Trouble for an unknown one."""
    accounts = load(file)
    for account in accounts:
        if account["email"].casefold() == email.strip().casefold():
            return one_time_code(account["totp_secret"], at)
    known = ", ".join(account["email"] for account in accounts)
    raise Trouble(f"No demonstration account has the address {email}.", f"There are: {known}")


def one_time_code(secret: str, at: float) -> str:
    """Time-based one-time code of RFC 6238 (HMAC-SHA-1, 30 s, 6 digits) for a base32 secret."""
    plain = secret.replace(" ", "").rstrip("=").upper()
    key = base64.b32decode(plain + "=" * (-len(plain) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // STEP_SECONDS), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def table(accounts: list[Account]) -> str:
    """The accounts as aligned columns with a heading."""
    rows = [("E-mail", "Password", "Role", "Organization")]
    rows += [(one["email"], one["password"], one["role"], one["organization"] or "") for one in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
