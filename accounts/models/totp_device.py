import base64
import time

from django.db import models
from django_otp.models import Device
from django_otp.oath import TOTP

from claimflow.lib import phi
from claimflow.lib.ids import uuid7
from claimflow.lib.models import Timed

STEP_SECONDS = 30
TOLERANCE_STEPS = 1


class TotpDevice(Timed, Device):
    """A time-based one-time password generator (RFC 6238: SHA-1, six digits, 30 seconds) whose secret is encrypted.

    ``last_step`` is the last time step that was used: a code works once (ASVS 6.5.1).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    secret = phi.EncryptedTextField(label="accounts.totp_device.secret")
    last_step = models.BigIntegerField(default=-1)

    class Meta:
        verbose_name = "authenticator"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(confirmed=True), name="totp_device_one_confirmed"
            )
        ]

    def __str__(self) -> str:
        return f"One-time codes of {self.user_id}"

    def key(self) -> bytes:
        text: str = phi.value(self, "secret")
        return base64.b32decode(text)

    def step_of(self, code: str, *, now: float | None = None) -> int | None:
        """The unused time step whose code this is, within one step of the clock; None if there is none."""
        if len(code) != 6 or not (code.isascii() and code.isdigit()):
            return None
        totp = TOTP(self.key(), step=STEP_SECONDS, digits=6)
        totp.time = time.time() if now is None else now
        for drift in range(-TOLERANCE_STEPS, TOLERANCE_STEPS + 1):
            totp.drift = drift
            if totp.t() > self.last_step and totp.token() == int(code):
                return int(totp.t())
        return None
