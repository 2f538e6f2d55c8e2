from intelligence.models.ledger_entry import LedgerEntry
from intelligence.models.ledger_outcome import LedgerOutcome

__all__ = ["LedgerEntry", "LedgerOutcome"]
