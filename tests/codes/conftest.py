"""The cast of the code sets' tests, and order files of our own (wording in the public domain)."""

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import RightGrant, Role
from claimflow.lib.db.context import acting_as
from codes.icd10.order_file import read_order_file
from codes.icd10.rows import CodeFile
from tests.harness import admin_connection
from tests.signed_in import client_of, make_organization, make_user

LINES = [
    (0, "E11", "Type 2 diabetes mellitus"),
    (0, "E116", "Type 2 diabetes mellitus with other specified complications"),
    (1, "E1165", "Type 2 diabetes mellitus with hyperglycemia"),
    (1, "E119", "Type 2 diabetes mellitus without complications"),
    (0, "I10", "Essential (primary) hypertension"),
    (0, "S72", "Fracture of femur"),
    (0, "S720", "Fracture of head and neck of femur"),
    (1, "S72001A", "Fracture of unspecified part of neck of right femur, initial encounter"),
    (0, "T07", "Unspecified multiple injuries"),
    (1, "T07XXXA", "Unspecified multiple injuries, initial encounter"),
]


def order_line(number: int, flag: int, code: str, long: str) -> str:
    return f"{number:05d} {code:<7} {flag} {long[:60]:<60} {long}"


def order_bytes(lines: list[tuple[int, str, str]] = LINES) -> bytes:
    return "\r\n".join(order_line(n, *line) for n, line in enumerate(lines, start=1)).encode() + b"\r\n"


def order_file(lines: list[tuple[int, str, str]] = LINES) -> CodeFile:
    return read_order_file(order_bytes(lines), source="ours.txt")


@pytest.fixture
def codes_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """For tests that only read code sets: real transactions, nothing to clean up."""
    from django.db import connection

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        connection.close()


@pytest.fixture
def biller(real_db: None) -> Client:
    return client_of(make_user("provider", "Biller", organization=make_organization("provider")))


@pytest.fixture
def administrator(real_db: None) -> Client:
    user = make_user("admin")
    with acting_as("system", "test"):
        RightGrant.objects.create(user=user, role=Role.objects.get(name="Platform administrator"))
    return client_of(user)


@pytest.fixture
def empty_shelf(real_db: None) -> Iterator[None]:
    """No release answers; what a test stages and loads is gone afterwards."""
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE codes_coderelease SET status = 'replaced'")
        kept = admin.execute("SELECT id FROM codes_coderelease").fetchall()
        yield
        for table in ("icd10code", "icd10section", "icd10word"):
            admin.execute(
                f"DELETE FROM codes_{table} WHERE release_id <> ALL(%s)", [[row[0] for row in kept]]
            )
        admin.execute("DELETE FROM codes_coderelease WHERE id <> ALL(%s)", [[row[0] for row in kept]])
        admin.execute("UPDATE codes_coderelease SET status = 'loaded'")
