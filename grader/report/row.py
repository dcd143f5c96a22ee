"""The rows of a report's table, and the words in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.escape import printable
from grader.model import CheckResult, Outcome

HEADERS = ("task", "check", "result", "points")

WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "FAILED",
    Outcome.FAULTED: "faulted",
    Outcome.TIMED_OUT: "timed out",
    Outcome.NOT_ATTEMPTED: "not attempted",
    Outcome.SKIPPED: "skipped",
    Outcome.VOID: "void",
}


@dataclass(frozen=True)
class Row:
    """One row of the table, as text; ``outcome`` lets a format colour the result."""

    task: str
    check: str
    result: str
    points: str
    outcome: Outcome | None = None

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The texts in the order of ``HEADERS``."""
        return (self.task, self.check, self.result, self.points)


def line(text: str) -> str:
    """Return ``text`` on one line without control characters, long enough for any command."""
    return printable(text, 4000)


def fold(checks: Iterable[CheckResult]) -> list[str]:
    """Shorten check ids: every ``behaviour.*`` is one word.

    ``load`` goes without saying, and so does that there was nothing to follow.
    """
    told = [c.id for c in checks if c.id != "load" and not _is_idle(c)]
    names = (name.partition(".")[0] if name.startswith("behaviour.") else name for name in told)
    return list(dict.fromkeys(names))


def _is_idle(check: CheckResult) -> bool:
    return check.id == "follow_through" and check.outcome is not Outcome.PASSED
