"""What is said about a submission: ``Finding``, ``TaskResult``, ``Report``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any

from grader.model.assignment import Limits, Visibility


class Severity(str, Enum):
    """What a finding costs: points, nothing, or a human's look."""

    ERROR = "error"
    NOTE = "note"
    REVIEW = "review"


class Outcome(str, Enum):
    """The closed set of results of a check or a task."""

    PASSED = "passed"
    FAILED = "failed"
    FAULTED = "faulted"
    TIMED_OUT = "timed_out"
    NOT_ATTEMPTED = "not_attempted"
    SKIPPED = "skipped"
    VOID = "void"


@dataclass(frozen=True)
class Finding:
    """One thing that is off: a stable code, the place, and numbers that convince."""

    code: str
    severity: Severity
    check: str
    message: str
    help: str = ""
    argument: str = ""
    case: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    replay: str = ""


@dataclass(frozen=True)
class CheckResult:
    """One check of one task, priced."""

    id: str
    outcome: Outcome
    score: Fraction
    max_score: Fraction
    reason: str = ""
    visibility: Visibility = Visibility.PUBLIC


@dataclass(frozen=True)
class TaskResult:
    """One task, priced, with its findings."""

    id: str
    title: str
    outcome: Outcome
    checks: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    seconds: float = 0.0

    @property
    def score(self) -> Fraction:
        """The sum of the checks' points."""
        return sum((c.score for c in self.checks), Fraction(0))

    @property
    def max_score(self) -> Fraction:
        """What the task could have earned; a void task offers nothing."""
        if self.outcome is Outcome.VOID:
            return Fraction(0)
        return sum((c.max_score for c in self.checks), Fraction(0))


@dataclass(frozen=True)
class Report:
    """One submission against one assignment."""

    submission: str
    assignment: str
    title: str
    course: str
    seed: str
    isolation: str
    isolation_note: str
    tasks: tuple[TaskResult, ...]
    findings: tuple[Finding, ...]  # about the submission as a whole
    versions: Mapping[str, str]
    digests: Mapping[str, str]
    limits: Limits
    seconds: float
    is_self_check: bool = False  # judged without answers, so without points

    @property
    def score(self) -> Fraction:
        """The sum over the tasks."""
        return sum((t.score for t in self.tasks), Fraction(0))

    @property
    def max_score(self) -> Fraction:
        """The sum over the tasks that are not void."""
        return sum((t.max_score for t in self.tasks), Fraction(0))

    @property
    def complete(self) -> bool:
        """False when a task is void: the grader could not judge everything."""
        return all(t.outcome is not Outcome.VOID for t in self.tasks)
