"""The trail as Django reads it. The tables are made and guarded by audit/sql/schema.sql; nothing here
writes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, ClassVar, NoReturn

from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.querysets import AccessQuerySet, EventQuerySet


class ReadOnly(models.Model):
    """Events are appended by `audit.append`, never saved: the database would refuse as well."""

    class Meta:
        abstract = True

    def save(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError(f"{self._meta.object_name} is written by the database alone.")

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError(f"{self._meta.object_name} is never deleted.")


class Event(ReadOnly):
    """One thing that happened to one subject. `chain_seq` counts from 1 for each subject."""

    id = models.BigIntegerField(primary_key=True)
    format = models.SmallIntegerField()
    at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    cluster = models.BigIntegerField()
    xid = models.BigIntegerField()
    actor_id = models.UUIDField(null=True)
    kind = models.TextField()
    organization_id = models.UUIDField(null=True)
    provider_id = models.UUIDField(null=True)
    payer_id = models.UUIDField(null=True)
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    action = models.TextField()
    outcome = models.TextField()
    severity = models.TextField()
    request_id = models.TextField(null=True)
    purpose = models.TextField(null=True)
    fields = ArrayField(models.TextField())
    old_status = models.TextField(null=True)
    new_status = models.TextField(null=True)
    details = models.JSONField()
    chain_seq = models.BigIntegerField()
    prev_hash = models.BinaryField()
    row_hash = models.BinaryField()

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = 'audit"."event'

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"

    @property
    def when(self) -> dt.datetime:
        """When it happened; `at` is when it was recorded, which differs only for what was told later."""
        return self.occurred_at or self.at


class Access(ReadOnly):
    """One subject that one answer showed; `event_id` holds the rows of an answer together."""

    id = models.BigIntegerField(primary_key=True)
    format = models.SmallIntegerField()
    event_id = models.UUIDField()
    at = models.DateTimeField()
    cluster = models.BigIntegerField()
    xid = models.BigIntegerField()
    actor_id = models.UUIDField(null=True)
    kind = models.TextField()
    organization_id = models.UUIDField(null=True)
    action = models.TextField()
    subject_kind = models.TextField(null=True)
    subject_id = models.UUIDField(null=True)
    provider_id = models.UUIDField(null=True)
    payer_id = models.UUIDField(null=True)
    person_bidx = models.TextField(null=True)
    bi_key_id = models.SmallIntegerField(null=True)
    row_count = models.IntegerField()
    request_id = models.TextField(null=True)
    purpose = models.TextField(null=True)
    row_hash = models.BinaryField()

    objects: ClassVar[Any] = AccessQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = 'audit"."access'
        verbose_name_plural = "accesses"

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind or ''} {self.subject_id or ''}".rstrip()


class Checkpoint(ReadOnly):
    """A signed seal over the rows of the transaction ids [lo, hi) of one cluster."""

    batch = models.BigIntegerField(primary_key=True)
    epoch = models.IntegerField()
    cluster = models.BigIntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    at = models.DateTimeField()
    event_count = models.BigIntegerField()
    event_hash = models.BinaryField()
    access_count = models.BigIntegerField()
    access_hash = models.BinaryField()
    previous_seal = models.BinaryField()
    seal = models.BinaryField()
    signature = models.BinaryField()
    key_id = models.TextField()

    class Meta:
        managed = False
        db_table = 'audit"."checkpoint'

    def __str__(self) -> str:
        return f"checkpoint {self.batch}"

    def facts(self) -> dict[str, int | str]:
        """What the seal is taken over, as JSON holds it: hashes in hex, the time in UTC with microseconds."""
        return {
            "batch": self.batch,
            "epoch": self.epoch,
            "cluster": self.cluster,
            "lo": self.lo,
            "hi": self.hi,
            "at": self.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "event_count": self.event_count,
            "event_hash": bytes(self.event_hash).hex(),
            "access_count": self.access_count,
            "access_hash": bytes(self.access_hash).hex(),
            "previous_seal": bytes(self.previous_seal).hex(),
        }

    def computed_seal(self) -> bytes:
        """SHA-256 of the facts as JSON with sorted keys and no spaces."""
        text = json.dumps(self.facts(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).digest()
