"""Django's session store over our own table: each access is a short step of kind ``login`` that may see the one row
whose key its token names (ruling 4). The cookie's value is random; the table keeps its SHA-256."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import RightGrant, Session, User
from claimflow.lib.db.context import acting_as

FRESH_FOR = timedelta(minutes=5)
PROVEN, FACTOR_PROVEN = "proven_at", "factor_proven_at"


def digest(cookie: str) -> str:
    """What the table knows a cookie by."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def digest_of_rights(permissions: Iterable[str]) -> str:
    """What a session remembers its person's permissions by."""
    return hashlib.sha256(" ".join(sorted(permissions)).encode()).hexdigest()


def session_of(request: HttpRequest) -> "SessionStore":
    """The session that the middleware put there."""
    return cast("SessionStore", request.session)


def _permissions(user_id: UUID | None) -> set[str]:
    grants = RightGrant.objects.filter(user_id=user_id).select_related("role") if user_id else ()
    return {name for grant in grants for name in grant.role.permissions}


class SessionStore(SessionBase):
    """``row`` holds the columns beside the data: user, organization, verified, address, agent, times. ``rights_moved``
    asks for a new key when the request is answered."""

    WITHOUT_FACTOR = "without_factor"

    if TYPE_CHECKING:  # Django's documented extension point, which its types leave out

        def _get_new_session_key(self) -> str: ...

        def _get_session(self, no_load: bool = False) -> dict[str, Any]: ...

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: dict[str, Any] = {}
        self.rights_moved = False

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def adopt(self, data: str, row: dict[str, Any], *, rights_moved: bool = False) -> None:
        """Take over what ``resolve_session`` found, so that reading the session asks nothing more."""
        self.row = row
        self.rights_moved = rights_moved
        self._session_cache = self.decode(data)

    def is_proven(self, user: User) -> bool:
        """Whether the second factor was proven, or none was asked for and still none is."""
        if not self.row.get("is_verified"):
            return False
        return not (self.get(self.WITHOUT_FACTOR) and user.safeguards.second_factor_required)

    def load(self) -> dict[str, Any]:
        """Only a session that the middleware resolved has data; anything else is new and empty."""
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        key = digest(session_key)
        with acting_as("login", subject=key):
            return Session.objects.filter(pk=key).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        key, now = digest(self.session_key), timezone.now()
        data = self.encode(self._get_session(no_load=must_create))
        try:
            with acting_as("login", subject=key, user=self.row.get("user_id")):
                if must_create:
                    columns = {
                        name: self.row.get(name)
                        for name in ("user_id", "organization_id", "is_verified", "address", "user_agent")
                    }
                    columns["is_verified"] = bool(columns["is_verified"])
                    columns["user_agent"] = columns["user_agent"] or ""
                    columns["rights_digest"] = digest_of_rights(_permissions(columns["user_id"]))
                    Session.objects.create(
                        session_key=key,
                        session_data=data,
                        expire_date=self.row.get("expire_date")
                        or now + timedelta(seconds=self.get_expiry_age()),
                        created_at=self.row.get("created_at") or now,
                        last_seen_at=now,
                        **columns,
                    )
                elif not Session.objects.filter(pk=key).update(session_data=data):
                    raise UpdateError
        except IntegrityError:
            raise CreateError from None

    def flush(self) -> None:
        """Forget everything: a session that began after this one is nobody's."""
        super().flush()
        self.row = {}

    def note_proof(self, *, with_factor: bool) -> None:
        """Remember that the session's person has just proven who they are: by a second factor, or by the password
        alone."""
        now = timezone.now().timestamp()
        self[PROVEN] = now
        if with_factor:
            self[FACTOR_PROVEN] = now

    def is_fresh(self, *, with_factor: bool = False) -> bool:
        """Whether the last proof is younger than five minutes; ``with_factor``: the last second factor."""
        proven = self.get(FACTOR_PROVEN if with_factor else PROVEN)
        if proven is None or not self.row.get("is_verified"):
            return False
        return timedelta() <= timezone.now() - datetime.fromtimestamp(proven, UTC) < FRESH_FOR

    def touch(self) -> None:
        """Move ``last_seen_at``: at most once a minute, and never for background requests."""
        if self.session_key is None:
            return
        key = digest(self.session_key)
        with acting_as("login", subject=key):
            Session.objects.filter(pk=key).update(last_seen_at=timezone.now())

    def delete(self, session_key: str | None = None) -> None:
        cookie = session_key or self.session_key
        if cookie is None:
            return
        key = digest(cookie)
        with acting_as("login", subject=key):
            Session.objects.filter(pk=key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        with acting_as("system", "clear_sessions"):
            Session.objects.filter(expire_date__lt=timezone.now()).delete()
