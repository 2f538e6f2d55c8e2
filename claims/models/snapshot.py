import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.phi import keyring
from claims.models.keys import ClaimChild, to_claim
from claims.querysets import BothSides

if TYPE_CHECKING:
    from claims.models.claim import Claim

KEY_LABEL = "claim_snapshot.mac"


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

    @classmethod
    def of(cls, claim: "Claim", content: dict[str, Any]) -> Self:
        """Freeze ``content`` (JSON types only) for a claim; the caller saves it before the number."""
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        key_id = keyring.indexes().current
        return cls(
            **claim.as_parent(),
            content=text,
            mac=_mac(text, claim_id=claim.pk, key_id=key_id),
            mac_key_id=key_id,
        )

    def is_genuine(self) -> bool:
        """Whether the text is the one that was submitted with this claim. KeyError for a key not in the
        ring."""
        expected = _mac(phi.value(self, "content"), claim_id=self.claim_id, key_id=self.mac_key_id)
        return hmac.compare_digest(self.mac, expected)

    def read(self) -> dict[str, Any]:
        """What was submitted."""
        content: dict[str, Any] = json.loads(phi.value(self, "content"))
        return content


def _mac(text: str, *, claim_id: UUID, key_id: int) -> str:
    key = keyring.indexes().key(key_id, KEY_LABEL)
    return hmac.new(key, f"{claim_id}|{text}".encode(), hashlib.sha256).hexdigest()
