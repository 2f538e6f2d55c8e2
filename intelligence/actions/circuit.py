"""The circuit breaker: a service that fails again and again is left alone for a while.

One row for each adapter, because the worker may be several processes and each would otherwise find out for itself,
five deadlines long, and again after every restart. Call these in the system's context; the row is held for moments.
"""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from intelligence.models import RemoteCircuit

FAILURES = 5
"""In a row, before nobody asks any more."""
OPEN = timedelta(seconds=60)
log = logging.getLogger(__name__)


def may_ask(*, adapter: str, at: datetime | None = None) -> bool:
    """Whether the service is to be asked. After a pause the first who asks here tries it, and the others wait on."""
    moment = at or timezone.now()
    circuit = _circuit(adapter)
    if circuit.open_until is None:
        return True
    if circuit.open_until > moment:
        return False
    circuit.open_until = moment + OPEN
    circuit.touch("open_until")
    return True


def report(*, adapter: str, reached: bool, at: datetime | None = None) -> None:
    """Tell how a call ended: a service that answered, whatever it said, is asked again."""
    circuit = _circuit(adapter)
    if reached:
        if circuit.failures or circuit.open_until:
            circuit.failures, circuit.open_until = 0, None
            circuit.touch("failures", "open_until")
        return
    circuit.failures += 1
    if circuit.failures >= FAILURES:
        circuit.open_until = (at or timezone.now()) + OPEN
        log.warning(
            "The remote model failed %d times in a row; nobody asks it for a minute.", circuit.failures
        )
    circuit.touch("failures", "open_until")


def _circuit(adapter: str) -> RemoteCircuit:
    circuit: RemoteCircuit = RemoteCircuit.objects.select_for_update().get_or_create(adapter=adapter)[0]
    return circuit
