"""Fills an empty demonstration: organizations, people, members, and some 300 claims of the last 90 days that went
through the same actions as anybody's. The same seed gives the same stories; a second run changes nothing."""

import base64
import hashlib
import random
import secrets
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone

from accounts.actions.create import create_organization, create_user
from accounts.enums import KIND_OF_TYPE
from accounts.models import Organization, OrganizationProfile, Role, TotpDevice, User
from accounts.passwords import hashed
from claimflow.demo import people, stories
from claimflow.demo.clock import at
from claimflow.demo.people import Firm, Person, birth_date_of, npi_of
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.money import round_cents
from claimflow.lib.system_user import SYSTEM_USER_ID
from claims.actions.decide import decide
from claims.actions.drafts import save_draft
from claims.actions.pend import pend
from claims.actions.pull import pick
from claims.actions.release import release
from claims.actions.submit import submit
from claims.actions.withdraw import withdraw
from claims.adjudication import LineFacts, LineProposal, deny_claim, deny_line, price_line, usual_coding
from claims.edits.entry import (
    ClaimEntry,
    ConsentEntry,
    CoverageEntry,
    LineEntry,
    PartiesEntry,
    PartyEntry,
    PatientEntry,
)
from claims.enums import Channel, ClaimState, PendReason
from claims.models import Claim, ClaimDraft, RuleSet, RuleSetInternal
from codes.models import Procedure
from engagement.actions.tell import mark_read, tell_decision
from members.eligibility import benefits_left
from members.enums import Relationship, Sex, Verification
from members.models import BillingProvider, Coverage, Facility, Member, Plan, Practitioner

CLAIMS = 300
MEMBERS = 64
DAYS = 90
SEED = 20261121
SYSTEM = "seed"


@dataclass
class Insured:
    """An invented person with one coverage, as provider and payer both know them."""

    first_name: str
    last_name: str
    birth_date: date
    sex: Sex
    payer: str
    plan: Plan
    member_id: str
    coverage: Coverage


@dataclass
class World:
    """Everything that stories draw from."""

    draw: random.Random
    firms: dict[str, Organization] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    accounts: list[dict[str, str]] = field(default_factory=list)
    plans: dict[str, list[Plan]] = field(default_factory=dict)
    insured: list[Insured] = field(default_factory=list)
    charges: dict[str, Decimal] = field(default_factory=dict)

    def of(self, firm: str, *roles: str) -> list[User]:
        """The staff of a firm that hold any of these roles."""
        emails = [one.email for one in people.STAFF if one.firm == firm and set(one.roles) & set(roles)]
        return [self.staff[email] for email in emails]


Say = Callable[[str], None]
Keep = Callable[[list[dict[str, str]]], None]


class Found(StrEnum):
    """What an earlier run left."""

    NOTHING = "nothing"
    HALF = "half"
    WHOLE = "whole"


def found() -> Found:
    """How much of the demonstration is there; the drafts are made last."""
    with acting_as("system", SYSTEM):
        if not User.objects.filter(email=people.STAFF[0].email).exists():
            return Found.NOTHING
        return Found.WHOLE if ClaimDraft.objects.exists() else Found.HALF


def seed(*, say: Say = lambda _: None, keep: Keep = lambda _: None) -> list[dict[str, str]]:
    """Make the demonstration and return its accounts: e-mail, password, role, organization, totp_secret. ``keep`` is
    given them before the people are stored, so that no account exists whose password nobody has."""
    world = World(draw=random.Random(SEED))  # noqa: S311  (stories, not secrets)
    say("Organizations and people")
    passwords = {person.email: secrets.token_urlsafe(15) for person in people.STAFF}
    hashes = {email: hashed(password) for email, password in passwords.items()}
    with acting_as("system", SYSTEM):
        for firm in people.FIRMS:
            _found(world, firm)
        for person in people.STAFF:
            _hire(world, person, passwords[person.email], hashes[person.email])
        _enroll(world)
        keep(world.accounts)
    _tell_stories(world, say)
    return world.accounts


def _found(world: World, firm: Firm) -> None:
    kind = KIND_OF_TYPE[firm.type].value
    is_provider = kind == "provider"
    organization = create_organization(
        organization=Organization(name=firm.name, kind=kind, type=firm.type.value),
        profile=OrganizationProfile(
            time_zone=firm.time_zone,
            privacy_contact=f"privacy@{firm.key}.example",
            npi=npi_of(firm.code) if is_provider else None,
            payer_code=None if is_provider else firm.code,
            city=firm.city,
            state=firm.state,
            phone="555-0100",
        ),
        by=None,
    )
    world.firms[firm.key] = organization
    if is_provider:
        _equip_provider(firm, organization)
    else:
        _equip_payer(world, firm, organization)


def _equip_provider(firm: Firm, organization: Organization) -> None:
    BillingProvider(
        organization=organization,
        npi=npi_of(firm.code),
        name=firm.name,
        tax_id=f"99{firm.code[-7:]}",
        is_default=True,
        city=firm.city,
        state=firm.state,
    ).save(force_insert=True)
    for number, (first, last) in enumerate(people.CLINICIANS[firm.key], start=1):
        nine = f"13{firm.code[-1]}00000{number}"
        Practitioner(organization=organization, npi=npi_of(nine), first_name=first, last_name=last).save(
            force_insert=True
        )
    Facility(
        organization=organization,
        npi=npi_of(f"14{firm.code[-1]}000001"),
        name=f"{firm.name}, main site",
        place_of_service="22" if firm.type == people.T.HOSPITAL else "11",
        city=firm.city,
        state=firm.state,
    ).save(force_insert=True)


def _equip_payer(world: World, firm: Firm, organization: Organization) -> None:
    world.plans[firm.key] = []
    for name, line_of_business, state, funding in people.PLANS[firm.key]:
        plan = Plan(
            payer=organization, name=name, line_of_business=line_of_business, state=state, funding=funding
        )
        plan.save(force_insert=True)
        world.plans[firm.key].append(plan)
    narrow = firm.key == "acme"
    rules = RuleSet(
        payer=organization,
        version=1,
        effective_from=timezone.localdate() - timedelta(days=800),
        activated_by_id=SYSTEM_USER_ID,
        activated_at=timezone.now() - timedelta(days=800),
        filing_limit_days=365,
        member_id_shortest=8 if narrow else 1,
        member_id_longest=15 if narrow else 50,
        member_id_hyphens=not narrow,
        content_hash=hashlib.sha256(f"{firm.key} rules 1".encode()).hexdigest(),
    )
    rules.save(force_insert=True)
    RuleSetInternal(payer=organization, rule_set=rules).save(force_insert=True)


def _hire(world: World, person: Person, password: str, password_hash: str) -> None:
    organization = world.firms.get(person.firm)
    user = create_user(
        user=User(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            role=person.side.value,
            organization=organization,
        ),
        password_hash=password_hash,
        roles=list(Role.objects.filter(side=person.side, name__in=person.roles)),
        by=None,
        temporary=False,
    )
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    TotpDevice(user=user, name="Authenticator", confirmed=True, secret=secret).save(force_insert=True)
    world.staff[person.email] = User.objects.select_related("organization__profile").get(pk=user.pk)
    world.accounts.append(
        {
            "email": person.email,
            "password": password,
            "role": ", ".join(person.roles),
            "organization": organization.name if organization else "",
            "totp_secret": secret,
        }
    )


def _enroll(world: World) -> None:
    """Members on the payers' rosters; one in ten has ended, one in eight is not verified yet."""
    today = timezone.localdate()
    for number in range(MEMBERS):
        payer = "acme" if number % 5 < 3 else "summit"
        plan = world.plans[payer][number % len(world.plans[payer])]
        person = Member(
            organization=world.firms[payer],
            first_name=people.FIRST_NAMES[number % len(people.FIRST_NAMES)],
            last_name=people.LAST_NAMES[(number * 7) % len(people.LAST_NAMES)],
            birth_date=birth_date_of(number, today),
            sex=Sex.FEMALE if number % 2 == 0 else Sex.MALE,
        )
        phi.fill_blind_indexes(person)
        person.save(force_insert=True)
        world.insured.append(_cover(world, person, plan, payer, number, today))
    world.charges = dict(Procedure.objects.values_list("code", "usual_charge"))


def _cover(world: World, person: Member, plan: Plan, payer: str, number: int, today: date) -> Insured:
    ended, unverified = number % 10 == 9, number % 8 == 5
    member_id = f"{'AC' if payer == 'acme' else 'SB'}{100_000_000 + number * 7_919}"
    coverage = Coverage(
        organization=world.firms[payer],
        person=person,
        plan=plan,
        member_id=member_id,
        group_number=f"GRP{4400 + number % 6}",
        effective_from=today - timedelta(days=700),
        effective_to=today - timedelta(days=20) if ended else None,
        deductible=Decimal(500 if number % 3 else 1500),
        copay=Decimal(25 if number % 2 else 40),
        coinsurance_percent=Decimal(10 if number % 4 else 20),
        out_of_pocket_limit=Decimal(6000),
    )
    if not unverified:
        coverage.verification = (Verification.ENDED if ended else Verification.VERIFIED).value
        coverage.verified_by = world.of(payer, "Adjudicator")[0]
        coverage.verified_at = timezone.now() - timedelta(days=30)
    phi.fill_blind_indexes(coverage)
    coverage.save(force_insert=True)
    return Insured(
        first_name=str(phi.value(person, "first_name")),
        last_name=str(phi.value(person, "last_name")),
        birth_date=phi.value(person, "birth_date"),
        sex=Sex(person.sex),
        payer=payer,
        plan=plan,
        member_id=member_id,
        coverage=coverage,
    )


# --- Stories ----------------------------------------------------------------------------------------------------


def _tell_stories(world: World, say: Say) -> None:
    now = timezone.now()
    moments = sorted(_moment(world, now) for _ in range(CLAIMS))
    for number, moment in enumerate(moments, start=1):
        if number % 50 == 0:
            say(f"{number} of {CLAIMS} claims")
        _tell(world, moment, now, number)
        if number == CLAIMS * 8 // 10:
            _read_notices(world)
    _leave_drafts(world)


def _moment(world: World, now: datetime) -> datetime:
    """Office hours of the last 90 days, more of them lately."""
    days = int(DAYS * world.draw.random() ** 1.6)
    moment = (now - timedelta(days=days)).replace(
        hour=world.draw.randint(13, 21), minute=world.draw.randint(0, 59), second=world.draw.randint(0, 59)
    )
    return min(moment, now - timedelta(minutes=world.draw.randint(5, 240)))


def _tell(world: World, moment: datetime, now: datetime, number: int) -> None:
    """One claim from its submission to wherever its story has come by now."""
    insured = world.draw.choice(world.insured)
    firm = world.draw.choices(("riverside", "harbor"), (7, 3))[0]
    biller = world.draw.choice(world.of(firm, "Biller", "Billing manager"))
    entry = _entry(world, insured, firm, moment, biller)
    channel = Channel.WEB
    if number % 40 == 17:
        # A file's door: the member ID has a typing error, which payers with a narrow shape refuse at receipt.
        entry = replace(entry, coverage=replace(entry.coverage, member_id=f"{insured.member_id}-0X7-77"))
        channel = Channel.X12
    with at(moment), acting_as("system", SYSTEM, user=biller):
        token = uuid.UUID(int=world.draw.getrandbits(128))
        claim = submit(entry=entry, form_token=token, channel=channel, at=moment, by=biller)
    age = (now - moment).total_seconds() / 86_400
    if claim.state == ClaimState.RECEIVED:
        _go_on(world, claim, insured, biller, moment, age, number)


def _acting(user: User) -> AbstractContextManager[None]:
    """The person's own kind; the purpose lets events tell of an earlier time."""
    return acting_as(user.kind, SYSTEM, user=user, organization=user.organization_id)


def _go_on(
    world: World, claim: Claim, insured: Insured, biller: User, moment: datetime, age: float, number: int
) -> None:
    chance = world.draw.random()
    if age < 3 and chance < 0.8:
        return
    if number % 29 == 0:
        with at(moment + timedelta(hours=2)), _acting(biller):
            withdraw(claim=claim, by=biller)
        return
    worker = world.draw.choice(world.of(insured.payer, "Adjudicator", "Supervisor"))
    when = moment + timedelta(hours=world.draw.randint(2, 60))
    in_office = when.replace(hour=world.draw.randint(13, 21))
    when = min(in_office if in_office > moment else when, moment + timedelta(days=age * 0.9))
    if age < 12 and chance > 0.9:
        with at(timezone.now() - timedelta(minutes=3)), _acting(worker):
            pick(claim_id=claim.pk, by=worker)
        return
    with at(when), _acting(worker):
        pick(claim_id=claim.pk, by=worker)
        if number % 23 == 0:
            release(claim_id=claim.pk, reason=stories.RELEASE_REASON, by=worker)
            return
        if age < 30 and (chance > 0.84 or number % 9 == 0):
            _pend(world, claim, worker, number)
            return
        _decide(world, claim, insured, worker, number)
    with at(when), acting_as("system", SYSTEM):
        tell_decision(claim_id=claim.pk)


def _pend(world: World, claim: Claim, worker: User, number: int) -> None:
    reason = world.draw.choice((PendReason.RECORDS_NEEDED, PendReason.OTHER_INSURANCE, PendReason.PRICING))
    pend(
        claim_id=claim.pk,
        reasons=[reason],
        note=stories.PEND_NOTES[number % len(stories.PEND_NOTES)],
        until=timezone.now() + timedelta(days=60),
        by=worker,
    )


def _decide(world: World, claim: Claim, insured: Insured, worker: User, number: int) -> None:
    lines = [LineFacts(line.line_no, line.charge) for line in claim.lines.order_by("line_no")]
    chance = world.draw.random()
    reason, explanation = world.draw.choice(stories.DENIALS)
    coding = usual_coding(reason)
    proposals = _priced(world, insured, lines)
    if chance < 0.13 and coding:
        decide(
            claim_id=claim.pk,
            proposals=deny_claim(lines, coding),
            reason=reason,
            explanation=explanation,
            by=worker,
        )
        return
    if (chance < 0.27 or number % 7 == 0) and coding and len(lines) > 1:
        mixed = [*proposals[:-1], deny_line(lines[-1], coding)]
        decide(claim_id=claim.pk, proposals=mixed, explanation=explanation, by=worker)
        return
    decide(claim_id=claim.pk, proposals=proposals, by=worker)


def _priced(world: World, insured: Insured, lines: list[LineFacts]) -> list[LineProposal]:
    coverage = insured.coverage
    benefits = benefits_left(
        copay=coverage.copay,
        deductible=coverage.deductible,
        coinsurance_percent=coverage.coinsurance_percent,
        deductible_used=coverage.deductible * world.draw.choice((0, 1, 1, 1)),
    )
    proposals = []
    for line in lines:
        allowed = round_cents(line.charge * Decimal(world.draw.randint(55, 92)) / 100)
        proposal = price_line(line, allowed=allowed, benefits=benefits)
        benefits = benefits.after(
            copay=proposal.copay, deductible=proposal.deductible, coinsurance=proposal.coinsurance
        )
        proposals.append(proposal)
    return proposals


def _entry(world: World, insured: Insured, firm: str, moment: datetime, biller: User) -> ClaimEntry:
    visits = [visit for visit in stories.VISITS if firm in visit.at]
    visit = world.draw.choices(visits, [visit.weight for visit in visits])[0]
    diagnoses = world.draw.choice(visit.diagnoses)
    served = timezone.localdate(moment, timezone=biller.time_zone) - timedelta(days=world.draw.randint(0, 6))
    firm_ = next(one for one in people.FIRMS if one.key == firm)
    clinician = world.draw.randint(1, len(people.CLINICIANS[firm]))
    first, last = people.CLINICIANS[firm][clinician - 1]
    party = PartyEntry(npi=npi_of(f"13{firm_.code[-1]}00000{clinician}"), name=f"{last}, {first}")
    return ClaimEntry(
        coverage=CoverageEntry(
            payer_id=world.firms[insured.payer].pk,
            plan_id=insured.plan.pk,
            member_id=insured.member_id,
            relationship=Relationship.SELF,
        ),
        patient=PatientEntry(
            last_name=insured.last_name,
            first_name=insured.first_name,
            birth_date=insured.birth_date,
            sex=insured.sex,
            account_number=f"A{world.draw.randint(10_000, 99_999)}",
        ),
        parties=PartiesEntry(billing_npi=npi_of(firm_.code), rendering=party),
        diagnoses=diagnoses,
        lines=tuple(
            LineEntry(
                procedure=code,
                pointers=tuple("ABCD"[: min(len(diagnoses), 2)]),
                service_from=served,
                place_of_service=visit.place,
                units=Decimal(world.draw.choice((1, 1, 1, 2)))
                if code in {"X0030", "X0031", "X0061"}
                else Decimal(1),
                charge=round_cents(
                    world.charges[code] * Decimal(str(round(world.draw.uniform(0.9, 1.35), 2)))
                ),
            )
            for code in visit.procedures
        ),
        consents=ConsentEntry(
            patient_signature_on_file=True, benefits_assigned=True, accepts_assignment=True
        ),
    )


def _read_notices(world: World) -> None:
    """Everybody has seen what came until now; the latest decisions are still news."""
    for firm in ("riverside", "harbor"):
        for person in world.of(firm, "Biller", "Billing manager"):
            with _acting(person):
                mark_read(by=person)


def _leave_drafts(world: World) -> None:
    """A few claims that nobody has finished."""
    biller = world.staff[people.STAFF[0].email]
    for insured in world.insured[3:6]:
        with _acting(biller):
            save_draft(
                content={
                    "last_name": insured.last_name,
                    "first_name": insured.first_name,
                    "member_id": insured.member_id,
                    "payer": str(world.firms[insured.payer].pk),
                },
                form_token=uuid.UUID(int=world.draw.getrandbits(128)),
                by=biller,
            )
