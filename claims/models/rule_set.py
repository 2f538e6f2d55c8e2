from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib.models import Identified, Timed
from claims.models.keys import to_user
from claims.querysets import RuleSetQuerySet


class RuleSet(Identified, Timed):
    """A version of a payer's rules (ruling 29): the public part, which providers read. The member id's shape
    and ``severities`` (finding code to the payer's own severity) are what ``claims.edits.PayerRules`` is
    filled from; ``content_hash`` is the SHA-256 of this part and the internal one."""

    payer = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    activated_by = to_user(null=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    filing_limit_days = models.PositiveSmallIntegerField(default=365)
    member_id_shortest = models.PositiveSmallIntegerField(default=1)
    member_id_longest = models.PositiveSmallIntegerField(default=50)
    member_id_hyphens = models.BooleanField(default=True)
    severities = models.JSONField(default=dict, blank=True)
    content_hash = models.CharField(max_length=64)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("payer", "version"), name="claims_ruleset_version_once"),
            models.UniqueConstraint(fields=("id", "payer"), name="claims_ruleset_key"),
            models.CheckConstraint(
                condition=Q(version__gte=1, filing_limit_days__gte=1, member_id_shortest__gte=1)
                & Q(member_id_longest__gte=models.F("member_id_shortest"), member_id_longest__lte=50),
                name="claims_ruleset_numbers",
                violation_error_message=_(
                    "Versions, days and lengths count from 1; a member id has at most 50 characters."
                ),
            ),
            models.CheckConstraint(
                condition=Q(activated_by=None, activated_at=None)
                | Q(activated_by__isnull=False, activated_at__isnull=False),
                name="claims_ruleset_activated_by_whom",
                violation_error_message=_("An active rule set names who activated it and when."),
            ),
            models.CheckConstraint(
                condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"),
                name="claims_ruleset_hash",
                violation_error_message=_("The content hash is 64 hexadecimal digits."),
            ),
        ]

    def __str__(self) -> str:
        return f"Rule set {self.version}"
