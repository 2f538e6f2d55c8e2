"""The demonstration: every state has a claim, every trail holds, a second run changes nothing."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.actions import verify
from claimflow.demo import people
from claimflow.demo.seed import Found, found
from claimflow.lib.db.context import acting_as
from claims.models import Claim, ClaimDraft
from engagement.models import Notice

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
SHOWN = {"received", "in_review", "pended", "approved", "partially_approved", "denied", "rejected", "voided"}


def test_the_demonstration_shows_every_state_and_can_run_twice(tmp_path: Path, settings) -> None:
    settings.AUDIT_COPY_DIR = str(tmp_path / "copies")
    file = tmp_path / "a folder" / "accounts.json"
    call_command("seed_demo", "--accounts-file", str(file))
    accounts = json.loads(file.read_text())
    assert {"demo@claimflow.com", "test@example.com"} <= {account["email"] for account in accounts}
    assert all(
        set(account) == {"email", "password", "role", "organization", "totp_secret"} for account in accounts
    )
    assert len({account["password"] for account in accounts}) == len(people.STAFF)
    assert file.stat().st_mode & 0o077 == 0
    with acting_as("system", "test"):
        states = Counter(Claim.objects.values_list("state", flat=True))
        assert set(states) >= SHOWN
        assert 290 <= sum(states.values()) <= 310
        assert ClaimDraft.objects.count() == 3
        assert Notice.objects.count() > 100
        before = User.objects.count()
    report = verify.verify()
    assert report.is_good, report.findings
    assert found() == Found.WHOLE
    call_command("seed_demo", "--accounts-file", str(file))
    with acting_as("system", "test"):
        assert User.objects.count() == before
    assert json.loads(file.read_text()) == accounts


def test_production_refuses_it(settings) -> None:
    settings.CLAIMFLOW_ENV = "production"
    with pytest.raises(CommandError, match="never written into a production database"):
        call_command("seed_demo")


def test_a_half_made_one_says_the_way_out() -> None:
    with acting_as("system", "test"):
        User.objects.create(email=people.STAFF[0].email, role="admin")
    with pytest.raises(CommandError, match="bin/demo reset"):
        call_command("seed_demo")
