"""What every registration in the Django admin shares (rulings 8, 12 and 53)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from auditlog.models import LogEntry
from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.paginator import Paginator
from django.db.models import BinaryField, Field, Model, QuerySet
from django.http import HttpRequest

from claimflow.lib.forms import PutsBack
from claimflow.lib.models import BackupRun
from claimflow.lib.phi import encrypted_fields

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin

MOST_COUNTED = 10_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # no types at run time
    """Counts no further than the last page that anybody would turn to: a bounded cost at any size of a table."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


def foreign_keys(model: type[Model]) -> list[Field[Any, Any]]:
    """The model's own references to other rows."""
    return [field for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one]


class HouseAdminForm(PutsBack, forms.ModelForm):  # type: ignore[type-arg]  # no types at run time
    """Shows again what was typed when the session ended."""


class HouseAdmin(Base):
    """No deleting, no reading of encrypted columns (they are not granted to ``admin``), small steps on saving.

    Encrypted columns are deferred on the row itself and on every row it refers to, so that ``list_select_related``
    may name any reference. A single row's page fetches all of its references in the same query.
    """

    form: Any = HouseAdminForm
    actions: Any = None
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    hidden_columns: tuple[str, ...] = ()

    def sealed_columns(self) -> list[str]:
        """Columns the administrator's database role may not select."""
        return [field.name for field in encrypted_fields(self.model)] + list(self.hidden_columns)

    def _deferred(self) -> list[str]:
        related = [
            f"{key.name}__{field.name}"
            for key in foreign_keys(self.model)
            for field in encrypted_fields(key.related_model)  # type: ignore[arg-type]  # a model by now, no name
        ]
        return [*self.sealed_columns(), *related]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        queryset: QuerySet[Model] = super().get_queryset(request)
        deferred = self._deferred()
        return queryset.defer(*deferred) if deferred else queryset

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """With its references: fetched one by one they would bring their encrypted columns along."""
        keys = [key.name for key in foreign_keys(self.model)]
        queryset = self.get_queryset(request)
        field = self.model._meta.get_field(from_field) if from_field else self.model._meta.pk
        try:
            value = field.to_python(object_id)
            return (
                queryset.select_related(*keys).get(**{field.name: value}) if keys else queryset.get(pk=value)
            )
        except (self.model.DoesNotExist, ValidationError, ValueError):
            return None

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*(super().get_exclude(request, obj) or []), *self.sealed_columns()]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Only the columns that the form changed: UPDATE is granted column by column."""
        fields = self.changed_fields(form)
        if fields:
            self.store(request, obj, form, fields)
        if not change:
            made = {name: [None, form.cleaned_data[name]] for name in form.fields}
            self._log(request, obj, LogEntry.Action.CREATE, made)
            return
        changes = {name: [form.initial.get(name), form.cleaned_data.get(name)] for name in form.changed_data}
        if changes:
            self._log(request, obj, LogEntry.Action.UPDATE, changes)

    def store(self, request: HttpRequest, obj: Any, form: Any, fields: list[str]) -> None:
        """Call the action that saves these fields and records the event. There is no saving without one: the change
        log beside it is not the trail."""
        raise ImproperlyConfigured(f"{type(self).__name__} may be edited but has no action that saves.")

    def changed_fields(self, form: Any) -> list[str]:
        """Names of the model's fields that the form changed."""
        return [
            name for name in form.changed_data if name in {field.name for field in self.model._meta.fields}
        ]

    def _log(self, request: HttpRequest, obj: Model, action: int, changes: dict[str, list[Any]]) -> None:
        """The administrator's change log, field by field, encrypted fields hidden (ruling 12). django-auditlog's
        signals stay unconnected, so that nothing outside the admin writes to it."""
        sealed = set(self.sealed_columns())
        text = {
            name: ["(hidden)", "(hidden)"] if name in sealed else [_in_words(value) for value in pair]
            for name, pair in changes.items()
        }
        LogEntry.objects.create(
            content_type=ContentType.objects.get_for_model(obj),
            object_pk=str(obj.pk),
            object_repr=str(obj),
            action=action,
            changes=text,
            actor=request.user,
        )


def _is_blind_index(name: str) -> bool:
    """Of no use to a reader, and the one thing here that ties a row to a person (ruling 31)."""
    return name.endswith("_bidx") or name == "bi_key_id"


def _in_words(value: Any) -> str:
    if value is None:
        return ""
    return (
        ", ".join(sorted(str(each) for each in value)) if isinstance(value, QuerySet | list) else str(value)
    )


class ReadOnlyAdmin(HouseAdmin):
    """To look at: state, money and decisions are never changed here. Shows every column that the administrator may
    read but raw bytes, unless ``fields`` names them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        if self.fields:
            return list(self.fields)
        hidden = set(self.get_exclude(request, obj))
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if field.name not in hidden
            and not isinstance(field, BinaryField)
            and not _is_blind_index(field.name)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return self.get_fields(request, obj)


@admin.register(BackupRun)
class BackupRunAdmin(ReadOnlyAdmin):
    list_display = ["finished_at", "kind", "outcome", "file_name", "bytes", "rows"]
    list_filter = ["kind", "outcome"]
    ordering = ["-finished_at", "-id"]
