from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.fields import MoneyField
from claimflow.lib.money import MAX_AMOUNT, ZERO
from claims.enums import UnitBasis
from claims.models.keys import ClaimChild, to_claim
from claims.querysets import BothSides
from codes.enums import CodeSystem
from members.models.constraints import in_order, npi

PROCEDURE_SYSTEMS = (CodeSystem.CPT, CodeSystem.HCPCS, CodeSystem.DEMO)
LETTERS = "ABCDEFGHIJKL"


class ServiceLine(ClaimChild):
    """One service: box 24 of the CMS-1500, loop 2400 of the 837. Written once, with its claim.

    ``modifiers`` keep their order, at most four; ``pointers`` are diagnosis letters, the first is the main
    reason.
    """

    claim = to_claim("lines")
    line_no = models.PositiveSmallIntegerField()
    procedure_system = models.CharField(
        max_length=5, choices=[(each.value, each.value) for each in PROCEDURE_SYSTEMS]
    )
    procedure_code = models.CharField(max_length=10)
    description = models.CharField(max_length=255, blank=True)
    modifiers = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    pointers = ArrayField(models.CharField(max_length=1))
    date_from = models.DateField()
    date_to = models.DateField()
    place_of_service = models.CharField(max_length=2)
    units = models.DecimalField(max_digits=9, decimal_places=3, default=Decimal("1.000"))
    unit_basis = models.CharField(max_length=2, choices=choices_of(UnitBasis), default=UnitBasis.UNIT)
    charge = MoneyField()
    rendering_npi = models.CharField(max_length=10, blank=True)
    revenue_code = models.CharField(max_length=4, blank=True)
    is_emergency = models.BooleanField(default=False)
    is_epsdt = models.BooleanField(default=False)
    authorization_number = phi.EncryptedTextField(
        label="service_line.authorization_number", max_length=50, null=True, blank=True
    )

    objects = BothSides.as_manager()

    class Meta:
        ordering = ("claim", "line_no")
        constraints = [
            models.UniqueConstraint(fields=("claim", "line_no"), name="claims_serviceline_once"),
            models.UniqueConstraint(fields=("id", "claim"), name="claims_serviceline_key"),
            models.CheckConstraint(
                condition=Q(line_no__gte=1) & Q(line_no__lte=999),
                name="claims_serviceline_number",
                violation_error_message=_("Lines count from 1."),
            ),
            models.CheckConstraint(
                condition=Q(procedure_system__in=[each.value for each in PROCEDURE_SYSTEMS])
                & ~Q(procedure_code=""),
                name="claims_serviceline_procedure",
                violation_error_message=_("Enter a procedure code."),
            ),
            models.CheckConstraint(
                condition=Q(modifiers__len__lte=4),
                name="claims_serviceline_modifiers",
                violation_error_message=_("A line has at most 4 modifiers."),
            ),
            models.CheckConstraint(
                condition=Q(pointers__len__gte=1)
                & Q(pointers__len__lte=4)
                & Q(pointers__contained_by=list(LETTERS)),
                name="claims_serviceline_pointers",
                violation_error_message=_("A line points to 1 to 4 diagnoses, by their letters A to L."),
            ),
            models.CheckConstraint(
                condition=Q(place_of_service__regex=r"^[0-9]{2}$"),
                name="claims_serviceline_place",
                violation_error_message=_("A place of service has two digits."),
            ),
            models.CheckConstraint(
                condition=Q(units__gt=0),
                name="claims_serviceline_units",
                violation_error_message=_("Units are above 0."),
            ),
            one_of("unit_basis", UnitBasis, name="claims_serviceline_unit_basis"),
            models.CheckConstraint(
                condition=Q(charge__gte=ZERO) & Q(charge__lte=MAX_AMOUNT),
                name="claims_serviceline_charge",
                violation_error_message=_("A charge is at least 0 and at most 99,999,999.99."),
            ),
            models.CheckConstraint(
                condition=Q(revenue_code="") | Q(revenue_code__regex=r"^[0-9]{4}$"),
                name="claims_serviceline_revenue_code",
                violation_error_message=_("A revenue code has four digits."),
            ),
            in_order("date_from", "date_to", name="claims_serviceline_dates"),
            npi("rendering_npi", name="claims_serviceline_rendering_npi"),
        ]

    def __str__(self) -> str:
        return f"Line {self.line_no}"
