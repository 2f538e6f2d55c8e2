"""Ways back in: backup codes, and the link to a new password."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import forgotten
from accounts.actions.backup_codes import backup_codes_left, make_backup_codes
from accounts.forms.passwords import NewPasswordForm
from accounts.forms.recovery import ForgottenForm
from accounts.fresh import needs_fresh_proof
from accounts.passwords import Busy
from accounts.policies import user_of
from accounts.session_store import digest
from accounts.views.door import door_of, too_many
from accounts.views.shown_codes import keep_codes, kept_codes
from claimflow.middleware.gate import own_steps, own_transaction

LINK = "forgotten_password"
"""What the session keeps of an opened link: the token's digest, never the token."""


# --- Backup codes --------------------------------------------------------------------------------------------------------


@needs_fresh_proof
@own_transaction
@require_http_methods(["GET", "POST"])
def backup_codes(request: HttpRequest) -> HttpResponse:
    """How many are left, and the button that makes ten new ones."""
    user = user_of(request)
    if request.method == "POST":
        keep_codes(request, user, make_backup_codes(user=user))
        return redirect("accounts:backup_codes_shown")
    with timezone.override(user.time_zone):
        return render(request, "accounts/backup_codes.html", {"left": backup_codes_left(user=user)})


@own_transaction
@require_http_methods(["GET"])
def backup_codes_shown(request: HttpRequest) -> HttpResponse:
    """The ten codes, to be printed or copied, and never again."""
    codes = kept_codes(request, user_of(request))
    if not codes:
        return redirect("accounts:next_step")
    return render(
        request, "accounts/backup_codes_shown.html", {"codes": codes, "email": user_of(request).email}
    )


# --- Forgotten password --------------------------------------------------------------------------------------------------


@own_steps
@require_http_methods(["GET", "POST"])
def forgotten_page(request: HttpRequest) -> HttpResponse:
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        if forgotten.ask(email=form.cleaned_data["email"], door=door_of(request)):
            return redirect("accounts:forgotten_sent")
        form.add_error(
            None,
            _(
                "Too many new passwords were asked for, with this address or from this place. Wait an hour, or ask your "
                "administrator for a temporary password."
            ),
        )
    return render(request, "accounts/forgotten.html", {"form": form})


@own_steps
@require_http_methods(["GET"])
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/forgotten_sent.html")


@own_steps
@require_http_methods(["GET"])
def forgotten_link(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the token out of the address, so that it stands in no history that others see and no page is asked for
    from here. Opening the link uses nothing up: mail scanners do that too. For a token that opens nothing no session
    begins."""
    token_hash = digest(token)
    if forgotten.whose(token_hash):
        request.session[LINK] = token_hash
    else:
        request.session.pop(LINK, None)
    return redirect("accounts:forgotten_password")


@own_steps
@sensitive_post_parameters("new_password", "again")
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """The new password. The second factor stays: whoever chose one signs in with both."""
    token_hash = request.session.get(LINK, "")
    user = forgotten.whose(token_hash) if token_hash else None
    if user is None:
        return render(request, "accounts/forgotten_over.html")
    form = NewPasswordForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            done = forgotten.choose(
                token_hash=token_hash, user=user, password=form.cleaned_data["new_password"]
            )
        except Busy:
            return too_many()
        except ValidationError as refused:
            form.add_error("new_password", refused)
        else:
            if not done:
                return redirect("accounts:forgotten_password")
            request.session.flush()
            messages.success(request, _("Your password is changed. Sign in with it."))
            return redirect("accounts:sign_in")
    return render(request, "accounts/forgotten_password.html", {"form": form, "email": user.email})
