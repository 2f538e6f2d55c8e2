"""Whether a remote model may be asked at all, and through which adapter. The packages are imported here, when they are
needed and not before."""

from importlib.util import find_spec

from intelligence.enums import RemoteAdapter
from intelligence.remote.reply import Adapter

PACKAGES = {RemoteAdapter.ANTHROPIC: ("anthropic", "httpx2"), RemoteAdapter.OPENAI: ("httpx2",)}
LONGEST_DEADLINE = 5.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def missing_packages(adapter: RemoteAdapter) -> list[str]:
    """What an adapter needs and this installation does not have."""
    return [name for name in PACKAGES[adapter] if find_spec(name) is None]


def adapter_for(name: str, *, address: str, key: str, proxy: str = "") -> Adapter:
    """The adapter of that name. Raises ImportError when its package is not installed."""
    if name == RemoteAdapter.ANTHROPIC:
        from intelligence.remote.over_anthropic import OverAnthropic

        return OverAnthropic(address=address, key=key, proxy=proxy)
    from intelligence.remote.over_openai import OverOpenAi

    return OverOpenAi(address=address, key=key, proxy=proxy)
