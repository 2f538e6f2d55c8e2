from django.db import models

from claimflow.lib.models import Timed


class Throttle(Timed):
    """Wrong tries of one thing from one place, or of one account from anywhere (ruling 43). ``key`` is a keyed hash of
    the typed address and the client's address, ``account`` one of the typed address alone, whether or not such an
    account exists: by it an administrator lifts every lock of an account, and no address stands here in clear.

    Before ``locked_until`` no try is looked at: a growing delay first, then the lock. ``locks`` counts the locks in a
    row. ``strict_until`` is a lock that only the policy of the person's organization asks for: it refuses after the
    same work as any wrong password, so that it tells nobody that the account exists.
    """

    key = models.CharField(max_length=64, primary_key=True)
    account = models.CharField(max_length=64, blank=True, default="", db_default="")
    failures = models.PositiveSmallIntegerField(default=0)
    locks = models.PositiveSmallIntegerField(default=0, db_default=0)
    window_started_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)
    strict_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="throttle_account")]

    def __str__(self) -> str:
        return "Throttle"
