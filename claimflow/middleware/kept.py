"""A form that comes too late loses nothing: what was typed is kept for its person and put back into its page.

Too late is a POST whose session is over, or one to a view that asks for a fresh proof and finds none. It stands before
the gate, which would send both away with empty hands, and behind the check of the form token, so that nobody can have
something kept in another person's name."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.actions.kept import Returned, find_kept, forget_kept, keep
from accounts.enums import KeptBecause
from accounts.models import User
from accounts.policies import user_of
from accounts.session_store import session_of
from claimflow.lib.kept import Kept, put_back
from claimflow.middleware.gate import FRESH, OPEN, STANDS_ON, confirm_url

KEPT = "kept"
ONLY_KEEP = "HTTP_X_KEEP"
"""Sent by static/claimflow/session.js when the session is over: nothing is done with the form but keeping it, and the
answer is the address to go to. ``part``: a file or a password was left out."""
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class KeptMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        returned = _returned(request)
        if returned is None:
            return self.get_response(request)
        kept = Kept(returned.fields, _sentence(returned), returned.until)
        with put_back(kept):
            response = self.get_response(request)
        if kept.is_taken and response.status_code == 200:
            forget_kept(kept_id=returned.id, of=request.user)  # type: ignore[arg-type]  # only users have forms
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method != "POST" or getattr(view, OPEN, False):
            return None
        wanted = getattr(view, FRESH, "")
        if not request.user.is_authenticated:
            url = signing_in(_kept_page(request, _late(request), KeptBecause.SESSION_ENDED))
        elif ONLY_KEEP in request.META:
            url = _kept_page(request, _late(request), KeptBecause.SESSION_ENDED)
        elif _is_in(request) and wanted and not session_of(request).is_fresh(with_factor=wanted == "factor"):
            url = confirm_url(wanted, _kept_page(request, user_of(request), KeptBecause.PROOF_MISSING))
        else:
            return None
        return JsonResponse({"url": url}) if ONLY_KEEP in request.META else redirect(url)


def signing_in(page: str) -> str:
    """The door's address, which leads to the page."""
    return f"{reverse('accounts:sign_in')}?{urlencode({'next': page}, safe='/')}"


def _late(request: HttpRequest) -> User | None:
    """Whose form it is: the person's who is signed in, or whose session has just ended."""
    if isinstance(request.user, User):
        return request.user if _is_in(request) else None
    ended = request.ended  # type: ignore[attr-defined]  # set by SessionMiddleware
    return ended.user if ended is not None and ended.row["is_verified"] else None


def _is_in(request: HttpRequest) -> bool:
    user = user_of(request)
    proven: bool = session_of(request).is_proven(user)
    return proven and not user.must_choose_password


def _kept_page(request: HttpRequest, user: User | None, because: KeptBecause) -> str:
    """The page to come back to, with the form in it if it could be kept."""
    page = page_of(request, request.get_full_path(), request.META.get("HTTP_REFERER", ""))
    kept_id = None
    if user is not None and request.content_type in FORMS and _is_typed(request):
        is_whole = not request.FILES and request.META.get(ONLY_KEEP) != "part"
        kept_id = keep(user=user, page=page, fields=request.POST, because=because, is_whole=is_whole)
    return with_kept(page, kept_id)


def _is_typed(request: HttpRequest) -> bool:
    """Not what a script saves or checks while one types: that form is still in its window."""
    return ONLY_KEEP in request.META or request.headers.get("Accept", "") != "application/json"


def page_of(request: HttpRequest, action: str, referrer: str) -> str:
    """The page that shows the form sent to ``action``: as its view says (``stands_on``), else the one that it was sent
    from, else its own address."""
    try:
        match = resolve(urlsplit(action).path)
    except Resolver404:
        return reverse("home")
    name = getattr(match.func, STANDS_ON, "")
    if name:
        return reverse(name, args=match.args, kwargs=match.kwargs)
    safe = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return with_kept(_local(referrer if referrer and safe else action), None)


def with_kept(page: str, kept_id: UUID | None) -> str:
    """The address with the key of what is put back, or without one."""
    path, _mark, text = page.partition("?")
    query = QueryDict(text, mutable=True)
    query.pop(KEPT, None)
    if kept_id is not None:
        query[KEPT] = str(kept_id)
    return f"{path}?{query.urlencode()}" if query else path


def _local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _returned(request: HttpRequest) -> Returned | None:
    """What this page puts back, if its address names something that is its person's own."""
    named = request.GET.get(KEPT) if request.method == "GET" else None
    user = request.user
    if not named or not isinstance(user, User) or not _is_in(request):
        return None
    try:
        kept_id = UUID(named)
    except ValueError:
        return None
    return find_kept(kept_id=kept_id, path=request.path, of=user)


def _sentence(returned: Returned) -> str:
    if returned.because == KeptBecause.PROOF_MISSING:
        happened = _("Nothing was saved yet. What you typed is here.")
    elif returned.is_whole:
        happened = _("Your session ended. Nothing was lost.")
    else:
        happened = _("Your session ended. What you typed is here.")
    left_out = "" if returned.is_whole else _("Files and passwords are not kept: add them again.")
    return " ".join(filter(None, (happened, left_out, _("Check and submit again."))))
