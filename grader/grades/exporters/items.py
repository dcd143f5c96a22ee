"""A row and its report as a flat list of priced items, as most systems show results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.grades.documents import Document, exact
from grader.grades.rows import PENDING, UNREADABLE, VOID, Row, TaskGrade, shown

_OPEN = {
    PENDING: "graded by a human; the points are not in yet",
    VOID: "a fault of the grader, not of the submission: it does not count",
    UNREADABLE: "the submission could not be read",
}


@dataclass(frozen=True)
class Item:
    """One line of results; ``score`` is None where the points do not stand."""

    task: str
    name: str
    score: Fraction | None
    max_score: Fraction
    is_passed: bool
    text: str
    visibility: str = "visible"  # hidden, or after_due_date: a line that stands for several checks


def items_of(row: Row, document: Document | None) -> Iterator[Item]:
    """Yield the checks of every task, or the task as a whole where it was not graded from code."""
    judged = {
        (report["assignment"], task["id"]): task
        for report in (document or {}).get("reports", ())
        for task in report["tasks"]
    }
    for grade in row.tasks:
        task = judged.get((grade.assignment, grade.task))
        if grade.override or not grade.is_settled or task is None:
            yield _whole(grade)
        else:
            yield from _checks(grade, task)


def about(row: Row) -> str:
    """Return what concerns the whole submission, as lines of text."""
    lines = [late.text for late in row.late]
    if row.late_penalty:
        lines.append(f"{shown(row.raw_score)} points, less {shown(row.late_penalty)} for lateness")
    open_tasks = [grade.label for grade in row.tasks if grade.outcome == PENDING]
    if open_tasks:
        lines.append(f"graded by a human, not in yet: {', '.join(open_tasks)}")
    void = [grade.label for grade in row.tasks if grade.outcome == VOID]
    if void:
        lines.append(f"NOT COMPLETE: {', '.join(void)} could not be graded; tell your instructor")
    return "\n".join(lines)


def _whole(grade: TaskGrade) -> Item:
    text = _OPEN.get(grade.outcome, "nothing was handed in")
    if grade.override:
        text = f"set by hand: {grade.override.text}"
    score = grade.score if grade.is_settled else None
    is_passed = score is not None and score >= grade.max_score
    return Item(grade.label, grade.label, score, grade.max_score, is_passed, text)


def _checks(grade: TaskGrade, task: Mapping[str, Any]) -> Iterator[Item]:
    shown_checks = [c for c in task["checks"] if c["max_score"] or _findings(task, c["id"])]
    known = {check["id"] for check in shown_checks}
    rest = [told for told in task["findings"] if told["check"] not in known]
    for check in shown_checks:
        found = _findings(task, check["id"])
        if check["visibility"] == "visible":
            found, rest = found + rest, []
        reason = [check["reason"]] if check["reason"] else []
        yield Item(
            task=grade.label,
            name=f"{grade.label} {check['id']}",
            score=exact(check["score"]),
            max_score=exact(check["max_score"]),
            is_passed=check["outcome"] == "passed",
            text="\n".join([*reason, *map(_told, found)]),
            visibility=check["visibility"],
        )


def _findings(task: Mapping[str, Any], check: str) -> list[Mapping[str, Any]]:
    return [told for told in task["findings"] if told["check"] == check]


def _told(finding: Mapping[str, Any]) -> str:
    parts = [f"{finding['code']} {finding['message']}"]
    parts += [f"help: {finding['help']}"] if finding["help"] else []
    parts += [f"replay: {finding['replay']}"] if finding["replay"] else []
    return "\n".join(parts)
