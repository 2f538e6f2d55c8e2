"""My account: who I am, how I come in, where I am signed in. And proving again who one is (accounts/fresh.py)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import fresh
from accounts.forms.door import CodeForm, PasswordForm
from accounts.policies import user_of
from accounts.session_store import session_of
from accounts.views.door import NEXT, door_of, safe_next
from claimflow.lib.forms import PlainForm
from claimflow.middleware.gate import own_transaction


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
        if _proves(request, form):
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
        return _("This is not your password now. Check it, or wait 30 minutes after several wrong tries.")
    return _("This code does not fit. A code works once: wait for the next one in your app and enter that.")
