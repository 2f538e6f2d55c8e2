"""The exact lists that the catalogue gates hold the database to (tests/matrix/test_catalogue.py)."""

# Tables whose owner is not held by their policies, and why.
NOT_FORCED = {
    "accounts_role": "filled by the owner after migrate",
    "accounts_systemsetting": "filled by the owner after migrate",
    "claims_statetransition": "filled by the owner after migrate",
    **{
        f"codes_{name}": "a public list"
        for name in [
            "adjustmentreason",
            "coderelease",
            "icd10code",
            "icd10section",
            "icd10word",
            "modifier",
            "placeofservice",
            "procedure",
            "reasoncombination",
            "remarkcode",
        ]
    },
    "audit.access": "written by its owner's functions",
    "audit.chain_head": "written by its owner's functions",
    "audit.checkpoint": "owned by auditor_owner, which no request can become",
    "audit.event": "written by its owner's functions",
    "audit.vocabulary": "filled by its owner after migrate",
}
# Tables without row security, and why. Who may touch them is in tests/matrix/expected.py like everything else.
WITHOUT_ROW_SECURITY = {
    "auth_group": "a package's, empty",
    "auth_group_permissions": "a package's, empty",
    "auth_permission": "a package's",
    "ctx.key": "its owner's alone",
    "django_content_type": "a package's list of models",
    "django_migrations": "a package's",
    "jobs.allowed": "its owner's alone",
    "procrastinate_events": "the queue's: ids only",
    "procrastinate_jobs": "the queue's: ids only",
    "procrastinate_periodic_defers": "the queue's",
    "procrastinate_workers": "the queue's",
}

ALL = "anonymous login provider payer admin auditor system"
INSIDE = f"{ALL} auditor_owner reader"  # policies and definer functions call these
# Every definer function: its owner and who may call it.
DEFINERS = {
    "ctx.current()": ("owner", INSIDE),
    "ctx.active(text)": ("owner", INSIDE),
    "ctx.org(text)": ("owner", INSIDE),
    "ctx.usr(text)": ("owner", INSIDE),
    "ctx.subject(text)": ("owner", INSIDE),
    "ctx.purpose(text)": ("owner", INSIDE),
    "ctx.kind()": ("owner", INSIDE),
    "jobs.enqueue(text,jsonb)": ("owner", "login provider payer admin auditor system"),
    "accounts.resolve_session(text)": ("reader", "login"),
    **dict.fromkeys(  # triggers, and what they ask
        (
            "accounts.acting()",
            "accounts.guard_grant()",
            "accounts.guard_last_grant()",
            "accounts.guard_last_role()",
            "accounts.guard_last_user()",
            "accounts.guard_role()",
            "accounts.guard_user()",
            "accounts.holds(uuid,text)",
            "accounts.keep_last_seen()",
            "accounts.keeps_an_administrator(uuid)",
            "accounts.manages(uuid,uuid)",
            "accounts.may_give(uuid,text,text[],boolean)",
        ),
        ("reader", ""),
    ),
    "members.coverage_in_force(uuid,text,date)": ("reader", "provider system"),
    "codes_settle()": ("owner", "system"),
    "claims.next_number(date,integer)": ("reader", "system"),
    "claims.decision_within_authority()": ("reader", ""),
    "claims.guard_authority()": ("reader", ""),
    "claims.guard_glass()": ("reader", ""),
    "claims.open_glass(uuid)": ("reader", "admin"),
    "claims.glass_words(uuid[])": ("reader", "admin"),
    "audit.append(text,text,uuid,uuid,uuid,text,text,text[],jsonb,text,text,timestamp with time zone)": (
        "auditor_owner",
        "login provider payer admin auditor system",
    ),
    "audit.append_batch(jsonb)": ("auditor_owner", "provider payer admin system"),
    "audit.record_access(text,text[],uuid[],uuid[],uuid[],text[],smallint[])": (
        "auditor_owner",
        "provider payer admin auditor system reader",  # reader: for claims.open_glass
    ),
    "audit.seal_lag_seconds()": ("auditor_owner", "owner"),
    "ops.health()": ("owner", ALL),
    "ops.slow_statements(integer)": ("reader", "admin system"),
    "jobs.retry_failed(text)": ("owner", "admin"),
    "jobs.retry_stalled(integer,integer)": ("owner", "system"),
    "jobs.forget_done(integer)": ("owner", "system"),
    'ops."analyze"(text[])': ("owner", "system"),
    "ops.public_settings()": ("owner", ALL),
    "audit.seal_state()": ("auditor_owner", "auditor admin system"),
    "audit.readers_of_many(timestamp with time zone,text[],integer)": ("auditor_owner", "system"),
    "audit.ensure_partitions(integer)": ("auditor_owner", "system"),
}

# Nothing of these is ever deleted by a kind.
NEVER_DELETED = (
    "claims_claim",
    "claims_decision",
    "claims_linedecision",
    "claims_adjustment",
    "claims_serviceline",
    "claims_diagnosis",
    "claims_claimsnapshot",
    "claims_payernote",
    "claims_providernote",
    "members_patient",
    "members_member",
    "members_coverage",
    "accounts_user",
    "accounts_organization",
    "intelligence_ledgerentry",
    "intelligence_ledgeroutcome",
)
