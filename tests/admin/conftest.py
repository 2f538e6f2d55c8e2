"""The administrator at work, under row-level security, on real transactions."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.admin.world import fill
from tests.harness import truncate_tenants
from tests.signed_in import client_of, make_user

ROWS = 20


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Twenty rows of every model, for the tests of one module that change nothing."""
    from django.db import connection

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        fill(ROWS)
        yield
        connection.close()
        truncate_tenants()


@pytest.fixture
def administrator() -> Client:
    return client_of(make_user("admin", "Platform administrator"), is_fresh=True)
