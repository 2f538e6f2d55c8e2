from collections.abc import Iterator

import pytest

from tests.intelligence.remote.server import ModelServer, serving


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as made:
        yield made
