from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from accounts.policies import user_of
from claimflow.lib.permissions import Forbidden
from claimflow.middleware.gate import stands_on
from engagement.actions.tell import mark_read as mark_all_read
from engagement.models import Notice
from engagement.presenters import sentence

SHOWN = 100


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """The newest notices of the person's organization, unread ones marked."""
    user = user_of(request)
    if not user.has(Permission.VIEW_CLAIMS):
        raise Forbidden("Only people who work with claims have notices.")
    notices = list(
        Notice.objects.visible_to(user)
        .select_related("claim")
        .only("kind", "happened_at", "claim__claim_number", "claim__state")[:SHOWN]
    )
    unread = set(Notice.objects.unread_by(user).values_list("pk", flat=True)[:SHOWN])
    rows = [
        {
            "notice": notice,
            "claim": notice.claim,
            "sentence": sentence(notice),
            "is_unread": notice.pk in unread,
        }
        for notice in notices
    ]
    return render(request, "engagement/notice_list.html", {"rows": rows, "unread_count": len(unread)})


@stands_on("notices:list")
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    mark_all_read(by=user_of(request))
    return redirect("notices:list")
