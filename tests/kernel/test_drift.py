"""A database that is not what the migrations made of it is told so, table by table."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from claimflow.lib.db import drift
from claimflow.lib.db.context import acting_as
from tests.harness import admin_connection

pytestmark = pytest.mark.usefixtures("real_db")


def found() -> list[str]:
    with acting_as("system", "test"):
        return list(drift.faults())


@pytest.fixture
def admin() -> Iterator[psycopg.Connection]:
    with admin_connection(autocommit=True) as connection:
        yield connection


def test_a_migrated_database_has_no_faults() -> None:
    assert found() == []
    assert drift.expected().policies


WRONG = {
    "a column more": (
        "ALTER TABLE claims_hold ADD COLUMN spare text",
        "ALTER TABLE claims_hold DROP COLUMN spare",
        "claims_hold has a column spare that no model knows.",
    ),
    "a column less": (
        "ALTER TABLE claims_hold RENAME COLUMN resolved_at TO resolved",
        "ALTER TABLE claims_hold RENAME COLUMN resolved TO resolved_at",
        "claims_hold lacks the column resolved_at.",
    ),
    "another kind": (
        "ALTER TABLE accounts_organization ALTER COLUMN name TYPE varchar(300)",
        "ALTER TABLE accounts_organization ALTER COLUMN name TYPE varchar(255)",
        "accounts_organization.name is character varying(300) and should be character varying(255).",
    ),
    "a constraint less": (
        "ALTER TABLE accounts_role RENAME CONSTRAINT role_side_known TO other",
        "ALTER TABLE accounts_role RENAME CONSTRAINT other TO role_side_known",
        "accounts_role lacks role_side_known, which the model accounts.Role declares.",
    ),
    "security off": (
        "ALTER TABLE claims_claim DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE claims_claim ENABLE ROW LEVEL SECURITY",
        "Row-level security of claims_claim is off: whoever may select sees every organization's rows.",
    ),
    "security not forced": (
        "ALTER TABLE claims_claim NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE claims_claim FORCE ROW LEVEL SECURITY",
        "Row-level security of claims_claim does not hold its owner.",
    ),
    "the trail's security off": (
        "ALTER TABLE audit.access DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE audit.access ENABLE ROW LEVEL SECURITY",
        "Row-level security of audit.access is off: whoever may select sees every organization's rows.",
    ),
    "a policy gone": (
        "ALTER POLICY claims_claim_payer_select ON claims_claim RENAME TO hidden",
        "ALTER POLICY hidden ON claims_claim RENAME TO claims_claim_payer_select",
        "The policy claims_claim_payer_select is gone.",
    ),
    "a policy added": (
        "CREATE POLICY everybody ON claims_claim USING (true)",
        "DROP POLICY everybody ON claims_claim",
        "The policy everybody was made by no migration.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_difference_is_named(admin: psycopg.Connection, name: str) -> None:
    change, back, sentence = WRONG[name]
    admin.execute(change)  # type: ignore[call-overload]  # a constant
    try:
        assert sentence in found()
    finally:
        admin.execute(back)  # type: ignore[call-overload]  # a constant


def test_the_command_says_all_is_well_or_what_is_not(
    admin: psycopg.Connection, settings: Any, tmp_path: Path
) -> None:
    settings.AUDIT_COPY_DIR = str(tmp_path)
    out, wrong = io.StringIO(), io.StringIO()
    call_command("check_database", stdout=out, stderr=wrong)
    assert out.getvalue().splitlines()[-1] == "All is well."
    assert wrong.getvalue() == ""
    admin.execute("CREATE POLICY everybody ON claims_claim USING (true)")
    try:
        with pytest.raises(CommandError, match="1 things are wrong"):
            call_command("check_database", "--without-trail", stdout=out, stderr=wrong)
    finally:
        admin.execute("DROP POLICY everybody ON claims_claim")
    assert "The policy everybody was made by no migration." in wrong.getvalue()
