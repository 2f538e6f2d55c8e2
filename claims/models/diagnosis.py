from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.keys import ClaimChild, to_claim
from claims.models.service_line import LETTERS
from claims.querysets import BothSides


class Diagnosis(ClaimChild):
    """One diagnosis of box 21: its letter, which lines point to, and its ICD-10-CM code."""

    claim = to_claim("diagnoses")
    letter = models.CharField(max_length=1)
    code = models.CharField(max_length=10)

    objects = BothSides.as_manager()

    class Meta:
        ordering = ("claim", "letter")
        verbose_name_plural = "diagnoses"
        constraints = [
            models.UniqueConstraint(fields=("claim", "letter"), name="claims_diagnosis_letter_once"),
            models.UniqueConstraint(
                fields=("claim", "code"),
                name="claims_diagnosis_code_once",
                violation_error_message=_("This diagnosis is already on the claim."),
            ),
            models.CheckConstraint(
                condition=Q(letter__in=list(LETTERS)),
                name="claims_diagnosis_letter",
                violation_error_message=_("Diagnoses are lettered A to L."),
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?$"),
                name="claims_diagnosis_code",
                violation_error_message=_("This is not the form of an ICD-10-CM code."),
            ),
        ]

    def __str__(self) -> str:
        return f"Diagnosis {self.letter}"
