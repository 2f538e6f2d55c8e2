"""Model fields that are bytea in the database, plain when assigned and `Sealed` when read.

They stand on django-cryptography's `EncryptedMixin`, which keeps lookups out and gives the column type; its
cipher and its pickle are replaced (docs/adr/0004-field-encryption.md).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _
from django_cryptography.fields import EncryptedMixin

from claimflow.lib.phi import keyring
from claimflow.lib.phi.cipher import LABEL, PhiError, Sealed, Tampered, open_sealed, seal

MASK = "********"
SINGLE_LINE = 255  # longest text that a form shows in one line


@dataclass(frozen=True)
class _Bound:
    """A plain value on its way into the database, with the row it is written for."""

    plain: Any = field(repr=False)
    row_id: object


class PhiField(EncryptedMixin):
    """What the three encrypted fields share: the label, the binding to the row, the refusals."""

    wasinstance = True
    label: str

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        if not LABEL.fullmatch(label):
            raise ImproperlyConfigured(f'"{label}" is not a label: lower-case words joined by dots.')
        self.label = label
        # The package's own key, expiry and cipher are never made: its __init__ is stepped over.
        super(EncryptedMixin, self).__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "label": self.label}

    def clone(self) -> PhiField:
        _name, _path, args, kwargs = self.deconstruct()
        return type(self)(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = [*super().check(**kwargs)]
        if self.unique or getattr(self, "db_index", False):
            problem = "An encrypted field cannot be unique or indexed: use a blind index."
            found.append(checks.Error(problem, obj=self, id="phi.E001"))
        if not _made_in_python(self.model._meta.pk):
            problem = "A model with encrypted fields makes its primary key in Python."
            found.append(checks.Error(problem, obj=self, id="phi.E002"))
        return found

    # To the database

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        assigned = super().pre_save(model_instance, add)
        if assigned is None:
            return None
        if isinstance(assigned, Sealed):
            open_sealed(self._own(assigned), model_instance.pk)  # a value lent from another row refuses here
            return assigned
        return _Bound(assigned, _row_id(model_instance))

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return self.get_db_prep_value(value, connection)

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,
    ) -> Any:
        if value is None or hasattr(value, "as_sql"):
            return value
        if isinstance(value, _Bound):
            value = self.sealed_for(super().to_python(value.plain), value.row_id)
        if isinstance(value, Sealed):
            return self._own(value).data
        raise PhiError(
            f"{self.label} is written with the row it belongs to: save the instance or use bulk_create; "
            "update() and bulk_update() take only values sealed for that row."
        )

    def get_prep_value(self, value: Any) -> Any:
        return value

    def sealed_for(self, plain: Any, row_id: object) -> Sealed:
        """The value encrypted for this column and a row, with the current key."""
        return seal(plain, label=self.label, row_id=row_id, encoder=getattr(self, "encoder", None))

    def _own(self, sealed: Sealed) -> Sealed:
        if sealed.label != self.label:
            raise Tampered(f"A value of {sealed.label} was put into {self.label}.")
        return sealed

    # From the database, from forms

    def from_db_value(self, value: Any, *_args: Any, **_kwargs: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), self.label)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Sealed) else super().to_python(value)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """A sealed value was valid when it was written; a plain one is validated as the base field does."""
        return value if isinstance(value, Sealed) else super().clean(value, model_instance)

    def value_to_string(self, obj: models.Model) -> str:
        """Ciphertext for serializers, as base64; a value that is still plain is not let out."""
        stored = self.value_from_object(obj)
        return base64.b64encode(stored.data).decode() if isinstance(stored, Sealed) else ""


class EncryptedTextField(PhiField, models.TextField):  # type: ignore[type-arg]  # no types at run time
    """Text; `max_length` counts characters of the plain text and is validated."""

    base_class = models.TextField
    description = _("Encrypted text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        short = self.max_length is not None and self.max_length <= SINGLE_LINE
        return super().formfield(**{"widget": forms.TextInput if short else forms.Textarea, **kwargs})


class EncryptedDateField(PhiField, models.DateField):  # type: ignore[type-arg]  # no types at run time
    """A calendar date."""

    base_class = models.DateField
    description = _("Encrypted date")

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:  # type: ignore[override]  # no private_only
        # DateField would add get_next_by_*, which orders by the column; ciphertexts have no order.
        models.Field.contribute_to_class(self, cls, name, **kwargs)


class EncryptedJSONField(PhiField, models.JSONField):  # type: ignore[misc]  # lookups: the mixin refuses
    """Anything JSON holds, as one ciphertext. `encoder` as in Django; there is no decoder."""

    base_class = models.JSONField
    description = _("Encrypted JSON")


def value(instance: models.Model, name: str) -> Any:
    """The plain value of a field: opened when it was read, as it is when it was assigned, None when empty."""
    stored = getattr(instance, name)
    return open_sealed(stored, instance.pk) if isinstance(stored, Sealed) else stored


def encrypted_fields(model: type[models.Model]) -> list[PhiField]:
    """The encrypted fields of a model; whoever logs changes masks these (ruling 12)."""
    return [each for each in model._meta.concrete_fields if isinstance(each, PhiField)]


def mask(_text: str) -> str:
    """Hides the whole value: auditlog's own mask leaves the second half readable."""
    return MASK


@checks.register("phi")
def check_keys_and_labels(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Keys that cannot work and labels that two columns share are found before the first request."""
    return [*_key_errors(), *_label_errors()]


def _key_errors() -> Iterator[checks.CheckMessage]:
    for ring in (keyring.values, keyring.indexes):
        try:
            ring()
        except (ImproperlyConfigured, AttributeError) as problem:
            yield checks.Error(str(problem), id="phi.E003")


def _label_errors() -> Iterator[checks.CheckMessage]:
    from django.apps import apps

    owners: dict[str, PhiField] = {}
    for model in apps.get_models():
        for each in encrypted_fields(model):
            first = owners.setdefault(each.label, each)
            if first is not each and first.model._meta.concrete_model is not model._meta.concrete_model:
                yield checks.Error(f'The label "{each.label}" names two columns.', obj=each, id="phi.E004")


def _row_id(instance: models.Model) -> object:
    key = instance._meta.pk
    if instance.pk is None:
        raise PhiError(f"{instance._meta.label} has no primary key yet; encrypted values are bound to it.")
    return key.to_python(instance.pk)


def _made_in_python(key: models.Field[Any, Any]) -> bool:
    return bool(key.has_default() or key.remote_field)
