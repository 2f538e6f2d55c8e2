from django.conf import settings
from django.db import models

from accounts.enums import KeptBecause
from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed


class KeptForm(Identified, Timed):
    """What somebody had typed when their session ended or a fresh proof was missing: encrypted, theirs alone, shown
    once on ``page`` and gone after ``until``.

    ``content`` is ``{"fields": "a=1&b=2", "is_whole": true}``; not whole: a file or a password was left out.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=500)
    because = models.CharField(max_length=20, choices=choices_of(KeptBecause))
    content = phi.EncryptedJSONField(label="accounts.kept_form.content")
    until = models.DateTimeField()

    class Meta:
        constraints = [one_of("because", KeptBecause, name="kept_form_because_known")]
        indexes = [models.Index(fields=["until"], name="kept_form_until")]

    def __str__(self) -> str:
        return f"Form kept for {self.user_id}"
