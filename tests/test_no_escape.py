"""No wrong backward gets away, under no seed; and nothing but the mistake is accused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from in_process import ASSIGNMENTS, grade_texts, prepared, read_right
from variants.wrong import NOT_LINEAR, WRONG, Wrong, text_of

from grader.checks import is_free, value_checks
from grader.model import Outcome, Severity, Task, TaskResult

SEEDS = range(25)
_FEW = 4  # of the seeds, every fourth: enough for a mistake that shows in every random case
ENTRIES = [(assignment, wrong) for assignment in ASSIGNMENTS for wrong in WRONG[assignment]]


def judgement(task: Task, wrong: Wrong, result: TaskResult) -> Iterator[str]:
    """Yield what is amiss with the verdict on a wrong version: an escape, or a false word."""
    told = {(f.check, f.code, f.argument) for f in result.findings if f.severity is Severity.ERROR}
    bent = {said for said in told if said[0] == "linearity"}
    if bool(bent) != (wrong.mistake in NOT_LINEAR.get(wrong.task, ())):
        yield f"linearity is {'falsely' if bent else 'not'} told"
    told -= bent
    outcomes = {check.id: check.outcome for check in result.checks}
    for alternatives in wrong.expected:
        if not any(_is_said(said, one) for said in told for one in alternatives):
            yield f"escaped: no {' or '.join(map(' '.join, sorted(alternatives)))}"
    known = set().union(*wrong.expected)
    for said in sorted(told):
        if not any(_is_said(said, one) for one in known):
            yield f"falsely told: {' '.join(said)}"
    for check in value_checks(task):
        if check not in wrong.checks and outcomes[check] is not Outcome.PASSED:
            yield f"falsely {outcomes[check].value}: {check}"
    if (result.outcome is Outcome.PASSED) != all(_costs_nothing(c, result) for c in wrong.checks):
        yield f"the task is {result.outcome.value}"


def _is_said(said: tuple[str, str, str], expected: tuple[str, str, str]) -> bool:
    """A check of one argument may name it or not; any other names the one that is expected."""
    check, code, argument = expected
    if argument or "[" not in check:
        return said[:2] == (check, code) and argument in ("", said[2])
    return said[:2] == (check, code) and said[2] in ("", check.partition("[")[2].rstrip("]"))


def _costs_nothing(check: str, result: TaskResult) -> bool:
    priced = {c.id for c in result.checks if c.max_score > 0}
    return is_free(check) and check not in priced


def grade_wrong(assignment: str, wrong: Wrong, seed: int) -> tuple[Task, TaskResult]:
    """Grade one wrong version under one seed."""
    ready = prepared(assignment, seed)
    task = next(t for t in ready.assignment.tasks if t.id == wrong.task)
    ((name, source),) = read_right("plain", assignment).items()
    targets = tuple(filter(None, (task.call.target, task.call.backward)))
    report = grade_texts(ready, {name: text_of(source, targets, wrong)}, {task.id})
    return task, report.tasks[0]


def seeds_of(index: int, wrong: Wrong) -> range:
    """Return every seed for a mistake that shows in special cases only, else some of them."""
    is_rare = any(not check.startswith(("forward", "backward")) for check in wrong.checks)
    return SEEDS if is_rare else SEEDS[index % _FEW :: _FEW]


@pytest.mark.parametrize(
    ("index", "assignment", "wrong"),
    [(index, *entry) for index, entry in enumerate(ENTRIES)],
    ids=[f"{assignment}-{wrong.task}-{wrong.mistake}" for assignment, wrong in ENTRIES],
)
def test_a_wrong_version_never_escapes(index: int, assignment: str, wrong: Wrong) -> None:
    """Under every seed exactly the mistake is told: its check, its code, its argument."""
    amiss = []
    for seed in seeds_of(index, wrong):
        task, result = grade_wrong(assignment, wrong, seed)
        amiss += [f"seed {seed}: {line}" for line in judgement(task, wrong, result)]
    assert not amiss, f"{len(amiss)} verdicts amiss\n" + "\n".join(amiss[:10])


def test_there_are_enough_distinct_mistakes() -> None:
    """At least eighty different wrong sources, and some for every shipped task."""
    assert len({(a, w.task, w.edits) for a, w in ENTRIES}) == len(ENTRIES) >= 80
    for assignment in ASSIGNMENTS:
        tasks = {task.id for task in prepared(assignment, 0).assignment.tasks}
        assert {wrong.task for wrong in WRONG[assignment]} == tasks
