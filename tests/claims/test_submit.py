import pytest
from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claims.models import Claim, ClaimSnapshot
from tests.claims.cast import make_cast

pytestmark = pytest.mark.usefixtures("real_db")


def test_a_claim_is_made_received_and_numbered():
    cast = make_cast()
    made = cast.submit()
    with acting_as("provider", user=cast.biller, organization=cast.clinic):
        claim = Claim.objects.visible_to(cast.biller).get()
        assert claim == made
        assert (claim.state, claim.public_status, claim.turn, claim.clock) == (
            "received",
            "submitted",
            "payer",
            "running",
        )
        assert claim.claim_number.startswith("CLM-")
        print(claim.priority, claim.priority_reasons, claim.due_at - claim.received_at)
        assert ClaimSnapshot.objects.get().is_genuine()
        print([(e.action, e.kind, e.details) for e in Event.objects.about("claim", claim.pk)])
