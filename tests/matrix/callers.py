"""Who asks: every kind in earnest, every kind as an impostor, and the bare login.

Tags name the organizations of the sample world: PA and PB are providers, YA and YB payers, X is the platform. A
sample row's label says whose it is: ``PA``, or ``PA.YA`` for a row of two sides.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from claimflow.lib.db.context import Actor, sign
from claimflow.lib.db.roles import KINDS
from claimflow.lib.system_user import SYSTEM_USER_ID

TAGS = ("PA", "PB", "YA", "YB", "X")
_SPACE = uuid.UUID("6f1e1d3c-0000-7000-8000-000000000000")


def made_id(*parts: object) -> uuid.UUID:
    """The same id for the same parts, in every process."""
    return uuid.uuid5(_SPACE, "/".join(str(part) for part in parts))


def organization(tag: str) -> uuid.UUID | None:
    return None if tag in ("X", "") else made_id("accounts_organization", tag)


def person(tag: str) -> uuid.UUID:
    return made_id("accounts_user", tag)


def address(tag: str) -> str:
    """The address, session key and throttle key that belong to a tag."""
    return f"{tag.lower()}@example.com"


@dataclass(frozen=True)
class Caller:
    """``kind`` is the role taken ("" for the bare login), ``line`` the line of the expected table that answers.
    ``token`` makes the context for a backend; an impostor's shows nothing that a policy guards."""

    name: str
    kind: str
    token: Callable[[int], str]
    line: str = ""
    tag: str = ""
    person: str = ""
    named: str = ""
    is_platform: bool = False
    is_impostor: bool = False


def _actor(kind: str, tag: str = "", *, who: str = "", subject: str = "", purpose: str = "") -> Actor:
    user = SYSTEM_USER_ID if kind == "system" else person(who) if who else None
    return Actor(kind, user_id=user, organization_id=organization(tag), subject=subject, purpose=purpose)


def _signed(actor: Actor) -> Callable[[int], str]:
    return lambda pid: sign(actor, backend_pid=pid)


def _earnest(name: str, kind: str, tag: str = "", *, line: str = "", purpose: str = "") -> Caller:
    return Caller(
        name,
        kind,
        _signed(_actor(kind, tag, who=tag, purpose=purpose)),
        line=line or kind,
        tag=tag,
        is_platform=not tag or tag == "X",
    )


EARNEST = (
    _earnest("anonymous", "anonymous"),
    Caller("login by person", "login", _signed(_actor("login", who="PA")), line="login", person="PA"),
    Caller("login by address", "login", _signed(_actor("login", subject=address("PA"))), line="login", named="PA"),
    _earnest("provider A", "provider", "PA"),
    _earnest("provider B", "provider", "PB"),
    _earnest("payer A", "payer", "YA"),
    _earnest("payer B", "payer", "YB"),
    _earnest("admin", "admin", "X"),
    _earnest("auditor", "auditor", "X"),
    _earnest("auditor of provider A", "auditor", "PA"),
    _earnest("auditor of payer A", "auditor", "YA"),
    _earnest("system", "system", purpose="test"),
    _earnest("system to seal", "system", purpose="seal", line="seal"),
    _earnest("system to verify", "system", purpose="verify", line="verify"),
    _earnest("system to rekey", "system", purpose="rekey", line="rekey"),
    _earnest("system to erase", "system", purpose="erase", line="erase"),
)


def _best_of(kind: str) -> Actor:
    """The strongest earnest actor of a kind: what an impostor would like to be."""
    tag = {"provider": "PA", "payer": "YA"}.get(kind, "")
    return _actor(kind, tag, who=tag or "PA", subject=address("PA"), purpose="test")


def _forged(kind: str) -> Callable[[int], str]:
    def token(pid: int) -> str:
        good = sign(_best_of(kind), backend_pid=pid)
        return good[:-1] + ("0" if good[-1] != "0" else "1")

    return token


def _impostors(kind: str) -> tuple[Caller, ...]:
    """Every role without a token and with one of another kind; three of them also with each kind of false token."""
    other = _best_of("payer" if kind == "provider" else "provider")
    ways: dict[str, Callable[[int], str]] = {
        "without a token": lambda _: "",
        "with another kind's token": _signed(other),
    }
    if kind in ("provider", "admin", "system"):
        ways |= {
            "forged": _forged(kind),
            "expired": lambda pid: sign(_best_of(kind), backend_pid=pid, expires_at=int(time.time()) - 1),
            "of another backend": lambda pid: sign(_best_of(kind), backend_pid=pid + 1),
        }
    return tuple(Caller(f"{kind} {way}", kind, token, line=kind, is_impostor=True) for way, token in ways.items())


BARE = Caller("bare login", "", lambda _: "", line="bare", is_impostor=True)
CALLERS = (BARE, *EARNEST, *(caller for kind in KINDS for caller in _impostors(kind)))
READER = Caller("reader", "reader", lambda _: "", line="reader", is_platform=True)
