"""Judging a task again with the right helper: the course's answers in place of the student's.

A function may be wrong only through another one of its file. It is judged once more in a fresh
child, where calls of the functions it leans on are answered by the course's own. What comes of it
counts for the caller alone; the helper has its own task.

``Leaner.leaned``   the result of a task -> the same, with what the right helper showed.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from fractions import Fraction
from functools import partial

from grader.checks import is_free, value_checks
from grader.codes import finding
from grader.isolation import Answer, Function, Leaning, Question, Session
from grader.model import (
    Assignment,
    CheckResult,
    Fault,
    Finding,
    Limits,
    Outcome,
    Rubric,
    Severity,
    Task,
    TaskResult,
)
from grader.oracle import Reference, lent_files, lent_name
from grader.score import credited, outcome_of
from grader.styles import STYLES

Open = Callable[[Mapping[str, str], Limits], AbstractContextManager[Session]]
Judge = Callable[[Task, Session, Callable[[], AbstractContextManager[Session]]], TaskResult]
_WRONG = (Outcome.FAILED, Outcome.FAULTED, Outcome.NOT_ATTEMPTED, Outcome.SKIPPED)
_AT_FAULT = ("L", "R", "S")  # codes of what cannot be put down to wrong numbers


class Leaner:
    """What the tasks of one submission lean on, and the time that is left to look into it."""

    def __init__(
        self,
        assignment: Assignment,
        rubric: Rubric,
        references: Mapping[str, Reference],
        open_session: Open,
        judge: Judge,
    ) -> None:
        """Keep how a task is judged in a session, and how a session is opened on some files.

        ``judge`` may open another session like the one it is given.
        """
        self._tasks = {task.id: task for task in assignment.tasks}
        self._limits = assignment.limits
        self._shares = rubric.with_right_helper
        self._references = references
        self._open = open_session
        self._judge = judge
        self._left = assignment.limits.total_seconds  # for all tasks together

    def leaned(
        self, result: TaskResult, texts: Mapping[str, str], outcomes: Mapping[str, Outcome]
    ) -> TaskResult:
        """Return a result with what is right, or still wrong, with the right helpers.

        ``outcomes`` are those of the tasks of this run: where every helper is right, there is
        nothing to look for.
        """
        task = self._tasks[result.id]
        suspects = [n for n in task.leans_on if outcomes.get(n) is not Outcome.PASSED]
        if result.outcome not in _WRONG or not suspects or self._left < 1:
            return result
        if any(outcomes.get(n) is Outcome.VOID for n in suspects):
            return result  # the course's own is in doubt
        began = time.monotonic()
        limits = dataclasses.replace(self._limits, total_seconds=self._left)
        lender = _Lender(task, self._references, lambda files: self._open(files, limits))
        opened = partial(_leaning, self._open, texts, limits, lender)
        with lender, opened() as session:
            judged = self._judge(task, session, opened)
        self._left -= time.monotonic() - began
        asked = [name for name in suspects if lender.asked & {*_names(self._tasks[name])}]
        share = self._shares.get(task.id, Fraction(0))
        if not asked or judged.outcome is Outcome.VOID:
            return result
        return _joined(task, result, judged, " and ".join(asked), share)


@contextmanager
def _leaning(
    open_session: Open, texts: Mapping[str, str], limits: Limits, lender: _Lender
) -> Iterator[Session]:
    with open_session(texts, limits) as session:
        session.lean(Leaning(lender.functions, lender.ask))
        yield session


class _Lender:
    """The course's functions that a task leans on, in a session opened at the first call."""

    def __init__(
        self,
        task: Task,
        references: Mapping[str, Reference],
        open_session: Callable[[Mapping[str, str]], AbstractContextManager[Session]],
    ) -> None:
        self.asked: set[str] = set()
        self.functions: dict[str, Function] = {}
        self._open = open_session
        self._lent = [references[name] for name in task.leans_on]
        self._stack = ExitStack()
        self._session: Session | None = None
        for reference in self._lent:
            self.functions = {**_functions(reference), **self.functions}

    def __enter__(self) -> None:
        """Begin without a session."""

    def __exit__(self, *_: object) -> None:
        """Close the session, if there is one."""
        self._stack.close()

    def ask(self, question: Question, seconds: float) -> Answer | Fault:
        """Call the course's function."""
        self.asked.add(question.name)
        if self._session is None:
            self._session = self._stack.enter_context(self._open(lent_files(self._lent)))
        return self._session.call(self.functions[question.name], question, seconds)


def _names(task: Task) -> tuple[str, ...]:
    return tuple(filter(None, (task.call.target, task.call.backward)))


def _functions(reference: Reference) -> dict[str, Function]:
    """Return the functions of a task by the names that a student's code calls them by."""
    call = reference.task.call
    has_cache = STYLES[call.style].has_cache
    return {
        name: Function(
            call.module,
            lent_name(reference, name),
            call.backward_args if name == call.backward else call.forward_args,
            makes_cache=has_cache and name == call.target,
        )
        for name in _names(reference.task)
    }


def _joined(
    task: Task, result: TaskResult, judged: TaskResult, helpers: str, share: Fraction
) -> TaskResult:
    """Return what was found with the student's helper and the right one, and the rubric's share."""
    after = {check.id: check for check in judged.checks}
    reason = f"right with the right {helpers}"
    checks = tuple(_credited(check, after[check.id], share, reason) for check in result.checks)
    gained = [
        c.id
        for c, before in zip(checks, result.checks, strict=True)
        if c is not before and not is_free(c.id)
    ]
    if not gained:
        more = _still_wrong(task, judged, helpers)
        return dataclasses.replace(result, findings=(*result.findings, *more))
    said = f"{reason}: it fails only through your {helpers}"
    if judged.outcome is not Outcome.PASSED:
        said = f"{', '.join(gained)}: {said}"
    reviewed = [
        dataclasses.replace(told, replay="")  # no command replays it with another helper
        for told in judged.findings
        if told.severity is Severity.REVIEW
    ]
    return dataclasses.replace(
        result,
        outcome=outcome_of(checks),
        checks=checks,
        findings=(*result.findings, *reviewed, finding("N727", gained[0], said)),
    )


def _credited(before: CheckResult, after: CheckResult, share: Fraction, reason: str) -> CheckResult:
    """Return the check with its share; its own code is there: what is not written is the helper."""
    check = credited(before, after, share, reason)
    if check is before or before.outcome is not Outcome.NOT_ATTEMPTED:
        return check
    return dataclasses.replace(check, outcome=Outcome.SKIPPED)


def _still_wrong(task: Task, judged: TaskResult, helpers: str) -> list[Finding]:
    """Say that a task is wrong by itself too, where nothing but its numbers speaks against it."""
    told = [f for f in judged.findings if f.severity is Severity.ERROR]
    wrong = [f for f in told if f.check in value_checks(task)]
    if (
        judged.outcome is not Outcome.FAILED
        or not wrong
        or any(f.code[0] in _AT_FAULT for f in told)
    ):
        return []
    said = f"wrong with the right {helpers} too: there is a mistake of its own"
    return [finding("N728", wrong[0].check, said, argument=wrong[0].argument)]
