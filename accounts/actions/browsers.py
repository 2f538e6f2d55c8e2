"""New devices: a sign-in from a browser that this account has not seen is recorded and told to its owner.

A browser is known by a random cookie that it was given, kept here as a hash for each person: it says nothing where it
is shown elsewhere, and nothing about the browser is measured. Whoever clears cookies counts as new, and is told.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.mail import post
from accounts.enums import MailKind
from accounts.models import KnownBrowser, User
from audit.actions import record
from audit.enums import Action, Detail, Severity, SubjectKind

COOKIE_LENGTH = 43  # 32 random bytes as URL-safe Base64
# The first that fits: browsers name those whose sites they want to work on.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class BrowserClass:
    """What of a user agent's text may stand in the trail and in a mail; empty where nothing is known."""

    browser: str = ""
    system: str = ""

    @property
    def code(self) -> str:
        """For ``Detail.AGENT``."""
        return "-".join(filter(None, (self.browser, self.system))).replace(" ", "_").lower() or "unknown"

    def __str__(self) -> str:
        if self.browser and self.system:
            return _("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or _("an unknown browser")


def browser_class(agent: str) -> BrowserClass:
    """The class of a browser by its own word."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    return BrowserClass(browser, next((name for mark, name in _SYSTEMS if mark in agent), ""))


_CLASSES = {
    seen.code: seen
    for seen in (
        BrowserClass(browser, system)
        for browser in ("", *(name for _mark, name in _BROWSERS))
        for system in ("", *(name for _mark, name in _SYSTEMS))
    )
}


def class_of_code(code: str) -> BrowserClass:
    """Back from ``Detail.AGENT``."""
    return _CLASSES.get(code, BrowserClass())


def is_cookie(cookie: str) -> bool:
    """Whether this can be one of our cookies: what somebody else put there is not taken over."""
    return (
        len(cookie) == COOKIE_LENGTH
        and cookie.isascii()
        and cookie.replace("-", "").replace("_", "").isalnum()
    )


def meet(*, user: User, cookie: str, agent: str, is_told: bool = True) -> str:
    """Note the browser with which somebody came through the door, and return the cookie that it is to keep: its own, or
    a new one. Inside a ``login`` step of that person. ``is_told=False``: the owner hears of this sign-in anyway."""
    cookie = cookie if is_cookie(cookie) else secrets.token_urlsafe(32)
    known = {"user_id": user.pk, "cookie_hash": hashlib.sha256(cookie.encode()).hexdigest()}
    if KnownBrowser.objects.filter(**known).update(updated_at=timezone.now()):
        return cookie
    KnownBrowser.objects.bulk_create([KnownBrowser(**known)], ignore_conflicts=True)
    if is_told:
        seen = browser_class(agent)
        post(MailKind.NEW_DEVICE, to=user, browser=str(seen))
        record(
            Action.NEW_DEVICE,
            SubjectKind.USER,
            user.pk,
            details={Detail.AGENT: seen.code},
            severity=Severity.WARNING,
        )
    return cookie


def forget_old() -> int:
    """Browsers whose cookie is over go. In the worker."""
    over = timezone.now() - timedelta(seconds=settings.BROWSER_COOKIE_AGE)
    return KnownBrowser.objects.filter(updated_at__lt=over).delete()[0]
