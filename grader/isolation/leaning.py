"""Calls of a student's code that the host answers, in the place of another function of the file.

What arrives is data from an untrusted process: it is read strictly and capped before it goes on to
the process that holds the course's functions. That one never runs a student's code, and what its
functions make of a student's values is the student's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.model import Array, Fault, FaultKind
from grader.worker.exchange import pack, unpack
from grader.worker.wire import Frame, Node, WireError

MAX_ASKS = 10_000  # calls in one step; a loop over time has two for each moment
MAX_BYTES = 64 << 20  # of the arguments of one call, and of its results


@dataclass(frozen=True)
class Function:
    """A function of the course that answers for the student's of the same name."""

    module: str
    name: str
    arguments: tuple[str, ...]
    makes_cache: bool  # the last thing it returns, which stays with the host


@dataclass(frozen=True)
class Question:
    """One call: plain data and tokens, the subject of the run, and the subjects that are done."""

    name: str
    arguments: tuple[Any, ...]
    subject: int
    forget: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """What the course's function returned, and the dicts among its arguments as it left them."""

    value: Any


Ask = Callable[[Question, float], Answer | Fault]


class Leaning:
    """The functions that the host answers for in one session, and who knows the answers."""

    def __init__(self, functions: Mapping[str, Function], ask: Ask) -> None:
        """Keep the functions by name; ``ask`` has some seconds for a question."""
        self.helpers = {name: function.arguments for name, function in functions.items()}
        self._ask = ask
        self._done: list[int] = []

    def finish(self, subject: int) -> None:
        """Note that nobody will ask for a cache of this subject again."""
        self._done.append(subject)

    def reply(
        self, frame: Frame, number: int, subject: int, seconds: float
    ) -> tuple[Node, list[Array]]:
        """Return the message and arrays that answer a call.

        Raises ``WireError`` for what is no call, ``TimeoutError`` when the answer takes too long.
        """
        if frame.message.get("id") != number:
            raise WireError("not a call that can be made now")
        name = frame.message.get("asks")
        if not isinstance(name, str) or name not in self.helpers:
            raise WireError("a call of something else")
        if frame.weight > MAX_BYTES:
            raise WireError("the arguments of a call are too large")
        arguments = unpack(frame.message.get("arguments"), frame.arrays)
        if not isinstance(arguments, tuple):
            raise WireError("arguments that are no tuple")
        done, self._done = tuple(self._done), []
        answer = self._ask(Question(name, arguments, subject, done), seconds)
        arrays: list[Array] = []
        if isinstance(answer, Answer):
            return {"id": number, "answer": pack(answer.value, arrays)}, arrays
        if answer.kind in (FaultKind.TIMED_OUT, FaultKind.TOTAL_TIME):
            raise TimeoutError
        return {"id": number}, arrays


def to_answer(frame: Frame) -> Answer:
    """Read the results of a call; they are made of a student's values, so they may be anything."""
    if frame.weight > MAX_BYTES:
        raise WireError("the results of a call are too large")
    return Answer(unpack(frame.message.get("answer"), frame.arrays))
