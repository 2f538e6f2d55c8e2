"""Who is asking, told to PostgreSQL in a way it can check.

Every statement of ClaimFlow runs inside a transaction that carries two local settings: the database role of the
caller's kind, and a signed token naming kind, organization, user, subject, purpose, request and backend. Policies
read the token through ``ctx.*`` functions, which verify the signature (claimflow/lib/sql/ctx.sql). Locality clears
both at the end of the transaction; nothing is ever set for the session (security.md 4.1, rulings 3 to 9).
"""

import contextlib
import contextvars
import hashlib
import hmac
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from claimflow.lib.db.roles import KINDS, role
from claimflow.lib.keys import KeyRing, parse_ring
from claimflow.lib.system_user import SYSTEM_USER_ID


@dataclass(frozen=True)
class Actor:
    """What the token says. ``subject`` is the one session key or address that kind ``login`` may see; ``purpose``
    is required for ``system``."""

    kind: str
    user_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    subject: str = ""
    purpose: str = ""
    request_id: str = ""


ANONYMOUS = Actor("anonymous")
_current: contextvars.ContextVar[Actor | None] = contextvars.ContextVar("claimflow_actor", default=None)
_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("claimflow_request_id", default="")


class ContextError(RuntimeError):
    """The context was asked for in a way that would leak or fail open."""


def current_actor() -> Actor | None:
    """The actor of the innermost open context of this thread, or None."""
    return _current.get()


def current_request_id() -> str:
    return _request_id.get()


def set_request_id(value: str) -> None:
    _request_id.set(value)


@lru_cache(maxsize=4)
def _ring(text: str) -> KeyRing:
    return parse_ring(text, name="CONTEXT_KEYS")


def sign(actor: Actor, *, backend_pid: int, expires_at: int | None = None) -> str:
    """The token's text. Raises ``ContextError`` for an unknown kind, a separator inside a value, or ``system``
    without a purpose."""
    if actor.kind not in KINDS:
        raise ContextError(f"unknown kind {actor.kind!r}")
    if actor.kind == "system" and not actor.purpose:
        raise ContextError("the system acts only with a stated purpose")
    ring = _ring(settings.CONTEXT_KEYS)
    expiry = expires_at if expires_at is not None else int(time.time()) + settings.CONTEXT_LIFETIME_SECONDS
    values = (
        "v1",
        actor.kind,
        str(actor.organization_id or ""),
        str(actor.user_id or ""),
        actor.subject,
        actor.purpose,
        actor.request_id,
        str(backend_pid),
        str(expiry),
        str(ring.current),
    )
    if any("|" in value or "\x00" in value for value in values):
        raise ContextError("a value of the context may not hold a separator")
    body = "|".join(values)
    mac = hmac.new(ring.keys[ring.current], body.encode(), hashlib.sha256).hexdigest()
    return f"{body}|{mac}"


def put_keys(cursor: Any) -> None:
    """Give a database the pads of the keys in ``CONTEXT_KEYS``, as its owner, and no others: with them it verifies what
    ``sign`` writes. ``cursor`` is Django's or psycopg's."""
    keys = _ring(settings.CONTEXT_KEYS).keys
    for key_id, key in keys.items():
        padded = key.ljust(64, b"\0")
        inner, outer = (bytes(byte ^ pad for byte in padded) for pad in (0x36, 0x5C))
        cursor.execute(
            "INSERT INTO ctx.key (id, inner_pad, outer_pad) VALUES (%s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            [key_id, inner, outer],
        )
    cursor.execute("DELETE FROM ctx.key WHERE id <> ALL(%s)", [list(keys)])


def _apply(actor: Actor) -> None:
    """Set token and role for the rest of this transaction: two round trips, as the server's own backend number
    must be read inside the transaction (behind pgbouncer the driver's is another one)."""
    if not connection.in_atomic_block:
        raise ContextError("a context needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        row = cursor.fetchone()
        cursor.execute(
            "SELECT set_config('claimflow.context', %s, true), set_config('role', %s, true)",
            [sign(actor, backend_pid=row[0]), role(actor.kind)],
        )


def _restore(actor: Actor | None) -> None:
    """Give the surrounding context back, after deferred checks ran under the one that wrote (ruling 5)."""
    if actor is not None:
        _apply(actor)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('claimflow.context', '', true), set_config('role', 'none', true)")


def check_deferred() -> None:
    """Run the deferred constraint triggers now, while their writer's context still stands."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextlib.contextmanager
def opened(actor: Actor) -> Iterator[None]:
    """A transaction (or savepoint) under ``actor``. On the way out deferred constraints are checked and an outer
    context, if there is one, is put back; on an exception everything rolls back, settings included."""
    nested = connection.in_atomic_block
    outer = _current.get() if nested else None
    if actor.kind == "system" and actor.user_id is None:
        actor = replace(actor, user_id=SYSTEM_USER_ID)
    actor = replace(actor, request_id=actor.request_id or current_request_id())
    token = _current.set(actor)
    try:
        with transaction.atomic():
            if nested and outer is not None:
                check_deferred()
            _apply(actor)
            yield
            if connection.needs_rollback:
                return
            check_deferred()
            if nested:
                _restore(outer)
    finally:
        _current.reset(token)


@contextlib.contextmanager
def acting_as(
    kind: str, purpose: str = "", *, user: Any = None, organization: Any = None, subject: str = ""
) -> Iterator[None]:
    """``opened`` by words: for jobs, commands and tests. ``user`` and ``organization`` are model instances or ids."""
    with opened(
        Actor(
            kind=kind,
            purpose=purpose,
            user_id=getattr(user, "pk", user),
            organization_id=getattr(organization, "pk", organization),
            subject=subject,
        )
    ):
        yield


@contextlib.contextmanager
def as_system(purpose: str) -> Iterator[None]:
    """The one entry into ``system`` from inside a request (ruling 9): the caller's context closes, the system's opens
    in the same transaction, and the caller's comes back. The person stays named in the token as the cause."""
    outer = _current.get()
    if outer is None or not connection.in_atomic_block:
        raise ContextError("as_system is for the inside of a request; use acting_as")
    with opened(Actor(kind="system", purpose=purpose, user_id=outer.user_id, request_id=outer.request_id)):
        yield
