"""What goes to a worker process and what comes back: plain records that can be pickled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from grader.model import Outcome
from grader.submission import Submission

# The process died, or could not be run: of its own doing, or because somebody killed it.
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

    It ``is_unsettled`` where something timed out or a process died: the machine may have been busy,
    or somebody may have killed it.
    """

    key: str
    digest: str
    status: Status
    json: str
    markdown: str
    score: float = 0.0
    max_score: float = 0.0
    is_unsettled: bool = False
    seconds: float = 0.0
    tries: int = 1
    note: str = ""


def may_be_otherwise(outcomes: Collection[str], codes: Collection[str]) -> bool:
    """Return True for outcomes of tasks, and codes of findings, that a second try may change."""
    return Outcome.TIMED_OUT.value in outcomes or not _DIED.isdisjoint(codes)
