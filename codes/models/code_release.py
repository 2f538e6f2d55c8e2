from django.db import models
from django.utils.translation import gettext_lazy as _

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed
from codes.answers import fiscal_start, release_label
from codes.enums import CodeSystem, ReleaseStatus
from codes.querysets import CodeReleaseQuerySet


class CodeRelease(Identified, Timed):
    """One published edition of a code set, with all its codes. Rows of a release never change: a correction
    is another release. Counts are of codes and categories; ``added`` and so on compare with
    ``compared_to``."""

    number = models.PositiveSmallIntegerField(
        unique=True, help_text=_("Marks the release's codes in the search.")
    )
    system = models.CharField(max_length=10, choices=choices_of(CodeSystem), default=CodeSystem.ICD10CM.value)
    label = models.CharField(max_length=40)
    effective_from = models.DateField(help_text=_("The day from which the publisher lets it hold."))
    in_force_from = models.DateField(help_text=_("1 October of its fiscal year."))
    status = models.CharField(
        max_length=10, choices=choices_of(ReleaseStatus), default=ReleaseStatus.STAGED.value
    )
    source = models.CharField(max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    code_count = models.PositiveIntegerField()
    billable_count = models.PositiveIntegerField()
    compared_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    revised = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    samples = models.JSONField(
        default=dict, blank=True, help_text=_("The first codes of each kind of difference.")
    )
    notes_from = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("The release whose instructions and chapters it borrows, if any."),
    )
    staged_by = models.UUIDField(null=True, blank=True)
    loaded_at = models.DateTimeField(null=True, blank=True)
    loaded_by = models.UUIDField(null=True, blank=True)

    objects = CodeReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_from", "-number"]
        constraints = [
            one_of("system", CodeSystem, name="code_release_system_known"),
            one_of("status", ReleaseStatus, name="code_release_status_known"),
            models.UniqueConstraint(
                fields=["system", "effective_from"],
                condition=models.Q(status=ReleaseStatus.LOADED.value),
                name="code_release_one_loaded_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(in_force_from__lte=models.F("effective_from")),
                name="code_release_in_force_before_effective",
            ),
            models.CheckConstraint(
                condition=models.Q(status=ReleaseStatus.STAGED.value, loaded_at__isnull=True)
                | (~models.Q(status=ReleaseStatus.STAGED.value) & models.Q(loaded_at__isnull=False)),
                name="code_release_loaded_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="code_release_sha256_shape"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def date_it(self) -> None:
        """Derive label and first day in force from ``effective_from``."""
        self.label = release_label(self.effective_from)
        self.in_force_from = fiscal_start(self.effective_from)

    @property
    def lexeme(self) -> str:
        """The word that every code's search vector of this release holds. No token has an underscore."""
        return f"_{self.number}"
