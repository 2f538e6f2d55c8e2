"""What the reading desk shows of a claim: the left pane."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.enums import SubjectKind
from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.money import ZERO, dollars
from claimflow.lib.sentences import us_date
from claims import policies
from claims.enums import Severity, Stage
from claims.forms.desk import Pricing
from claims.models import Assignment, Authority, Claim, ClaimFinding, LineDecision, PayerNote, ServiceLine
from claims.presenters import accidents, masked_member_id, shown_findings, skills_in_words, timeline
from codes.formats import dotted_icd
from codes.models import Icd10Code, Modifier, PlaceOfService, Procedure
from intelligence.enums import SuggestionKind
from intelligence.models import LedgerEntry
from members.eligibility import NO_COST_SHARING, Benefits, Span, benefits_left, standing
from members.enums import Standing
from members.models import Coverage

HISTORY = timedelta(days=90)
MOST_HISTORY = 10
STANDING_LOOKS: dict[Standing, tuple[str, str | Promise]] = {
    Standing.IN_FORCE: ("good", gettext_lazy("In force")),
    Standing.ENDED: ("urgent", gettext_lazy("Ended")),
    Standing.NOT_STARTED: ("urgent", gettext_lazy("Not begun")),
    Standing.UNKNOWN: ("warning", gettext_lazy("Not found")),
}


@dataclass(frozen=True)
class CoverageFacts:
    """The member's coverage on the first day of service, and what is left of it."""

    coverage: Coverage | None
    standing: Standing
    benefits: Benefits

    @property
    def look(self) -> tuple[str, str | Promise]:
        return STANDING_LOOKS[self.standing]

    @property
    def pricing(self) -> Pricing:
        return Pricing(self.benefits, self.standing)

    @property
    def rows(self) -> list[tuple[str, Any]]:
        """Plan, span and cost sharing in words."""
        if self.coverage is None:
            return []
        own, left = self.coverage, self.benefits
        rows: list[tuple[str, Any]] = [
            (_("Plan"), own.plan.name),
            (_("Coverage"), _span(own)),
            (_("Copay"), dollars(own.copay)),
            (
                _("Deductible left"),
                _("%(left)s of %(whole)s")
                % {"left": dollars(left.deductible_left), "whole": dollars(own.deductible)},
            ),
            (_("Coinsurance"), f"{own.coinsurance_percent.normalize():f} %"),
        ]
        if left.out_of_pocket_left is not None and own.out_of_pocket_limit is not None:
            whole = dollars(own.out_of_pocket_limit)
            rows.append(
                (
                    _("Out-of-pocket left"),
                    _("%(left)s of %(whole)s") % {"left": dollars(left.out_of_pocket_left), "whole": whole},
                )
            )
        return rows


def coverage_facts(claim: Claim) -> CoverageFacts:
    """Two queries: the coverage matched at receipt, and what this member has used of the benefit year."""
    if claim.coverage_id is None:
        return CoverageFacts(None, Standing.UNKNOWN, NO_COST_SHARING)
    coverage = Coverage.objects.select_related("plan").get(pk=claim.coverage_id)
    where = standing([Span(coverage.effective_from, coverage.effective_to)], claim.service_date)
    deductible, share = _used(claim)
    benefits = benefits_left(
        copay=coverage.copay,
        deductible=coverage.deductible,
        coinsurance_percent=coverage.coinsurance_percent,
        out_of_pocket_limit=coverage.out_of_pocket_limit,
        deductible_used=deductible,
        out_of_pocket_used=share,
    )
    return CoverageFacts(coverage, where, benefits)


def _used(claim: Claim) -> tuple[Any, Any]:
    """Deductible and patient's share that decided claims of this coverage used in the calendar year of service."""
    year = claim.service_date.year
    sums = (
        LineDecision.objects.filter(
            payer_id=claim.payer_id,
            claim__payer_id=claim.payer_id,
            claim__member_bidx=claim.member_bidx,
            claim__coverage=claim.coverage_id,
            claim__service_date__range=(date(year, 1, 1), date(year, 12, 31)),
            decision=F("claim__current_decision"),
        )
        .exclude(claim=claim)
        .aggregate(deductible=Sum("deductible"), copay=Sum("copay"), coinsurance=Sum("coinsurance"))
    )
    used = {name: amount or ZERO for name, amount in sums.items()}
    return used["deductible"], used["deductible"] + used["copay"] + used["coinsurance"]


def _span(coverage: Coverage) -> str:
    first = us_date(coverage.effective_from)
    if coverage.effective_to is None:
        return _("since %(first)s") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": us_date(coverage.effective_to)}


@dataclass(frozen=True)
class ShownLine:
    """A billed line with its codes in words."""

    line: ServiceLine
    words: str
    place: str
    modifiers: list[tuple[str, str]]


def shown_lines(lines: list[ServiceLine]) -> list[ShownLine]:
    """Our own words for X-procedures; CPT and HCPCS show the code alone (ruling 39). Three queries."""
    words = _words(Procedure, "code", "description", {line.procedure_code for line in lines})
    places = _words(PlaceOfService, "code", "name", {line.place_of_service for line in lines})
    modifiers = _words(Modifier, "code", "description", {code for line in lines for code in line.modifiers})
    return [
        ShownLine(
            line,
            words.get(line.procedure_code, line.description),
            places.get(line.place_of_service, ""),
            [(code, modifiers.get(code, "")) for code in line.modifiers],
        )
        for line in lines
    ]


def _words(model: Any, key: str, words: str, codes: set[str]) -> dict[str, str]:
    return dict(model.objects.filter(**{f"{key}__in": codes}).values_list(key, words))


def diagnoses_of(claim: Claim) -> list[dict[str, Any]]:
    rows = list(claim.diagnoses.order_by("letter"))
    answers = Icd10Code.objects.judge_many((row.code, claim.service_date) for row in rows)
    told = {code.replace(".", ""): answer.description for (code, _day), answer in answers.items()}
    return [
        {
            "letter": row.letter,
            "code": dotted_icd(row.code),
            "words": told.get(row.code.replace(".", ""), ""),
        }
        for row in rows
    ]


def score_of(claim: Claim) -> LedgerEntry | None:
    """The validation score with which the claim was sent; None for claims older than the score."""
    entry: LedgerEntry | None = LedgerEntry.objects.about_claim(
        claim, SuggestionKind.VALIDATION_SCORE
    ).first()
    return entry


def findings_of(claim: Claim, score: LedgerEntry | None) -> list[Any]:
    """What the payer's side found at receipt, then what the biller was told and receipt did not repeat; each with
    what it took of the score."""
    rows = list(claim.findings.order_by("line_no", "id"))
    receipt = [row for row in rows if row.stage == Stage.RECEIPT]
    known = {(row.code, row.line_no) for row in receipt}
    others = [row for row in rows if row.stage != Stage.RECEIPT and (row.code, row.line_no) not in known]
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    found: Iterable[ClaimFinding] = sorted([*receipt, *others], key=lambda row: order[Severity(row.severity)])
    return shown_findings(found, score)


def history_of(claim: Claim) -> list[Claim]:
    """The same member's other claims at this payer, served within 90 days of this one."""
    return list(
        Claim.objects.filter(
            payer_id=claim.payer_id,
            member_bidx=claim.member_bidx,
            service_date__range=(claim.service_date - HISTORY, claim.service_date + HISTORY),
        )
        .exclude(pk=claim.pk)
        .exclude(claim_number=None)
        .select_related("provider")
        .order_by("-service_date", "-seq")[:MOST_HISTORY]
    )


def notes_of(claim: Claim) -> list[tuple[PayerNote, str]]:
    notes = PayerNote.objects.filter(claim=claim, payer_id=claim.payer_id).select_related("author")
    return [(note, phi.value(note, "body")) for note in notes.order_by("created_at")]


def timeline_of(claim: Claim, user: User) -> list[Any]:
    events = Event.objects.about(SubjectKind.CLAIM, claim.pk).since(claim.created_at - timedelta(days=1))
    colleagues: dict[UUID, str] = {
        person.pk: person.full_name for person in User.objects.filter(organization=user.organization_id)
    }
    return timeline(claim, list(events), user, colleagues)


def workers_of(user: User) -> list[tuple[User, int]]:
    """Everybody who may be given a claim, with how many each has in hand. One query."""
    in_hand = (
        Assignment.objects.visible_to(user)
        .filter(adjudicator=OuterRef("pk"))
        .order_by()
        .values("adjudicator")
        .annotate(count=Count("pk"))
        .values("count")
    )
    workers = policies.workers_of(user).annotate(in_hand=Coalesce(Subquery(in_hand), 0))
    return [(worker, worker.in_hand) for worker in workers]


def skills_of(user: User) -> dict[UUID, str]:
    """What the payer's people know well, in words."""
    rows = Authority.objects.visible_to(user).values_list("user_id", "skills")
    return {person: skills_in_words(skills) for person, skills in rows}


def person_of(claim: Claim) -> dict[str, Any]:
    """Who was treated: name, age on the day of service, sex, member id's last four."""
    born: date = phi.value(claim, "patient_birth_date")
    day = claim.service_date
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return {
        "name": f"{phi.value(claim, 'patient_last_name')}, {phi.value(claim, 'patient_first_name')}",
        "sex": {"F": _("Female"), "M": _("Male")}.get(claim.patient_sex, _("Sex unknown")),
        "age": years,
        "born": us_date(born),
        "member_id": masked_member_id(phi.value(claim, "member_id")),
        "accident": accidents(claim),
        "authorization": phi.value(claim, "authorization_number"),
        "more": phi.value(claim, "additional_information"),
    }


def until_words(moment: Any) -> str:
    """ "14:20" today, else the day."""
    local = timezone.localtime(moment)
    clock = local.strftime("%I:%M %p").lstrip("0")
    return clock if local.date() == timezone.localdate() else f"{us_date(local.date())}, {clock}"
