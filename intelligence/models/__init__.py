from intelligence.models.ledger_entry import LedgerEntry
from intelligence.models.ledger_outcome import LedgerOutcome
from intelligence.models.model_version import ModelVersion
from intelligence.models.remote_budget import RemoteBudget
from intelligence.models.remote_circuit import RemoteCircuit
from intelligence.models.remote_spending import RemoteSpending

__all__ = [
    "LedgerEntry",
    "LedgerOutcome",
    "ModelVersion",
    "RemoteBudget",
    "RemoteCircuit",
    "RemoteSpending",
]
