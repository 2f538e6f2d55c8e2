from django.db import models

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from members.enums import Sex
from members.querysets import Members


class Member(Identified, Timed):
    """A person on a payer's roster (ruling 19); the provider's view of people is ``Patient``.

    ``address`` is ``{"line1", "line2", "city", "state", "postal_code"}``, all text.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="members", db_index=False
    )
    first_name = phi.EncryptedTextField(label="member.first_name", max_length=100)
    last_name = phi.EncryptedTextField(label="member.last_name", max_length=100)
    birth_date = phi.EncryptedDateField(label="member.birth_date")
    sex = models.CharField(max_length=1, choices=choices_of(Sex), default=Sex.UNKNOWN)
    address = phi.EncryptedJSONField(label="member.address", null=True, blank=True)
    phone = phi.EncryptedTextField(label="member.phone", max_length=30, null=True, blank=True)
    email = phi.EncryptedTextField(label="member.email", max_length=254, null=True, blank=True)
    name_bidx = models.CharField(max_length=32, editable=False)
    birth_bidx = models.CharField(max_length=32, editable=False)
    bi_key_id = models.SmallIntegerField(editable=False)

    blind_indexes = (
        phi.Indexed("name_bidx", "name", organization="organization_id", parts=("last_name", "first_name")),
        phi.Indexed("birth_bidx", "birth", organization="organization_id", parts=("last_name", "birth_date")),
    )

    objects = Members.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("id", "organization"), name="members_member_key"),
            one_of("sex", Sex, name="members_member_sex"),
        ]
        indexes = [
            models.Index(fields=("organization", "name_bidx"), name="members_member_name"),
            models.Index(fields=("organization", "birth_bidx"), name="members_member_birth"),
            models.Index(fields=("organization", "-created_at", "-id"), name="members_member_newest"),
        ]

    def __str__(self) -> str:
        return f"Member {self.pk}"
