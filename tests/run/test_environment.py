"""Each process gets what it needs and nothing that the terminal carried along."""

from pathlib import Path

import pytest
from launch import keys
from launch.console import Trouble
from launch.environment import URL_NAMES, Product
from launch.external import ExternalServer
from launch.places import Var


@pytest.fixture
def product(tmp_path: Path) -> Product:
    admin = "postgres://postgres:secret@127.0.0.1:5432/postgres"
    return Product(Var(tmp_path / "a b"), keys.fresh(), "127.0.0.1:5432", "claimflow", "claimflow_", admin)


def test_the_web_process_has_one_login_and_no_administrator(product: Product) -> None:
    given = product.environment("app")
    assert given["DATABASE_URL"].startswith("postgres://claimflow_app:")
    assert not {"ADMIN_DATABASE_URL", *URL_NAMES.values()} & given.keys() - {"DATABASE_URL"}


def test_only_the_bootstrap_sees_the_administrator(product: Product) -> None:
    given = product.environment(*URL_NAMES, administrator=True)
    assert given["ADMIN_DATABASE_URL"] == product.admin_url
    assert set(URL_NAMES.values()) <= given.keys()


def test_nothing_of_another_installation_leaks_in(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "MIGRATE_DATABASE_URL",
        "DB_HOST",
        "PGHOST",
        "DEBUG",
        "DJANGO_SETTINGS_MODULE",
        "SMTP_HOST",
        "EMAIL_URL",
    ):
        monkeypatch.setenv(name, "foreign")
    monkeypatch.setenv("CLAIMFLOW_ENV", "production")
    given = product.environment("app")
    assert "foreign" not in given.values()
    assert given["CLAIMFLOW_ENV"] == "demo"
    assert "PATH" in given


def test_the_options_of_the_administrators_url_hold_for_every_login(product: Product) -> None:
    secure = Product(product.var, product.secrets, "db.example:5433", "x", "x_", "", "sslmode=require")
    assert secure.url("worker").endswith("@db.example:5433/x?sslmode=require")


class TestExternalServer:
    def test_each_demonstration_has_names_of_its_own(self) -> None:
        server = ExternalServer("postgresql://root:pw@db.example/postgres?sslmode=require", "ab12cd34")
        assert server.address == "db.example:5432"
        assert server.query == "sslmode=require"
        assert (server.database, server.role_prefix) == ("claimflow_ab12cd34", "claimflow_ab12cd34_")

    def test_an_address_of_numbers_and_colons_gets_brackets(self) -> None:
        assert ExternalServer("postgres://u:p@[::1]:5555/x", "a").address == "[::1]:5555"

    @pytest.mark.parametrize(
        "url", ["", "localhost", "mysql://u@h/x", "postgres:///x", "postgres://h:port/x"]
    )
    def test_a_url_that_names_no_server_is_said_so(self, url: str) -> None:
        with pytest.raises(Trouble, match="does not name a server"):
            _ = ExternalServer(url, "a").address
