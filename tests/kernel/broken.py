"""Pages that fail in the database with somebody's data in the message, for tests/kernel/test_logs.py."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from claimflow.urls import *  # noqa: F403 - the handlers of errors as well
from claimflow.urls import urlpatterns as real

STATEMENTS = {
    "constraint": "INSERT INTO accounts_user (id, email) VALUES (NULL, 'Quillfeather@example.com')",
    "value": "SELECT 'Quillfeather 900001234'::date",
    "timeout": "SET LOCAL statement_timeout = 10; SELECT pg_sleep(1), 'Quillfeather'",
    "python": "",
}


def fail(request: HttpRequest, how: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS[how] or f"SELECT {int('Quillfeather')}")
    return HttpResponse()


urlpatterns = [path("broken/<str:how>/", fail), *real]
