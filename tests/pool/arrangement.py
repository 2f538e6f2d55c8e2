"""A program that serves many mixed requests at once from one process and prints what each caller saw.

Run as a process of its own, because pooling is decided when Django's settings load. ``CLAIMFLOW_ENV`` and the database
come from the environment. Prints one JSON object.

Each caller asks for the names in ``accounts_user``: a tenant must see its own, anonymous nothing. Some raise inside the
transaction, some have their backend killed, some leave a token at session level behind, as careless code would.
"""

import json
import os
import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimflow.settings")
django.setup()

import psycopg  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402

from accounts.models import User  # noqa: E402
from claimflow.lib.db.context import Actor, acting_as, sign  # noqa: E402
from claimflow.lib.db.roles import role  # noqa: E402

PROVIDERS: list[str] = json.loads(sys.argv[1])
REQUESTS, THREADS = int(sys.argv[2]), int(sys.argv[3])


class Trouble(Exception):
    """What a view may raise."""


def tenant(organization: str) -> str:
    with acting_as("provider", organization=organization):
        found = {str(user.organization_id) for user in User.objects.all()}
    return "own" if found == {organization} else f"tenant saw {found or 'nothing'}"


def anonymous(_: str) -> str:
    try:
        with acting_as("anonymous"):
            return "anonymous saw rows" if User.objects.count() else "nothing"
    except DatabaseError:
        return "nothing"


def careless(organization: str) -> str:
    """Sets a token for the session, not the transaction: pools hand the connection on with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        token = sign(Actor("provider", organization_id=organization), backend_pid=cursor.fetchone()[0])
        cursor.execute("SELECT set_config('claimflow.context', %s, false)", [token])
    return "poisoned"


def failing(organization: str) -> str:
    try:
        with acting_as("provider", organization=organization):
            User.objects.count()
            raise Trouble
    except Trouble:
        return "raised"


def killed(organization: str) -> str:
    """The server ends this backend in the middle of a transaction."""
    try:
        with acting_as("provider", organization=organization):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (pid,) = cursor.fetchone()
            with psycopg.connect(os.environ["KILLER_URL"], autocommit=True) as killer:
                killer.execute("SELECT pg_terminate_backend(%s)", [pid])
            User.objects.count()
    except DatabaseError:
        return "cut off"
    return "survived"


def leftover(_: str) -> str:
    """What a connection carries when a request begins: no role, whatever token."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (name,) = cursor.fetchone()
    return "bare" if name == role("app") else f"began as {name}"


def serve(number: int) -> str:
    chance = random.Random(number)
    kinds = [tenant] * 12 + [anonymous] * 6 + [leftover] * 2 + [careless] * 2 + [failing] * 2 + [killed]
    ask = chance.choice(kinds)
    try:
        return f"{ask.__name__}: {ask(chance.choice(PROVIDERS))}"
    finally:
        connection.close()


with ThreadPoolExecutor(THREADS) as pool:
    print(json.dumps(Counter(pool.map(serve, range(REQUESTS)))))
