"""The entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimflow.settings")
application = get_wsgi_application()

from claimflow.lib import start_checks  # noqa: E402 - the settings must stand first

start_checks.require()
