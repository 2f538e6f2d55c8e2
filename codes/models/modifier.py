from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from codes.enums import CodeSystem
from codes.querysets import ModifierQuerySet


class Modifier(Identified, Timed):
    """A two-character modifier, in our own words. Pricing modifiers stand before informational ones on a
    line."""

    code = models.CharField(max_length=2, unique=True)
    description = models.CharField(max_length=200)
    system = models.CharField(max_length=10, choices=choices_of(CodeSystem))
    is_pricing = models.BooleanField(default=False, help_text=_("Changes what is paid."))

    objects = ModifierQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            one_of("system", CodeSystem, name="modifier_system_known"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z0-9]{2}$"), name="modifier_code_shape"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"
