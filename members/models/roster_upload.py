from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from members.enums import UploadState
from members.querysets import PayersOwn


class RosterUpload(Identified, Timed):
    """A roster file between its preview and its confirmation, encrypted: nothing of it is on disk or in a session.

    ``content`` is ``{"rows": [...], "faults": [...], "notes": [...]}`` as members.roster reads the file; it is
    emptied when the roster is applied or discarded, and the row goes after a day (members/jobs.py).
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    uploaded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(
        max_length=10, choices=choices_of(UploadState), default=UploadState.WAITING.value
    )
    content = phi.EncryptedJSONField(label="roster_upload.content", null=True)
    rows = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = PayersOwn.as_manager()

    class Meta:
        constraints = [
            one_of("state", UploadState, name="members_rosterupload_state"),
            models.CheckConstraint(
                condition=Q(state=UploadState.WAITING.value) | Q(content__isnull=True),
                name="members_rosterupload_emptied",
                violation_error_message=_("A roster that is done keeps no content."),
            ),
            models.CheckConstraint(
                condition=~Q(state=UploadState.APPLIED.value) | Q(applied_at__isnull=False, faults=0),
                name="members_rosterupload_applied",
                violation_error_message=_("A roster is applied whole, without a faulty cell."),
            ),
        ]
        indexes = [models.Index(fields=("created_at",), name="members_rosterupload_age")]

    def __str__(self) -> str:
        return f"Roster upload {self.pk}"
