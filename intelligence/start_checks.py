"""What the remote model needs before a process serves: its package, its key, an address that may be trusted."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from claimflow.lib import start_checks
from intelligence.enums import RemoteAdapter
from intelligence.remote.prices import price_table
from intelligence.remote.switch import LONGEST_DEADLINE, LOOPBACK, missing_packages


@start_checks.also
def remote_model() -> Iterator[str]:
    """Nothing is asked of an installation that leaves it switched off, which is how it comes."""
    name = settings.REMOTE_MODEL
    if not name:
        return
    if name not in set(RemoteAdapter):
        yield f"REMOTE_MODEL must be empty or one of {', '.join(RemoteAdapter)}."
        return
    adapter = RemoteAdapter(name)
    if missing := missing_packages(adapter):
        yield (
            f"REMOTE_MODEL is {name}, but {' and '.join(missing)} is not installed. Run pip install --require-hashes"
            " -r requirements-remote.txt, or leave REMOTE_MODEL empty."
        )
    yield from _address(adapter)
    if not 0 < settings.REMOTE_MODEL_DEADLINE <= LONGEST_DEADLINE:
        yield f"REMOTE_MODEL_DEADLINE must be above 0 and at most {LONGEST_DEADLINE} seconds."
    try:
        price_table(settings.REMOTE_MODEL_PRICES)
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        yield f"REMOTE_MODEL_PRICES does not name a readable price table ({type(error).__name__})."


def _address(adapter: RemoteAdapter) -> Iterator[str]:
    """Health data without names is still sent under TLS only, and a key never in clear."""
    address = settings.REMOTE_MODEL_ADDRESS
    host = urlsplit(address).hostname or ""
    if adapter == RemoteAdapter.OPENAI and not host:
        yield "REMOTE_MODEL_ADDRESS must be set when REMOTE_MODEL is openai, for example https://api.openai.com/v1."
    elif address and urlsplit(address).scheme != "https" and host not in LOOPBACK:
        yield "REMOTE_MODEL_ADDRESS must begin with https:// unless it is on this machine."
    if not settings.REMOTE_MODEL_KEY and host not in LOOPBACK:
        yield "REMOTE_MODEL_KEY must be set when a remote model is switched on."
