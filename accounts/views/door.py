from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import enroll, sign_in
from accounts.actions.backup_codes import backup_codes_left
from accounts.actions.choose import choose_password
from accounts.factors import BackupCodes
from accounts.forms.door import BackupCodeForm, CodeForm, SignInForm
from accounts.forms.passwords import NewPasswordForm
from accounts.models import User
from accounts.passwords import Busy
from accounts.session_store import SessionStore, digest, session_of
from accounts.views.shown_codes import are_codes_kept, keep_codes
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib.db.context import acting_as
from claimflow.lib.phi import value
from claimflow.lib.templatetags.claimflow import date_time
from claimflow.middleware.gate import own_steps

NEXT = "next"
TOO_MANY, RETRY_AFTER_SECONDS = 429, 5


def door_of(request: HttpRequest) -> sign_in.Door:
    return sign_in.Door(
        address=request.client_address,  # type: ignore[attr-defined]  # set by RequestMiddleware
        agent=request.META.get("HTTP_USER_AGENT", "")[:200],
        cookie=request.COOKIES.get(settings.BROWSER_COOKIE_NAME, ""),
    )


def _known(response: HttpResponse, came: sign_in.CameIn | enroll.Enrolled | None) -> HttpResponse:
    """The answer to somebody who is in, with the cookie by which this browser is known the next time."""
    if came is not None:
        response.set_cookie(
            settings.BROWSER_COOKIE_NAME,
            came.cookie,
            max_age=settings.BROWSER_COOKIE_AGE,
            path="/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )
    return response


def _begin(request: HttpRequest, user: User, *, is_verified: bool, by_factor: bool = True) -> None:
    """A new session id for a new level of trust: after the password, again after the second factor, and after a new
    password. Whoever is in by it is told of the wrong tries since the last time."""
    session = session_of(request)
    if session.row.get("user_id") not in (None, user.pk):
        session.flush()
    door = door_of(request)
    session.row = {
        "user_id": user.pk,
        "organization_id": user.organization_id,
        "is_verified": is_verified,
        "address": door.address or None,
        "user_agent": door.agent,
    }
    if is_verified:
        session.note_proof(with_factor=by_factor)
    session.cycle_key()
    rotate_token(request)
    session[SessionStore.WITHOUT_FACTOR] = is_verified and not by_factor
    if is_verified:
        _tell_wrong_tries(request, user)
    request.user = user


def _tell_wrong_tries(request: HttpRequest, user: User) -> None:
    told = sign_in.tell_wrong_tries(user=user)
    if told is None:
        return
    zone = request.user.time_zone if request.user.is_authenticated else ZoneInfo(settings.PLATFORM_TIME_ZONE)
    messages.warning(
        request,
        ngettext(
            "There was %(count)d wrong try on your account since %(since)s. If it was not you, tell your "
            "administrator and change your password.",
            "There were %(count)d wrong tries on your account since %(since)s. If it was not you, tell your "
            "administrator and change your password.",
            told.count,
        )
        % {"count": told.count, "since": date_time(localtime(told.since, zone))},
    )


def _needs_factor(user: User) -> bool:
    """Whether a second factor stands between this person and the work: always where the policy asks for one, and
    wherever somebody has one."""
    return user.safeguards.second_factor_required or user.is_first_login or enroll.has_device(user=user)


def _after_password(request: HttpRequest, user: User) -> sign_in.CameIn | None:
    """The password was right: in, as far as the password alone leads."""
    by_factor = _needs_factor(user)
    came = None if by_factor else sign_in.without_factor(user=user, door=door_of(request))
    _begin(request, user, is_verified=not by_factor, by_factor=by_factor)
    return came


def safe_next(request: HttpRequest, address: str) -> str:
    """The address if it is a page of this site, else nothing."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else ""


@own_steps
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and request.method == "GET":
        return redirect("accounts:next_step")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = sign_in.with_password(
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                door=door_of(request),
            )
        except Busy:
            return too_many()
        if user is not None:
            came = _after_password(request, user)
            request.session[NEXT] = safe_next(request, request.GET.get("next", ""))
            return _known(redirect("accounts:next_step"), came)
        form.add_error(
            None,
            _(
                "This address and password do not open an account now. Check both. After several wrong tries "
                "nothing opens for a while: wait before you try again."
            ),
        )
    ended = request.ended is not None  # type: ignore[attr-defined]  # set by SessionMiddleware
    return render(request, "accounts/sign_in.html", {"form": form, "has_ended": ended})


def too_many() -> HttpResponse:
    """A page of a few lines: in a flood it is the answer to most."""
    return HttpResponse(
        render_to_string("429.html"), status=TOO_MANY, headers={"Retry-After": str(RETRY_AFTER_SECONDS)}
    )


@own_steps
@require_http_methods(["GET"])
def next_step(request: HttpRequest) -> HttpResponse:
    """Whatever still stands between this person and the work."""
    user = request.user
    if not user.is_authenticated:
        return redirect("accounts:sign_in")
    if user.is_first_login:
        return redirect("accounts:first_password")
    if session_of(request).is_proven(user):
        if user.must_choose_password:
            return redirect("accounts:first_password")
        if are_codes_kept(request):
            return redirect("accounts:backup_codes_shown")
        return redirect(request.session.pop(NEXT, "") or "home")
    if enroll.has_device(user=user):
        return redirect("accounts:code")
    return redirect("accounts:first_factor")


@own_steps
@require_http_methods(["GET", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated or session_of(request).is_proven(user):
        return redirect("accounts:next_step")
    is_backup = request.GET.get("with") == "backup"
    form = (BackupCodeForm if is_backup else CodeForm)(request.POST or None)
    if form.is_valid():
        came = sign_in.with_code(user=user, code=form.cleaned_data["code"], door=door_of(request))
        if came is not None:
            _begin(request, user, is_verified=True)
            if came.factor == BackupCodes.name:
                _warn_of_few_codes(request, user)
            return _known(redirect("accounts:next_step"), came)
        form.add_error("code", _wrong_code(is_backup))
    return render(request, "accounts/code.html", {"form": form, "is_backup": is_backup})


def _wrong_code(is_backup: bool) -> str:
    if is_backup:
        return _("This backup code does not fit. Each works once: enter the next one of your newest list.")
    return _("This code does not fit. A code works once: wait for the next one in your app and enter that.")


def _warn_of_few_codes(request: HttpRequest, user: User) -> None:
    left = backup_codes_left(user=user)
    if left.are_few:
        messages.warning(
            request,
            ngettext(
                "%(count)d backup code is left. Make new ones in your account.",
                "%(count)d backup codes are left. Make new ones in your account.",
                left.codes,
            )
            % {"count": left.codes},
        )


@own_steps
@sensitive_post_parameters("new_password", "again")
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Choosing a password in place of a temporary or an expired one: before the second factor is set up, or, if it is,
    after it was proven."""
    user, session = request.user, session_of(request)
    if not user.is_authenticated or not user.must_choose_password:
        return redirect("accounts:next_step")
    is_proven = session.is_proven(user)
    if not user.is_first_login and not is_proven:
        return redirect("accounts:next_step")
    form, is_expired = NewPasswordForm(request.POST or None, user=user), not user.is_first_login
    if form.is_valid():
        try:
            choose_password(
                user=user,
                password=form.cleaned_data["new_password"],
                keep_session=digest(session.session_key or ""),
            )
        except Busy:
            return too_many()
        except ValidationError as refused:
            form.add_error("new_password", refused)
        else:
            came = None
            if is_proven:
                _begin(
                    request, user, is_verified=True, by_factor=not session.get(SessionStore.WITHOUT_FACTOR)
                )
            else:
                came = _after_password(request, user)
            return _known(redirect("accounts:next_step"), came)
    return render(request, "accounts/first_password.html", {"form": form, "is_expired": is_expired})


@own_steps
@require_http_methods(["GET", "POST"])
def first_factor(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated or user.is_first_login or enroll.has_device(user=user):
        return redirect("accounts:next_step")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        enrolled = enroll.confirm_device(user=user, code=form.cleaned_data["code"], door=door_of(request))
        if enrolled is not None:
            _begin(request, user, is_verified=True)
            messages.success(request, _("Your second factor is set up."))
            keep_codes(request, user, enrolled.codes)
            return _known(redirect("accounts:backup_codes_shown"), enrolled)
        if enroll.has_device(user=user):  # confirmed in another window
            messages.info(request, _("Your second factor is set up already."))
            return redirect("accounts:next_step")
        form.add_error(
            "code",
            _(
                "This code does not fit. Check that your phone's clock is right, then enter the next one. After 10 minutes "
                "there is a new key here: scan that one then."
            ),
        )
    secret: str = value(enroll.pending_device(user=user), "secret")
    picture = segno.make(enroll.provisioning_uri(user=user, secret=secret), error="m")
    return render(
        request,
        "accounts/first_factor.html",
        {
            "form": form,
            "picture": picture.svg_data_uri(scale=5, border=2),
            "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        },
    )


@require_http_methods(["GET"])
def nothing_yet(request: HttpRequest) -> HttpResponse:
    """For somebody who is in but holds no right that opens a page."""
    return render(request, "accounts/nothing_yet.html")


@own_steps
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on the server and asks the browser to forget what it kept (ASVS 7.4.1, 14.3.1)."""
    user = request.user
    if user.is_authenticated:
        with acting_as("login", user=user, organization=user.organization_id):
            record(Action.SIGN_OUT, SubjectKind.USER, user.pk)
    request.session.flush()
    response = redirect(reverse("accounts:sign_in"))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
