from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from claimflow.lib.models import Identified
from codes.formats import dotted_icd
from codes.models.code_release import CodeRelease
from codes.querysets import Icd10CodeQuerySet


class Icd10Code(Identified):
    """A category or code of one release of ICD-10-CM.

    ``code`` and ``parent`` are upper case without the point, under the collation C, so that the unique
    index also answers prefixes. ``position`` counts in the order of the tabular list, ``rank`` in the order
    in which a search shows codes: billable first, then the general before the special; rows are stored in
    that order too. ``search`` holds the words of the description with weight A, other names with B, and the release's
    own word, so that old releases cost a search nothing.
    """

    release = models.ForeignKey(CodeRelease, on_delete=models.PROTECT, related_name="codes", db_index=False)
    code = models.CharField(max_length=7, db_collation="C")
    description = models.CharField(max_length=400)
    billable = models.BooleanField()
    chapter = models.CharField(max_length=2, blank=True)
    block = models.CharField(max_length=7, blank=True)
    parent = models.CharField(max_length=7, blank=True, db_collation="C")
    position = models.PositiveIntegerField()
    rank = models.PositiveIntegerField()
    notes = models.JSONField(null=True, blank=True)
    search = SearchVectorField()

    objects = Icd10CodeQuerySet.as_manager()

    class Meta:
        verbose_name = "ICD-10-CM code"
        ordering = ["release", "code"]
        indexes = [
            models.Index(fields=["release", "parent", "code"], name="icd10_code_children"),
            models.Index(fields=["release", "rank"], name="icd10_code_rank"),
            # Loaded through its pending list (a third of the time), which codes_settle() empties at the end
            # of a load.
            GinIndex(fields=["search"], name="icd10_code_search"),
        ]
        constraints = [models.UniqueConstraint(fields=["release", "code"], name="icd10_code_once")]

    def __str__(self) -> str:
        return self.display

    @property
    def display(self) -> str:
        """With the point, as people read it."""
        return dotted_icd(self.code)
