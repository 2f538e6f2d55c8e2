"""The limit and the skills of one adjudicator, for the payer's administrator."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.fresh import saving_needs_fresh_proof
from accounts.models import User
from accounts.policies import require_manage_people, user_of
from claims.actions.authority import authority_of, set_authority
from claims.forms.authority import AuthorityForm


@saving_needs_fresh_proof
@require_http_methods(["GET", "HEAD", "POST"])
def authority(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = user_of(request)
    require_manage_people(user)
    person = get_object_or_404(User, pk=user_id, organization=user.organization_id, role="payer")
    form = AuthorityForm(request.POST if request.method == "POST" else None, authority=authority_of(person))
    if request.method == "POST" and form.is_valid():
        set_authority(person=person, most_paid=form.cleaned_data["most_paid"], skills=form.chosen, by=user)
        messages.success(request, _("Limit and skills of %(who)s were saved.") % {"who": person.full_name})
        return redirect("accounts:person", person.pk)
    return render(request, "claims/authority.html", {"person": person, "form": form})
