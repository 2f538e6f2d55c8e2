from django.contrib.postgres.indexes import GinIndex
from django.db import models

from claimflow.lib.models import Identified
from codes.models.code_release import CodeRelease


class Icd10Word(Identified):
    """A word of a release's descriptions and the number of codes that use it: what misspellings are mended
    with."""

    release = models.ForeignKey(CodeRelease, on_delete=models.PROTECT, related_name="words", db_index=False)
    word = models.CharField(max_length=60, db_collation="C")
    uses = models.PositiveIntegerField()

    class Meta:
        verbose_name = "ICD-10-CM word"
        ordering = ["release", "word"]
        indexes = [GinIndex(fields=["word"], name="icd10_word_trigrams", opclasses=["gin_trgm_ops"])]
        constraints = [models.UniqueConstraint(fields=["release", "word"], name="icd10_word_once")]

    def __str__(self) -> str:
        return self.word
