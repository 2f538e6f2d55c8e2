"""Rows of every model, so that no page of the administration opens on an empty table."""

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from django.utils import timezone

from accounts.actions.email_change import ask
from accounts.actions.kept import keep
from accounts.actions.mail import post
from accounts.actions.own import Details, change_details
from accounts.enums import AlertKind, AlertState, KeptBecause, MailKind
from accounts.models import Alert, AlertCursor, BackupCode, KnownBrowser, Organization, PasswordReset, User
from audit.actions import record_access
from audit.actions.seal import seal_once
from audit.enums import Action, Severity, SubjectKind
from claimflow.lib import jobs
from claimflow.lib.db.context import acting_as
from claimflow.lib.models import BackupRun
from claims.models import (
    Adjustment,
    Authority,
    Claim,
    ClaimFinding,
    GlassGrant,
    Recategorization,
    RecategorizationItem,
    RuleSet,
)
from engagement.models import Notice
from intelligence.models import RemoteBudget, RemoteCircuit, RemoteSpending
from members.models import RosterUpload
from tests.factories.claims import (
    AssignmentFactory,
    ClaimFactory,
    DraftFactory,
    HoldFactory,
    PayerNoteFactory,
    ProposalFactory,
    ProviderNoteFactory,
    RuleSetFactory,
    RuleSetInternalFactory,
    close,
    decide,
    propose,
    remark,
)
from tests.factories.intelligence import LedgerEntryFactory, LedgerOutcomeFactory
from tests.factories.members import (
    BillingProviderFactory,
    CoverageFactory,
    FacilityFactory,
    PatientCoverageFactory,
    PatientFactory,
    PractitionerFactory,
)
from tests.harness import admin_connection
from tests.intelligence.remote.arrangement import in_force
from tests.signed_in import client_of, make_organization, make_user

PLAIN = (
    "Adaeze",
    "Okafor",
    "1965-03-14",
    "03/14/1965",
    "March 14, 1965",
    "12 Elm St",
    "W00000",
    "123456789",
    "operative report",
    "Called the member",
    "Ask Dr. Lind",
    "The patient's physician called",
    "Not medically necessary for this diagnosis",
    "12,x",
    "She had a new keyboard",
)
"""What the factories put into encrypted columns, as a page would write it."""


def fill(rows: int) -> None:
    """``rows`` claims in all states with everything that can hang on them, in one clinic and one insurer."""
    clinic, insurer = make_organization("provider"), make_organization("payer")
    biller = make_user("provider", "Biller", organization=clinic)
    adjudicator = make_user("payer", "Adjudicator", organization=insurer)
    with acting_as("system", "test"):
        rules = RuleSetFactory(payer=insurer)
        RuleSetInternalFactory(rule_set=rules)
    for _ in range(rows):
        _claim(clinic, insurer, biller, adjudicator, rules)
        _people(clinic, insurer, adjudicator)
        _remote_model(make_organization("payer"))
        _limit(insurer)
        colleague = make_user("provider", "Biller", organization=clinic)
        client_of(colleague)
        _own(colleague)
        _ways_back(colleague)
        _alert(colleague, by=biller)
        with acting_as("provider", user=biller, organization=clinic):
            record_access(Action.PATIENTS_SEARCHED, [])
        _change_log(clinic)
    in_force("openai", active=False)
    _backups(rows)
    _queue(rows)
    seal_once()


def _backups(rows: int) -> None:
    with acting_as("system", "test"):
        for number in range(rows):
            BackupRun.objects.create(
                kind="backup",
                outcome="succeeded",
                started_at=timezone.now(),
                finished_at=timezone.now(),
                file_name=f"claimflow-20261121-0200{number:02}.backup",
            )


def _claim(
    clinic: Organization, insurer: Organization, biller: User, adjudicator: User, rules: RuleSet
) -> None:
    sides = {"provider": clinic, "payer": insurer, "submitted_by": biller}
    with acting_as("system", "test"):
        patient = PatientFactory(organization=clinic)
        billing = BillingProviderFactory(organization=clinic)
        coverage = CoverageFactory(person__organization=insurer)
        claim = ClaimFactory(
            **sides, patient=patient, billing_provider=billing, coverage=coverage, rule_set=rules
        )
        HoldFactory(claim=ClaimFactory(**sides, state="pended"), placed_by=adjudicator)
        AssignmentFactory(claim=ClaimFactory(**sides, state="in_review"), adjudicator=adjudicator)
        ProposalFactory(claim=claim, proposer=adjudicator)
        PayerNoteFactory(claim=claim, author=adjudicator)
        ProviderNoteFactory(claim=claim, author=biller)
        DraftFactory(author=biller, organization=clinic, purpose="copy", predecessor=claim)
        ClaimFinding(**claim.as_parent(), stage="receipt", code="late_filing", severity="warning").save(
            force_insert=True
        )
        Notice(organization=clinic, kind="claim_approved", claim=claim, happened_at=timezone.now()).save(
            force_insert=True
        )
        denied = ClaimFactory(**sides, prior_claim=claim)
        run = Recategorization(payer=insurer, asked_by=adjudicator, state="done")
        run.save(force_insert=True)
        RecategorizationItem(
            **claim.as_parent(), run=run, earlier_priority="standard", earlier_source="rules",
            earlier_due_at=claim.due_at, priority="urgent",
        ).save(force_insert=True)  # fmt: skip
        LedgerOutcomeFactory(entry=LedgerEntryFactory(claim=claim), decided_by=adjudicator)
    decide(denied, by=adjudicator, outcome="denied")
    _remark(ClaimFactory, sides, adjudicator)


def _alert(about: User, by: User) -> None:
    with acting_as("system", "test"):
        Alert(
            kind=AlertKind.SIGN_IN_LOCKED,
            severity=Severity.WARNING,
            subject_kind=SubjectKind.USER,
            subject_id=about.pk,
            organization=about.organization,
            happened_at=timezone.now(),
            last_at=timezone.now(),
            state=AlertState.RESOLVED,
            owner=by,
            resolution="She had a new keyboard.",
            resolved_at=timezone.now(),
            dedupe_key=str(about.pk),
        ).save(force_insert=True)
        AlertCursor.objects.get_or_create(pk=1)


def _limit(insurer: Organization) -> None:
    people = [make_user("payer", "Adjudicator", organization=insurer) for _n in range(2)]
    with acting_as("system", "test"):
        claim = Claim.objects.filter(payer=insurer).first()
        GlassGrant(**claim.as_parent(), user=people[0], reason="A complaint.", until=timezone.now()).save(
            force_insert=True
        )
        Authority(organization=insurer, user=people[0], most_paid=100, set_by=people[1]).save(
            force_insert=True
        )


def _remark(factory: type[ClaimFactory], sides: dict[str, object], adjudicator: User) -> None:
    with acting_as("system", "test"):
        claim: Claim = factory(**sides)
    with acting_as("payer", user=adjudicator, organization=claim.payer_id):
        claim.state = "in_review"
        claim.touch("state")
        decision = propose(claim, by=adjudicator, outcomes=["denied"])
        remark(Adjustment.objects.get(line_decision__decision=decision))
        close(claim, decision)


def _people(clinic: Organization, insurer: Organization, by: User) -> None:
    with acting_as("system", "test"):
        PatientCoverageFactory(patient__organization=clinic, plan__payer=insurer)
        PractitionerFactory(organization=clinic)
        FacilityFactory(organization=clinic)
        RosterUpload(organization=insurer, uploaded_by=by, content={"rows": [["Okafor"]]}).save(
            force_insert=True
        )
        RuleSetInternalFactory(rule_set=RuleSetFactory(payer=insurer))


def _remote_model(payer: Organization) -> None:
    with acting_as("admin"):
        RemoteBudget(organization=payer, daily=1, monthly=10).save(force_insert=True)
    with acting_as("system", "test"):
        RemoteSpending(organization=payer, period="day", begins_on=timezone.localdate()).save(
            force_insert=True
        )
        RemoteCircuit.objects.get_or_create(adapter="openai")


def _ways_back(user: User) -> None:
    with acting_as("login", user=user, organization=user.organization_id):
        post(MailKind.PASSWORD_CHANGED, to=user)
        BackupCode(user=user, code_hash=user.pk.hex).save(force_insert=True)
        KnownBrowser(user=user, cookie_hash="0" * 64).save(force_insert=True)
        PasswordReset(user=user, expires_at=timezone.now()).save(force_insert=True)


def _own(person: User) -> None:
    """What somebody keeps for themselves."""
    change_details(user=person, details=Details("Pat", "Person", "555 0100", "12 Elm St"))
    keep(
        user=person,
        page="/patients/new/",
        fields=QueryDict("last_name=Okafor"),
        because=KeptBecause.SESSION_ENDED,
        is_whole=True,
    )
    ask(user=person, email=f"new.{person.email}")


def _change_log(clinic: Organization) -> None:
    with acting_as("admin"):
        LogEntry.objects.create(
            content_type=ContentType.objects.get_for_model(clinic),
            object_pk=str(clinic.pk),
            object_repr=str(clinic),
            action=LogEntry.Action.UPDATE,
            changes={"status": ["active", "inactive"]},
        )


def _queue(rows: int) -> None:
    """What only the queue and the sealer write, and days of numbers."""
    for _ in range(rows):
        with acting_as("system", "test"):
            jobs.enqueue("audit_verify")
    with admin_connection(autocommit=True) as admin:
        for n in range(rows):
            admin.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
            admin.execute(
                "INSERT INTO members_coverageinquiry (user_id, minute, asked, created_at, updated_at)"
                " VALUES (gen_random_uuid(), now(), 1, now(), now())"
            )
            admin.execute(
                "INSERT INTO claims_daycounter (day, n, created_at, updated_at)"
                " VALUES (current_date - %s, 1, now(), now())",
                [100 + n],
            )
