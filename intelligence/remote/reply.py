"""What comes back from a remote model, whatever its protocol: a text with its tokens, or trouble with a name."""

from dataclasses import dataclass
from typing import Any, Protocol

from intelligence.enums import RemoteFailure
from intelligence.remote.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer's text, not yet read. Tokens are None when the service did not count them."""

    text: str
    input_tokens: int | None
    output_tokens: int | None


class Trouble(Exception):
    """No reply. `again` says whether one more attempt has a chance, `after` how many seconds the service asked to
    wait, `billed` whether the service may have worked, and so charges, for it."""

    def __init__(
        self, failure: RemoteFailure, *, again: bool = False, after: float = 0.0, billed: bool = False
    ) -> None:
        super().__init__(failure.value)
        self.failure, self.again, self.after, self.billed = failure, again, after, billed


MOST_TOKENS = 10_000_000
"""What says more than this of one short question does not count tokens."""


class Adapter(Protocol):
    """One protocol. `ask` makes one attempt, raises Trouble and no other exception, and may be cancelled at any
    moment."""

    async def ask(self, prompt: Prompt, *, model: str) -> Reply: ...


def trouble_of_status(status: int, retry_after: str | None) -> Trouble:
    """What an HTTP status other than 200 means; the body is not looked at."""
    if status == 429:
        return Trouble(RemoteFailure.OVER_QUOTA, again=True, after=_seconds(retry_after))
    if status >= 500:
        return Trouble(RemoteFailure.SERVER_ERROR, again=True, after=_seconds(retry_after))
    return Trouble(RemoteFailure.REFUSED)


def anthropic_reply(body: Any) -> Reply:
    """Read a message of Anthropic's Messages API: the one block of text. Raises Trouble."""
    try:
        (text,) = (block["text"] for block in body["content"] if block["type"] == "text")
        used = body["usage"]
        told = [
            used["input_tokens"],
            used.get("cache_creation_input_tokens"),
            used.get("cache_read_input_tokens"),
        ]
        return Reply(_text(text), _total(told), _total([used["output_tokens"]]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Trouble(RemoteFailure.WRONG_PROTOCOL, billed=True) from error


def openai_reply(body: Any) -> Reply:
    """Read a chat completion: the first choice. Services that count no tokens are understood. Raises Trouble."""
    try:
        text = _text(body["choices"][0]["message"]["content"])
        used = body.get("usage") or {}
        return Reply(text, _total([used.get("prompt_tokens")]), _total([used.get("completion_tokens")]))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Trouble(RemoteFailure.WRONG_PROTOCOL, billed=True) from error


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("no text")
    return told


def _total(told: list[Any]) -> int | None:
    """The sum of counts; None when the first is not told. Raises ValueError for what is no count."""
    if told[0] is None:
        return None
    counts = [count or 0 for count in told]
    if any(
        isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_TOKENS
        for count in counts
    ):
        raise ValueError("no count")
    return sum(counts)


def _seconds(text: str | None) -> float:
    """Retry-After in seconds; a date, or nonsense, counts as none."""
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        return 0.0
