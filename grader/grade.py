"""Joining the rooms for one submission.

``grade_submission``   one submission against a prepared assignment -> ``Report``.
"""

from __future__ import annotations

import dataclasses
import os
import shlex
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from grader.apart import Seen, hidden_checks, observe_apart
from grader.asides import (
    about_absent,
    about_submission,
    libraries_named,
    session_notes,
    speed_line,
    with_neighbours,
)
from grader.codes import finding
from grader.compare import (
    CheckVerdict,
    behaviour,
    judged,
    linearity,
    load_verdicts,
    missing_file,
    notes,
)
from grader.errors import GraderFault
from grader.escape import printable
from grader.isolation import STUB, Loaded, Session
from grader.leaning import Leaner
from grader.mending import Mender
from grader.model import (
    Assignment,
    Battery,
    Fault,
    Finding,
    Limits,
    Outcome,
    Report,
    Severity,
    Task,
    TaskResult,
)
from grader.observe import TaskObservations, observe
from grader.prepare import Prepared, versions_of
from grader.review import review
from grader.score import score_task, void_task
from grader.submission import Submission
from grader.witness import hear

OpenSession = Callable[[Mapping[str, str], Limits], AbstractContextManager[Session]]
OpenApart = Callable[[float], AbstractContextManager[Session]]  # after so many seconds


class Ready(Protocol):
    """What a submission is judged by: an assignment and its support files, of a course or kit."""

    @property
    def assignment(self) -> Assignment:
        """The assignment."""

    @property
    def support(self) -> Mapping[str, str]:
        """Texts by name."""


@dataclass(frozen=True)
class Run:
    """How a submission is run and named in replay commands."""

    open_session: OpenSession
    isolation: str
    isolation_note: str
    command: str = "grade SUBMISSION"
    replay: str = ""  # the only case to run
    observed: Callable[[Battery, TaskObservations], object] | None = None  # told of each task
    starting: Callable[[str, int, int], object] | None = None  # told of each task's id and place


def grade_submission(prepared: Prepared, submission: Submission, run: Run) -> Report:
    """Grade one submission. Faults of its code become findings, faults of ours void tasks."""
    start = time.monotonic()
    assignment = prepared.assignment
    about = about_submission(submission, prepared.support)
    apart = _opener(run, files_of(prepared, submission), assignment.limits)
    with apart(0.0) as session:
        tasks = [task for task in assignment.tasks if task.id in prepared.batteries]
        results = []
        for index, task in enumerate(tasks):
            if run.starting is not None:
                run.starting(task.id, index + 1, len(tasks))
            results.append(_graded(prepared, task, submission, session, run, apart))
    about += session_notes(session)
    about += libraries_named(session.libraries, assignment, submission.texts)
    loaded = {_task(prepared, r).file for r in results if _is_loaded(r)}
    results = [
        _judged_alone(prepared, submission, run, result)
        if index and _task(prepared, result).file in loaded
        else result
        for index, result in enumerate(results)
    ]
    results = _mended(prepared, submission, run, results)
    results = _leaned(prepared, submission, run, results)
    return Report(
        submission=submission.name,
        assignment=assignment.id,
        title=assignment.title,
        course=prepared.course,
        seed=prepared.seed,
        isolation=run.isolation,
        isolation_note=run.isolation_note,
        tasks=tuple(results),
        findings=tuple(about),
        versions=versions_of(assignment),
        digests={**prepared.digests, "submission": submission.digest},
        limits=assignment.limits,
        seconds=time.monotonic() - start,
    )


def _opener(run: Run, texts: Mapping[str, str], limits: Limits) -> OpenApart:
    def opened(spent: float) -> AbstractContextManager[Session]:
        left = dataclasses.replace(limits, total_seconds=limits.total_seconds - spent)
        return run.open_session(texts, left)

    return opened


def _entered(stack: ExitStack, apart: OpenApart, session: Session) -> Session:
    """Open a session that shares the total time of another one."""
    opened = stack.enter_context(apart(session.student_seconds))
    stack.callback(lambda: session.charge(opened.student_seconds))
    return opened


def files_of(ready: Ready, submission: Submission) -> dict[str, str]:
    """Return what the student's process can import; of two files of one name, the course's."""
    stubs = dict.fromkeys((f"{name}{STUB}" for name in ready.assignment.stub), "")
    return {**submission.texts, **ready.support, **stubs}


def _mended(
    prepared: Prepared, submission: Submission, run: Run, results: list[TaskResult]
) -> list[TaskResult]:
    """Say of faults of another age what is right in a repaired copy of the student's files."""
    silent = dataclasses.replace(run, observed=None)

    def judge(task: Task, texts: Mapping[str, str]) -> TaskResult:
        apart = _opener(run, texts, prepared.assignment.limits)
        with apart(0.0) as session:
            return _graded(prepared, task, submission, session, silent, apart)

    mender = Mender(
        judge,
        files_of(prepared, submission),
        frozenset(submission.texts) - prepared.support.keys(),
        prepared.rubric.after_repair,
        prepared.assignment.limits.total_seconds,
    )
    return [mender.mended(_task(prepared, result), result) for result in results]


def _leaned(
    prepared: Prepared, submission: Submission, run: Run, results: list[TaskResult]
) -> list[TaskResult]:
    """Say of tasks that are wrong what is right with the right helper."""
    silent = dataclasses.replace(run, observed=None)
    leaner = Leaner(
        prepared.assignment,
        prepared.rubric,
        prepared.references,
        run.open_session,
        lambda task, session, apart: _graded(
            prepared, task, submission, session, silent, lambda _spent: apart()
        ),
    )
    texts = files_of(prepared, submission)
    outcomes = {result.id: result.outcome for result in results}
    return [leaner.leaned(result, texts, outcomes) for result in results]


def _graded(
    prepared: Prepared,
    task: Task,
    submission: Submission,
    session: Session,
    run: Run,
    apart: OpenApart,
) -> TaskResult:
    """Grade a task; ``apart`` opens a session like this one, for cases of hidden checks."""
    # Whatever goes wrong on our side, what is graded already is kept; this task counts for nobody.
    try:
        with ExitStack() as stack:
            opened = partial(_entered, stack, apart, session)
            return _grade_task(prepared, task, submission, session, run, opened)
    except GraderFault as error:
        return void_task(task, prepared.rubric, finding("G903", "load", printable(str(error))))
    except Exception as error:
        if os.environ.get("GRADER_DEBUG"):
            raise
        what = printable(f"{type(error).__name__}: {error}")
        return void_task(task, prepared.rubric, finding("G904", "load", what))


def _task(prepared: Prepared, result: TaskResult) -> Task:
    return next(t for t in prepared.assignment.tasks if t.id == result.id)


def _is_loaded(result: TaskResult) -> bool:
    return any(c.id == "load" and c.outcome is Outcome.PASSED for c in result.checks)


def _judged_alone(
    prepared: Prepared, submission: Submission, run: Run, result: TaskResult
) -> TaskResult:
    """Judge a task that failed again, in a process of its own, and keep the better verdict.

    Tasks share one process, where the code of an earlier one may have changed numpy for all: a
    right gradient must not fail for what another task did. A file that no task could load is not
    tried again.
    """
    task = _task(prepared, result)
    if result.outcome not in (Outcome.FAILED, Outcome.FAULTED):
        return result
    apart = _opener(run, files_of(prepared, submission), prepared.assignment.limits)
    with apart(0.0) as session:
        alone = _graded(prepared, task, submission, session, run, apart)
    if alone.score <= result.score:
        return result
    told = finding("N713", "load", f"{task.id} fails only after the code of another task has run")
    return dataclasses.replace(alone, findings=(*alone.findings, told))


def _grade_task(
    prepared: Prepared,
    task: Task,
    submission: Submission,
    session: Session,
    run: Run,
    apart: Callable[[], Session],
) -> TaskResult:
    start = time.monotonic()
    battery = prepared.batteries[task.id]
    if isinstance(battery, Finding):
        return void_task(task, prepared.rubric, battery)
    if task.file in submission.broken:
        return score_task(task, missing_file(task), prepared.rubric, [], 0.0)
    loaded = session.load(task.call)
    extra: list[Finding] = []
    if isinstance(loaded, Fault):
        verdicts = load_verdicts(task, with_neighbours(loaded, submission))
        observations = TaskObservations(())
    else:
        seen = _seen(prepared, battery, session, loaded.stubs, run, apart)
        observations, session = seen.observations, seen.session
        if run.observed is not None:
            run.observed(battery, observations)
        extra = [about_absent(name, submission) for name in loaded.absent]
        found = judged(battery, observations.cases, prepared.rubric.points[task.id])
        battery = found.battery  # of the form that the code has, where several are accepted
        extra += [*found.notes, *seen.notes]
        verdicts = {"load": CheckVerdict(Outcome.PASSED), **found.verdicts}
        verdicts = hear(
            prepared.references[task.id],
            battery,
            session,
            prepared.assignment.limits,
            observations.cases,
            verdicts,
        )
    more, once = behaviour(
        battery, observations.cases, observations.probes, verdicts, is_replay=bool(run.replay)
    )
    verdicts |= more
    verdicts |= linearity(battery, observations.cases, observations.probes, verdicts)
    extra = [*once, *extra, *notes(battery, observations.cases)]
    extra += speed_line(battery, observations.cases, verdicts)
    if isinstance(loaded, Loaded) and not run.replay:
        extra += review(
            prepared.references[task.id], battery, session, prepared.assignment.limits,
            observations.cases, verdicts, loaded.signs,
        )  # fmt: skip
    result = score_task(task, verdicts, prepared.rubric, extra, time.monotonic() - start)
    return dataclasses.replace(
        result,
        findings=tuple(
            _with_packages(_with_replay(f, prepared, run), prepared.assignment)
            for f in result.findings
        ),
    )


def _seen(
    prepared: Prepared,
    battery: Battery,
    session: Session,
    stubs: frozenset[str],
    run: Run,
    apart: Callable[[], Session],
) -> Seen:
    limits, hidden = prepared.assignment.limits, hidden_checks(prepared.rubric, battery.task)
    if not hidden or run.replay:
        return Seen(observe(session, battery, limits, stubs=stubs, replay=run.replay), session)
    return observe_apart(session, apart, battery, limits, hidden, stubs)


def _with_replay(told: Finding, prepared: Prepared, run: Run) -> Finding:
    if not told.case:
        return told
    command = f"{run.command} --assignment {shlex.quote(prepared.assignment.id)}"
    return dataclasses.replace(told, replay=f"{command} --replay {told.case}")


def _with_packages(told: Finding, assignment: Assignment) -> Finding:
    """Say of a module that is not available which packages are."""
    if told.code != "L105" or not assignment.packages:
        return told
    allowed = f"only numpy, {', '.join(assignment.packages)}, "
    return dataclasses.replace(told, help=told.help.replace("only numpy, ", allowed))


def is_full_marks(report: Report) -> bool:
    """Return True when every task passed, at least one, and every file was there."""
    outcomes = {task.outcome for task in report.tasks}
    is_whole = not any(f.severity is Severity.ERROR for f in report.findings)
    return is_whole and outcomes == {Outcome.PASSED}


def is_without_errors(report: Report) -> bool:
    """Return True when nothing was found, as in the replay of a case that is right."""
    found = [*report.findings, *(f for task in report.tasks for f in task.findings)]
    return not any(f.severity is Severity.ERROR for f in found)
