#!/usr/bin/env python
"""Django's command line. The command decides which database login it gets (claimflow/settings.py)."""

import os
import secrets
import sys

WITHOUT_SETTINGS = {"evaluate_priority"}
"""Commands for a fresh clone: they touch no database and seal nothing, so a key that nobody keeps will do."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimflow.settings")
    if sys.argv[1:2] and sys.argv[1] in WITHOUT_SETTINGS:
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
