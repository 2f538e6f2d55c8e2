"""Django's authentication backend: it only finds people. Coming in is accounts/actions/sign_in.py, which needs a
second factor; ``authenticate`` therefore admits nobody."""

import uuid
from typing import Any

from django.http import HttpRequest

from accounts.models import User


class EmailBackend:
    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        return None

    def get_user(self, user_id: uuid.UUID) -> User | None:
        return User.objects.filter(pk=user_id).first()
