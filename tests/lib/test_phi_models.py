"""Every encrypted model of the house can be rekeyed and checked: rights, declarations, labels."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command

from claimflow.lib import phi
from claimflow.lib.phi.blind import declarations
from claimflow.lib.phi.fields import check_keys_and_labels
from claimflow.lib.phi.rekey import count_stale, encrypted_models, rekey


def test_labels_are_unique_and_keys_work():
    assert check_keys_and_labels() == []
    for model in encrypted_models():
        for field in phi.encrypted_fields(model):
            assert [error for error in field.check() if error.id and error.id.startswith("phi.")] == []


@pytest.mark.parametrize("model", encrypted_models(), ids=lambda model: model._meta.label)
def test_the_system_may_rekey(real_db, model):
    """SELECT, row locks and UPDATE of the ciphertexts for the purpose `rekey` (ruling 34)."""
    list(rekey(model, batch=10))
    assert count_stale(model) == 0


def test_indexes_are_declared():
    """A model with blind indexes says how they are made, or exchanging the index key would lose its rows."""
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        if "bi_key_id" not in names or not model._meta.managed:
            continue
        declared = declarations(model)
        assert declared, model
        assert {indexed.column for indexed in declared} == {
            name for name in names if name.endswith("_bidx")
        }, model
        for indexed in declared:
            assert names >= {indexed.column}
            assert all(hasattr(model, part) for part in (indexed.organization, *indexed.parts)), indexed


def test_the_commands_run_over_the_house(real_db):
    out = io.StringIO()
    call_command("phi_check", "--all", stdout=out)
    call_command("phi_rekey", stdout=out)
    for model in encrypted_models():
        assert out.getvalue().count(f"{model._meta.label}: ") == 2
