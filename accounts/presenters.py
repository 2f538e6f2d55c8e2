"""People, organizations and alerts as pages name them, and permissions in plain English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import AlertKind, AlertState, OrganizationKind, Permission, UserRole
from accounts.models import Alert, Organization, SystemSetting, User
from audit.enums import SubjectKind
from audit.presenters import SEVERITIES, SUBJECTS, TONES, Label, short, subject_labels

MOST_FOUND = 50

SIDES: dict[str, str | Promise] = {
    UserRole.PROVIDER: _("Providers"),
    UserRole.PAYER: _("Payers"),
    UserRole.ADMIN: _("The platform"),
}
PERMISSIONS: dict[str, str | Promise] = {
    Permission.VIEW_CLAIMS: _("Read every claim of the organization, with the patient's data"),
    Permission.SUBMIT_CLAIMS: _("Write drafts and submit claims to payers"),
    Permission.WITHDRAW_CLAIMS: _("Take back a claim before it is decided"),
    Permission.MANAGE_PATIENTS: _(
        "Keep patients, their coverage, and the organization's lists of clinicians and places"
    ),
    Permission.CHECK_COVERAGE: _("Ask a payer whether a member ID is covered on a day"),
    Permission.WORK_QUEUE: _("Take claims from the queue, pend them and give them back"),
    Permission.DECIDE_CLAIMS: _("Approve and deny claims, up to the person's limit"),
    Permission.SUPERVISE: _("Assign claims to others and take over claims that a colleague has"),
    Permission.REVIEW_APPEALS: _("Review appeals; opens nothing yet, because appeals are still to come"),
    Permission.MANAGE_MEMBERS: _("Keep the payer's members, coverages and plans, and import rosters"),
    Permission.EXPORT_CLAIMS: _("Download claims as a file"),
    Permission.READ_AUDIT: _("Read who did what and who saw whom, and check that the trail is unbroken"),
    Permission.MANAGE_USERS: _("Invite people, give and take roles, deactivate accounts and reset passwords"),
    Permission.ADMINISTER: _("Open the administration of the platform, without health data in clear"),
    Permission.MANAGE_CODE_SETS: _("Load code sets, such as a new year of ICD-10-CM"),
    Permission.LOOK_UP_ACCOUNTS: _(
        "Look up organizations, people, roles and sessions in the administration, without changing any"
    ),
    Permission.BREAK_GLASS: _(
        "Open the health data of one claim for 60 minutes, with a stated reason; others are told and sign it off"
    ),
    Permission.REVIEW_BREAK_GLASS: _("Sign off how somebody else opened the health data of a claim"),
    Permission.HANDLE_ALERTS: _("Answer security alerts: take them, and say what was found and done"),
}
"""What each permission lets a person do, for a compliance officer and for the person (``tests/accounts/test_roles.py``
holds the list complete)."""


@dataclass(frozen=True)
class PersonPage:
    """A page of an upper app about a person, linked from the administrator's page of that person, which shows what
    ``told`` says of them."""

    label: str | Promise
    url_name: str
    is_for: Callable[[User], bool]
    told: Callable[[User], str]


_person_pages: list[PersonPage] = []


def register_person_page(page: PersonPage) -> None:
    if page not in _person_pages:
        _person_pages.append(page)


def person_pages(person: User) -> list[PersonPage]:
    return [page for page in _person_pages if page.is_for(person)]


def in_words(permissions: Iterable[str]) -> list[str]:
    """These permissions in plain English, in the order of the list; one that has left the list keeps its name."""
    held = set(permissions)
    known = [str(words) for name, words in PERMISSIONS.items() if name in held]
    return known + sorted(held - set(PERMISSIONS))


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Full names of these people, as far as the reader's context shows them."""
    people = User.objects.filter(pk__in=list(ids)).only("first_name", "last_name", "email")
    return {person.pk: person.full_name for person in people}


def ids_of(text: str) -> set[UUID]:
    """The people whose address or name begins with what was typed, of those whom the reader may see."""
    first, _space, last = text.partition(" ")
    fits = Q(email__istartswith=text) | Q(last_name__istartswith=text)
    fits |= Q(first_name__istartswith=first, last_name__istartswith=last)
    return set(User.objects.filter(fits).values_list("pk", flat=True)[:MOST_FOUND])


def organization_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of these organizations."""
    return dict(Organization.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def organizations_called(text: str) -> set[UUID]:
    """The organizations whose name begins with what was typed."""
    return set(Organization.objects.filter(name__istartswith=text).values_list("pk", flat=True)[:MOST_FOUND])


def payers() -> list[tuple[UUID, str]]:
    """(id, name) of every payer."""
    return list(Organization.objects.filter(kind=OrganizationKind.PAYER).values_list("pk", "name"))


def user_labels(ids: Iterable[UUID]) -> Mapping[UUID, Label]:
    """People in the audit trail: by their name, as far as the reader's context shows them."""
    return {pk: Label(name) for pk, name in names_of(ids).items()}


def organization_labels(ids: Iterable[UUID]) -> Mapping[UUID, Label]:
    return {pk: Label(name) for pk, name in organization_names(ids).items()}


def setting_labels(ids: Iterable[UUID]) -> Mapping[UUID, Label]:
    """System settings in the audit trail: by their name."""
    rows = SystemSetting.objects.filter(pk__in=list(ids)).values_list("pk", "key")
    return {pk: Label(key) for pk, key in rows}


# --- Alerts -------------------------------------------------------------------------------------------------

Words = str | Promise

ALERT_KINDS: dict[str, Words] = {
    AlertKind.SIGN_INS_FAILED.value: _("Many failed sign-ins of one account"),
    AlertKind.SIGN_INS_SPRAYED.value: _("Failed sign-ins at many accounts"),
    AlertKind.SIGN_IN_LOCKED.value: _("An account was locked"),
    AlertKind.NEW_DEVICE.value: _("Sign-in from a new device"),
    AlertKind.RIGHTS_CHANGED.value: _("Rights were changed"),
    AlertKind.POLICY_CHANGED.value: _("The rules for signing in were changed"),
    AlertKind.ACCESS_RESET.value: _("An administrator reset how somebody signs in"),
    AlertKind.BROKE_GLASS.value: _("Health data was opened in an emergency"),
    AlertKind.MASS_READING.value: _("One person opened the data of many patients"),
    AlertKind.TRAIL_BROKEN.value: _("The audit trail did not verify"),
}
ALERT_ADVICE: dict[str, Words] = {
    AlertKind.SIGN_INS_FAILED.value: _("Ask the person whether they tried. If not, somebody guesses the password."),
    AlertKind.SIGN_INS_SPRAYED.value: _("Somebody tries one password at many accounts. Look where the tries come from."),
    AlertKind.SIGN_IN_LOCKED.value: _("Ask the person whether they tried. The lock ends by itself."),
    AlertKind.NEW_DEVICE.value: _("Ask the person whether the device is theirs. If not, end their sessions."),
    AlertKind.RIGHTS_CHANGED.value: _("Check that somebody asked for the new rights, and that they fit the work."),
    AlertKind.POLICY_CHANGED.value: _("Check that somebody asked for it, and which figures are laxer than before."),
    AlertKind.ACCESS_RESET.value: _("Ask the person, not by mail, whether they asked for it. Critical means password"
                                    " and second factor within a day: whoever did it could come in as that person."),
    AlertKind.BROKE_GLASS.value: _("Read the reason that was given, and whether it was an emergency."),
    AlertKind.MASS_READING.value: _("Ask what the work was. If there is no reason, deactivate the account first."),
    AlertKind.TRAIL_BROKEN.value: _("Rows of the trail are not as they were written. Keep the server as it is, run"
                                    " the verification again, and compare with the copies outside."),
}  # fmt: skip
ALERT_STATES: dict[str, Words] = {
    AlertState.OPEN.value: _("Open"),
    AlertState.ACKNOWLEDGED.value: _("Taken"),
    AlertState.RESOLVED.value: _("Resolved"),
}
_STATE_TONES = {AlertState.OPEN: "warning", AlertState.ACKNOWLEDGED: "accent", AlertState.RESOLVED: "good"}


@dataclass(frozen=True)
class AlertRow:
    """One line of the security page."""

    alert: Alert
    sentence: Words
    advice: Words
    severity: Words
    tone: str
    state: Words
    state_tone: str
    subject_kind: Words
    subject: Label
    organization: str
    owner: str


def alert_rows(alerts: list[Alert]) -> list[AlertRow]:
    labels = subject_labels((alert.subject_kind, alert.subject_id) for alert in alerts)
    return [
        AlertRow(
            alert=alert,
            sentence=ALERT_KINDS[alert.kind],
            advice=ALERT_ADVICE[alert.kind],
            severity=SEVERITIES[alert.severity],
            tone=TONES[alert.severity],
            state=ALERT_STATES[alert.state],
            state_tone=_STATE_TONES[AlertState(alert.state)],
            subject_kind=SUBJECTS[alert.subject_kind],
            subject=labels.get((alert.subject_kind, alert.subject_id))
            or (Label("") if alert.subject_kind == SubjectKind.AUDIT else short(alert.subject_id)),
            organization=alert.organization.name if alert.organization else "",
            owner=alert.owner.full_name if alert.owner else "",
        )
        for alert in alerts
    ]


def alert_labels(ids: Iterable[UUID]) -> Mapping[UUID, Label]:
    """Alerts in the audit trail: by what they warn of, leading to their page."""
    kinds = Alert.objects.filter(pk__in=list(ids)).values_list("pk", "kind")
    return {pk: Label(str(ALERT_KINDS[kind]), reverse("accounts:alert", args=[pk])) for pk, kind in kinds}
