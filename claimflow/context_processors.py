"""What every page of templates/base.html needs. Attributes of the request, and one capped count."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts import system_setting
from accounts.actions.sessions import Left, limits_of, time_left
from accounts.enums import Permission, SettingKey, UserRole
from claimflow.lib import kept
from claimflow.lib.db.context import current_actor
from engagement.models import Notice

Words = str | Promise
MOST_NOTICES = 100


@dataclass(frozen=True)
class NavItem:
    """One link of the header; ``key`` is its keyboard sequence."""

    label: Words
    url: str
    is_current: bool = False
    key: str = ""


@dataclass(frozen=True)
class _Place:
    label: Words
    name: str
    key: str = ""
    permission: Permission | None = None
    or_permission: Permission | None = None
    """Another one that opens the same page."""

    def is_open_to(self, user: Any) -> bool:
        asked = [each for each in (self.permission, self.or_permission) if each]
        return not asked or any(user.has(each) for each in asked)


_AUDIT = _Place(_("Audit"), "audit:events", "g a", Permission.READ_AUDIT)
_SECURITY = _Place(_("Security"), "accounts:alerts", "g s", Permission.HANDLE_ALERTS)
_PEOPLE = _Place(_("People"), "accounts:people", "g u", Permission.MANAGE_USERS)
_NUMBERS = _Place(_("Numbers"), "payer:numbers", "g n")
_CODES = _Place(_("Codes"), "codes:browse", "g o")

NAVIGATION = {
    UserRole.PROVIDER: (
        _Place(_("Home"), "claims:home", "g h", Permission.VIEW_CLAIMS),
        _Place(_("Claims"), "claims:list", "g c", Permission.VIEW_CLAIMS),
        _Place(_("Patients"), "members:patients", "g p", Permission.MANAGE_PATIENTS),
        _PEOPLE,
        _CODES,
        _AUDIT,
        _SECURITY,
    ),
    UserRole.PAYER: (
        _Place(_("Queue"), "payer:queue", "g q", Permission.WORK_QUEUE),
        _Place(_("Members"), "members:members", "g m", Permission.MANAGE_MEMBERS),
        _PEOPLE,
        replace(_NUMBERS, permission=Permission.SUPERVISE),
        _CODES,
        _AUDIT,
        _SECURITY,
    ),
    UserRole.ADMIN: (
        _Place(_("Administration"), "admin:index", "g d", Permission.ADMINISTER, Permission.LOOK_UP_ACCOUNTS),
        _Place(
            _("Emergencies"), "claims:glass", "g e", Permission.BREAK_GLASS, Permission.REVIEW_BREAK_GLASS
        ),
        replace(_NUMBERS, permission=Permission.READ_AUDIT),
        _CODES,
        _AUDIT,
        _SECURITY,
    ),
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation by role, names for the account menu, and what the banner and the footer say."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "is_demonstration": settings.CLAIMFLOW_ENV == "demo",
        "request_id": getattr(request, "request_id", ""),
        "nav_items": [],
        "put_back": kept.current(),
        "maintenance_notice": SimpleLazyObject(lambda: system_setting.words(SettingKey.MAINTENANCE_NOTICE)),
        "support_contact": SimpleLazyObject(lambda: system_setting.words(SettingKey.SUPPORT_CONTACT)),
    }
    if user is None or not user.is_authenticated:
        return context
    return {
        **context,
        "user": user,
        "session_left": _session_left(request),
        "nav_items": _navigation(request, user),
        "home_url": _url("home") or "/",
        "notices_url": _url("notices:list"),
        "notice_count": SimpleLazyObject(lambda: _notice_count(user)),
        "sign_out_url": _url("accounts:sign_out"),
        "account_items": [NavItem(_("My account"), reverse("accounts:account"))],
        "organization_name": _organization_name(user),
        "user_name": f"{user.first_name} {user.last_name}".strip() or user.email,
        "user_short_name": _initials(user),
        "zone_name": timezone.get_current_timezone_name().replace("_", " "),
    }


def _session_left(request: HttpRequest) -> Left | None:
    """What the script counts down from; None before the second factor."""
    row = getattr(request.session, "row", {})
    if not row.get("is_verified") or "last_seen_at" not in row:
        return None
    limits = limits_of(request.user.safeguards)  # type: ignore[union-attr]  # a session that is verified has a person
    return time_left(row, limits, renews="HTTP_X_BACKGROUND" not in request.META)


def _notice_count(user: Any) -> str:
    """How many notices this person has not read, asked only by pages that show the header; empty for none."""
    actor = current_actor()  # a page of the trail runs as auditor, who sees no notices
    if actor is None or actor.kind not in {"provider", "payer"} or not user.has(Permission.VIEW_CLAIMS):
        return ""
    count = Notice.objects.unread_by(user)[:MOST_NOTICES].count()
    if not count:
        return ""
    return f"{count}" if count < MOST_NOTICES else f"{MOST_NOTICES - 1}+"


def _navigation(request: HttpRequest, user: Any) -> list[NavItem]:
    places = [
        (place, url)
        for place in NAVIGATION.get(user.role, ())
        if (url := _url(place.name)) and place.is_open_to(user)
    ]
    # Of the addresses that the page stands under the longest: /claims/home/ is Home, not Claims.
    current = max((url for _place, url in places if request.path.startswith(url)), key=len, default="")
    return [NavItem(place.label, url, url == current, place.key) for place, url in places]


def _url(name: str) -> str:
    """The address of a page, empty where this installation does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _organization_name(user: Any) -> str:
    organization = getattr(user, "organization", None)
    return organization.name if organization else ""


def _initials(user: Any) -> str:
    letters = [name[0].upper() + "." for name in (user.first_name, user.last_name) if name]
    return "".join(letters) or user.email
