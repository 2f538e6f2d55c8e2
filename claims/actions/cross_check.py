"""Does the trail tell the same story as the claims? Asked by every verification (security.md section 5)."""

from collections.abc import Iterator

from django.db import connection

from audit.actions.findings import Finding
from audit.actions.verify import register

DIFFERENT = """
    SELECT claim.claim_number, claim.state, told.new_status, told.id, born.id
    FROM claims_claim AS claim
    LEFT JOIN LATERAL (
        SELECT event.id, event.new_status FROM audit.event AS event
        WHERE event.subject_kind = 'claim' AND event.subject_id = claim.id AND event.new_status IS NOT NULL
        ORDER BY event.chain_seq DESC LIMIT 1
    ) AS told ON true
    LEFT JOIN LATERAL (
        SELECT event.id FROM audit.event AS event
        WHERE event.subject_kind = 'claim' AND event.subject_id = claim.id AND event.action = 'claim_submitted'
        LIMIT 1
    ) AS born ON true
    WHERE told.new_status IS DISTINCT FROM claim.state OR born.id IS NULL
    ORDER BY claim.number_day, claim.number_n
    LIMIT 100
"""


@register("claims")
def states_as_told() -> Iterator[Finding]:
    """Every claim was submitted by an event, and its state is the one that its last event told."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT)
        rows = cursor.fetchall()
    for number, state, told, event, born in rows:
        if born is None:
            yield Finding("claims", f"{number} exists, but no event tells of its submission.")
        else:
            yield Finding(
                "claims", f"{number} is {state}, but the last event of its trail says {told}.", row=event
            )
