"""What goes to a worker process and what comes back: plain records that can be pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from grader.submission import Submission


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
    the submission comes from. ``time_factor`` multiplies the limits of time.
    """

    key: str
    digest: str
    submissions: tuple[tuple[str, Submission], ...]  # by assignment id
    attempt: Mapping[str, Any] = field(default_factory=dict)
    time_factor: float = 1.0


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
