"""People as other pages name them, and permissions in plain English."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission, UserRole
from accounts.models import User

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
}
"""What each permission lets a person do, for a compliance officer and for the person (``tests/accounts/test_roles.py``
holds the list complete)."""


@dataclass(frozen=True)
class PersonPage:
    """A page of an upper app about a person, linked from the administrator's page of that person."""

    label: str | Promise
    url_name: str
    is_for: Callable[[User], bool]


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
