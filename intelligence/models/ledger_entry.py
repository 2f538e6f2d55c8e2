from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified
from intelligence.enums import SuggestionKind
from intelligence.querysets import LedgerEntryQuerySet

HASH = r"^[0-9a-f]{64}$"


class LedgerEntry(Identified):
    """One suggestion, as it was made. Written once, by the system alone.

    It is about a claim, and then its payer's (``organization`` is ``payer``), or about a draft, and then its
    provider's and nobody's else. Claims stand above this app: their keys are plain here, and the claims app ties
    them to claim and rule set in the database. ``model`` and ``model_version`` say who suggested, ``rules_version``
    which rules it followed, ``rule_set_id`` which of the payer's own rules were in force.

    ``reasons`` are codes and ``contributions`` what each added, in the same order. ``facts_mac`` is HMAC-SHA256 over
    the facts as canonical JSON: the facts themselves are not kept, but whoever makes them anew from the claim can
    tell whether they are the same. ``latency`` is in microseconds, ``cost`` in millionths of a dollar. ``failure``
    is a code, empty for none. A shadow's suggestion was only compared, never used.
    """

    provider = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    payer = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        null=True,
        blank=True,
    )
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    claim_id = models.UUIDField(null=True, blank=True)
    draft_id = models.UUIDField(null=True, blank=True)
    rule_set_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=choices_of(SuggestionKind))
    answer = models.CharField(max_length=40)
    confidence = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    reasons = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    contributions = ArrayField(models.DecimalField(max_digits=7, decimal_places=2), default=list, blank=True)
    model = models.CharField(max_length=60)
    model_version = models.CharField(max_length=60)
    rules_version = models.CharField(max_length=40)
    facts_mac = models.CharField(max_length=64)
    prompt_mac = models.CharField(max_length=64, blank=True)
    answer_mac = models.CharField(max_length=64, blank=True)
    mac_key_id = models.SmallIntegerField()
    latency = models.PositiveIntegerField()
    cost = models.PositiveBigIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True)
    is_shadow = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("id", "organization"), name="intelligence_entry_key"),
            one_of("kind", SuggestionKind, name="intelligence_entry_kind"),
            models.CheckConstraint(
                condition=Q(
                    claim_id__isnull=False, draft_id=None, payer__isnull=False, organization=F("payer")
                )
                | Q(draft_id__isnull=False, claim_id=None, payer=None, organization=F("provider")),
                name="intelligence_entry_whose",
                violation_error_message=_(
                    "A suggestion is about a claim, and the payer's, or about a draft, and the provider's."
                ),
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=Decimal(0), confidence__lte=Decimal(1)),
                name="intelligence_entry_confidence",
                violation_error_message=_("A confidence lies between 0 and 1."),
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func(F("reasons"), function="cardinality", output_field=models.IntegerField()),
                    Func(F("contributions"), function="cardinality", output_field=models.IntegerField()),
                ),
                name="intelligence_entry_reasons",
                violation_error_message=_("Each reason has what it contributed."),
            ),
            models.CheckConstraint(
                condition=Q(facts_mac__regex=HASH)
                & (Q(prompt_mac="") | Q(prompt_mac__regex=HASH))
                & (Q(answer_mac="") | Q(answer_mac__regex=HASH)),
                name="intelligence_entry_macs",
                violation_error_message=_("A seal is 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                condition=Q(failure__regex=r"^[A-Za-z0-9_.]*$") & Q(answer__regex=r"^[A-Za-z0-9_.]+$"),
                name="intelligence_entry_codes",
                violation_error_message=_("Answers and failures are codes, never sentences."),
            ),
        ]
        indexes = [
            models.Index(fields=("organization", "claim_id", "made_at"), name="intelligence_entry_claim"),
            models.Index(fields=("organization", "kind", "made_at"), name="intelligence_entry_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.answer}"

    @property
    def because(self) -> list[tuple[str, Decimal]]:
        """Each reason's code with what it added, those for the answer first."""
        return list(zip(self.reasons, self.contributions, strict=True))
