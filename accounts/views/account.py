"""My account: who I am, how I come in, where I am signed in, what I may do. And proving again who one is
(accounts/fresh.py)."""

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import email_change, enroll, fresh, own
from accounts.actions.backup_codes import backup_codes_left
from accounts.actions.browsers import browser_class
from accounts.actions.choose import choose_password
from accounts.actions.sessions import end_other_sessions, end_session, own_sessions
from accounts.forms.account import DetailsForm, EmailForm
from accounts.forms.door import CodeForm, PasswordForm
from accounts.forms.passwords import NewPasswordForm
from accounts.fresh import needs_fresh_proof
from accounts.models import User
from accounts.passwords import Busy
from accounts.policies import user_of
from accounts.presenters import in_words
from accounts.session_store import digest, session_of
from accounts.views.door import NEXT, door_of, safe_next, too_many
from audit.presenters import event_rows, short
from claimflow.lib.forms import PlainForm
from claimflow.lib.phi import value
from claimflow.lib.system_user import SYSTEM_USER_ID
from claimflow.middleware.gate import own_steps, own_transaction, stands_on

LINK = "email_change"
"""What the session keeps of an opened link: the token's digest, never the token."""


def _key(request: HttpRequest) -> str:
    """The digest of the session that asks."""
    return digest(request.session.session_key or "")


def _renew(request: HttpRequest) -> None:
    """A new session id after what keeps the account safe has changed (ASVS 7.2.4)."""
    session_of(request).cycle_key()


# --- The page ------------------------------------------------------------------------------------------------------------


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    return render(
        request,
        "accounts/account.html",
        {
            "details": own.details_of(user=user),
            "email": user.email,
            "waiting": email_change.waiting_of(user=user),
            "ways": own.ways_in(user=user),
            "codes": backup_codes_left(user=user),
            "sessions": _shown_sessions(user, _key(request)),
            "roles": [(role, in_words(role.permissions)) for role in own.held_roles(user=user)],
            "events": _entries(user),
        },
    )


def _shown_sessions(user: User, here: str) -> list[dict[str, object]]:
    """This one first, then the last used."""
    rows = [
        {**row, "browser": str(browser_class(row["user_agent"])), "is_here": row["session_key"] == here}
        for row in own_sessions(user=user)
    ]
    return sorted(rows, key=lambda row: not row["is_here"])


def _entries(user: User) -> list[dict[str, object]]:
    """The person's events as parts/_timeline.html shows them: in the first person, so to say, unless somebody else
    acted."""
    others = {user.full_name: "", short(SYSTEM_USER_ID).text: "ClaimFlow"}
    rows = event_rows(own.own_events(user=user))
    return [
        {
            "at": row.at,
            "sentence": f"{row.sentence}: {row.subject.text}" if row.subject.url else row.sentence,
            "url": row.subject.url,
            "actor": others.get(row.actor, row.actor),
            "detail": row.outcome,
            "tone": row.tone if row.outcome else "neutral",
        }
        for row in rows
    ]


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Name, phone and address."""
    user = user_of(request)
    form = DetailsForm(request.POST or None, initial=vars(own.details_of(user=user)))
    if form.is_valid():
        own.change_details(user=user, details=form.details)
        messages.success(request, _("Your details are saved."))
        return redirect("accounts:account")
    return render(request, "accounts/details.html", {"form": form})


# --- How I come in -------------------------------------------------------------------------------------------------------


@needs_fresh_proof
@own_transaction
@sensitive_post_parameters("new_password", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = NewPasswordForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            choose_password(user=user, password=form.cleaned_data["new_password"], keep_session=_key(request))
        except Busy:
            return too_many()
        except ValidationError as refused:
            form.add_error("new_password", refused)
        else:
            _renew(request)
            messages.success(request, _("Your password is changed. You are signed out everywhere else."))
            return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form})


@needs_fresh_proof
@own_transaction
@require_http_methods(["GET", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """Another authenticator in place of the one that there is."""
    user = user_of(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if own.replace_device(user=user, code=code, door=door_of(request), keep_session=_key(request)):
            _renew(request)
            messages.success(
                request, _("Your new authenticator is set up. You are signed out everywhere else.")
            )
            return redirect("accounts:account")
        form.add_error(
            "code",
            _("This code does not fit. Enter the one that your app shows for the new key."),
        )
    secret: str = value(enroll.pending_device(user=user), "secret")
    picture = segno.make(enroll.provisioning_uri(user=user, secret=secret), error="m")
    return render(
        request,
        "accounts/factor.html",
        {
            "form": form,
            "picture": picture.svg_data_uri(scale=5, border=2),
            "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        },
    )


# --- Another e-mail address ----------------------------------------------------------------------------------------------


@needs_fresh_proof
@require_http_methods(["GET", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = EmailForm(request.POST or None, user=user)
    if form.is_valid():
        if email_change.ask(user=user, email=form.cleaned_data["email"]):
            messages.success(
                request, _("We sent a link to both addresses. The change is made when both have agreed.")
            )
            return redirect("accounts:account")
        form.add_error(None, _("You asked three times within an hour. Wait a while before you ask again."))
    return render(request, "accounts/email.html", {"form": form})


@stands_on("accounts:account")
@require_POST
def email_stop(request: HttpRequest) -> HttpResponse:
    email_change.cancel(user=user_of(request))
    messages.success(request, _("Your e-mail address stays as it is."))
    return redirect("accounts:account")


@own_steps
@require_safe
def email_link(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the token out of the address. Opening the link agrees to nothing: mail scanners do that too. For a token that
    opens nothing no session begins."""
    token_hash = digest(token)
    if email_change.waiting_by(token_hash):
        request.session[LINK] = token_hash
    else:
        request.session.pop(LINK, None)
    return redirect("accounts:email_agree")


@own_steps
@require_http_methods(["GET", "POST"])
def email_agree(request: HttpRequest) -> HttpResponse:
    """Shows the new address to whoever opened a link, and takes the yes."""
    token_hash = request.session.get(LINK, "")
    waiting = email_change.waiting_by(token_hash) if token_hash else None
    if waiting is not None and request.method == "POST":
        answer = email_change.agree(token_hash=token_hash, keep_session=_key(request))
        if answer == email_change.Answer.CHANGED:
            del request.session[LINK]
            messages.success(
                request, _("The e-mail address is changed. Sign in with the new one from now on.")
            )
            return redirect("accounts:account" if request.user.is_authenticated else "accounts:sign_in")
        return redirect("accounts:email_agree")
    return render(request, "accounts/email_agree.html", {"waiting": waiting})


# --- Where I am signed in ------------------------------------------------------------------------------------------------


@stands_on("accounts:account")
@own_transaction
@require_POST
def end_one(request: HttpRequest) -> HttpResponse:
    """Sign out there."""
    key = request.POST.get("session", "")
    if key != _key(request) and end_session(key=key, by=user_of(request)):
        messages.success(request, _("You are signed out there."))
    else:
        messages.info(request, _("That session had ended already."))
    return redirect("accounts:account")


@stands_on("accounts:account")
@own_transaction
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    ended = end_other_sessions(user=user_of(request), keep=_key(request))
    said = ngettext("%(count)d other session was ended.", "%(count)d other sessions were ended.", ended)
    messages.success(request, said % {"count": ended})
    return redirect("accounts:account")


# --- Proving again -------------------------------------------------------------------------------------------------------


@own_transaction
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Asks for a code of the authenticator or, where that is enough, for the password, and leads back."""
    user = user_of(request)
    back_to = safe_next(request, request.GET.get(NEXT, "")) or reverse("home")
    only_code = request.GET.get("ask") == "factor"
    by_password = request.GET.get("with") == "password" and not only_code
    form: PlainForm = (PasswordForm if by_password else CodeForm)(request.POST or None)
    if form.is_valid():
        try:
            is_proven = _proves(request, form)
        except Busy:
            return too_many()
        if is_proven:
            session = session_of(request)
            session.note_proof(with_factor=not by_password)
            session.cycle_key()
            return redirect(back_to)
        form.add_error(next(iter(form.fields)), _wrong(by_password))
    query = request.GET.copy()
    query.pop("with", None)
    return render(
        request,
        "accounts/confirm.html",
        {
            "form": form,
            "by_password": by_password,
            "may_choose": not only_code,
            "query": query.urlencode(),
            "email": user.email,
        },
    )


def _proves(request: HttpRequest, form: PlainForm) -> bool:
    user, door = user_of(request), door_of(request)
    if isinstance(form, PasswordForm):
        return fresh.confirm_with_password(user=user, password=form.cleaned_data["password"], door=door)
    return fresh.confirm_with_code(user=user, code=form.cleaned_data["code"], door=door)


def _wrong(by_password: bool) -> str:
    if by_password:
        return _("This is not your password now. Check it, or wait for a while after several wrong tries.")
    return _("This code does not fit. A code works once: wait for the next one in your app and enter that.")
