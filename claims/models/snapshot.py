import json
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claims.models.keys import ClaimChild, to_claim
from claims.querysets import BothSides

if TYPE_CHECKING:
    from claims.models.claim import Claim

SEAL = phi.Mac("mac", "mac_key_id", label="claim_snapshot.mac", subject="claim_id", text="content")


class ClaimSnapshot(ClaimChild):
    """The claim exactly as submitted: canonical JSON, encrypted, with an HMAC-SHA256 over the plain bytes
    (ruling 32: a plain hash of health data could be guessed). ``form`` is the version of the JSON's
    shape."""

    claim = to_claim("snapshots")
    form = models.PositiveSmallIntegerField(default=1)
    content = phi.EncryptedTextField(label="claim_snapshot.content")
    mac = models.CharField(max_length=64)
    mac_key_id = models.SmallIntegerField()

    macs = (SEAL,)

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

    @classmethod
    def of(cls, claim: "Claim", content: dict[str, Any]) -> Self:
        """Freeze ``content`` (JSON types only) for a claim; the caller saves it before the number."""
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        snapshot = cls(**claim.as_parent(), content=text)
        for column, made in SEAL.made(snapshot).items():
            setattr(snapshot, column, made)
        return snapshot

    def is_genuine(self) -> bool:
        """Whether the text is the one that was submitted with this claim. ``phi.UnknownKey`` for a key not in the
        ring."""
        try:
            SEAL.verify(self)
        except phi.Tampered:
            return False
        return True

    def read(self) -> dict[str, Any]:
        """What was submitted."""
        content: dict[str, Any] = json.loads(phi.value(self, "content"))
        return content
