"""Fresh proof: a view marked here opens when the session's person has proven within the last five minutes who they are
(ASVS 7.5.1, 7.5.3). The marks are the gate's; audit, a floor below, takes them from there.

    @needs_fresh_proof          a second factor, at the door or again, or the password again
    @needs_fresh_factor         a second factor alone (break-glass, export of health data)
    @saving_needs_fresh_proof   the same, but only when a form is sent: the page itself is there to look at

Put the mark outermost. Whoever has no such proof is sent to ``accounts:confirm`` and back.
"""

from claimflow.middleware.gate import needs_fresh_factor, needs_fresh_proof, saving_needs_fresh_proof

__all__ = ["needs_fresh_factor", "needs_fresh_proof", "saving_needs_fresh_proof"]
