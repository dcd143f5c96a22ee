"""A submission against a kit: what can be known without answers, task by task."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.asides import (
    about_absent,
    about_submission,
    libraries_named,
    session_notes,
    with_neighbours,
)
from grader.checks import LOAD, checks_of, is_free
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
from grader.escape import printable
from grader.grade import Run, files_of
from grader.isolation import Session
from grader.kit import Kit
from grader.model import (
    Array,
    Battery,
    CheckResult,
    Fault,
    Finding,
    Limits,
    Observation,
    Outcome,
    Report,
    Severity,
    Task,
    TaskResult,
    is_public,
)
from grader.observe import observe, revisit
from grader.prepare import sources_digest, versions_of
from grader.selfcheck.joining import WRONG, with_counts, without_demands, witnessed
from grader.selfcheck.own import with_differences, with_own_answers
from grader.selfcheck.probes import Question, ask, ask_closer, moves_of
from grader.selfcheck.verdicts import Measured, gradient_verdicts, measure
from grader.submission import Submission

_NOTHING = Fraction(0)

Verdicts = Mapping[str, CheckVerdict]


def self_check(kit: Kit, submission: Submission, run: Run, only: str = "") -> Report:
    """Check one submission without answers; ``only`` names a task. The report gives no points."""
    start = time.monotonic()
    tasks = [task for task in kit.assignment.tasks if only in ("", task.id)]
    about = about_submission(submission, kit.support)
    texts = files_of(kit, submission)
    with run.open_session(texts, kit.assignment.limits) as session:
        results = []
        for index, task in enumerate(tasks):
            if run.starting is not None:
                run.starting(task.id, index + 1, len(tasks))
            results.append(_checked(kit, task, submission, session, run))
    about += session_notes(session)
    about += libraries_named(session.libraries, kit.assignment, submission.texts)
    results = [
        result
        if index == 0 or result.outcome not in (Outcome.FAILED, Outcome.FAULTED)
        else _checked_alone(kit, tasks[index], submission, run, result)
        for index, result in enumerate(results)
    ]
    return Report(
        submission=submission.name,
        assignment=kit.assignment.id,
        title=kit.assignment.title,
        course=kit.course,
        seed=kit.seed,
        isolation=run.isolation,
        isolation_note=run.isolation_note,
        tasks=tuple(results),
        findings=tuple(about),
        versions=versions_of(kit.assignment),
        digests={"grader": sources_digest(), **kit.digests, "submission": submission.digest},
        limits=kit.assignment.limits,
        seconds=time.monotonic() - start,
        is_self_check=True,
    )


def _checked_alone(
    kit: Kit, task: Task, submission: Submission, run: Run, result: TaskResult
) -> TaskResult:
    """Check a task again in a process of its own: the code of another may have changed numpy."""
    with run.open_session(files_of(kit, submission), kit.assignment.limits) as session:
        alone = _checked(kit, task, submission, session, run)
    if alone.outcome in WRONG:
        return result
    told = finding("N713", LOAD, f"{task.id} fails only after the code of another task has run")
    return dataclasses.replace(alone, findings=(*alone.findings, told))


def _checked(
    kit: Kit, task: Task, submission: Submission, session: Session, run: Run
) -> TaskResult:
    start = time.monotonic()
    try:
        verdicts, more = _verdicts(kit, task, submission, session, run)
    except Exception as error:
        if os.environ.get("GRADER_DEBUG"):
            raise
        told = finding("G904", LOAD, printable(f"{type(error).__name__}: {error}"))
        verdicts, more = {LOAD: CheckVerdict(Outcome.VOID, (told,))}, []
    checks = [c for c in checks_of(task) if c in verdicts and is_public(kit.rubric, task.id, c)]
    results = tuple(
        CheckResult(c, verdicts[c].outcome, _NOTHING, _NOTHING, verdicts[c].reason) for c in checks
    )
    found = [*(f for c in checks for f in verdicts[c].findings), *more]
    found.sort(key=lambda f: f.severity is not Severity.ERROR)
    findings = tuple(_with_replay(f, run) for f in found)
    outcome = _outcome(results)
    return TaskResult(task.id, task.title, outcome, results, findings, time.monotonic() - start)


def _with_replay(told: Finding, run: Run) -> Finding:
    return dataclasses.replace(
        told, replay=f"{run.command} --replay {told.case}" if told.case else ""
    )


def _outcome(results: Sequence[CheckResult]) -> Outcome:
    """Return passed where nothing was found and something was compared."""
    told = {r.outcome for r in results}
    outcomes = {r.outcome for r in results if not is_free(r.id)}
    bad = next((o for o in WRONG if o in (outcomes or told)), None)
    if bad is not None:
        return bad
    if Outcome.NOT_ATTEMPTED in told:
        return Outcome.FAILED if Outcome.PASSED in outcomes else Outcome.NOT_ATTEMPTED
    return Outcome.PASSED if Outcome.PASSED in outcomes else Outcome.SKIPPED


def _verdicts(
    kit: Kit, task: Task, submission: Submission, session: Session, run: Run
) -> tuple[dict[str, CheckVerdict], list[Finding]]:
    if task.file in submission.broken:
        return dict(missing_file(task)), []
    limits, battery = kit.assignment.limits, kit.batteries[task.id]
    loaded = session.load(task.call)
    if isinstance(loaded, Fault):
        return dict(load_verdicts(task, with_neighbours(loaded, submission))), []
    observed = observe(session, battery, limits, stubs=loaded.stubs, replay=run.replay)
    cases = observed.cases
    found = judged(with_own_answers(battery, cases), cases, {})
    verdicts = {LOAD: CheckVerdict(Outcome.PASSED), **found.verdicts}
    verdicts = with_counts(battery, verdicts)
    numerical: dict[tuple[str, str], Array] = {}
    if task.gradients:
        heard, is_cut = _by_differences(session, found.battery, cases, run, limits, numerical)
        verdicts = witnessed(battery, verdicts, heard, is_cut=is_cut)
    if run.observed is not None:
        run.observed(with_differences(battery, numerical), observed)
    once: list[Finding] = []
    if not run.replay:  # of a single case there are no other calls to compare with
        more, once = behaviour(found.battery, cases, observed.probes, verdicts)
        verdicts |= more
    verdicts |= linearity(found.battery, cases, observed.probes, verdicts)
    absent = [about_absent(name, submission) for name in loaded.absent]
    verdicts = without_demands(kit.rubric, task, verdicts)
    return verdicts, [*once, *absent, *found.notes, *notes(battery, cases)]


def _by_differences(
    session: Session,
    battery: Battery,
    observations: Sequence[Observation],
    run: Run,
    limits: Limits,
    numerical: dict[tuple[str, str], Array],
) -> tuple[dict[str, CheckVerdict], bool]:
    """Return what differences tell of the gradients, and whether some were too slow to be taken.

    What is off is looked at entry by entry, and everything in a replay, whose arrays are shown:
    ``numerical`` receives them by case and gradient, [components, *shape of the argument].
    """
    own = {o.case.id: o.draws for o in observations}

    def measured(questions: Sequence[Question]) -> list[Measured]:
        moves = moves_of(questions)
        draws = revisit(session, battery, moves, limits.call_seconds) if moves else []
        return [measure(battery.task, q, own[q.expected.case.id], draws) for q in questions]

    questions, is_cut = ask(battery, observations)
    first = measured(questions)
    wrong = {(m.question.check, m.question.name): m.question for m in reversed(first)
             if m.is_off or run.replay}  # fmt: skip
    closer = {m.question.key: m for m in measured(ask_closer(list(wrong.values())))}
    for key, one in closer.items():
        if one.found is not None and one.question.is_whole:
            shape = one.question.directions.shape[1:]
            numerical[key] = one.found.numerical.T.reshape(-1, *shape)
    return gradient_verdicts(battery.task, first, closer), is_cut
