"""The table of a self-check: what is known without answers, and never a point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.model import CheckResult, Outcome, Report, TaskResult
from grader.report.row import WORDS, Row, fold, line

KNOWN_HEADERS = ("task", "check", "result", "what is known")

_CANNOT_TELL = "cannot tell"
BASIS = "public values, and differences of your own forward: no answers, so no points"
READING = "relative: below 1e-7 right, up to 1e-4 fine at kinks, above 1e-2 wrong"


def known_rows(task: TaskResult) -> list[Row]:
    """Return the rows of one task, its id in the first one only."""
    found = list(_rows(task))
    return [replace(found[0], task=line(task.id)), *found[1:]]


def _rows(task: TaskResult) -> Iterator[Row]:
    if task.outcome in (Outcome.NOT_ATTEMPTED, Outcome.VOID):
        yield Row("", "", WORDS[task.outcome], _reason(task), task.outcome)
        return
    shown = [check for check in task.checks if not _is_folded(check)]
    for check in shown:
        yield Row("", line(check.id), _word(check), line(check.reason), check.outcome)
    for outcome in (Outcome.PASSED, Outcome.SKIPPED):
        folded = [c for c in task.checks if _is_folded(c) and c.outcome is outcome]
        if names := fold(folded):
            word = _word(folded[0])
            yield Row("", line(f"also: {', '.join(names)}"), word, "", outcome)
    if not task.checks:
        yield Row("", "no checks", WORDS[task.outcome], "", task.outcome)


def _is_folded(check: CheckResult) -> bool:
    """Say whether a check has nothing to tell."""
    is_quiet = check.outcome in (Outcome.PASSED, Outcome.SKIPPED)
    return is_quiet and not check.id.startswith(("forward", "backward", "case."))


def _word(check: CheckResult) -> str:
    if check.outcome is Outcome.SKIPPED:
        return _CANNOT_TELL
    if check.outcome is not Outcome.PASSED:
        return WORDS[check.outcome]
    if check.id.startswith("forward"):
        return "matches"
    return "fits" if check.id.startswith("backward") else WORDS[check.outcome]


def _reason(task: TaskResult) -> str:
    if task.outcome is Outcome.VOID:
        return "fault of the grader"
    reasons = (c.reason for c in task.checks if c.outcome is task.outcome and c.reason)
    return line(next(reasons, "not written yet"))


def known(report: Report) -> str:
    """Return what the whole comes to, without a promise that the real grading might take back."""
    count = len(report.tasks)
    wrong = [t for t in report.tasks if is_something_found(t) and not _is_unwritten(t)]
    unwritten = [t for t in report.tasks if _is_unwritten(t)]
    tasks = f"task{'s' * (count != 1)}"
    parts = [f"something was found in {len(wrong)} of {count} {tasks}"] if wrong else []
    parts += [f"{len(unwritten)} of {count} not attempted"] if unwritten else []
    told = "; ".join(parts) or f"nothing was found in {count} {tasks}"
    left = sum(map(_is_open, (c for t in report.tasks for c in t.checks)))
    return f"{told}; {left} gradient{'s' * (left != 1)} cannot be judged" if left else told


def is_something_found(task: TaskResult) -> bool:
    """Return True for a task with a check that neither passed nor was left open."""
    return any(c.outcome not in (Outcome.PASSED, Outcome.SKIPPED) for c in task.checks)


def _is_open(check: CheckResult) -> bool:
    return check.outcome is Outcome.SKIPPED and check.id.startswith("backward")


def _is_unwritten(task: TaskResult) -> bool:
    return task.outcome is Outcome.NOT_ATTEMPTED
