"""Wrong tries are counted per typed address and client address, whether or not such an account exists (ruling 43)."""

from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Throttle
from claimflow.lib.db.context import acting_as

MAX_FAILURES = 5
LOCK = timedelta(minutes=30)
WINDOW = timedelta(minutes=30)


def throttle_key(scope: str, *parts: str) -> str:
    """A keyed hash, so that the table names nobody."""
    return salted_hmac(f"accounts.throttle.{scope}", "\x00".join(parts), algorithm="sha256").hexdigest()


def is_locked(key: str) -> bool:
    with acting_as("login", subject=key):
        return Throttle.objects.filter(pk=key, locked_until__gt=timezone.now()).exists()


def count_failure(key: str) -> bool:
    """Count one wrong try; True if this one locked the pair."""
    now = timezone.now()
    with acting_as("login", subject=key):
        row, _ = Throttle.objects.select_for_update().get_or_create(
            pk=key, defaults={"window_started_at": now}
        )
        if now - row.window_started_at > WINDOW:
            row.failures, row.window_started_at = 0, now
        row.failures += 1
        locked = row.failures >= MAX_FAILURES
        if locked:
            row.locked_until, row.failures, row.window_started_at = now + LOCK, 0, now
        row.touch("failures", "window_started_at", "locked_until")
        return locked


def forgive(key: str) -> None:
    with acting_as("login", subject=key):
        Throttle.objects.filter(pk=key).delete()
