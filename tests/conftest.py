"""Fixtures that every room's tests may use; the database's are made in tests/harness.py."""

import pytest

from tests.harness import django_db_setup, real_db

__all__ = ["django_db_setup", "real_db"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser first: one worker takes its long tests one after the other, and none is left for the end."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
