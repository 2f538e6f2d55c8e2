"""The first page after the door: each role's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.enums import Permission, UserRole
from accounts.policies import user_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A biller's home, an adjudicator's queue, an auditor's trail, an administrator's first page."""
    user = user_of(request)
    if user.role == UserRole.PROVIDER and user.has(Permission.VIEW_CLAIMS):
        return redirect("claims:home")
    if user.role == UserRole.PAYER and user.has(Permission.WORK_QUEUE):
        return redirect("payer:queue")
    if user.role == UserRole.ADMIN and user.has(Permission.ADMINISTER):
        return redirect("admin:index")
    if user.has(Permission.READ_AUDIT):
        return redirect("audit:events")
    if user.is_staff:
        return redirect("admin:accounts_user_changelist")
    if user.has(Permission.MANAGE_USERS):
        return redirect("accounts:people")
    return redirect("accounts:nothing_yet")
