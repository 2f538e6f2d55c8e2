"""Refusals: a policy's, a workflow's or a guard's "no", with the sentence that a person reads."""

from collections.abc import Callable


class Refusal(Exception):
    """An action may not happen. ``sentence`` says what, why and what to do next; ``code`` is stable for tests."""

    def __init__(self, sentence: str, *, code: str = "refused") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class Forbidden(Refusal):
    """The person lacks the right: answered with 403."""


class WrongState(Refusal):
    """The thing is not in a state that allows it (somebody else was faster): answered on the page."""


def require(allowed: bool, sentence: str, *, code: str = "forbidden") -> None:
    """Raise ``Forbidden`` unless ``allowed``."""
    if not allowed:
        raise Forbidden(sentence, code=code)


Policy = Callable[..., bool]
