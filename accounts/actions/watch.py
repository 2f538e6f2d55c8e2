"""Reading the trail for what a security officer should know.

Events are read after a cursor of its own, as complete windows of transaction ids, so that none is passed over that
was committed late (as the seals do). Everything of one run is one transaction: a run that dies leaves nothing, and the
next one finds the same. What is watched stands in the constants below; from how many on, also in the system settings.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Min, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from accounts import system_setting
from accounts.actions import mail
from accounts.actions.browsers import class_of_code
from accounts.enums import (
    AlertKind,
    AlertState,
    MailKind,
    OrganizationKind,
    Permission,
    SettingKey,
    UserRole,
)
from accounts.models import Alert, AlertCursor, Organization, RightGrant, User
from audit.actions import record
from audit.actions.verify import TRAIL
from audit.enums import Action, Detail, Outcome, Severity, SubjectKind
from audit.models import Event
from claimflow.lib.system_user import SYSTEM_USER_ID

MOST_SPRAYED = 25  # accounts and addresses that somebody tried in BURST
BURST = dt.timedelta(minutes=15)
HOUR = dt.timedelta(hours=1)
QUIET = dt.timedelta(hours=1)  # what goes on is told once in this time
OLDEST = dt.timedelta(days=1)  # what happened before is history, not an alert
MAIL_PAUSE = dt.timedelta(minutes=15)  # a storm is one mail
MAILED = (Severity.WARNING.value, Severity.CRITICAL.value)

# Those whose outcome is a failure: an identity is confirmed by the same word whether or not it was.
FAILURES = (Action.SIGN_IN_FAILED, Action.SECOND_FACTOR_FAILED, Action.IDENTITY_CONFIRMED)
AT_THE_DOOR = (
    AlertKind.SIGN_INS_FAILED.value,
    AlertKind.SIGN_INS_SPRAYED.value,
    AlertKind.SIGN_IN_LOCKED.value,
)
# One event is one alert.
TOLD = {
    Action.LOCKED: (AlertKind.SIGN_IN_LOCKED, Severity.WARNING),
    # A notice waits on the page without a mail: its person was told by one already, and almost all are a new phone.
    Action.NEW_DEVICE: (AlertKind.NEW_DEVICE, Severity.NOTICE),
    Action.RIGHTS_CHANGED: (AlertKind.RIGHTS_CHANGED, Severity.WARNING),
    Action.ROLE_CREATED: (AlertKind.RIGHTS_CHANGED, Severity.WARNING),
    Action.ROLE_CHANGED: (AlertKind.RIGHTS_CHANGED, Severity.WARNING),
    Action.AUTHORITY_CHANGED: (AlertKind.RIGHTS_CHANGED, Severity.WARNING),
    Action.USER_CREATED: (AlertKind.RIGHTS_CHANGED, Severity.WARNING),  # somebody who lets others in
    Action.POLICY_CHANGED: (AlertKind.POLICY_CHANGED, Severity.WARNING),
    Action.FACTOR_RESET: (AlertKind.ACCESS_RESET, Severity.WARNING),
    Action.PASSWORD_RESET: (AlertKind.ACCESS_RESET, Severity.WARNING),  # by an administrator
    Action.BROKE_GLASS: (AlertKind.BROKE_GLASS, Severity.CRITICAL),
    Action.AUDIT_VERIFIED: (AlertKind.TRAIL_BROKEN, Severity.CRITICAL),
}
# Both of one person within BOTH_RESETS hand the account over to whoever reads the temporary password.
OTHER_RESET = {Action.FACTOR_RESET: Action.PASSWORD_RESET, Action.PASSWORD_RESET: Action.FACTOR_RESET}
BOTH_RESETS = dt.timedelta(days=1)
# Health data in full; lines of lists are masked and do not count.
OPENED = (
    Action.CLAIM_VIEWED, Action.CLAIM_EXPORTED, Action.CLAIMS_EXPORTED, Action.DRAFT_VIEWED, Action.PATIENT_VIEWED,
    Action.MEMBER_VIEWED, Action.DOCUMENT_VIEWED, Action.BROKE_GLASS,
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What the trail gives reason to warn of. Without a number of its own it is something that goes on."""

    kind: AlertKind
    severity: Severity
    subject_kind: str
    subject_id: UUID
    first_at: dt.datetime
    last_at: dt.datetime
    times: int = 1
    more: int = 0  # of them since the trail was last read; 0 where only the whole is known
    organization_id: UUID | None = None
    number: int | None = None

    @property
    def dedupe_key(self) -> str:
        return f"{self.kind}:{self.number or f'{self.subject_id}:{self.last_at.isoformat()}'}"


def watch() -> list[Alert]:
    """Read what is new in the trail and raise its alerts; for the system alone. Tells those who handle the platform's
    alerts by mail. Returns the new alerts."""
    cursor, _is_new = AlertCursor.objects.select_for_update().get_or_create(pk=1)
    cluster, horizon = _horizon()
    events = _events_since(cursor, cluster, horizon)
    found = [*_told(events), *_bursts(events), *_mass_reading()]
    raised = [alert for each in found if (alert := _raise(each)) is not None]
    cursor.cluster, cursor.xid = cluster, horizon
    cursor.touch("cluster", "xid")
    _tell(cursor)
    return raised


# --- Reading ------------------------------------------------------------------------------------------------


def _horizon() -> tuple[int, int]:
    """(this cluster, the oldest transaction that still runs): below it nothing can appear any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM pg_control_system()"
        )
        cluster, horizon = cursor.fetchone()
        return int(cluster), int(horizon)


def _events_since(cursor: AlertCursor, cluster: int, horizon: int) -> list[Event]:
    """The window of the events that matter. After a restore into another cluster: the rest of the old one, and what
    the new one has so far."""
    if cursor.cluster == cluster:
        window = Q(cluster=cluster, xid__gte=cursor.xid, xid__lt=horizon)
    else:
        window = Q(cluster=cursor.cluster, xid__gte=cursor.xid) | Q(cluster=cluster, xid__lt=horizon)
    events = Event.objects.filter(
        window, action__in=[*TOLD, *FAILURES], at__gte=timezone.now() - OLDEST
    ).order_by("id")
    return list(events)


def _told(events: Iterable[Event]) -> Iterator[Found]:
    for event in events:
        if event.action not in TOLD:
            continue
        action = Action(event.action)
        if action == Action.AUDIT_VERIFIED and event.outcome == Outcome.SUCCESS:
            continue
        if action == Action.USER_CREATED and not _lets_others_in(event.subject_id):
            continue
        if action == Action.PASSWORD_RESET and _is_own(event):
            continue
        kind, severity = TOLD[action]
        if action in OTHER_RESET and _followed_the_other(event, OTHER_RESET[action]):
            severity = Severity.CRITICAL
        yield Found(
            kind,
            severity,
            event.subject_kind,
            event.subject_id,
            event.at,
            event.at,
            organization_id=event.organization_id,
            number=event.pk,
        )


def _lets_others_in(user_id: UUID) -> bool:
    keys = [Permission.MANAGE_USERS.value, Permission.ADMINISTER.value]
    return RightGrant.objects.filter(user_id=user_id, role__permissions__overlap=keys).exists()


def _is_own(event: Event) -> bool:
    """Whether it is somebody's own forgotten password and no administrator's work."""
    return event.actor_id == event.subject_id


def _followed_the_other(event: Event, other: Action) -> bool:
    earlier = Event.objects.filter(
        action=other, subject_id=event.subject_id, at__gt=event.at - BOTH_RESETS, pk__lt=event.pk
    )
    return any(not _is_own(each) for each in earlier)


def _bursts(events: Iterable[Event]) -> Iterator[Found]:
    """Many failures of one account or address, and failures of many."""
    failed = [event for event in events if event.action in FAILURES and event.outcome == Outcome.FAILURE]
    if not failed:
        return
    last = max(event.at for event in failed)
    recent = Event.objects.filter(
        action__in=FAILURES,
        outcome=Outcome.FAILURE,
        at__gt=min(event.at for event in failed) - BURST,
        at__lte=last,
    )
    groups = recent.values("subject_kind", "subject_id").annotate(
        n=Count("pk"), first=Min("at"), last=Max("at")
    )
    tried = list(groups)
    most_failures = system_setting.figure(SettingKey.ALERT_FAILURES)
    new = Counter((event.subject_kind, event.subject_id) for event in failed)
    for group in tried:
        if group["n"] > most_failures:
            yield Found(
                AlertKind.SIGN_INS_FAILED,
                Severity.WARNING,
                group["subject_kind"],
                group["subject_id"],
                group["first"],
                group["last"],
                times=group["n"],
                more=new[group["subject_kind"], group["subject_id"]],
            )
    if len(tried) > MOST_SPRAYED:
        first = min(group["first"] for group in tried)
        yield Found(
            AlertKind.SIGN_INS_SPRAYED,
            Severity.WARNING,
            SubjectKind.AUDIT,
            TRAIL,
            first,
            last,
            times=len(tried),
        )


def _mass_reading() -> Iterator[Found]:
    """People who opened the health data of many within an hour; asked of one function, for the system may not read
    who saw whom."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM audit.readers_of_many(%s, %s::text[], %s)",
            [
                timezone.now() - HOUR,
                [str(action) for action in OPENED],
                system_setting.figure(SettingKey.ALERT_PATIENTS),
            ],
        )
        rows = cursor.fetchall()
    for reader, organization, people, first, last in rows:
        if reader != SYSTEM_USER_ID:
            yield Found(
                AlertKind.MASS_READING,
                Severity.WARNING,
                SubjectKind.USER,
                reader,
                first,
                last,
                times=people,
                organization_id=organization,
            )


# --- Where from ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """From how many places wrong tries came, and with which browsers."""

    places: int
    browsers: list[str]


def origin_of(alert: Alert) -> Origin | None:
    """Of the tries behind an alert about the door, in the reader's context; None for every other alert, and where the
    trail does not say."""
    if alert.kind not in AT_THE_DOOR:
        return None
    tries = Event.objects.filter(
        action__in=[*FAILURES, Action.LOCKED],
        outcome=Outcome.FAILURE,
        at__gte=alert.happened_at - BURST,
        at__lte=alert.last_at,
        details__has_key=Detail.ADDRESS_HASH.value,
    )
    if alert.subject_id != TRAIL:
        tries = tries.filter(subject_kind=alert.subject_kind, subject_id=alert.subject_id)
    places = tries.aggregate(n=Count(KT(f"details__{Detail.ADDRESS_HASH}"), distinct=True))["n"]
    codes = tries.order_by().values_list(KT(f"details__{Detail.AGENT}"), flat=True).distinct()
    browsers = sorted({str(class_of_code(code or "")) for code in codes})
    return Origin(places, browsers) if places else None


# --- Raising and telling ------------------------------------------------------------------------------------


def _raise(found: Found) -> Alert | None:
    """A new alert with its event in the trail; None when it stands already, or what goes on was told lately: then that
    alert grows."""
    known = Alert.objects.filter(dedupe_key=found.dedupe_key)
    if found.number is None:
        known = Alert.objects.filter(
            kind=found.kind, subject_id=found.subject_id, happened_at__gt=found.last_at - QUIET
        )
    standing = known.order_by("-happened_at").first()
    if standing is not None:
        _grow(standing, found)
        return None
    organization = _organization_of(found)
    alert = Alert(
        kind=found.kind.value,
        severity=found.severity.value,
        subject_kind=str(found.subject_kind),
        subject_id=found.subject_id,
        organization=organization,
        happened_at=found.last_at,
        last_at=found.last_at,
        times=found.times,
        dedupe_key=found.dedupe_key,
    )
    alert.save(force_insert=True)
    note(Action.ALERT_RAISED, alert)
    return alert


def _grow(alert: Alert, found: Found) -> None:
    """What an alert warned of goes on."""
    if found.last_at > alert.last_at:
        alert.times = alert.times + found.more if found.more else max(alert.times, found.times)
        alert.last_at = found.last_at
        alert.touch("times", "last_at")


def note(action: Action, alert: Alert, *, old: AlertState | None = None) -> None:
    """What happened to an alert, in the trail that its organization reads."""
    side = alert.organization.kind if alert.organization else ""
    record(
        action,
        SubjectKind.ALERT,
        alert.pk,
        provider_id=alert.organization_id if side == OrganizationKind.PROVIDER else None,
        payer_id=alert.organization_id if side == OrganizationKind.PAYER else None,
        old_status=old,
        new_status=alert.state,
        severity=alert.severity,
        details={Detail.ALERT: alert.kind},
    )


def _organization_of(found: Found) -> Organization | None:
    """Of the person whom it is about, else of whoever did it."""
    if found.subject_kind == SubjectKind.USER:
        person = User.objects.select_related("organization").filter(pk=found.subject_id).first()
        return person.organization if person else None
    if found.organization_id is None:
        return None
    return Organization.objects.filter(pk=found.organization_id).first()


def _tell(cursor: AlertCursor) -> None:
    """One mail to each of the platform's people who handle alerts, and to each of an organization's about its own,
    however many are new; then a pause. Alerts that somebody took meanwhile are among them: the others should know."""
    now = timezone.now()
    if cursor.mailed_at and now - cursor.mailed_at < MAIL_PAUSE:
        return
    untold = Alert.objects.filter(mailed_at__isnull=True, severity__in=MAILED)
    found = list(untold.values_list("organization_id", "severity"))
    if not found:
        return
    for person in _officers({organization for organization, _severity in found}):
        theirs = [
            severity for organization, severity in found if person.organization_id in (None, organization)
        ]
        mail.post(
            MailKind.ALERTS_RAISED,
            to=person,
            critical=theirs.count(Severity.CRITICAL),
            warning=theirs.count(Severity.WARNING),
        )
    untold.update(mailed_at=now, updated_at=now)
    cursor.mailed_at = now
    cursor.touch("mailed_at")


def _officers(organizations: set[UUID | None]) -> Iterable[User]:
    """Who handles alerts: of the platform, and of these organizations."""
    holders = RightGrant.objects.filter(role__permissions__contains=[Permission.HANDLE_ALERTS.value])
    return User.objects.filter(
        Q(role=UserRole.ADMIN) | Q(organization_id__in=organizations - {None}, organization__status="active"),
        is_active=True,
        is_system=False,
        pk__in=holders.values("user"),
    ).order_by("email")
