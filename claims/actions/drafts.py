"""Drafts: what a biller typed so far, raw and unjudged (ruling 18)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib.permissions import Refusal
from claims import policies
from claims.enums import DraftPurpose
from claims.models import Claim, ClaimDraft

Content = Mapping[str, Any]
"""Field name to the text typed; a list for repeated names."""


class Outdated(Refusal):
    """The draft was saved elsewhere since this window read it. ``version`` is the stored one."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            _(
                "This draft was changed in another window, so nothing was overwritten. Everything you typed "
                "is still below. Save once more to keep this version, or open the draft again to see the other."
            ),
            code="outdated",
        )


class Gone(Refusal):
    """The draft was submitted or deleted elsewhere since this window read it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This draft was submitted or deleted in another window. Everything you typed is still below. Save it "
                "to keep it as a new draft."
            ),
            code="gone",
        )


def save_draft(
    *,
    content: Content,
    form_token: UUID,
    version: int | None = None,
    draft: ClaimDraft | None = None,
    by: User,
) -> ClaimDraft:
    """Keep the form as it is; the first time makes the draft of this form token, two windows make one.

    ``version`` is the one that the window read. Raises ``Forbidden``, ``Outdated`` or ``Gone``.
    """
    policies.require_submit(by)
    draft = draft or _of_form(form_token, by)
    if draft is None:
        return open_draft(content=content, form_token=_unused(form_token, by), by=by)
    draft = ClaimDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if draft is None:
        raise Gone
    if version is not None and version != draft.version:
        raise Outdated(draft.version)
    draft.content, draft.version = dict(content), draft.version + 1
    draft.touch("content", "version")
    _record(Action.DRAFT_SAVED, draft)
    return draft


def open_draft(
    *,
    content: Content,
    form_token: UUID,
    purpose: DraftPurpose = DraftPurpose.NEW,
    predecessor: Claim | None = None,
    by: User,
) -> ClaimDraft:
    """Make a draft. Returns the existing one if another window was faster with the same form."""
    policies.require_submit(by)
    draft = ClaimDraft(
        organization_id=by.organization_id,
        author=by,
        purpose=purpose.value,
        predecessor=predecessor,
        form_token=form_token,
        content=dict(content),
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        other = _of_form(form_token, by)
        if other is None:
            raise
        return other
    _record(Action.DRAFT_SAVED, draft)
    return draft


def delete_draft(*, draft: ClaimDraft, by: User) -> None:
    """Throw a draft away; that it was there stays in the trail."""
    policies.require_submit(by)
    _record(Action.DRAFT_DELETED, draft)
    draft.delete()


def copy_to_draft(*, claim: Claim, content: Content, form_token: UUID, by: User) -> ClaimDraft:
    """Open a new draft with the data of a rejected claim, linked to it (product.md). Raises ``Refusal`` for
    a claim that was not rejected, ``Forbidden``."""
    policies.require_submit(by)
    if not policies.can_copy(by, claim):
        raise Refusal(_("Only a rejected claim can be corrected and sent again."), code="cannot_copy")
    return open_draft(
        content=content, form_token=form_token, purpose=DraftPurpose.COPY, predecessor=claim, by=by
    )


def _of_form(form_token: UUID, by: User) -> ClaimDraft | None:
    found: ClaimDraft | None = ClaimDraft.objects.visible_to(by).filter(form_token=form_token).first()
    return found


def _unused(form_token: UUID, by: User) -> UUID:
    """A form that has become a claim and is saved once more is another claim to be."""
    return uuid4() if Claim.objects.visible_to(by).filter(form_token=form_token).exists() else form_token


def _record(action: Action, draft: ClaimDraft) -> None:
    record(action, SubjectKind.DRAFT, draft.pk, provider_id=draft.organization_id)
