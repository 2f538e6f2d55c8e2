"""Writing to the trail. Who, for which organization, in which request and why is not said here: the
database takes it from the signed context, so no code can record an event in somebody else's name.

An event that cannot be written raises, and takes the change or the answer it belongs to with it: no audit, no
change; no audit, no answer (ruling 48). Nobody catches that on the way.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from audit.enums import SEVERITY_OF, Action, Severity

_told_later: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar(
    "audit_told_later", default=None
)


@dataclass(frozen=True)
class Seen:
    """A subject whose health data an answer shows. `person_bidx` is `phi.blind_index("member_id", payer,
    ...)`, the one name that an insured person has in the trail; `bi_key_id` the key that made it."""

    subject_kind: str
    subject_id: UUID
    provider_id: UUID | None = None
    payer_id: UUID | None = None
    person_bidx: str | None = None
    bi_key_id: int | None = None


def record(
    action: Action,
    subject_kind: str,
    subject_id: UUID,
    *,
    provider_id: UUID | None = None,
    payer_id: UUID | None = None,
    old_status: str | None = None,
    new_status: str | None = None,
    fields: Iterable[str] = (),
    details: Mapping[str, Any] | None = None,
    outcome: str = "success",
    severity: str | None = None,
) -> int:
    """Append one event to its subject's chain and return its number. Call it last before the commit: the
    chain stays locked until then.

    `provider_id` and `payer_id` say who may read it; leave one out and it is internal to the other side.
    `fields` are names of changed fields, `details` the keys of `Detail` with codes, ids and numbers. Without
    `severity` the action's own counts (`SEVERITY_OF`). Raises
    a database error, and spoils the transaction, for unknown words, for text, and without a context.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit.append(%s, %s, %s, %s, %s, %s, %s, %s::text[], %s::jsonb, %s, %s, %s)",
            [
                str(action),
                str(subject_kind),
                subject_id,
                provider_id,
                payer_id,
                old_status and str(old_status),
                new_status and str(new_status),
                [str(name) for name in fields],
                _json(details or {}),
                str(outcome),
                str(severity or severity_of(action)),
                _told_later.get(),
            ],
        )
        row = cursor.fetchone()
        return int(row[0])


def severity_of(action: str) -> Severity:
    """What an action weighs when nothing else is said."""
    return SEVERITY_OF.get(action, Severity.INFO)


def record_many(events: Sequence[Mapping[str, Any]]) -> int:
    """Append many events in one round trip and return how many: mappings with `record`'s argument names.
    For imports."""
    moment = _told_later.get()
    told = {"occurred_at": moment.isoformat()} if moment else {}
    whole = [{"severity": severity_of(event["action"]), **event, **told} for event in events]
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit.append_batch(%s::jsonb)", [_json(whole)])
        row = cursor.fetchone()
        return int(row[0])


def record_access(action: Action, rows: Iterable[Seen]) -> UUID:
    """Record that one answer shows these subjects, and return the answer's id. An empty `rows` is recorded
    too: that somebody looked and found nothing is an event. Call it before the answer is rendered."""
    seen = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit.record_access(%s, %s::text[], %s::uuid[], %s::uuid[], %s::uuid[],"
            " %s::text[], %s::smallint[])",
            [
                str(action),
                [str(row.subject_kind) for row in seen],
                [row.subject_id for row in seen],
                [row.provider_id for row in seen],
                [row.payer_id for row in seen],
                [row.person_bidx for row in seen],
                [row.bi_key_id for row in seen],
            ],
        )
        answer: UUID = cursor.fetchone()[0]
        return answer


@contextlib.contextmanager
def told_later(moment: dt.datetime) -> Iterator[None]:
    """Events inside tell of an earlier time: `occurred_at` holds it, `at` stays the database's clock. The
    database accepts it from the system (imports) and from contexts with the purpose `seed` (demonstration)
    alone."""
    token = _told_later.set(moment)
    try:
        yield
    finally:
        _told_later.reset(token)


def _json(value: Any) -> str:
    return json.dumps(value, default=str, separators=(",", ":"))
