"""docs/data-dictionary.md says what the tables are: every column, what is encrypted, the client's names."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from claimflow.lib.phi import encrypted_fields

PAPER = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"
OURS = ("accounts", "codes", "intelligence", "members", "claims", "audit", "engagement", "kernel")
CLIENTS = {
    "providers": "name npi city state phone email",
    "payers": "name payer_code city state phone email",
    "users": "email password_hash role provider_id payer_id first_name last_name is_active is_first_login last_login",
    "claims": "id claim_number provider_id submitted_by_user_id status priority patient_first_name patient_last_name"
    " patient_dob patient_member_id cpt_code icd10_code service_date billed_amount approved_amount"
    " denial_reason_code denial_explanation adjudication_notes adjudicated_by_user_id adjudicated_at submitted_at"
    " created_at updated_at",
    "audit_log": "id claim_id user_id action old_status new_status details created_at",
    "session": "sid sess expire",
}


def paper() -> dict[str, dict[str, tuple[str, str]]]:
    """Table to column to (kept, meaning)."""
    tables: dict[str, dict[str, tuple[str, str]]] = {}
    for line in PAPER.read_text().splitlines():
        if heading := re.match(r"### `([a-z0-9_.]+)`", line):
            columns = tables.setdefault(heading[1], {})
        elif row := re.match(r"\| `([a-z0-9_]+)` \| ([a-z ]+) \| (.+?) \| .*\|$", line):
            columns[row[1]] = (row[2], row[3])
    return tables


def our_models() -> list[type[models.Model]]:
    return [model for app in OURS for model in apps.get_app_config(app).get_models() if not model._meta.proxy]


def table_of(model: type[models.Model]) -> str:
    return model._meta.db_table.replace('"."', ".")


def test_every_table_is_listed_and_no_other() -> None:
    assert set(paper()) == {table_of(model) for model in our_models()}


@pytest.mark.parametrize("model", our_models(), ids=table_of)
def test_every_column_is_listed_with_how_it_is_kept(model: type[models.Model]) -> None:
    listed = paper()[table_of(model)]
    assert set(listed) == {field.column for field in model._meta.concrete_fields}
    encrypted = {field.column for field in encrypted_fields(model)}
    assert {column for column, (kept, _) in listed.items() if kept == "encrypted"} == encrypted
    blind = {column for column in listed if column.endswith("bidx")}
    assert {column for column, (kept, _) in listed.items() if kept == "keyed hash"} == blind


@pytest.mark.parametrize("table", CLIENTS)
def test_every_name_of_the_clients_document_is_mapped(table: str) -> None:
    text = PAPER.read_text()
    for column in CLIENTS[table].split():
        assert re.search(rf"\b{table}\.{column}\b", text), f"{table}.{column}"
