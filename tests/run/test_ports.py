"""A port that is taken is said so, with the way out."""

import os
import socket
from collections.abc import Iterator

import pytest
from launch import ports
from launch.console import Trouble


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_free() -> None:
    port = ports.any_free()
    assert ports.is_free(port)
    assert not ports.answers(port)
    ports.require_free(port)


def test_a_port_in_use_names_its_holder_and_another_port(taken: int) -> None:
    assert not ports.is_free(taken)
    assert ports.answers(taken)
    with pytest.raises(Trouble) as caught:
        ports.require_free(taken)
    what, way_out = str(caught.value).splitlines()
    assert what.startswith(f"Port {taken} is in use by process {os.getpid()} (")
    proposed = int(way_out.rpartition(" ")[2])
    assert proposed != taken
    assert ports.is_free(proposed)


def test_a_port_on_every_address_is_in_use_as_well() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:  # noqa: S104
        assert not ports.is_free(server.getsockname()[1])


def test_without_proc_the_holder_stays_unnamed(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "PROC", ports.Path("/nonexistent"))
    with pytest.raises(Trouble, match=rf"^Port {taken} is in use\.\n"):
        ports.require_free(taken)


def test_a_port_for_root_alone_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_port: int) -> bool:
        raise PermissionError

    monkeypatch.setattr(ports, "is_free", refuse)
    with pytest.raises(Trouble, match="may not listen on port 80"):
        ports.require_free(80)
