from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claimflow.lib import phi
from claimflow.lib.choices import choices_of, one_of
from claims.enums import ProposalState
from claims.models.keys import ChangingChild, to_claim, to_user
from claims.querysets import PayerSide


class Proposal(ChangingChild):
    """The payer's work on a claim that is not final (rulings 22 and 26): the decision form as one encrypted
    value, saved, waiting for a second look, returned with a comment, or decided. ``version`` guards two
    windows."""

    claim = to_claim("proposals")
    proposer = to_user()
    state = models.CharField(max_length=15, choices=choices_of(ProposalState), default=ProposalState.SAVED)
    version = models.PositiveIntegerField(default=1)
    content = phi.EncryptedJSONField(label="proposal.content")
    reviewer = to_user(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    comment = phi.EncryptedTextField(label="proposal.comment", max_length=4000, null=True, blank=True)

    objects = PayerSide.as_manager()

    class Meta:
        constraints = [
            one_of("state", ProposalState, name="claims_proposal_state"),
            models.UniqueConstraint(
                fields=("claim",),
                condition=~Q(state=ProposalState.DECIDED),
                name="claims_proposal_one_open",
                violation_error_message=_("There is already unfinished work on this claim."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.RETURNED)
                | Q(reviewer__isnull=False, reviewed_at__isnull=False, comment__isnull=False),
                name="claims_proposal_returned_why",
                violation_error_message=_("Returned work names who returned it, when and why."),
            ),
            models.CheckConstraint(
                condition=Q(reviewer=None) | ~Q(reviewer=models.F("proposer")),
                name="claims_proposal_second_person",
                violation_error_message=_("The second look is another person's."),
            ),
        ]
        indexes = [models.Index(fields=("payer", "state", "updated_at"), name="claims_proposal_list")]

    def __str__(self) -> str:
        return f"Proposal {self.pk}"
