"""Who judges: a kit or an assignment of a course, and a submission; each task once."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.checks import checks_of
from grader.cli.seeds import seed_of
from grader.cli.settings import run_on
from grader.course import find_course, load
from grader.errors import CourseError
from grader.escape import printable
from grader.grade import Run, grade_submission
from grader.isolation import choose
from grader.kit import read_kit
from grader.model import Assignment, Finding, Report, TaskResult
from grader.prepare import prepare
from grader.selfcheck import checks_in, self_check
from grader.submission import is_handed_in, list_sources, read_submission


@dataclass(frozen=True)
class Judged:
    """The result of a task, and what was found about the submission as a whole."""

    result: TaskResult
    about: Sequence[Finding]


@dataclass
class Judge:
    """The checks of each task, and the way to judge one; what was judged is kept."""

    checks: Mapping[str, tuple[str, ...]]
    report: Callable[[str], Report]
    skipped: str = ""  # how the reason of what was not judged begins
    _known: dict[str, Judged] = field(default_factory=dict, init=False)

    def judged(self, task: str) -> Judged:
        """Return what is known of a task."""
        if task not in self._known:
            report = self.report(task)
            (result,) = (each for each in report.tasks if each.id == task)
            self._known[task] = Judged(result, report.findings)
        return self._known[task]


def of_kit(root: Path, submission: Path) -> Judge:
    """Return who checks a submission against a kit."""
    kit = read_kit(root)
    asked = kit.assignment

    def report(task: str) -> Report:
        handed = read_submission(submission, asked.files, is_tree=asked.is_tree)
        return self_check(kit, handed, _run(asked, submission), task)

    checks = {task.id: checks_in(kit, task) for task in asked.tasks}
    return Judge(checks, report, "cannot tell: ")


def of_course(spec: Path, submission: Path) -> Judge | None:
    """Return who grades a submission against an assignment; None if no file of it is there."""
    if not submission.exists():
        raise CourseError(f"--grade {printable(str(submission))}: no such file or folder")
    course = find_course(str(spec.parent.parent), os.environ, submission)
    asked, rubric = load(course, spec.stem)
    listing = list_sources(submission)
    if not is_handed_in(submission, asked.files, listing, is_tree=asked.is_tree):
        return None

    def report(task: str) -> Report:
        run_seed, seed = seed_of(course, asked, None)
        ready = prepare(course, asked, rubric, run_seed, seed, task)
        handed = read_submission(submission, asked.files, is_tree=asked.is_tree)
        return grade_submission(ready, handed, _run(asked, submission))

    return Judge({task.id: checks_of(task) for task in asked.tasks}, report)


def _run(assignment: Assignment, submission: Path) -> Run:
    with suppress(ValueError):  # of another drive, or above us
        submission = submission.resolve().relative_to(Path.cwd())
    command = f"grade {shlex.quote(printable(str(submission)))}"
    return replace(run_on(assignment, choose()), command=command)
