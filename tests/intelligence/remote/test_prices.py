"""Costs are whole micro-dollars, rounded up, from a table that says where it comes from."""

import json
from pathlib import Path

import pytest

from intelligence.remote.prices import AROUND, LONGEST_ANSWER, Price, price_table, read_prices
from intelligence.remote.prompt import Prompt


def test_the_programs_own_table_is_readable_and_says_where_it_comes_from() -> None:
    table = price_table()
    assert table.version == "prices-1"
    assert len(table.where_from) > 80
    assert {adapter for adapter, _ in table.prices} == {"anthropic", "openai"}
    assert all(0 < price.input < price.output for price in table.prices.values())


def test_a_file_of_ones_own_stands_in_for_it(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    own = {
        "version": "own-1",
        "where_from": "ours",
        "prices": {"openai": {"house": {"input": 0, "output": 0}}},
    }
    file.write_text(json.dumps(own))
    price = price_table(str(file)).of("openai", "house")
    assert price is not None
    assert price.cost(10_000, 500) == 0
    assert price_table(str(file)).of("anthropic", "claude-haiku-4-5") is None


@pytest.mark.parametrize(
    ("tokens", "cost"), [((0, 0), 0), ((1, 0), 1), ((400, 40), 600), ((1_000_000, 0), 1_000_000)]
)
def test_a_cost_is_rounded_up(tokens: tuple[int, int], cost: int) -> None:
    assert Price(1_000_000, 5_000_000).cost(*tokens) == cost


def test_the_ceiling_counts_every_byte_as_a_token() -> None:
    prompt = Prompt("é", "abc")
    assert Price(1_000_000, 0).ceiling(prompt) == len(prompt.text.encode()) + AROUND
    assert Price(0, 1_000_000).ceiling(prompt) == LONGEST_ANSWER


@pytest.mark.parametrize("price", [-1, 1.5, True, "3"])
def test_a_price_is_a_whole_number(price: object) -> None:
    entry = {"input": price, "output": 1}
    with pytest.raises(ValueError, match="whole number"):
        read_prices({"version": "x", "where_from": "x", "prices": {"openai": {"m": entry}}})
