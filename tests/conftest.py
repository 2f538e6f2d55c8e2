"""Fixtures that every room's tests may use; the database's are made in tests/harness.py."""

from tests.harness import django_db_setup, real_db

__all__ = ["django_db_setup", "real_db"]
