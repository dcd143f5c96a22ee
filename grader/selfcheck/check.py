"""A submission against a kit: what can be known without answers, task by task."""

from __future__ import annotations

import dataclasses
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from grader.asides import (
    about_absent,
    about_submission,
    libraries_named,
    session_notes,
    with_neighbours,
)
from grader.checks import FORM_CHECKS, LOAD, backward_check, check_of_case, checks_of, is_free
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
from grader.grade import Run
from grader.isolation import STUB, Session
from grader.kit import Kit, is_known
from grader.model import (
    Array,
    Battery,
    CheckResult,
    Fault,
    Finding,
    Kind,
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
from grader.selfcheck.own import with_differences, with_own_answers
from grader.selfcheck.probes import Question, ask, ask_closer, moves_of
from grader.selfcheck.verdicts import (
    NO_WITNESS,
    SLOW,
    UNCLEAR,
    Measured,
    gradient_verdicts,
    measure,
)
from grader.submission import Submission

_NOTHING = Fraction(0)
_BY_MASK = "right for the entries you kept"
_BY_EXAMPLE = "right in the worked example"
_FORWARD_ALONE = "forward alone"
_STRESS = Kind.STRESS.value
_SHARE = re.compile(r" \(wrong in \d+ of \d+ cases.*?\)")
_WORST_FIRST = (Outcome.VOID, Outcome.TIMED_OUT, Outcome.FAULTED, Outcome.FAILED)

Verdicts = Mapping[str, CheckVerdict]


def self_check(kit: Kit, submission: Submission, run: Run, only: str = "") -> Report:
    """Check one submission without answers; ``only`` names a task. The report gives no points."""
    start = time.monotonic()
    tasks = [task for task in kit.assignment.tasks if only in ("", task.id)]
    about = about_submission(submission, kit.support)
    texts = texts_of(kit, submission)
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
        if index == 0 or result.outcome not in _WORST_FIRST
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


def texts_of(kit: Kit, submission: Submission) -> dict[str, str]:
    """Return what the student's process can import."""
    stubs = dict.fromkeys((f"{name}{STUB}" for name in kit.assignment.stub), "")
    return {**submission.texts, **kit.support, **stubs}


def _checked_alone(
    kit: Kit, task: Task, submission: Submission, run: Run, result: TaskResult
) -> TaskResult:
    """Check a task again in a process of its own: the code of another may have changed numpy."""
    with run.open_session(texts_of(kit, submission), kit.assignment.limits) as session:
        alone = _checked(kit, task, submission, session, run)
    if alone.outcome in _WORST_FIRST:
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
    outcomes = {r.outcome for r in results if not is_free(r.id) or r.outcome is Outcome.VOID}
    outcomes = outcomes or {r.outcome for r in results}
    bad = next((o for o in _WORST_FIRST if o in outcomes), None)
    if bad is not None:
        return bad
    if Outcome.NOT_ATTEMPTED in outcomes:
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
    verdicts = _with_counts(battery, verdicts)
    numerical: dict[tuple[str, str], Array] = {}
    if task.gradients:
        heard, is_cut = _by_differences(session, found.battery, cases, run, limits, numerical)
        verdicts = _witnessed(battery, verdicts, heard, is_cut=is_cut)
    if run.observed is not None:
        run.observed(with_differences(battery, numerical), observed)
    once: list[Finding] = []
    if not run.replay:  # of a single case there are no other calls to compare with
        more, once = behaviour(found.battery, cases, observed.probes, verdicts)
        verdicts |= more
    verdicts |= linearity(found.battery, cases, observed.probes, verdicts)
    absent = [about_absent(name, submission) for name in loaded.absent]
    verdicts = _without_demands(kit, task, verdicts)
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


def _with_counts(battery: Battery, verdicts: Verdicts) -> dict[str, CheckVerdict]:
    """Say of each output how many public values it matches."""
    told = dict(verdicts)
    for name in battery.task.outputs:
        check = "forward" if len(battery.task.outputs) == 1 else f"forward[{name}]"
        own = told.get(check)
        if own is None or own.outcome is not Outcome.PASSED:
            continue
        known = sum(map(is_known, _main_outputs(battery, name)))
        if known:
            told[check] = dataclasses.replace(own, reason=f"{known} of {known} public values")
        else:
            told[check] = CheckVerdict(Outcome.SKIPPED, reason="its values are not public")
    return told


def _main_outputs(battery: Battery, name: str) -> Iterator[Array]:
    for cases in battery.expected.values():
        for each in cases:
            if name in each.outputs and check_of_case(battery.task, each.case) is None:
                yield each.outputs[name]


def _witnessed(
    battery: Battery,
    verdicts: Verdicts,
    heard: Verdicts,
    *,
    is_cut: bool,
) -> dict[str, CheckVerdict]:
    """Join what comparing showed, of which own values tell nothing, with what witnesses tell."""
    task, joined = battery.task, dict(verdicts)
    gradients = {backward_check(name): name for name in task.gradients}
    for check, own in verdicts.items():
        told = heard.get(check)
        if own.outcome not in (Outcome.PASSED, Outcome.SKIPPED):
            joined[check] = _best_told(own, told) if check in gradients else own
        elif told is not None and told.outcome is not Outcome.PASSED:
            joined[check] = told if check in gradients else _told_once(told, heard)
        elif told is not None:
            joined[check] = dataclasses.replace(own, reason=told.reason)
        elif check in gradients and own.outcome is Outcome.PASSED:
            joined[check] = _unasked(battery, gradients[check], own, is_cut=is_cut)
        elif check in (_STRESS, *FORM_CHECKS):
            joined[check] = dataclasses.replace(own, reason=_FORWARD_ALONE)
    return joined


def _without_demands(kit: Kit, task: Task, verdicts: Verdicts) -> dict[str, CheckVerdict]:
    """Turn what no points hang on, and is a demand of its own, into a note."""
    own = verdicts.get(_STRESS)
    is_priced = kit.rubric.points[task.id].get(_STRESS, _NOTHING) > 0
    if own is None or is_priced or own.outcome not in _WORST_FIRST:
        return dict(verdicts)
    told = tuple(dataclasses.replace(f, severity=Severity.NOTE) for f in own.findings)
    demand = CheckVerdict(Outcome.SKIPPED, told, "no points hang on it: see the notes")
    return {**verdicts, _STRESS: demand}


def _best_told(own: CheckVerdict, told: CheckVerdict | None) -> CheckVerdict:
    """Return what tells more of a wrong gradient: differences, or else the worked example.

    Only the example was compared with an answer, so that nothing is said of the other cases.
    """
    if {f.code for f in own.findings} != {"V402"}:
        return own
    if told is not None and told.outcome is Outcome.FAILED:
        return told
    findings = (dataclasses.replace(f, message=_SHARE.sub("", f.message)) for f in own.findings)
    return dataclasses.replace(own, findings=tuple(findings))


def _told_once(told: CheckVerdict, heard: Verdicts) -> CheckVerdict:
    """Return the verdict of a sub-case without what is told of the same gradient elsewhere."""
    before = {f.argument: f.check for check in heard if check.startswith("backward")
              for f in heard[check].findings}  # fmt: skip
    again = [f for f in told.findings if f.argument in before]
    if not again:
        return told
    left = tuple(f for f in told.findings if f not in again)
    return dataclasses.replace(told, findings=left, reason=f"as in {before[again[0].argument]}")


def _unasked(battery: Battery, name: str, own: CheckVerdict, *, is_cut: bool) -> CheckVerdict:
    """Return the verdict on a gradient that no differences were taken for."""
    if battery.task.random is not None:
        return dataclasses.replace(own, reason=_BY_MASK)
    examples = battery.expected.get(Kind.EXAMPLE, ())
    if any(is_known(named[f"d{name}"]) for each in examples for named in each.gradients):
        return dataclasses.replace(own, reason=_BY_EXAMPLE)
    if name not in {i.name for i in battery.task.inputs}:
        return CheckVerdict(Outcome.SKIPPED, reason=NO_WITNESS)
    return CheckVerdict(Outcome.SKIPPED, reason=SLOW if is_cut else UNCLEAR)
