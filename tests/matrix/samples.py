"""Whose rows each table has in the sample world. Types, lists of words, keys and organizations are filled in by
tests/matrix/world.py; only what it cannot know is written here."""

from datetime import UTC, datetime, timedelta

from psycopg.types.json import Jsonb

from accounts.safeguards import PLATFORM_POLICY_ID
from claimflow.lib.system_user import SYSTEM_USER_ID
from tests.matrix.callers import address, made_id, organization, person
from tests.matrix.world import MOMENT, NOW, Sample

EVERYONE = ("PA", "PB", "YA", "YB")
PEOPLE = (*EVERYONE, "X")
PROVIDERS, PAYERS = ("PA", "PB"), ("YA", "YB")
BOTH = ("PA.YA", "PB.YB")
BOTH_OF = {"PA": "PA.YA", "YA": "PA.YA", "PB": "PB.YB", "YB": "PB.YB"}


def kind_of(label: str) -> str:
    return {"P": "provider", "Y": "payer", "X": "admin"}[label[0]]


TODAY = NOW.date()
CLAIM = {
    "plan_id": None,
    "current_decision_id": None,
    "patient_id": None,
    "coverage_id": None,
    "rule_set_id": None,
    "billing_provider_id": None,
    "rendering_practitioner_id": None,
    "referring_practitioner_id": None,
    "facility_id": None,
    "state": "submitted",
    "public_status": "submitted",
    "priority": "standard",
    "priority_source": "fallback",
    "turn": "payer",
    "clock": "stopped",
    "claim_type": "professional",
    "rank": 2,
    "rank_desc": -2,
    "frequency_code": "1",
    "jurisdiction": "NY",
    "submitted_at": MOMENT,
    "received_at": MOMENT,
    "due_at": MOMENT,
    "billing_npi": "1234567893",
    "service_date": TODAY,
    "service_date_to": TODAY,
}


SAMPLES: dict[str, Sample] = {
    "accounts_organization": Sample(
        EVERYONE,
        {
            "id": organization,
            "kind": kind_of,
            "type": lambda label: "clinic" if label[0] == "P" else "insurer",
            "status": "active",
        },
    ),
    "accounts_user": Sample(
        PEOPLE,
        {"id": person, "email": address, "role": kind_of, "is_system": False},
        existing={"robot": {"id": SYSTEM_USER_ID}},
        extras={"second_robot": ("X", {"is_system": True})},
    ),
    "accounts_organizationprofile": Sample(EVERYONE),
    "accounts_credential": Sample(PEOPLE),
    "accounts_earlierpassword": Sample(PEOPLE),
    "accounts_securitypolicy": Sample(
        EVERYONE,
        {
            "minimum_length": 12,
            "attempts": 5,
            "lock_minutes": 30,
            "idle_minutes": 30,
            "absolute_hours": 12,
        },
        existing={"X": {"id": PLATFORM_POLICY_ID}},
    ),
    "accounts_session": Sample(
        PEOPLE,
        {
            "session_key": address,
            "user_id": lambda label: None if label == "X" else person(label),
            "organization_id": organization,
        },
        moves=("session_key", "user_id", "organization_id"),
    ),
    "accounts_throttle": Sample(PROVIDERS, {"key": address, "account": address}, moves=("account",)),
    "accounts_totpdevice": Sample(
        PEOPLE, {"confirmed": False}, extras={"working": ("PA", {"confirmed": True})}
    ),
    "accounts_keptform": Sample(PEOPLE, {"because": "session_ended"}),
    "accounts_usercontact": Sample(PEOPLE),
    "accounts_emailchange": Sample(PEOPLE, {"old_token": address}),
    "accounts_backupcode": Sample(PEOPLE),
    "accounts_passwordreset": Sample(
        PEOPLE, {"user_id": person, "token_hash": address}, moves=("user_id", "token_hash")
    ),
    "accounts_knownbrowser": Sample(PEOPLE),
    "accounts_outgoingmail": Sample(
        PEOPLE,
        {
            "kind": "new_device",
            "user_id": person,
            "address": b"\x01" * 48,
            "words": b"\x01" * 48,
            "next_try_at": NOW,
        },
    ),
    "accounts_alert": Sample(
        PEOPLE,
        {
            "kind": "rights_changed",
            "severity": "notice",
            "state": "open",
            "owner_id": None,
            "resolution": None,
            "resolved_at": None,
        },
    ),
    "accounts_alertcursor": Sample(("X",), {"id": 1}),
    "accounts_role": Sample(  # PA's stands for one that ships
        ("X", "PA"), {"permissions": [], "is_system": lambda label: label == "PA"}, moves=("is_system",)
    ),
    "accounts_systemsetting": Sample(
        ("X",), {"type": "number", "value": Jsonb(7), "is_public": False, "changed_by_id": None}
    ),
    "accounts_rightgrant": Sample(PEOPLE),
    "members_plan": Sample(PAYERS, {"state": "NY"}),
    "members_patient": Sample(PROVIDERS),
    "members_patientcoverage": Sample(
        PROVIDERS, {"payer_id": organization("YA"), "plan_id": None, "relationship": "self"}
    ),
    "members_practitioner": Sample(PROVIDERS, {"npi": "1234567893"}),
    "members_facility": Sample(PROVIDERS, {"npi": ""}),
    "members_billingprovider": Sample(PROVIDERS, {"npi": "1234567893"}),
    "members_member": Sample(PAYERS),
    "members_coverage": Sample(PAYERS, {"verification": "unverified"}),
    "members_coverageinquiry": Sample(("PA",)),
    "members_rosterupload": Sample(
        PAYERS,
        {"state": "waiting", "uploaded_by_id": person},
        extras={"in_anothers_name": ("YA", {"uploaded_by_id": person("YB")})},
        moves=("organization_id",),
    ),
    "claims_claim": Sample(
        BOTH,
        CLAIM,
        extras={
            "decided": ("PA.YA", {"state": "approved", "public_status": "approved"}),
            "numbered": ("PA.YA", {"claim_number": "CLM-20260302-0001"}),
            "urgent": ("PA.YA", {"priority": "urgent"}),
            "in_anothers_name": ("PA.YA", {"submitted_by_id": person("PB")}),
            "back_dated": ("PA.YA", {"submitted_at": NOW, "received_at": NOW, "due_at": NOW}),
        },
    ),
    "claims_serviceline": Sample(
        BOTH,
        {"line_no": 1, "units": 1, "pointers": ["A"], "place_of_service": "11", "procedure_code": "X0001"},
    ),
    "claims_diagnosis": Sample(BOTH, {"letter": "A", "code": "E11.9"}),
    "claims_claimsnapshot": Sample(BOTH, {"mac": "0" * 64}),
    "claims_claimfinding": Sample(
        BOTH, {"stage": "submission"}, extras={"at_receipt": ("PA.YA", {"stage": "receipt"})}
    ),
    "claims_decision": Sample(
        BOTH, {"kind": "original"}, extras={"in_anothers_name": ("PA.YA", {"decided_by_id": person("YB")})}
    ),
    "claims_linedecision": Sample(BOTH, {"copay": 0, "coinsurance": 0, "deductible": 0}),
    "claims_adjustment": Sample(BOTH, {"reason_code": "45"}),
    "claims_adjustmentremark": Sample(BOTH, {"code": "N1"}),
    "claims_assignment": Sample(
        BOTH,
        extras={"in_anothers_name": ("PA.YA", {"assigned_by_id": person("YB")})},
        moves=("provider_id", "payer_id", "assigned_by_id"),
    ),
    "claims_hold": Sample(
        BOTH,
        {"reasons": ["pricing"], "until": NOW},
        extras={"in_anothers_name": ("PA.YA", {"placed_by_id": person("YB")})},
    ),
    "claims_proposal": Sample(BOTH, extras={"in_anothers_name": ("PA.YA", {"proposer_id": person("YB")})}),
    "claims_payernote": Sample(
        BOTH,
        {"author_id": lambda label: person(label[-2:])},
        extras={"in_anothers_name": ("PA.YA", {"author_id": person("YB")})},
    ),
    "claims_providernote": Sample(
        BOTH,
        {"author_id": lambda label: person(label[:2])},
        extras={"in_anothers_name": ("PA.YA", {"author_id": person("PB")})},
    ),
    "claims_claimdraft": Sample(
        PROVIDERS,
        {"author_id": person, "purpose": "new"},
        extras={
            "in_anothers_name": ("PA", {"author_id": person("PB")}),
            "after_a_foreign_claim": ("PA", {"predecessor_id": made_id("claims_claim", "PB.YB")}),
        },
    ),
    "claims_ruleset": Sample(PAYERS, {"content_hash": "0" * 64}),
    "claims_rulesetinternal": Sample(PAYERS),
    "claims_glassgrant": Sample(  # the administrator's, open; somebody else's; the administrator's, signed off
        ("PA.YA", "PB.YB", "PA.YB"),
        {
            "provider_id": lambda label: organization(label[:2]),
            "payer_id": lambda label: organization(label[3:]),
            "user_id": lambda label: person("PB" if label == "PB.YB" else "X"),
            "reason": b"\x01" * 48,
            "note": None,
            "verdict": lambda label: "" if label == "PA.YA" else "justified",
            "reviewed_by_id": lambda label: {"PB.YB": person("X"), "PA.YB": person("YA")}.get(label),
            "reviewed_at": lambda label: None if label == "PA.YA" else NOW,
            "until": lambda _label: datetime.now(UTC) + timedelta(minutes=55),
        },
        extras={
            "for_two_hours": ("PA.YA", {"until": datetime.now(UTC) + timedelta(hours=2)}),
            "in_anothers_name": ("PA.YA", {"user_id": person("PB")}),
        },
        moves=("reviewed_by_id",),
    ),
    "claims_authority": Sample(  # each payer's administrator is the caller; the limit is somebody else's
        PAYERS,
        {
            "user_id": lambda label: person("PA" if label == "YA" else "PB"),
            "set_by_id": person,
            "most_paid": 100,
            "skills": [],
        },
        extras={
            "of_oneself": ("YA", {"user_id": person("YA"), "set_by_id": person("PA")}),
            "in_anothers_name": ("YA", {"set_by_id": person("YB")}),
        },
        moves=("organization_id", "set_by_id"),
    ),
    "claims_recategorization": Sample(
        (*PAYERS, "X"),
        {
            "payer_id": lambda label: organization("PA" if label == "X" else label),
            "state": "counting",
            "priority": "",
            "provider_id": None,
            "asked_by_id": person,
            "undone_by_id": None,
            "counted": 0,
        },
        extras={
            "in_anothers_name": ("YA", {"asked_by_id": person("YB")}),
            "running": ("YA", {"state": "running"}),
        },
        moves=("payer_id",),
    ),
    "claims_recategorizationitem": Sample(
        BOTH,
        {
            "run_id": lambda label: made_id("claims_recategorization", label[-2:]),
            "entry_id": None,
            "earlier_priority": "standard",
            "earlier_source": "rules",
            "priority": "urgent",
        },
        moves=(),
    ),
    "claims_daycounter": Sample(("X",)),
    "claims_statetransition": Sample(("X",), {"source": "voided", "target": "submitted", "side": "system"}),
    "codes_adjustmentreason": Sample(("X",), {"code": "Z999"}),
    "codes_coderelease": Sample(("X",), {"status": "staged", "sha256": "f" * 64, "number": 32_000}),
    "codes_icd10code": Sample(("X",)),
    "codes_icd10section": Sample(("X",)),
    "codes_icd10word": Sample(("X",)),
    "codes_modifier": Sample(("X",), {"code": "QQ"}),
    "codes_placeofservice": Sample(("X",), {"code": "98"}),
    "codes_procedure": Sample(("X",), {"code": "X9999"}),
    "codes_reasoncombination": Sample(("X",), {"scenario": ""}),
    "codes_remarkcode": Sample(("X",), {"code": "ZZ999"}),
    # A claim's suggestion is its payer's, a draft's its provider's.
    "intelligence_ledgerentry": Sample(
        EVERYONE,
        {
            "claim_id": lambda label: made_id("claims_claim", BOTH_OF[label]) if label[0] == "Y" else None,
            "draft_id": lambda label: made_id("claims_claimdraft", label) if label[0] == "P" else None,
            "provider_id": lambda label: organization(BOTH_OF[label][:2]),
            "payer_id": lambda label: organization(label) if label[0] == "Y" else None,
            "organization_id": organization,
            "rule_set_id": None,
            "kind": "priority",
            "answer": "urgent",
            "facts_mac": "0" * 64,
        },
        moves=("organization_id",),
    ),
    "intelligence_ledgeroutcome": Sample(
        EVERYONE,
        {"verdict": "agreed", "answer": "", "reason": "", "decided_by_id": person},
        extras={"in_anothers_name": ("YA", {"decided_by_id": person("YB")})},
        moves=("organization_id", "decided_by_id"),
    ),
    "intelligence_modelversion": Sample(
        ("X",),
        {
            "kind": "model",
            "rules": "",
            "scorecard": "",
            "adapter": "openai",
            "state": "shadow",
            "proposed_by_id": person("X"),
            "activated_by_id": None,
            "activated_at": None,
        },
        existing={"first": {"id": "00000000-0000-7000-8000-000000000002"}},
        extras={
            "in_anothers_name": ("X", {"proposed_by_id": person("PA")}),
            "active": ("X", {"state": "active", "activated_at": NOW}),
        },
        moves=(),
    ),
    "intelligence_remotebudget": Sample(PAYERS, {"daily": 100, "monthly": 200}),
    "intelligence_remotespending": Sample(PAYERS, {"period": "day"}),
    "intelligence_remotecircuit": Sample(("X",), {"adapter": "openai"}),
    "engagement_notice": Sample(EVERYONE),
    "engagement_noticereading": Sample(
        EVERYONE, extras={"in_anothers_name": ("PA", {"user_id": person("PB")})}
    ),
    "audit.event": Sample((*BOTH, "YA"), {"actor_id": lambda label: person(label[:2])}),
    "audit.access": Sample(
        ("PA", "YB", "PB.YB"),
        {
            "organization_id": lambda label: organization(label) if len(label) == 2 else None,
            "provider_id": lambda label: organization("PA" if label == "PA" else "PB"),
            "payer_id": lambda label: organization("YA" if label == "PA" else "YB"),
        },
        moves=(),
    ),
    "audit.chain_head": Sample(("X",)),
    "audit.checkpoint": Sample(("X",), {"lo": 1, "hi": 2}),
    "audit.vocabulary": Sample(("X",)),
    "kernel_backuprun": Sample(("X",)),
    "jobs.allowed": Sample(("X",)),
    "ctx.key": Sample(("X",), {"inner_pad": b"\x01" * 64, "outer_pad": b"\x02" * 64}),
    "procrastinate_jobs": Sample(("X",)),
    "procrastinate_events": Sample(("X",)),
    "procrastinate_workers": Sample(("X",)),
    "procrastinate_periodic_defers": Sample(("X",)),
    "django_migrations": Sample(("X",)),
    "django_content_type": Sample(("X",)),
    "auth_permission": Sample(("X",)),
    "auth_group": Sample(("X",)),
    "auth_group_permissions": Sample(("X",)),
    "django_admin_log": Sample(("X",), {"user_id": person("X")}),
    "auditlog_logentry": Sample(("X",)),
}
