from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.models import Identified, Timed
from codes.querysets import PlaceOfServiceQuerySet


class PlaceOfService(Identified, Timed):
    """A CMS place of service: the published number, our own words. ``is_facility``: Medicare's physician
    fee schedule pays the facility rate there (Medicare Claims Processing Manual, chapter 26, 10.5)."""

    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=100)
    is_facility = models.BooleanField()
    effective_from = models.DateField(
        null=True, blank=True, help_text=_("Empty: in force for longer than any claim reaches back.")
    )

    objects = PlaceOfServiceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("places of service")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[0-9]{2}$"), name="place_of_service_shape"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
