"""Encryption of protected health information: what is stored, read and searched.

    from claimflow.lib import phi

    class Patient(Timed):
        last_name = phi.EncryptedTextField(label="patient.last_name", max_length=100)
        birth_date = phi.EncryptedDateField(label="patient.birth_date")
        name_bidx = models.CharField(max_length=32)
        bi_key_id = models.SmallIntegerField()
        blind_indexes = (
            phi.Indexed("name_bidx", "name", organization="organization_id", parts=("last_name",)),
        )

Assign plain values; what the database returns is a `Sealed`, which shows nothing and is opened with
`phi.value(patient, "last_name")` or `phi.open(sealed, patient.pk)`. A value is bound to its column (the
label) and its row (the primary key): moved anywhere else, it raises `Tampered` (ruling 30).
"""

from claimflow.lib.phi.blind import BlindIndex, Indexed, blind_index, blind_indexes, fill_blind_indexes, last4
from claimflow.lib.phi.cipher import PhiError, Sealed, Tampered, UnknownKey, seal
from claimflow.lib.phi.cipher import open_sealed as open
from claimflow.lib.phi.fields import (
    EncryptedDateField,
    EncryptedJSONField,
    EncryptedTextField,
    encrypted_fields,
    mask,
    value,
)
from claimflow.lib.phi.mac import Mac, is_keyed, keyed

__all__ = [
    "BlindIndex",
    "EncryptedDateField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "Indexed",
    "Mac",
    "PhiError",
    "Sealed",
    "Tampered",
    "UnknownKey",
    "blind_index",
    "blind_indexes",
    "encrypted_fields",
    "fill_blind_indexes",
    "is_keyed",
    "keyed",
    "last4",
    "mask",
    "open",
    "seal",
    "value",
]
