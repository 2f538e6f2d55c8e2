"""What every registration in the Django admin shares (rulings 8, 12 and 53)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from claimflow.lib.phi import encrypted_fields

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin


class HouseAdmin(Base):
    """No deleting, no reading of encrypted columns (they are not granted to ``admin``), small steps on saving."""

    actions: Any = None
    list_per_page = 50
    show_full_result_count = False
    hidden_columns: tuple[str, ...] = ()

    def sealed_columns(self) -> list[str]:
        """Columns the administrator's database role may not select."""
        return [field.name for field in encrypted_fields(self.model)] + list(self.hidden_columns)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        queryset: QuerySet[Model] = super().get_queryset(request)
        sealed = self.sealed_columns()
        return queryset.defer(*sealed) if sealed else queryset

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*(super().get_exclude(request, obj) or []), *self.sealed_columns()]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Only the columns that the form changed: UPDATE is granted column by column."""
        if not change:
            obj.save(force_insert=True)
            self._log(
                request,
                obj,
                LogEntry.Action.CREATE,
                {name: [None, form.cleaned_data[name]] for name in form.fields},
            )
            return
        fields = [name for name in form.changed_data if name in {field.name for field in obj._meta.fields}]
        if any(field.name == "updated_at" for field in obj._meta.fields):
            fields.append("updated_at")
        obj.save(update_fields=fields)
        changes = {name: [form.initial.get(name), form.cleaned_data.get(name)] for name in form.changed_data}
        self._log(request, obj, LogEntry.Action.UPDATE, changes)

    def _log(self, request: HttpRequest, obj: Model, action: int, changes: dict[str, list[Any]]) -> None:
        """The administrator's change log, field by field, encrypted fields hidden (ruling 12). django-auditlog's
        signals stay unconnected, so that nothing outside the admin writes to it."""
        sealed = set(self.sealed_columns())
        text = {
            name: ["(hidden)", "(hidden)"] if name in sealed else [str(value) for value in pair]
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


class ReadOnlyAdmin(HouseAdmin):
    """To look at: state, money and decisions are never changed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
