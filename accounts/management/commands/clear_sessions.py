from typing import Any

from django.core.management.base import BaseCommand

from accounts.session_store import SessionStore


class Command(BaseCommand):
    help = "Remove the sessions that have ended. The worker does the same every night."

    def handle(self, *_args: Any, **_options: Any) -> None:
        SessionStore.clear_expired()
        self.stdout.write("Sessions that have ended were removed.")
