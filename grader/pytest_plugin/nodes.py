"""The nodes that pytest shows: a file, its tasks, and their checks as items."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from grader.errors import CourseError, GraderFault
from grader.model import CheckResult, Finding, Outcome, Severity
from grader.pytest_plugin.judging import Judge, Judged, of_course, of_kit
from grader.report import to_table


class NotPassed(Exception):
    """A check that did not pass: what a report says of it."""


class _JudgedFile(pytest.File):
    """A file that stands for an assignment; a task of it is graded at most once."""

    def __init__(self, *, submission: Path, **more: Any) -> None:
        """Keep the submission."""
        super().__init__(**more)
        self.submission = submission

    def open(self) -> Judge | None:
        """Return who judges the tasks; None where nothing of the assignment is handed in."""
        raise NotImplementedError

    def collect(self) -> Iterator[pytest.Collector]:
        """Yield the tasks."""
        try:
            judge = self.open()
        except (CourseError, GraderFault) as error:
            raise self.CollectError(str(error)) from error
        for task, checks in judge.checks.items() if judge else ():
            yield TaskNode.from_parent(self, name=task, judge=judge, checks=checks)


class KitFile(_JudgedFile):
    """The ``kit.yaml`` of a kit: what was written in it is checked without answers."""

    def open(self) -> Judge:
        """Read the kit."""
        return of_kit(self.path.parent, self.submission)


class AssignmentFile(_JudgedFile):
    """An assignment of a course: a submission is graded against its reference."""

    def open(self) -> Judge | None:
        """Read the assignment."""
        return of_course(self.path, self.submission)


class TaskNode(pytest.Collector):
    """A task."""

    def __init__(self, *, judge: Judge, checks: tuple[str, ...], **more: Any) -> None:
        """Keep who judges it."""
        super().__init__(**more)
        self.judge = judge
        self.checks = checks

    def collect(self) -> Iterator[pytest.Item]:
        """Yield its checks."""
        for check in self.checks:
            yield CheckItem.from_parent(self, name=check, judge=self.judge, task=self.name)


class CheckItem(pytest.Item):
    """A check of a task."""

    def __init__(self, *, judge: Judge, task: str, **more: Any) -> None:
        """Keep who judges it."""
        super().__init__(**more)
        self.judge = judge
        self.task = task

    def runtest(self) -> None:
        """Pass, skip with the reason, or fail with what was found."""
        judged = self.judge.judged(self.task)
        check = next((c for c in judged.result.checks if c.id == self.name), None)
        if check is None:
            pytest.skip("not judged: what comes before it failed")
        elif check.outcome is Outcome.SKIPPED:
            pytest.skip(f"{self.judge.skipped}{check.reason}")
        elif check.outcome is not Outcome.PASSED:
            self._fail(check, judged)

    def repr_failure(self, excinfo: Any, *more: Any, **named: Any) -> Any:
        """Return what was found, without a traceback of ours."""
        if isinstance(excinfo.value, (NotPassed, CourseError, GraderFault)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *more, **named)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where it stands and what it is called."""
        return self.path, None, f"{self.task} {self.name}"

    def _fail(self, check: CheckResult, judged: Judged) -> NoReturn:
        is_verbose = self.config.get_verbosity() > 0
        found = [f for f in judged.result.findings if _is_of(f, check)]
        if check.id == "load":
            found += [f for f in judged.about if f.severity is Severity.ERROR]
        told = [to_table.write_finding(each, verbose=is_verbose) for each in found]
        is_blank = check.outcome is Outcome.NOT_ATTEMPTED
        default = "it is not written yet" if is_blank else f"see `grade --task {self.task}`"
        why = check.reason or default
        raise NotPassed("\n".join(told) or f"{check.outcome.value.replace('_', ' ')}: {why}")


def _is_of(found: Finding, check: CheckResult) -> bool:
    is_grave = found.severity is Severity.ERROR
    return is_grave and (found.check == check.id or check.outcome is Outcome.VOID)
