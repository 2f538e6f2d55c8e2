from django.db import models

from claimflow.lib.choices import choices_of, one_of
from claims.enums import Severity, Stage
from claims.models.keys import ClaimChild, reference, to_claim
from claims.querysets import BothSides


class ClaimFinding(ClaimChild):
    """What an edit found: the code of a ``claims.edits`` finding, the form's field it stands at, and the
    values of its sentence, which presenters make anew. ``values`` holds codes, dates of service, amounts
    and limits, never names, ids or typed text."""

    claim = to_claim("findings")
    rule_set = reference("claims.RuleSet")
    stage = models.CharField(max_length=10, choices=choices_of(Stage))
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=7, choices=choices_of(Severity))
    field = models.CharField(max_length=60, blank=True)
    line_no = models.PositiveSmallIntegerField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)

    objects = BothSides.as_manager()

    class Meta:
        constraints = [
            one_of("stage", Stage, name="claims_claimfinding_stage"),
            one_of("severity", Severity, name="claims_claimfinding_severity"),
        ]
        indexes = [models.Index(fields=("claim", "stage"), name="claims_finding_claim")]

    def __str__(self) -> str:
        return f"{self.severity}: {self.code}"
