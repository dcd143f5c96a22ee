"""Verdicts on the variants: what is graded, and what is amiss with the verdict.

``grade``          one version of a task under one seed, in this process.
``grade_child``    one submission of ``variants.in_child`` in a real child.
``amiss``          every escape, false word, accusation and missing note, one line each.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from in_process import COURSE, complaints, grade_texts, prepared, read_right
from variants.in_child import Row, text_of_row
from variants.wrong import NOT_LINEAR, Right, Wrong, text_of

from grader.cases import public_seed
from grader.checks import is_free, value_checks
from grader.course import load
from grader.isolation import SANDBOXES, choose
from grader.model import Outcome, Severity, Task, TaskResult
from grader.prepare import Prepared, prepare

# The notes of which a right form earns exactly those that it states.
_NOTES = {"N701", "N702", "N703", "N704", "N708", "N709"}
# Short where a loop uses it up, else long enough for a machine under load.
_CALL_SECONDS = defaultdict(lambda: 10.0, {"R202": 0.1})
_NOT_RAISED = "V407"  # in sub-cases that ask for an exception, another one
# Upstream ignored or used twice, a mask by its sign, whole numbers, sums over calls, tables.
_MAY_BEND = {"M07", "M08", "M25", "M38", "M41", "M49"}
_AS_ROWS: dict[tuple[str | int, ...], tuple[str | int, ...]] = {
    ("D", "C"): ("C", "D"),
    ("N", "D"): ("D", "N"),
}


def grade(
    assignment: str, version: Wrong | Right, seed: int, stated: tuple[tuple[str, str], ...] = ()
) -> tuple[Task, TaskResult]:
    """Grade one version under one seed, and under stated conventions instead of the course's."""
    if stated:
        ready = prepared_as(assignment, version.task, seed, stated)
    else:
        ready = prepared(assignment, seed)
    task = next(t for t in ready.assignment.tasks if t.id == version.task)
    base = version.base if isinstance(version, Right) else "plain"
    files = read_right(base, assignment)
    source = files[task.file]
    targets = tuple(filter(None, (task.call.target, task.call.backward)))
    text = text_of(source, targets, version) if base == "plain" else source
    return task, grade_texts(ready, dict.fromkeys(files, text), {task.id}).tasks[0]


@lru_cache(maxsize=64)
def prepared_as(
    assignment_id: str, task_id: str, seed: int, stated: tuple[tuple[str, str], ...]
) -> Prepared:
    """Return one task of an assignment, ready to grade under other conventions."""
    assignment, rubric = load(COURSE, assignment_id)
    tasks = tuple(_stated(t, dict(stated)) if t.id == task_id else t for t in assignment.tasks)
    assignment = dataclasses.replace(assignment, tasks=tasks)
    run_seed = public_seed(seed, assignment)
    return prepare(COURSE, assignment, rubric, run_seed, f"public, {seed}", only=task_id)


def _stated(task: Task, stated: Mapping[str, str]) -> Task:
    changes: dict[str, Any] = {"conventions": {**task.conventions, **stated}, "size": {}}
    if {**task.conventions, **stated}["orientation"] != task.conventions["orientation"]:
        inputs = [dataclasses.replace(i, shape=_AS_ROWS.get(i.shape, i.shape)) for i in task.inputs]
        changes |= {"inputs": tuple(inputs), "examples": ()}
    return dataclasses.replace(task, **changes)


def amiss(task: Task, version: Wrong | Right, result: TaskResult) -> list[str]:
    """Return what is amiss with the verdict on a version."""
    if isinstance(version, Wrong):
        return list(_amiss_of_wrong(task, version, result))
    return list(_amiss_of_right(version, result))


def _amiss_of_right(right: Right, result: TaskResult) -> Iterator[str]:
    due = {code.rstrip("?") for code in right.notes}
    stated = tuple(f for f in result.findings if f.code in due)
    rest = tuple(f for f in result.findings if f not in stated)
    yield from complaints(dataclasses.replace(result, findings=rest))
    missing = {code for code in right.notes if "?" not in code} - {f.code for f in stated}
    extra = {f.code for f in rest} & _NOTES
    yield from (f"not told: {code}" for code in sorted(missing))
    yield from (f"falsely told: {code}" for code in sorted(extra))


def _amiss_of_wrong(task: Task, wrong: Wrong, result: TaskResult) -> Iterator[str]:
    told = {(f.check, f.code, f.argument) for f in result.findings if f.severity is Severity.ERROR}
    bent = {said for said in told if said[0] == "linearity"}
    yield from _amiss_of_linearity(wrong, is_bent=bool(bent))
    told -= bent
    outcomes = {check.id: check.outcome for check in result.checks}
    values = value_checks(task)
    for alternatives in wrong.expected:
        if not any(_is_said(said, one) for said in told for one in alternatives):
            yield f"escaped: no {' or '.join(' '.join(one) for one in sorted(alternatives))}"
    known = set().union(*wrong.expected)
    is_value = not wrong.checks.isdisjoint(values)
    for said in sorted(told):
        # Where a value is wrong, further witnesses of it may say so too.
        is_witness = is_value and said[0] not in values
        if not is_witness and not any(_is_said(said, one) for one in known):
            yield f"falsely told: {' '.join(said)}"
    for check in values:
        if check not in wrong.checks and outcomes[check] is not Outcome.PASSED:
            yield f"falsely {outcomes[check].value}: {check}"
    if (result.outcome is Outcome.PASSED) != all(_costs_nothing(c, result) for c in wrong.checks):
        yield f"the task is {result.outcome.value}"


def _amiss_of_linearity(wrong: Wrong, *, is_bent: bool) -> Iterator[str]:
    """The versions listed are not linear in the upstream; of some mistakes others may not be."""
    words = wrong.mistake.split()[len(wrong.numbers) :]
    is_listed = not {wrong.mistake, " ".join(words)}.isdisjoint(NOT_LINEAR.get(wrong.task, ()))
    if is_listed and not is_bent:
        yield "linearity is not told"
    if is_bent and not is_listed and _MAY_BEND.isdisjoint(wrong.numbers):
        yield "linearity is falsely told"


def _is_said(said: tuple[str, str, str], expected: tuple[str, str, str]) -> bool:
    """A check of one argument may name it or not; any other names the one that is expected."""
    check, code, argument = expected
    if argument or "[" not in check:
        return said[:2] == (check, code) and argument in ("", said[2])
    return said[:2] == (check, code) and said[2] in ("", check.partition("[")[2].rstrip("]"))


def _costs_nothing(check: str, result: TaskResult) -> bool:
    priced = {c.id for c in result.checks if c.max_score > 0}
    return is_free(check) and check not in priced


def grade_child(row: Row, seed: int) -> list[str]:
    """Grade a submission in a real child; return what is amiss with the verdicts."""
    ready = prepared(row.assignment, seed)
    limits = dataclasses.replace(ready.assignment.limits, call_seconds=_CALL_SECONDS[row.told])
    ready = dataclasses.replace(
        ready, assignment=dataclasses.replace(ready.assignment, limits=limits)
    )
    opened = SANDBOXES[row.rung or _rung()]
    report = grade_texts(ready, text_of_row(row), row.tasks or None, opened)
    lines = [line for result in report.tasks for line in _amiss_of_child(row, result)]
    notes = {f.code for f in report.findings}
    return lines + ([] if notes == set(row.notes) else [f"notes {sorted(notes)}"])


@cache
def _rung() -> str:
    return choose()[0]


def _amiss_of_child(row: Row, result: TaskResult) -> list[str]:
    if not row.told:
        return complaints(result)
    told = {f.code for f in result.findings if f.severity is Severity.ERROR}
    return [] if told - {_NOT_RAISED} == {row.told} else [f"{result.id}: told {sorted(told)}"]
