"""What the lists of patients and of members have in common: search by post, a signed address, keyset pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.actions import Seen
from audit.enums import SubjectKind
from claimflow.lib.pages import Keyset, Page, capped_count
from members.forms.search import read_token
from members.models import Coverage, Member, Patient, PatientCoverage

PAGE = 25
NEWEST = Keyset([("created_at", "desc"), ("id", "desc")])


@dataclass
class Found:
    """A page of people. ``is_search`` when an address carries a search."""

    page: Page
    summary: str
    is_search: bool


def find(request: HttpRequest, people: Any) -> Found:
    """Narrow ``people`` by the search of the address, if there is one that we signed, and take a page."""
    told = request.GET.get("found")
    search = read_token(told)
    if told:
        people = people.found_by(*search) if search else people.none()
    count = capped_count(people)
    noun = ngettext("%(count)s person", "%(count)s people", count.n) % {"count": count.text}
    summary = _("Found: %(people)s") % {"people": noun} if told else noun
    return Found(NEWEST.page(people, request.GET.get("cursor"), PAGE), summary, bool(told))


def seen_patient(patient: Patient, coverages: list[PatientCoverage]) -> Seen:
    """For the trail: the payer is left out, because what a provider looks at is not its business."""
    first = coverages[0] if coverages else None
    return Seen(
        SubjectKind.PATIENT,
        patient.pk,
        provider_id=patient.organization_id,
        person_bidx=first.member_bidx if first else None,
        bi_key_id=first.bi_key_id if first else None,
    )


def seen_member(member: Member, coverages: list[Coverage]) -> Seen:
    first = coverages[0] if coverages else None
    return Seen(
        SubjectKind.MEMBER,
        member.pk,
        payer_id=member.organization_id,
        person_bidx=first.member_bidx if first else None,
        bi_key_id=first.bi_key_id if first else None,
    )


def answer_of(page: str, people: list[Patient] | list[Member], several: str) -> HttpResponse:
    """One person opens; of several the list shows."""
    return redirect(page, pk=people[0].pk) if len(people) == 1 else redirect(several)
