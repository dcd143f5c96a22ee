"""The rows of a report's table, and the words in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.escape import printable
from grader.model import CheckResult, Outcome, Visibility
from grader.report.redacted import FOLDED

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


_SEEN = {
    Visibility.PUBLIC: "",
    Visibility.AFTER_DUE_DATE: "hidden until due",
    Visibility.HIDDEN: "hidden",
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
    told = [c for c in checks if c.id != "load" and not _is_idle(c)]
    return list(dict.fromkeys(map(_short, told)))


def _short(check: CheckResult) -> str:
    name = "behaviour" if check.id.startswith("behaviour.") else check.id
    hidden = seen(check)
    return f"{name} ({hidden})" if hidden else name


def seen(check: CheckResult) -> str:
    """Return what of a check is hidden from students; a line of folded ones is called so."""
    return "" if check.id in FOLDED.values() else _SEEN[check.visibility]


def _is_idle(check: CheckResult) -> bool:
    return check.id == "follow_through" and check.outcome is not Outcome.PASSED
