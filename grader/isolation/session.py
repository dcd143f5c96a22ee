"""What every sandbox offers: a session with one submission, and what comes back from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from grader.isolation.leaning import Answer, Function, Leaning, Question
from grader.model import Array, Call, Fault, Value
from grader.worker.load import STUB

__all__ = ["NO_LAYOUTS", "NO_SEEDS", "STUB", "Loaded", "Returned", "Runs", "Session", "Step"]

Step = tuple[int, str, tuple[int, ...]]
NO_LAYOUTS: Mapping[int, str] = {}
NO_SEEDS: Mapping[int, int] = {}


@dataclass(frozen=True)
class Loaded:
    """A target that can be called.

    ``stubs`` are the stages that were never written, and ``STAGE:PLACE`` of results that never
    were; ``signs`` those of ``grader.worker.signs``.
    ``absent`` are the modules that are not available, and were replaced by placeholders.
    """

    stubs: frozenset[str]
    signs: frozenset[str] = frozenset()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Returned:
    """What one step gave: the value, its time, and the arguments the student changed.

    ``shared`` names the arguments whose memory the value shares, or another result, and ``seen``
    holds the changed arguments as they are now; see ``run``.
    """

    value: Value
    seconds: float
    mutated: tuple[str, ...]
    shared: tuple[str, ...] = ()
    seen: Mapping[str, Array] = field(default_factory=dict)


class Runs(Protocol):
    """What cases can be put to."""

    def run(
        self,
        call: Call,
        values: Sequence[Mapping[str, Any]],
        steps: Sequence[Step],
        *,
        seconds: float,
        seed: int = 0,
        layouts: Mapping[int, str] = NO_LAYOUTS,
        watches_memory: bool = False,
        seeds: Mapping[int, int] = NO_SEEDS,
    ) -> list[Returned | Fault | None]:
        """Run steps one after the other; one answer for each.

        A step is a subject (a number that stands for one object of the student's), a stage and
        the indices of the value sets it is called with. A step after a fault of its subject, or
        after the process ended, is None. ``seconds`` limits each step. ``layouts`` names for a
        subject the layout in which its arrays are handed out (see ``grader.worker.memory``), and
        with ``watches_memory`` it is observed whose memory its results share, and what becomes of
        its arguments. Before each step the global generators are seeded, with ``seed`` or with
        what ``seeds`` has for its subject; a backward is then given the next number.
        """


class Session(Runs, AbstractContextManager["Session"], Protocol):
    """One submission, in isolation. Close it: a ``with`` block does."""

    @property
    def text(self) -> str:
        """What the student's code printed so far, capped, not yet fit to be shown."""

    @property
    def text_overflowed(self) -> bool:
        """True when more was printed than is kept."""

    @property
    def wrote(self) -> tuple[str, ...]:
        """Names of the files the student's code left behind; known after ``close``."""

    @property
    def libraries(self) -> Mapping[str, str]:
        """The libraries that differentiate, and where (``file:line``) each was first imported."""

    @property
    def deaths(self) -> int:
        """How often its process ended by a signal, spoke nonsense or could not be started."""

    @property
    def student_seconds(self) -> float:
        """The time spent waiting for the student's code."""

    def charge(self, seconds: float) -> None:
        """Count time that another session of the same submission took."""

    def load(self, call: Call) -> Loaded | Fault:
        """Import the module of a call and find its target."""

    def lean(self, leaning: Leaning) -> None:
        """From now on let the host answer for some functions of the submission."""

    def call(self, function: Function, question: Question, seconds: float) -> Answer | Fault:
        """Call one function with plain data; its caches stay with it. For the course's own code."""

    def close(self) -> None:
        """End the session and everything it started."""
