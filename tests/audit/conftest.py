"""Chains to seal and to spoil, and copies of the seals in a directory of the test's own."""

import contextlib
import time
import uuid
from collections.abc import Iterator
from unittest import mock

import pytest

from audit.actions import Seen, record, record_access
from audit.actions import seal as sealing
from audit.actions.seal import seal_once
from audit.enums import Action, SubjectKind
from audit.models import Checkpoint
from claimflow.lib.db.context import acting_as
from tests.harness import admin_connection

PROVIDER, PAYER = uuid.UUID(int=1), uuid.UUID(int=2)
CLAIMS = [uuid.UUID(int=100 + number) for number in range(3)]
STEPS = [Action.CLAIM_SUBMITTED, Action.CLAIM_RECEIVED, Action.CLAIM_PULLED, Action.CLAIM_APPROVED]


@pytest.fixture(autouse=True)
def copies(settings, tmp_path):
    settings.AUDIT_COPY_DIR = str(tmp_path / "copies")
    return tmp_path / "copies"


def write(*claims, steps=STEPS) -> list[int]:
    """Some events of some claims, each in its own transaction; returns their numbers."""
    numbers = []
    for action in steps:
        for claim in claims or CLAIMS:
            with acting_as("system", "test"):
                numbers.append(record(action, SubjectKind.CLAIM, claim, provider_id=PROVIDER, payer_id=PAYER))
    return numbers


def look(*claims) -> None:
    with acting_as("provider", organization=PROVIDER):
        record_access(
            Action.CLAIMS_LISTED, [Seen("claim", claim, PROVIDER, PAYER) for claim in claims or CLAIMS]
        )


def seal() -> Checkpoint | None:
    """`seal_once` with nothing older than our rows still running."""
    with quiet_server():
        return seal_once()


@contextlib.contextmanager
def quiet_server() -> Iterator[None]:
    """Transaction ids belong to the whole server, so another database's long transaction holds our windows back. After
    two seconds of waiting for it the window's end is set as if it were not there; ours has no other writer here."""
    with admin_connection(autocommit=True) as admin:
        ours = admin.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()[0]
        until = time.monotonic() + 2
        while time.monotonic() < until:
            row = admin.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetchone()
            if row[0] > ours:
                yield
                return
            time.sleep(0.05)
    real = sealing._window
    with mock.patch.object(sealing, "_window", lambda cluster, lo, hi=None: real(cluster, lo, hi or ours)):
        yield
