"""A line of the gradebook: ``Row``, one student, and ``TaskGrade``, one task of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from grader.grades.lateness import Late
from grader.grades.overrides import Override

PENDING = "pending"  # the outcome of what a human has still to grade
MISSING = "missing"  # the outcome of a task of which nothing was handed in
MANUAL = "manual"  # the outcome of what a human graded
UNREADABLE = "unreadable"  # the outcome of a task of what could not be read
VOID = "void"


class Status(str, Enum):
    """How far a student's grade is."""

    GRADED = "graded"
    PARTIAL = "partial"  # a task is void: the grader could not judge everything
    PENDING = "pending"  # a human has still to grade something
    UNREADABLE = "unreadable"
    MISSING = "missing"


@dataclass(frozen=True)
class TaskGrade:
    """What one task counts; ``machine`` is what the grader gave, whatever a human said."""

    label: str
    assignment: str
    task: str
    outcome: str
    score: Fraction
    max_score: Fraction
    machine: Fraction
    override: Override | None = None

    @property
    def is_settled(self) -> bool:
        """True when the points stand."""
        return self.outcome not in (PENDING, UNREADABLE, VOID)


@dataclass(frozen=True)
class AttemptScore:
    """One of a student's attempts and what it earned, overrides aside."""

    key: str
    submitted_at: str
    score: Fraction
    max_score: Fraction


@dataclass(frozen=True)
class Row:
    """One student. ``raw_score`` is the sum of the tasks, ``score`` what is left after lateness."""

    id: str
    name: str
    aliases: tuple[str, ...]  # what other systems call the student
    status: Status
    raw_score: Fraction
    max_score: Fraction
    tasks: tuple[TaskGrade, ...]
    late: tuple[Late, ...]
    attempt: str  # the key of the attempt that counts; empty where there is none
    submitted_at: str
    attempts: tuple[AttemptScore, ...]
    needs_human: tuple[str, ...]
    notes: tuple[str, ...]
    circumstances: Mapping[str, Mapping[str, str]]  # by assignment: what the verdicts rest on

    @property
    def late_penalty(self) -> Fraction:
        """The points lost by lateness."""
        return sum((late.penalty for late in self.late), Fraction(0))

    @property
    def score(self) -> Fraction:
        """What counts in the end."""
        return self.raw_score - self.late_penalty

    @property
    def is_final(self) -> bool:
        """True when nothing stands open, so that the score may leave for a gradebook."""
        return self.status is Status.GRADED

    @property
    def overrides(self) -> tuple[Override, ...]:
        """What a human decided."""
        return tuple(grade.override for grade in self.tasks if grade.override)


def number(points: Fraction) -> int | float:
    """Return points as a number of JSON, rounded once."""
    rounded = points if points.denominator == 1 else round(points, 4)
    return rounded.numerator if rounded.denominator == 1 else float(rounded)


def shown(points: Fraction) -> str:
    """Return points as text: at most four decimals, no exponent, no trailing zeros."""
    parts = round(points * 10_000)
    text = f"{abs(parts) // 10_000}.{abs(parts) % 10_000:04}".rstrip("0").rstrip(".")
    return f"-{text}" if parts < 0 else text
