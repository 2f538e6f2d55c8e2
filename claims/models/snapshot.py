from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claims.models.keys import ClaimChild, to_claim
from claims.querysets import BothSides


class ClaimSnapshot(ClaimChild):
    """The claim exactly as submitted: canonical JSON, encrypted, with an HMAC-SHA256 over the plain bytes
    (ruling 32: a plain hash of health data could be guessed). ``form`` is the version of the JSON's
    shape."""

    claim = to_claim("snapshots")
    form = models.PositiveSmallIntegerField(default=1)
    content = phi.EncryptedTextField(label="claim_snapshot.content")
    mac = models.CharField(max_length=64)
    mac_key_id = models.SmallIntegerField()

    objects = BothSides.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("claim",), name="claims_snapshot_once"),
            models.CheckConstraint(
                condition=Q(mac__regex=r"^[0-9a-f]{64}$"),
                name="claims_snapshot_mac",
                violation_error_message=_("The snapshot's seal is 64 hexadecimal digits."),
            ),
        ]

    def __str__(self) -> str:
        return f"Snapshot {self.pk}"
