"""What a call costs, in micro-dollars (a millionth of a dollar, a whole number): a table kept as data with its version
and source, `intelligence/data/prices-1.json` or a file of the installation's own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from intelligence.enums import RemoteAdapter
from intelligence.remote.prompt import Prompt

PATH = Path(__file__).resolve().parent.parent / "data" / "prices-1.json"
MILLION = 1_000_000
LONGEST_ANSWER = 300
"""Tokens that an answer may have; the three keys need fewer than a hundred."""
AROUND = 1_000
"""Tokens that a protocol adds around a prompt, at most: roles, the schema in the service's own words."""


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-dollars per million tokens in and out."""

    input: int
    output: int

    def cost(self, input_tokens: int, output_tokens: int) -> int:
        """Micro-dollars, rounded up."""
        return -(-(input_tokens * self.input + output_tokens * self.output) // MILLION)

    def ceiling(self, prompt: Prompt) -> int:
        """The most that one attempt can cost: no token is shorter than a byte, and the answer's length is limited."""
        return self.cost(len(prompt.text.encode()) + AROUND, LONGEST_ANSWER)


@dataclass(frozen=True, slots=True)
class PriceTable:
    version: str
    where_from: str
    prices: Mapping[tuple[RemoteAdapter, str], Price]

    def of(self, adapter: str, model: str) -> Price | None:
        """None for a model without a price: it is not asked."""
        return self.prices.get((RemoteAdapter(adapter), model))


def read_prices(content: Mapping[str, Any]) -> PriceTable:
    """Return the table of a JSON file. Raises KeyError, TypeError or ValueError when it is none."""
    prices = {
        (RemoteAdapter(adapter), model): Price(_whole(entry["input"]), _whole(entry["output"]))
        for adapter, models in content["prices"].items()
        for model, entry in models.items()
    }
    return PriceTable(str(content["version"]), str(content["where_from"]), prices)


@lru_cache(maxsize=4)
def price_table(path: str = "") -> PriceTable:
    """The table of a file, the program's own without one; read once in the life of a process."""
    return read_prices(json.loads(Path(path or PATH).read_text(encoding="utf-8")))


def _whole(told: Any) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or told < 0:
        raise ValueError("a price is a whole number of micro-dollars, 0 or more")
    return told
