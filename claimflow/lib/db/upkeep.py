"""New statistics after many rows came at once, so that the next query is planned for them."""

from django.db import connection


def analyze(*tables: str) -> None:
    """Analyze these tables, in the system's context and transaction; for whoever has just filled them. Raises
    ``IntegrityError`` for a table that is not on the list of ``ops.analyze``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ops.analyze(%s::text[])", [list(tables)])
