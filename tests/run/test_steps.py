"""The commands that make the demonstration are run when they are due, and only then."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from launch import keys, steps
from launch.console import Trouble
from launch.environment import Product
from launch.places import Var
from launch.processes import Records

ALL = ["db_bootstrap", "migrate", "load_icd10cm", "seed_demo", "collectstatic"]


@pytest.fixture
def product(tmp_path: Path) -> Product:
    var = Var(tmp_path / "var")
    var.prepare()
    return Product(
        var, keys.fresh(), "127.0.0.1:1", "claimflow", "claimflow_", "postgres://admin@127.0.0.1:1/postgres"
    )


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    checkout = tmp_path / "checkout"
    (checkout / "claims" / "migrations").mkdir(parents=True)
    (checkout / "requirements.txt").write_text("django\n")
    (checkout / "claims" / "migrations" / "0001_initial.py").write_text("")
    monkeypatch.setattr(steps, "CHECKOUT", checkout)
    return checkout


@pytest.fixture
def bring_up(product: Product, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Runs the steps against stand-ins for the commands; returns the names of those that were run."""

    def run(server: str = "embedded 1", fail: str = "") -> list[str]:
        done = []

        def command(_title: str, words: list[Any], *, env: dict[str, str], **_: Any) -> None:
            done.append(words[2])
            assert ("ADMIN_DATABASE_URL" in env) == (words[2] == "db_bootstrap")
            assert ("MIGRATE_DATABASE_URL" in env) == (words[2] in ("db_bootstrap", "migrate"))
            if words[2] == fail:
                raise Trouble(f"{fail} failed")
            if words[2] == "seed_demo":
                product.var.accounts.write_text(json.dumps([]))

        monkeypatch.setattr(steps, "run_step", command)
        try:
            steps.bring_up(product, Path("python"), server, Records(product.var.run))
        except Trouble:
            assert fail
        return done

    return run


def test_all_are_run_once(bring_up: Callable[..., list[str]], product: Product) -> None:
    assert bring_up() == ALL
    assert bring_up() == []
    assert product.var.accounts.stat().st_mode & 0o777 == 0o600


def test_a_new_migration_is_applied_and_nothing_else(
    bring_up: Callable[..., list[str]], checkout: Path
) -> None:
    bring_up()
    (checkout / "claims" / "migrations" / "0002_more.py").write_text("")
    assert bring_up() == ["migrate"]


@pytest.mark.parametrize(
    ("file", "run"),
    [
        ("audit/enums.py", ["migrate"]),  # the words of the trail are copied after every migrate
        ("engagement/jobs.py", ["migrate"]),
        ("accounts/roles.py", ["migrate"]),
        ("codes/icd10/tabular.py", ["load_icd10cm"]),
        ("codes/data/icd10/order.txt", ["load_icd10cm"]),
        ("codes/data/__pycache__/x.pyc", []),
        ("claims/views/home.py", []),
    ],
)
def test_what_a_step_puts_into_the_database_makes_it_due(
    bring_up: Callable[..., list[str]], checkout: Path, file: str, run: list[str]
) -> None:
    bring_up()
    (checkout / file).parent.mkdir(parents=True, exist_ok=True)
    (checkout / file).write_text("")
    assert bring_up() == run


def test_after_a_failure_it_goes_on_where_it_stopped(bring_up: Callable[..., list[str]]) -> None:
    assert bring_up(fail="load_icd10cm") == ALL[:3]
    assert bring_up() == ALL[2:]


def test_another_server_knows_nothing_yet(bring_up: Callable[..., list[str]]) -> None:
    bring_up()
    assert bring_up(server="embedded 2") == ALL


def test_without_its_accounts_the_seed_is_sown_again(
    bring_up: Callable[..., list[str]], product: Product
) -> None:
    bring_up()
    product.var.accounts.unlink()
    assert bring_up() == ["seed_demo"]


def test_a_damaged_note_means_that_nothing_is_known(
    bring_up: Callable[..., list[str]], product: Product
) -> None:
    bring_up()
    product.var.stamps.write_text("{")
    assert bring_up() == ALL
