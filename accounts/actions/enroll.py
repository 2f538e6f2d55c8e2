"""First sign-in: a second factor, after a password of one's own (accounts/actions/choose.py)."""

import base64
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions.backup_codes import first_backup_codes
from accounts.actions.browsers import browser_class, meet
from accounts.actions.mail import post
from accounts.actions.sign_in import Door
from accounts.enums import MailKind
from accounts.factors import Totp
from accounts.models import TotpDevice, User
from audit.actions import record
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.db.context import acting_as

WAITS_FOR = timedelta(minutes=10)
"""So long a secret that nobody has confirmed is shown: whoever saw it later must not hold a key."""


@dataclass(frozen=True)
class Enrolled:
    """The ten backup codes, to be shown once, and the cookie that the browser keeps to be known by."""

    codes: list[str]
    cookie: str


def pending_device(*, user: User) -> TotpDevice:
    """The person's device that waits for its first code; shown until it is confirmed, for 10 minutes."""
    with acting_as("login", user=user, organization=user.organization_id):
        waiting = TotpDevice.objects.filter(user_id=user.pk, confirmed=False)
        waiting.filter(created_at__lte=timezone.now() - WAITS_FOR).delete()
        device = waiting.first()
        if device is None:
            secret = base64.b32encode(secrets.token_bytes(20)).decode()
            device = TotpDevice(user_id=user.pk, name="Authenticator", confirmed=False, secret=secret)
            device.save(force_insert=True)
        return device


def has_device(*, user: User) -> bool:
    with acting_as("login", user=user, organization=user.organization_id):
        return TotpDevice.objects.filter(user_id=user.pk, confirmed=True).exists()


def confirm_device(*, user: User, code: str, door: Door) -> Enrolled | None:
    """Make the pending device the person's second factor, if the code is its own, and backup codes beside it. None if the
    code does not fit, if the device waited too long, and if there is a second factor already."""
    with acting_as("login", user=user, organization=user.organization_id):
        waiting = TotpDevice.objects.select_for_update().filter(user_id=user.pk, confirmed=False)
        device = waiting.filter(created_at__gt=timezone.now() - WAITS_FOR).first()
        step = device.step_of(code) if device else None
        if device is None or step is None:
            return None
        device.confirmed, device.last_step = True, step
        try:
            with transaction.atomic():
                device.touch("confirmed", "last_step")
        except IntegrityError:  # another one was confirmed at the same moment
            return None
        codes = first_backup_codes(user)
        cookie = meet(user=user, cookie=door.cookie, agent=door.agent, is_told=False)
        post(MailKind.FACTOR_ENROLLED, to=user, browser=str(browser_class(door.agent)))
        record(Action.FACTOR_ENROLLED, SubjectKind.USER, user.pk, details={Detail.FACTOR: Totp.name})
        record(Action.SIGN_IN, SubjectKind.USER, user.pk, details=door.details | {Detail.FACTOR: Totp.name})
        return Enrolled(codes, cookie)


def provisioning_uri(*, user: User, secret: str) -> str:
    """The ``otpauth`` address that authenticator apps read from the QR code."""
    issuer = settings.OTP_TOTP_ISSUER
    query = urlencode({"secret": secret, "issuer": issuer, "algorithm": "SHA1", "digits": 6, "period": 30})
    return f"otpauth://totp/{quote(f'{issuer}:{user.email}')}?{query}"
