"""What goes to a worker process and what comes back: plain records that can be pickled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from grader.model import Outcome
from grader.submission import Submission

MAX_TRIES = 5  # of what died, of its own doing or because somebody killed it
_LATE_TRIES = 2  # of what timed out: the machine may have been busy
# What is told of a process that died, or could not be run.
_DIED = frozenset({"L110", "R203", "R206", "G903"})


class Status(Enum):
    """What became of one submission."""

    GRADED = "graded"
    VOID = "void"  # some task counts for nobody: a fault of the grader, or of a reference
    UNREADABLE = "unreadable"  # it could not be opened
    FAULT = "fault"  # it could not be graded, whatever was tried


@dataclass(frozen=True)
class Order:
    """One submission to grade: what was read of it, for each assignment.

    ``digest`` is over everything a verdict rests on; ``attempt`` is what a report says of where
    the submission comes from. ``time_factor`` multiplies the limits of time. What students may see
    ``now`` is no part of any digest: it changes no verdict.
    """

    key: str
    digest: str
    submissions: tuple[tuple[str, Submission], ...]  # by assignment id
    attempt: Mapping[str, Any] = field(default_factory=dict)
    time_factor: float = 1.0
    now: datetime | None = None


@dataclass(frozen=True)
class Graded:
    """What became of an order: the texts of its reports, and what the journal keeps.

    ``tries`` were made of ``tries_due``, which is above 1 where another one may end otherwise.
    """

    key: str
    digest: str
    status: Status
    json: str
    markdown: str
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    tries: int = 1
    tries_due: int = 1
    note: str = ""


def tries_due(
    outcomes: Collection[str], codes: Collection[str] = (), *, has_died: bool = False
) -> int:
    """Return how many tries a verdict needs, at most, by the outcomes of its tasks.

    1 where another one would end alike. A process of it ``has_died``, or the ``codes`` of its
    findings tell of that.
    """
    if has_died or not _DIED.isdisjoint(codes):
        return MAX_TRIES
    return _LATE_TRIES if Outcome.TIMED_OUT.value in outcomes else 1
