"""Cycles that the worker runs beside its queue."""

import threading

from claimflow.lib import jobs


def test_cycles_run_while_the_worker_does(monkeypatch):
    monkeypatch.setattr(jobs, "_loops", {})
    turns, stopped = threading.Event(), []

    @jobs.loop("test")
    def cycle(stop: threading.Event) -> None:
        while not stop.wait(0.001):
            turns.set()
        stopped.append(True)

    with jobs.running_loops():
        assert turns.wait(5)
        assert stopped == []
    assert stopped == [True]


def test_the_sealer_is_one_of_them():
    import audit.jobs  # noqa: F401

    assert "seal" in jobs._loops
