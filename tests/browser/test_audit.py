"""The auditor's pages in a browser: photographed, nothing for axe to find, nothing overflowing at 390 px."""

import uuid

import pytest

from audit.actions import Seen, record, record_access
from audit.actions.verify import verify_and_record
from audit.enums import Action, SubjectKind
from claimflow.lib.db.context import acting_as
from tests.audit.conftest import seal
from tests.browser.conftest import assert_good
from tests.signed_in import make_organization, make_user

pytestmark = pytest.mark.browser
STEPS = [
    (Action.CLAIM_PULLED, "received", "in_review", {}),
    (Action.CLAIM_APPROVED, "in_review", "approved", {"reason_codes": ["CO-45", "PR-3"]}),
    (Action.CLAIM_DENIED, "in_review", "denied", {"reason_code": "CO-50"}),
]


@pytest.fixture
def trail(settings, tmp_path, site):
    settings.AUDIT_COPY_DIR = str(tmp_path)
    payer = make_organization("payer", name="Acme Health")
    decider = make_user("payer", "Adjudicator", organization=payer)
    with acting_as("payer", user=decider, organization=payer):
        for action, old, new, details in STEPS * 8:
            claim = uuid.uuid4()
            record(
                action,
                SubjectKind.CLAIM,
                claim,
                payer_id=payer.pk,
                old_status=old,
                new_status=new,
                details=details,
            )
            record_access(Action.CLAIM_VIEWED, [Seen("claim", claim, payer_id=payer.pk)])
    with acting_as("login", subject=decider.email, organization=payer):
        record(Action.SIGN_IN_FAILED, SubjectKind.USER, decider.pk, outcome="failure", severity="warning")
    seal()
    with acting_as("system", "audit_verify"):
        verify_and_record()
    return make_user("payer", "Auditor", organization=payer)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("audit-events", "/audit/"),
        ("audit-reads", "/audit/reads/"),
        ("audit-empty", "/audit/?action=claim_voided"),
        ("audit-wrong-filter", "/audit/?first_day=x"),
    ],
)
def test_the_trail_is_readable(page, site, sign_in, trail, faults, name, path):
    sign_in(trail)
    page.goto(site + path)
    assert page.get_by_role("heading", name="Audit trail").is_visible()
    assert_good(page, name)
