"""What a student kit must be before it is written: empty for who starts, whole for who is done.

``prove_kit``   raises ``CourseError`` where the starter is not `not_attempted` everywhere, or the
                reference in its place is not right everywhere; in the grading and in the kit.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from grader.errors import CourseError
from grader.grade import Run, grade_submission
from grader.kit import read_kit
from grader.model import Assignment, Outcome, Report, Severity, TaskResult
from grader.prepare import Prepared
from grader.release.assembling import Released
from grader.release.writing import write_files
from grader.selfcheck import self_check
from grader.submission import Submission, read_submission

_STARTER, _REFERENCE = "the starter", "the reference in its place"
_WRONG = {Outcome.FAILED, Outcome.FAULTED, Outcome.TIMED_OUT, Outcome.NOT_ATTEMPTED, Outcome.VOID}
# What rests on a function of another task that is not written is skipped.
_UNWRITTEN = {Outcome.NOT_ATTEMPTED, Outcome.SKIPPED}


def prove_kit(released: Released, prepared: Prepared, run: Run) -> None:
    """Grade the starter and the reference, as a submission and as a student's own check."""
    with tempfile.TemporaryDirectory(prefix="grade-") as home:
        starter, solved = Path(home, "starter"), Path(home, "solved")
        write_files(released.files, starter)
        write_files(_solved(released), solved)

        def graded(folder: Path) -> Report:
            return grade_submission(prepared, _read(folder, prepared.assignment), run)

        def checked(folder: Path) -> Report:
            kit = read_kit(folder)
            return self_check(kit, _read(folder, kit.assignment), run)

        for judge, where, is_good in (
            (graded, "in the grading", is_right),
            (checked, "in the kit's own check", is_unaccused),
        ):
            _expect(judge(starter), _STARTER, where, is_empty)
            _expect(judge(solved), _REFERENCE, where, is_good)


def is_empty(task: TaskResult) -> bool:
    """Return True for a task of which nothing was written, or nothing of what it rests on."""
    return task.outcome in _UNWRITTEN and not _accused(task)


def is_right(task: TaskResult) -> bool:
    """Return True for a task that passed in all its checks."""
    return task.outcome is Outcome.PASSED and is_unaccused(task)


def is_unaccused(task: TaskResult) -> bool:
    """Return True for a task in which nothing is wrong, as far as anybody can tell."""
    return task.outcome not in _WRONG and not _accused(task)


def _accused(task: TaskResult) -> bool:
    return any(finding.severity is Severity.ERROR for finding in task.findings)


def _solved(released: Released) -> Mapping[str, bytes]:
    """Return the kit with the solutions; that of a notebook is a module."""
    started = {*released.assignment.files}
    kept = {place: data for place, data in released.files.items() if place not in started}
    return {**kept, **released.reference}


def _read(folder: Path, assignment: Assignment) -> Submission:
    return read_submission(folder, assignment.files, is_tree=assignment.is_tree)


def _expect(report: Report, who: str, where: str, is_so: Callable[[TaskResult], bool]) -> None:
    """Raise ``CourseError`` with every task that is not as it must be, and why."""
    wrong = [task for task in report.tasks if not is_so(task)]
    if wrong:
        raise CourseError(*(_told(report.assignment, task, who, where) for task in wrong))


def _told(assignment: str, task: TaskResult, who: str, where: str) -> str:
    errors = [f for f in task.findings if f.severity is Severity.ERROR] or [*task.findings]
    why = f"{errors[0].check}: {errors[0].message}" if errors else "nothing was found"
    return f"{assignment}: {task.id}: {who} is `{task.outcome.value}` {where}: {why}"
