"""Closed by default: a page opens to somebody who is signed in, has proven a second factor and chosen a password."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

OPEN = "claimflow_open"
OWN_STEPS = "claimflow_own_steps"
OPENS_KIND = "claimflow_opens_kind"
FRESH = "claimflow_needs_fresh"
ONLY_TO_SAVE = "claimflow_fresh_only_to_save"
STANDS_ON = "claimflow_stands_on"


def open_to_all(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view as reachable without signing in. The list of these is held by tests/test_house.py."""
    setattr(view, OPEN, True)
    return view


def own_steps(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view of the sign-in family: it opens short ``login`` steps itself and gets no request transaction."""
    setattr(view, OPEN, True)
    setattr(view, OWN_STEPS, True)
    return view


def own_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view behind the door that opens its transaction itself, because something slow (a password's hash)
    must happen before it (ruling 6)."""
    setattr(view, OWN_STEPS, True)
    return view


def opens_kind(kind: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a view whose request runs as another kind than the user's role says (``auditor``)."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        setattr(view, OPENS_KIND, kind)
        return view

    return mark


def needs_fresh_proof(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that opens only within five minutes of the person's last proof: a second factor, or the password."""
    setattr(view, FRESH, "any")
    return view


def needs_fresh_factor(view: Callable[..., Any]) -> Callable[..., Any]:
    """The same where only a second factor counts (ASVS 7.5.3)."""
    setattr(view, FRESH, "factor")
    return view


def saving_needs_fresh_proof(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a page that anybody with the right to it may look at, and that asks for the proof when a form is sent: who
    comes in, what they may do, by which rules (ASVS 7.5.1)."""
    setattr(view, ONLY_TO_SAVE, True)
    return needs_fresh_proof(view)


def stands_on(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a view whose form stands on another page: the URL's name, with the same arguments. What was typed goes back
    there when it came too late. Outermost, like the marks above."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        setattr(view, STANDS_ON, name)
        return view

    return mark


def confirm_url(wanted: str, back_to: str) -> str:
    """The page that asks for the proof and leads back."""
    query = {"next": back_to, **({"ask": "factor"} if wanted == "factor" else {})}
    return f"{reverse('accounts:confirm')}?{urlencode(query)}"


class GateMiddleware:
    """Sends whoever is not through the door to the door's next step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, OPEN, False):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("accounts:sign_in"))
        if not request.session.is_proven(request.user):  # type: ignore[attr-defined]  # our session store
            return redirect("accounts:next_step")
        if request.user.must_choose_password:
            return redirect("accounts:next_step")
        wanted = getattr(view, FRESH, "")
        if wanted and not request.session.is_fresh(with_factor=wanted == "factor"):  # type: ignore[attr-defined]
            if request.method not in {"GET", "HEAD"}:  # a form is kept on the way (middleware/kept.py)
                raise PermissionDenied
            if not getattr(view, ONLY_TO_SAVE, False):
                return redirect(confirm_url(wanted, request.get_full_path()))
        return None
