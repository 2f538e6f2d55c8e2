from django.conf import settings
from django.db import models

from claimflow.lib import phi
from claimflow.lib.models import Identified, Timed


class OutgoingMail(Identified, Timed):
    """A mail that was promised in somebody's transaction and is sent after it. ``address`` and ``words`` are there
    only while it waits: both are wiped once it is out, or too old to be of use (no ``sent_at`` then).

    ``kind`` is a ``MailKind``; ``user`` is whom it is about, empty for a mailbox without an account. ``next_try_at``
    is empty once it rests.
    """

    kind = models.CharField(max_length=30)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address = phi.EncryptedTextField(label="accounts.outgoing_mail.address", max_length=254, null=True)
    words = phi.EncryptedJSONField(label="accounts.outgoing_mail.words", null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "outgoing mail", "outgoing mail"
        constraints = [
            # Not the words themselves: a new mail is a member of MailKind and a template, no change of the table.
            models.CheckConstraint(
                condition=models.Q(kind__regex="^[a-z_]+$"),
                name="outgoing_mail_kind_shape",
                violation_error_message="A kind of mail is a word in lower case.",
            ),
            models.CheckConstraint(
                condition=models.Q(next_try_at__isnull=False)
                | models.Q(address__isnull=True, words__isnull=True),
                name="outgoing_mail_wiped_at_rest",
                violation_error_message="A mail that is not sent any more keeps neither its address nor its words.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(next_try_at__isnull=False),
                name="outgoing_mail_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"
