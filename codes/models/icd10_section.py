from django.db import models

from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified
from codes.enums import SectionKind
from codes.models.code_release import CodeRelease


class Icd10Section(Identified):
    """A chapter or block of one release and the categories it spans, both ends included."""

    release = models.ForeignKey(
        CodeRelease, on_delete=models.PROTECT, related_name="sections", db_index=False
    )
    kind = models.CharField(max_length=10, choices=choices_of(SectionKind))
    code = models.CharField(max_length=10)
    title = models.CharField(max_length=255)
    first = models.CharField(max_length=3)
    last = models.CharField(max_length=3)
    chapter = models.CharField(max_length=2)
    position = models.PositiveIntegerField()
    notes = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["release", "position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "kind", "code"], name="icd10_section_once"),
            one_of("kind", SectionKind, name="icd10_section_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
