"""A form that came too late is kept for its person: encrypted, for half an hour, shown once (KeptForm). For anybody else
it is not there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from accounts.enums import KeptBecause
from accounts.models import KeptForm, User
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as

KEPT_FOR = timedelta(minutes=30)
MOST_FORMS = 10
"""For one person; an older one makes room."""
LONGEST = 300_000
"""Characters of one form, as the browser sends it."""
NEVER = {"csrfmiddlewaretoken", "password", "new_password", "again", "code"}
"""Fields that are not kept: what proves who somebody is."""


@dataclass(frozen=True)
class Returned:
    """A form on its way back to its person."""

    id: UUID
    fields: QueryDict
    because: KeptBecause
    is_whole: bool
    until: datetime


def keep(*, user: User, page: str, fields: QueryDict, because: KeptBecause, is_whole: bool) -> UUID | None:
    """Keep what was typed; None if there is nothing, or too much."""
    typed = fields.copy()
    secrets = [name for name in typed if name in NEVER and name != "csrfmiddlewaretoken"]
    for name in NEVER & set(typed):
        del typed[name]
    text = typed.urlencode()
    if not typed or len(text) > LONGEST or len(page) > 500:
        return None
    form = KeptForm(
        user_id=user.pk,
        page=page,
        because=because.value,
        content={"fields": text, "is_whole": is_whole and not secrets},
        until=timezone.now() + KEPT_FOR,
    )
    with acting_as("login", user=user, organization=user.organization_id):
        older = KeptForm.objects.filter(user_id=user.pk).order_by("-created_at")
        surplus = list(older.values_list("pk", flat=True)[MOST_FORMS - 1 :])
        KeptForm.objects.filter(pk__in=surplus).delete()
        form.save(force_insert=True)
        record(Action.FORM_KEPT, SubjectKind.USER, user.pk)
    return form.pk


def find_kept(*, kept_id: UUID, path: str, of: User) -> Returned | None:
    """What was kept for this person and this page, if its time is not up."""
    with acting_as("login", user=of, organization=of.organization_id):
        form = KeptForm.objects.filter(pk=kept_id, user_id=of.pk, until__gt=timezone.now()).first()
    if form is None or form.page.partition("?")[0] != path:
        return None
    content = phi.value(form, "content")
    return Returned(
        id=form.pk,
        fields=QueryDict(content["fields"]),
        because=KeptBecause(form.because),
        is_whole=content["is_whole"],
        until=form.until,
    )


def forget_kept(*, kept_id: UUID, of: User) -> None:
    """Its page has shown it: it goes."""
    with acting_as("login", user=of, organization=of.organization_id):
        KeptForm.objects.filter(pk=kept_id, user_id=of.pk).delete()
        record(Action.FORM_RESTORED, SubjectKind.USER, of.pk)


def forget_over() -> None:
    """Delete what nobody came back for in time. For the system."""
    KeptForm.objects.filter(until__lt=timezone.now()).delete()
