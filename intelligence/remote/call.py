"""One call to a remote model, from the first byte out to the last byte in, within one deadline.

The deadline holds for the whole: looking up the address, connecting, TLS, sending, waiting, reading, the pause and the
second attempt. Timeouts of an HTTP library are not enough, because they begin anew with every byte: a server that
trickles would never meet one. So the call runs as a task in an event loop of its own, in a thread of its own, and is
cancelled when its time is up; nobody waits for more than the deadline and `GRACE`.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace

from intelligence.enums import RemoteFailure
from intelligence.remote.answer import Answer, Unfit, read_answer
from intelligence.remote.prompt import Prompt
from intelligence.remote.reply import Adapter, Reply, Trouble

log = logging.getLogger(__name__)
GRACE = 0.2
"""Seconds in which a cancelled call may close its connection."""
ATTEMPTS = 2
PAUSE = 0.05
"""Seconds before the second attempt, unless the service names more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call: an answer, or a failure. `text` is what came back, read or not, to be sealed.

    `tokens` are (in, out) as far as the service counted them; `uncounted` is how many attempts it may charge for
    without having said so. `reached` says whether the service works, whatever it answered.
    """

    answer: Answer | None = None
    failure: RemoteFailure | None = None
    text: str = ""
    seconds: float = 0.0
    attempts: int = 0
    tokens: tuple[int, int] = (0, 0)
    uncounted: int = 0

    @property
    def reached(self) -> bool:
        return self.failure in (None, RemoteFailure.WRONG_ANSWER, RemoteFailure.WRONG_PROTOCOL)


class _Attempts:
    """What is known of a call while it runs."""

    def __init__(self) -> None:
        self.made = self.uncounted = 0


def call(adapter: Adapter, prompt: Prompt, *, model: str, deadline: float) -> Outcome:
    """Ask, once more if the first attempt failed in a way that may pass, and read the answer. `deadline` in
    seconds. Never raises for what the other side does."""
    began, attempts = time.monotonic(), _Attempts()
    try:
        reply = _within(deadline, lambda: _twice(adapter, prompt, model, attempts, began + deadline))
        outcome = _read(reply)
    except Trouble as trouble:
        outcome = Outcome(failure=trouble.failure)
    except TimeoutError:
        attempts.uncounted += 1
        outcome = Outcome(failure=RemoteFailure.DEADLINE)
    except (
        Exception
    ) as error:  # a fault of an adapter or its package: a failure like any other, and said in the log
        log.error("The adapter of a remote model failed with %s.", type(error).__name__)
        attempts.uncounted += 1
        outcome = Outcome(failure=RemoteFailure.WRONG_PROTOCOL)
    return replace(
        outcome,
        seconds=time.monotonic() - began,
        attempts=attempts.made,
        uncounted=outcome.uncounted + attempts.uncounted,
    )


async def _twice(adapter: Adapter, prompt: Prompt, model: str, attempts: _Attempts, until: float) -> Reply:
    """No second attempt when its beginning would lie behind the deadline. Raises Trouble."""
    while True:
        attempts.made += 1
        try:
            return await adapter.ask(prompt, model=model)
        except Trouble as trouble:
            attempts.uncounted += trouble.billed
            pause = max(trouble.after, PAUSE)
            if attempts.made == ATTEMPTS or not trouble.again or time.monotonic() + pause >= until:
                raise
        await asyncio.sleep(pause)


def _read(reply: Reply) -> Outcome:
    counted = reply.input_tokens is not None and reply.output_tokens is not None
    told = Outcome(
        text=reply.text,
        tokens=(reply.input_tokens or 0, reply.output_tokens or 0) if counted else (0, 0),
        uncounted=0 if counted else 1,
    )
    try:
        return replace(told, answer=read_answer(reply.text))
    except Unfit:
        return replace(told, failure=RemoteFailure.WRONG_ANSWER)


def _within(seconds: float, make: Callable[[], Coroutine[None, None, Reply]]) -> Reply:
    """Run it in a thread and a loop of its own; raises TimeoutError when the time is up, and what it raises."""
    ended: list[Reply | BaseException] = []

    def run() -> None:
        loop = asyncio.new_event_loop()
        try:
            ended.append(loop.run_until_complete(_timed(make, seconds)))
        except BaseException as error:
            ended.append(error)
        finally:
            # Not asyncio.run, which would wait for a look-up of the address that nothing can cancel.
            loop.close()

    thread = threading.Thread(target=run, name="remote model", daemon=True)
    thread.start()
    thread.join(seconds + 2 * GRACE)
    end = ended[0] if ended else TimeoutError()
    if isinstance(end, BaseException):
        raise end
    return end


async def _timed(make: Callable[[], Coroutine[None, None, Reply]], seconds: float) -> Reply:
    """Not asyncio.wait_for, which waits without end for what it has cancelled."""
    task = asyncio.ensure_future(make())
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if done:
        return task.result()
    task.cancel()
    await asyncio.wait({task}, timeout=GRACE)
    if task.done() and not task.cancelled():
        task.exception()  # looked at, so that the loop does not complain about it in the log
    raise TimeoutError
