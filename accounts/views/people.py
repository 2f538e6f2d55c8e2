"""The people of an organization, for its administrator: who they are, what they may do, whether they may come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from psycopg.errors import UniqueViolation

from accounts.actions import people as keeping
from accounts.actions.change import change_rights, change_user
from accounts.actions.create import temporary_password
from accounts.actions.reset import reset_factor, reset_password
from accounts.actions.sessions import end_all_sessions
from accounts.actions.throttling import unlock
from accounts.forms.people import InviteForm, PeopleFilterForm, PersonForm
from accounts.forms.recovery import FactorResetForm
from accounts.fresh import needs_fresh_factor, needs_fresh_proof, saving_needs_fresh_proof
from accounts.models import RightGrant, User
from accounts.policies import can_manage, is_platform, require_manage, require_manage_people, user_of
from accounts.presenters import person_pages
from accounts.views.shown_once import remember_password, remembered_password
from claimflow.lib.db.context import Actor, opened
from claimflow.lib.pages import Keyset, capped_count
from claimflow.lib.permissions import Forbidden, Refusal, WrongState
from claimflow.middleware.gate import own_transaction, stands_on

PAGE = 50
ORDER = Keyset([("last_name", "asc"), ("first_name", "asc"), ("id", "asc")])


@dataclass(frozen=True)
class Row:
    """A person as the list shows them."""

    person: User
    roles: str
    signs: keeping.Signs
    is_self: bool


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    user = _administrator(request)
    form = PeopleFilterForm(request.GET)
    mine = form.apply(User.objects.filter(organization_id=user.organization_pk, is_system=False))
    page = ORDER.page(mine, request.GET.get("cursor"), PAGE)
    signs = keeping.signs_of(people=page.rows, by=user)
    roles = roles_of(page.rows)
    return render(
        request,
        "accounts/people.html",
        {
            "form": form,
            "rows": [
                Row(person, ", ".join(roles.get(person.pk, [])), signs[person.pk], person.pk == user.pk)
                for person in page.rows
            ],
            "page": page,
            "summary": capped_count(mine).text,
            "is_filtered": bool(request.GET.get("q") or request.GET.get("state")),
        },
    )


@saving_needs_fresh_proof
@own_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """A new person; the view opens its transaction once the temporary password is hashed."""
    password, password_hash = _password_to_give(request)
    with _own_step(request) as user:
        form = InviteForm(request.POST if request.method == "POST" else None, by=user)
        if request.method == "POST" and form.is_valid():
            made = _invited(form, password_hash, user)
            if made is not None:
                remember_password(request, made, password)
                return redirect("accounts:person_password")
        return render(request, "accounts/invite.html", {"form": form})


@require_safe
def person_password(request: HttpRequest) -> HttpResponse:
    """Shows the temporary password, and never again."""
    user = _administrator(request)
    shown = remembered_password(request)
    if shown is None:
        return redirect("accounts:people")
    person = User.objects.filter(organization_id=user.organization_pk, email=shown.email).first()
    pages = [(page, page.told(person)) for page in person_pages(person)] if person else []
    return render(
        request, "accounts/person_password.html", {"shown": shown, "person": person, "pages": pages}
    )


@saving_needs_fresh_proof
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Name and roles of a colleague; one's own page only shows them."""
    user = _administrator(request)
    colleague = _colleague_or_404(user, user_id)
    form = None
    if can_manage(user, colleague):
        form = PersonForm(
            request.POST if request.method == "POST" else None,
            instance=_colleague_or_404(user, user_id),
            by=user,
        )
        if request.method == "POST" and form.is_valid() and _saved(request, form, user):
            return redirect("accounts:people")
    elif request.method == "POST":
        raise PermissionDenied(_("Nobody changes their own access or rights. Ask another administrator."))
    return render(
        request,
        "accounts/person.html",
        {
            "form": form,
            "person": colleague,
            "roles": roles_of([colleague]).get(colleague.pk, []),
            "not_theirs": form.not_theirs if form else [],
            "signs": keeping.signs_of(people=[colleague], by=user)[colleague.pk],
            "pages": [(page, page.told(colleague)) for page in person_pages(colleague)],
        },
    )


@saving_needs_fresh_proof
@require_http_methods(["GET", "HEAD", "POST"])
def person_active(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Close a colleague's account, or open it again. Whoever is closed out is out with the next request."""
    user = _administrator(request)
    colleague = _colleague_or_404(user, user_id)
    if request.method == "POST":
        colleague.is_active = not colleague.is_active
        try:
            change_user(user=colleague, fields=["is_active"], by=user)
        except Forbidden:
            raise
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("accounts:person", colleague.pk)
        done = (
            _("%(who)s may sign in again.")
            if colleague.is_active
            else _("%(who)s was signed out and cannot sign in any more.")
        )
        messages.success(request, done % {"who": colleague.full_name})
        return redirect("accounts:people")
    return render(request, "accounts/person_active.html", {"person": colleague})


@needs_fresh_proof
@own_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def person_reset_password(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """A temporary password in place of the person's own; the second factor stays."""
    password, password_hash = _password_to_give(request)
    with _own_step(request) as user:
        colleague = _other_or_403(user, user_id)
        if request.method == "POST":
            reset_password(user=colleague, password_hash=password_hash, by=user)
            remember_password(request, colleague, password)
            return redirect("accounts:person_password")
        return render(request, "accounts/person_reset_password.html", {"person": colleague})


@needs_fresh_factor
@require_http_methods(["GET", "HEAD", "POST"])
def person_reset_factor(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Take a lost second factor away, with the reason; the next sign-in sets up another."""
    user = _administrator(request)
    colleague = _other_or_403(user, user_id)
    form = FactorResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reset_factor(user=colleague, reason=form.cleaned_data["reason"], by=user)
        except WrongState as refusal:
            messages.warning(request, refusal.sentence)
        else:
            done = _("The second factor of %(who)s is gone. The next sign-in asks for a new one.")
            messages.success(request, done % {"who": colleague.full_name})
        return redirect("accounts:person", colleague.pk)
    return render(request, "accounts/person_reset_factor.html", {"person": colleague, "form": form})


@stands_on("accounts:person")
@require_POST
def person_sign_out(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """A colleague is signed out everywhere with their next request, and may sign in again."""
    user = _administrator(request)
    colleague = _other_or_403(user, user_id)
    if end_all_sessions(user=colleague, by=user):
        messages.success(request, _("%(who)s was signed out everywhere.") % {"who": colleague.full_name})
    else:
        messages.info(request, _("%(who)s was not signed in.") % {"who": colleague.full_name})
    return redirect("accounts:person", colleague.pk)


@stands_on("accounts:person")
@require_POST
def person_unlock(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Wrong tries of a colleague are forgotten, from anywhere."""
    user = _administrator(request)
    colleague = _other_or_403(user, user_id)
    unlock(user=colleague, by=user)
    messages.success(request, _("%(who)s can try to sign in again now.") % {"who": colleague.full_name})
    return redirect("accounts:person", colleague.pk)


# --- Steps --------------------------------------------------------------------------------------------------


def _administrator(request: HttpRequest) -> User:
    """The organization's administrator; the platform's have the administration instead."""
    user = user_of(request)
    require_manage_people(user)
    if is_platform(user):
        raise Http404
    return user


def _password_to_give(request: HttpRequest) -> tuple[str, str]:
    """(what is shown once, its hash): made before the transaction opens (ruling 6), and for nobody who may not give it."""
    try:
        _administrator(request)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    return temporary_password() if request.method == "POST" else ("", "")


@contextmanager
def _own_step(request: HttpRequest) -> Iterator[User]:
    """The request's transaction, opened by a view that first had something slow to do."""
    user = user_of(request)
    try:
        with opened(Actor(user.kind, user_id=user.pk, organization_id=user.organization_id)):
            yield _administrator(request)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.sentence) from refusal


def _colleague_or_404(user: User, user_id: UUID) -> User:
    found: User = get_object_or_404(
        User.objects.filter(organization_id=user.organization_pk, is_system=False), pk=user_id
    )
    return found


def _other_or_403(user: User, user_id: UUID) -> User:
    colleague = _colleague_or_404(user, user_id)
    require_manage(user, colleague)
    return colleague


def _invited(form: InviteForm, password_hash: str, by: User) -> User | None:
    """None when the address is taken: row-level security hides whose it is, the database's key does not. A guard's
    refusal is none of that, and goes on."""
    try:
        with transaction.atomic():
            return keeping.invite(user=form.person(), password_hash=password_hash, roles=form.roles, by=by)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        form.add_error("email", _("This address cannot be used. Ask the person for another one."))
        return None


def _saved(request: HttpRequest, form: PersonForm, by: User) -> bool:
    """Everything or nothing: the name waits for the roles."""
    colleague: Any = form.instance
    fields = [name for name in ("first_name", "last_name") if name in form.changed_data]
    try:
        with transaction.atomic():
            if "held_roles" in form.changed_data:
                change_rights(user=colleague, roles=form.roles, by=by)
            if fields:
                change_user(user=colleague, fields=fields, by=by)
    except Forbidden:
        raise
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return False
    messages.success(request, _("%(who)s was saved.") % {"who": colleague.full_name})
    return True


def roles_of(people: list[User]) -> dict[UUID, list[str]]:
    """Names of the roles that each of these people holds, in the order of the alphabet."""
    names: dict[UUID, list[str]] = {}
    held = RightGrant.objects.filter(user__in=[each.pk for each in people])
    for user_id, name in held.order_by("role__name").values_list("user_id", "role__name"):
        names.setdefault(user_id, []).append(name)
    return names
