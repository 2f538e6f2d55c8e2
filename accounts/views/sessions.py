"""What the page's script asks about the session (static/claimflow/session.js): how long it lasts, and to stay."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from accounts.actions.sessions import Left, limits_of, time_left
from accounts.session_store import session_of
from claimflow.middleware.gate import own_steps

OVER = Left(now=0, most=0)


@own_steps
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """Whole seconds until the session ends. A POST is the person's "Stay signed in", which renews it; a GET asks for
    the page and, sent with ``X-Background``, renews nothing."""
    left = OVER
    if request.user.is_authenticated:
        limits = limits_of(request.user.safeguards)
        left = time_left(session_of(request).row, limits, renews=request.method == "POST")
    return JsonResponse({"left": left.now, "most": left.most})
