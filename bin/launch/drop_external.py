"""`drop_external.py DATABASE PREFIX`: removes both from the server that ADMIN_DATABASE_URL names.

Run by the environment's Python, which has a PostgreSQL driver; the launcher itself has none (external.py).
"""

import os
import sys

import psycopg
from psycopg import sql


def main() -> None:
    database, prefix = sys.argv[1:]
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )
        roles = connection.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [prefix]
        ).fetchall()
        for (role,) in roles:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


if __name__ == "__main__":
    main()
