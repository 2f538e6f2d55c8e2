"""Tenant scope: the first word of every query (style.md, habit 7)."""

from typing import Any, ClassVar, Self

from django.db import models

from claimflow.lib.phi import encrypted_fields


class TenantQuerySet(models.QuerySet[Any]):
    """A queryset that knows which column holds each side's organization.

    ``sides`` maps a user's kind to that column; ``open_to`` names kinds that see every row. An administrator
    sees every row without the encrypted columns (ruling 8: they are not granted). Everybody else sees
    nothing.
    """

    sides: ClassVar[dict[str, str]] = {}
    open_to: ClassVar[frozenset[str]] = frozenset()

    def visible_to(self, user: Any) -> Self:
        """The rows that ``user`` may see. The column stands in the query as well as in the policy, so that
        the tenant is part of the index condition."""
        if user.kind == "admin":
            return self.without_sealed()
        if user.kind in self.open_to:
            return self.all()
        column = self.sides.get(user.kind)
        if column is None or user.organization_id is None:
            return self.none()
        return self.filter(**{column: user.organization_id})

    def without_sealed(self) -> Self:
        """Leave the encrypted columns out of the SELECT, as the kind ``admin`` must."""
        return self.defer(*(field.name for field in encrypted_fields(self.model)))
