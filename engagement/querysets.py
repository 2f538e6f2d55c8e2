"""Who reads which notices."""

from typing import Any, Self

from claimflow.lib.querysets import TenantQuerySet


class NoticeQuerySet(TenantQuerySet):
    """A notice is its organization's; every colleague who works with claims reads it."""

    sides = {"provider": "organization_id", "payer": "organization_id"}

    def unread_by(self, user: Any) -> Self:
        return self.visible_to(user).exclude(readings__user=user)
