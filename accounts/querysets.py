"""Rows of accounts that pages pick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Alert  # noqa: F401


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: Any) -> Self:
        """An organization's people see its own; the platform's, who have no organization, see all."""
        return self if user.organization_id is None else self.filter(organization_id=user.organization_id)

    def unsettled(self) -> Self:
        return self.exclude(state="resolved")
