"""Fixtures that every room's tests may use. The database's are in tests/harness.py."""
