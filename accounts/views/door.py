import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import enroll, sign_in
from accounts.forms.door import CodeForm, FirstPasswordForm, SignInForm
from accounts.models import User
from accounts.session_store import digest, session_of
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib.db.context import acting_as
from claimflow.lib.phi import value
from claimflow.middleware.gate import own_steps

NEXT = "next"


def door_of(request: HttpRequest) -> sign_in.Door:
    return sign_in.Door(
        address=request.client_address,  # type: ignore[attr-defined]  # set by RequestMiddleware
        agent=request.META.get("HTTP_USER_AGENT", "")[:200],
    )


def _begin(request: HttpRequest, user: User, *, is_verified: bool) -> None:
    """A new session id for a new level of trust: after the password, and again after the second factor."""
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
        session.note_proof(with_factor=True)
    session.cycle_key()
    request.user = user


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
        user = sign_in.with_password(
            email=form.cleaned_data["email"], password=form.cleaned_data["password"], door=door_of(request)
        )
        if user is not None:
            _begin(request, user, is_verified=False)
            request.session[NEXT] = safe_next(request, request.GET.get("next", ""))
            return redirect("accounts:next_step")
        form.add_error(
            None,
            _(
                "This address and password do not open an account now. Check both, or wait 30 minutes after several "
                "wrong tries."
            ),
        )
    return render(request, "accounts/sign_in.html", {"form": form})


@own_steps
@require_http_methods(["GET"])
def next_step(request: HttpRequest) -> HttpResponse:
    """Whatever still stands between this person and the work."""
    user = request.user
    if not user.is_authenticated:
        return redirect("accounts:sign_in")
    if user.is_first_login:
        return redirect("accounts:first_password")
    if session_of(request).row.get("is_verified"):
        return redirect(request.session.pop(NEXT, "") or "home")
    if enroll.has_device(user=user):
        return redirect("accounts:code")
    return redirect("accounts:first_factor")


@own_steps
@require_http_methods(["GET", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated or session_of(request).row.get("is_verified"):
        return redirect("accounts:next_step")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if sign_in.with_code(user=user, code=form.cleaned_data["code"], door=door_of(request)):
            _begin(request, user, is_verified=True)
            return redirect("accounts:next_step")
        form.add_error(
            "code",
            _("This code does not fit. A code works once: wait for the next one in your app and enter that."),
        )
    return render(request, "accounts/code.html", {"form": form})


@own_steps
@sensitive_post_parameters("new_password", "again")
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated or not user.is_first_login:
        return redirect("accounts:next_step")
    form = FirstPasswordForm(request.POST or None, user=user)
    if form.is_valid():
        password = form.cleaned_data["new_password"]
        if enroll.is_temporary_password(user=user, password=password):
            form.add_error(
                "new_password", _("This is the temporary password. Choose one that only you know.")
            )
        else:
            enroll.change_first_password(
                user=user, password=password, keep_session=digest(request.session.session_key or "")
            )
            return redirect("accounts:next_step")
    return render(request, "accounts/first_password.html", {"form": form})


@own_steps
@require_http_methods(["GET", "POST"])
def first_factor(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated or user.is_first_login or enroll.has_device(user=user):
        return redirect("accounts:next_step")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if enroll.confirm_device(user=user, code=form.cleaned_data["code"]):
            _begin(request, user, is_verified=True)
            messages.success(request, _("Your second factor is set up."))
            return redirect("accounts:next_step")
        form.add_error(
            "code",
            _("This code does not fit. Check that your phone's clock is right, then enter the next one."),
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
