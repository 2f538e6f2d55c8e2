from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from claims.enums import DraftPurpose
from claims.models.keys import reference, to_user
from claims.querysets import DraftQuerySet


class ClaimDraft(Identified, Timed):
    """A claim that is not one yet (ruling 18): the provider's alone, may be deleted, keeps what cannot be
    parsed.

    ``content`` is the raw form (field name to the text typed, lists for repeated names) as one encrypted
    value. ``form_token`` becomes the claim's, so that one form makes one claim; ``version`` guards two
    windows.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    author = to_user()
    version = models.PositiveIntegerField(default=1)
    purpose = models.CharField(max_length=11, choices=choices_of(DraftPurpose), default=DraftPurpose.NEW)
    predecessor = reference("claims.Claim", related_name="drafts")
    form_token = models.UUIDField(editable=False)
    content = phi.EncryptedJSONField(label="claim_draft.content")

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organization", "form_token"),
                name="claims_claimdraft_form_token_once",
                violation_error_message=_("This form already has a draft."),
            ),
            one_of("purpose", DraftPurpose, name="claims_claimdraft_purpose"),
            models.CheckConstraint(
                condition=Q(purpose=DraftPurpose.NEW) | Q(predecessor__isnull=False),
                name="claims_claimdraft_has_predecessor",
                violation_error_message=_("A copy, replacement or void names the claim it follows."),
            ),
        ]
        indexes = [models.Index(fields=("organization", "-updated_at", "-id"), name="claims_draft_newest")]

    def __str__(self) -> str:
        return f"Draft {self.pk}"
