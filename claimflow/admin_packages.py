"""The packages' tables in the Django admin: the queue and the change log to look at; what we do not use is away."""

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from claimflow.lib.admin import ReadOnlyAdmin


class JobAdmin(ReadOnlyAdmin):
    """A job with what happened to it. Arguments are ids only (ruling 11)."""

    list_display = ["id", "task_name", "status", "attempts", "scheduled_at", "args"]
    list_filter = ["status"]
    search_fields = ["task_name__startswith"]
    search_help_text = _("A job such as tell_decision")
    ordering = ["-id"]
    fields = [
        "id",
        "task_name",
        "status",
        "args",
        "attempts",
        "scheduled_at",
        "priority",
        "worker",
        "events_in_words",
    ]

    @admin.display(description=_("events"))
    def events_in_words(self, job: ProcrastinateJob) -> str:
        events = job.procrastinateevent_set.order_by("at")
        return ", ".join(f"{event.type} ({event.at:%Y-%m-%d %H:%M:%S})" for event in events)


class WorkerAdmin(ReadOnlyAdmin):
    list_display = ["id", "last_heartbeat"]


class ChangeLogAdmin(ReadOnlyAdmin):
    """Who changed what in the administration, field by field; encrypted fields are hidden (ruling 12)."""

    list_display = ["timestamp", "actor", "action", "content_type", "object_repr", "changes"]
    list_filter = ["action"]
    list_select_related = ["actor", "content_type"]
    search_fields = ["object_pk__exact", "object_repr"]
    ordering = ["-timestamp", "-id"]
    fields = ["timestamp", "actor", "action", "content_type", "object_repr", "changes"]


def _name() -> None:
    """An administrator's words for the packages' tables."""
    apps.get_app_config("procrastinate").verbose_name = _("Jobs and workers")
    apps.get_app_config("auditlog").verbose_name = _("Changes in the administration")
    words = {
        ProcrastinateJob: (_("job"), _("jobs")),
        ProcrastinateWorker: (_("worker"), _("workers")),
        LogEntry: (_("change"), _("changes")),
    }
    for model, (one, many) in words.items():
        model._meta.verbose_name, model._meta.verbose_name_plural = one, many


def settle() -> None:
    """Once every ``admin.py`` is loaded: our pages instead of the packages' own. Groups are roles here (ruling 36)."""
    _name()
    for model in (Group, LogEntry, ProcrastinateJob):
        if admin.site.is_registered(model):
            admin.site.unregister(model)
    admin.site.register(LogEntry, ChangeLogAdmin)
    admin.site.register(ProcrastinateJob, JobAdmin)
    admin.site.register(ProcrastinateWorker, WorkerAdmin)
