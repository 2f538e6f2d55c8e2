from django.db import models

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from members.enums import Sex
from members.querysets import Patients


class Patient(Identified, Timed):
    """A person as the provider's staff entered them (ruling 19); the payer's roster is ``Member``.

    ``address`` is ``{"line1", "line2", "city", "state", "postal_code"}``, all text.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="patients", db_index=False
    )
    first_name = phi.EncryptedTextField(label="patient.first_name", max_length=100)
    last_name = phi.EncryptedTextField(label="patient.last_name", max_length=100)
    birth_date = phi.EncryptedDateField(label="patient.birth_date")
    sex = models.CharField(max_length=1, choices=choices_of(Sex), default=Sex.UNKNOWN)
    address = phi.EncryptedJSONField(label="patient.address", null=True, blank=True)
    phone = phi.EncryptedTextField(label="patient.phone", max_length=30, null=True, blank=True)
    email = phi.EncryptedTextField(label="patient.email", max_length=254, null=True, blank=True)
    account_number = phi.EncryptedTextField(
        label="patient.account_number", max_length=38, null=True, blank=True
    )
    name_bidx = models.CharField(max_length=32, editable=False)
    birth_bidx = models.CharField(max_length=32, editable=False)
    bi_key_id = models.SmallIntegerField(editable=False)
    is_active = models.BooleanField(default=True)

    blind_indexes = (
        phi.Indexed("name_bidx", "name", organization="organization_id", parts=("last_name", "first_name")),
        phi.Indexed("birth_bidx", "birth", organization="organization_id", parts=("last_name", "birth_date")),
    )

    objects = Patients.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("id", "organization"), name="members_patient_key"),
            one_of("sex", Sex, name="members_patient_sex"),
        ]
        indexes = [
            models.Index(fields=("organization", "name_bidx"), name="members_patient_name"),
            models.Index(fields=("organization", "birth_bidx"), name="members_patient_birth"),
            models.Index(fields=("organization", "-created_at", "-id"), name="members_patient_newest"),
        ]

    def __str__(self) -> str:
        return f"Patient {self.pk}"
