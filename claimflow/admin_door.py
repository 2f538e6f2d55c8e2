"""The administrator's first page: a link to each part of the platform with its state now (ruling 53). Counts and
times only, no health data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from accounts.models import Organization, RightGrant, SecurityPolicy, Session, SystemSetting, User
from audit.actions.seal import LATE, seal_state
from claimflow.health import migrations_on_disk
from claimflow.lib.db.context import as_system
from codes.models import CodeRelease
from intelligence.enums import VersionState
from intelligence.models import ModelVersion, RemoteBudget

QUIET = dt.timedelta(minutes=2)  # a worker's heartbeat is older: it is not running
SLOW = dt.timedelta(minutes=5)  # a due job that waits longer is worth a look


@dataclass(frozen=True)
class Room:
    """One line of the page. ``tone`` is that of a pill: good, warning, urgent or neutral."""

    name: str
    value: str
    url: str = ""
    link: str = ""
    tone: str = "neutral"


def rooms() -> list[Room]:
    """Everything the administrator looks after, in the order of the page."""
    return [*_people(), *_trail(), *_codes(), *_suggestions(), *_work(), *_ground()]


def _list(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def _ago(moment: dt.datetime) -> str:
    return _("%(time)s ago") % {"time": timesince(moment, depth=1)}


def _people() -> Iterator[Room]:
    counts = Organization.objects.aggregate(all=Count("pk"), active=Count("pk", filter=Q(status="active")))
    yield Room(
        _("Organizations"),
        _("%(active)d active of %(all)d") % counts,
        _list("accounts_organization"),
        _("Organizations"),
    )
    people = User.objects.filter(is_system=False).aggregate(
        all=Count("pk"), active=Count("pk", filter=Q(is_active=True))
    )
    yield Room(_("People"), _("%(active)d active of %(all)d") % people, _list("accounts_user"), _("Users"))
    held = RightGrant.objects.count()
    yield Room(
        _("Rights"),
        ngettext("%(n)d role held", "%(n)d roles held", held) % {"n": held},
        _list("accounts_role"),
        _("Roles and what they allow"),
    )
    own = SecurityPolicy.objects.filter(organization__isnull=False).count()
    yield Room(
        _("Security policies"),
        ngettext(
            "the platform's; %(n)d organization has its own",
            "the platform's; %(n)d organizations have their own",
            own,
        )
        % {"n": own},
        _list("accounts_securitypolicy"),
        _("Passwords, locks, sessions, addresses"),
    )
    signed_in = Session.objects.filter(user__isnull=False, expire_date__gt=timezone.now()).count()
    yield Room(_("Sessions"), _("%(n)d open") % {"n": signed_in}, _list("accounts_session"), _("Sessions"))


def _trail() -> Iterator[Room]:
    state = seal_state()
    verified, tone = _("never verified"), "warning"
    if state.verified_at:
        good = state.verified_outcome == "success"
        verified = (_("unbroken, verified %(ago)s") if good else _("broken, found %(ago)s")) % {
            "ago": _ago(state.verified_at)
        }
        tone = "good" if good else "urgent"
    yield Room(_("Audit trail"), verified, reverse("audit:events"), _("Who did what"), tone)
    yield Room(_("Reads of health data"), _("recorded"), reverse("audit:reads"), _("Who saw whom"))
    if not state.batch or not state.sealed_at:
        seal, tone = _("no checkpoint yet"), "warning"
    else:
        seal = _("checkpoint %(batch)d, %(ago)s; %(n)d rows wait for the next") % {
            "batch": state.batch,
            "ago": _ago(state.sealed_at),
            "n": state.unsealed,
        }
        tone = "urgent" if state.lag > LATE else "good"
    yield Room(_("Seals"), seal, _list("audit_checkpoint"), _("Checkpoints"), tone)


def _codes() -> Iterator[Room]:
    newest = CodeRelease.objects.filter(status="loaded").order_by("effective_from", "number").last()
    waiting = CodeRelease.objects.filter(status="staged").count()
    value = newest.label if newest else _("none loaded")
    if waiting:
        value += _("; %(n)d waiting to be loaded") % {"n": waiting}
    tone = "good" if newest and not waiting else "warning"
    yield Room(_("Code sets"), value, _list("codes_coderelease"), _("Releases of ICD-10-CM"), tone)
    yield Room(
        _("New release"),
        _("from the CMS order file"),
        reverse("admin:codes_coderelease_load"),
        _("Load a CMS order file"),
    )


def _suggestions() -> Iterator[Room]:
    versions = list(ModelVersion.objects.in_use())
    active = [str(version) for version in versions if version.state == VersionState.ACTIVE]
    shadows = len(versions) - len(active)
    value = ", ".join(active) or _("the program's own rules")
    if shadows:
        value += ngettext("; %(n)d shadow", "; %(n)d shadows", shadows) % {"n": shadows}
    yield Room(
        _("What suggests a priority"),
        value,
        reverse("admin:intelligence_modelversion_steps"),
        _("Versions of rules and models"),
        "good",
    )
    payers = RemoteBudget.objects.count()
    yield Room(
        _("Remote model"),
        ngettext("on, with a budget for %(n)d payer", "on, with budgets for %(n)d payers", payers)
        % {"n": payers}
        if settings.REMOTE_MODEL
        else _("off"),
        _list("intelligence_remotebudget"),
        _("Budgets for remote models"),
    )


def _work() -> Iterator[Room]:
    now = timezone.now()
    due = Q(status="todo") & (Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=now))
    jobs = ProcrastinateJob.objects.aggregate(
        todo=Count("pk", filter=Q(status="todo")),
        doing=Count("pk", filter=Q(status="doing")),
        failed=Count("pk", filter=Q(status="failed")),
    )
    yield Room(
        _("Jobs"),
        _("%(todo)d waiting, %(doing)d running, %(failed)d failed") % jobs,
        _list("procrastinate_procrastinatejob"),
        _("Jobs"),
        "warning" if jobs["failed"] else "good",
    )
    beat = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"]
    oldest = ProcrastinateJob.objects.filter(due).aggregate(
        at=Min("procrastinateevent__at", filter=Q(procrastinateevent__type="deferred"))
    )["at"]
    lag = now - oldest if oldest else dt.timedelta()
    if beat is None or now - beat > QUIET:
        value, tone = (
            (_("not running; last seen %(ago)s") % {"ago": _ago(beat)} if beat else _("not running")),
            "urgent",
        )
    else:
        value = _("running; the oldest due job waits %(n)d s") % {"n": lag.total_seconds()}
        tone = "warning" if lag > SLOW else "good"
    yield Room(_("Worker"), value, _list("procrastinate_procrastinateworker"), _("Workers"), tone)


def _ground() -> Iterator[Room]:
    missing = migrations_on_disk() - _applied()
    yield Room(
        _("Migrations"),
        ngettext("%(n)d not applied", "%(n)d not applied", len(missing)) % {"n": len(missing)}
        if missing
        else _("all applied"),
        tone="urgent" if missing else "good",
    )
    yield Room(
        _("Operations"),
        _("jobs, seals, tables, slow statements, disk"),
        reverse("admin:operations"),
        _("The machinery in detail"),
    )
    yield Room(_("Last backup"), _("not set up yet"), tone="warning")
    settings_ = SystemSetting.objects.aggregate(
        all=Count("pk"), changed=Count("pk", filter=Q(changed_by__isnull=False))
    )
    yield Room(
        _("System settings"),
        _("%(all)d, of which %(changed)d were changed here") % settings_,
        _list("accounts_systemsetting"),
        _("Figures and notices for the whole platform"),
    )
    yield Room(
        _("Changes made here"),
        _("field by field"),
        _list("auditlog_logentry"),
        _("Change log of the administration"),
    )


def _applied() -> set[str]:
    with as_system("administration"), connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations")
        return {name for (name,) in cursor.fetchall()}
