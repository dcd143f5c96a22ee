"""Correct is correct however it is written: no variant is ever accused of anything."""

from __future__ import annotations

import pytest
from in_process import ASSIGNMENTS, RIGHT, complaints, grade_texts, prepared, read_right

from grader.grade import is_full_marks
from grader.isolation import SANDBOXES
from grader.model import Report

# Under the last ones a gradient is exactly 0 at both ties of a circuit, or 5e-10 in a small case.
SEEDS = (*range(2), 1139, 1196, 1217, 20320)
VARIANTS = [
    (name, assignment)
    for name in sorted(path.name for path in RIGHT.iterdir() if path.is_dir())
    for assignment in ASSIGNMENTS
    if read_right(name, assignment)
]
# Each way of writing once through a real child process, the assignments in turn.
THROUGH_A_CHILD = [
    ("plain", "gates"),
    ("loops", "circuits"),
    ("einsum", "layers"),
    ("single", "losses"),
    ("mixed", "gates"),
    ("containers", "layers"),
    ("mutating", "losses"),
    ("lists", "circuits"),
    ("loops", "functions"),
    ("mutating", "descent"),
    ("containers", "checkers"),
    ("lists", "jacobians"),
]


def _accusations(report: Report) -> list[str]:
    lines = [line for task in report.tasks for line in complaints(task)]
    if report.score != report.max_score or not is_full_marks(report):
        lines.append(f"{float(report.score)} of {float(report.max_score)} points")
    return lines


@pytest.mark.parametrize(("name", "assignment"), VARIANTS)
def test_a_right_variant_is_never_accused(name: str, assignment: str) -> None:
    """Full marks, ties and stress passed and no error finding, under every seed."""
    texts = read_right(name, assignment)
    lines = [
        f"seed {seed}: {line}"
        for seed in SEEDS
        for line in _accusations(grade_texts(prepared(assignment, seed), texts))
    ]
    assert not lines, f"{len(lines)} accusations\n" + "\n".join(lines[:10])


@pytest.mark.parametrize(("name", "assignment"), THROUGH_A_CHILD)
def test_a_right_variant_is_not_accused_through_a_child(name: str, assignment: str) -> None:
    """The real process and the real size change nothing."""
    ready = prepared(assignment, 0, with_size=True)
    texts = read_right(name, assignment)
    report = grade_texts(ready, texts, open_session=SANDBOXES["process"])
    assert _accusations(report) == []


def test_every_task_has_at_least_three_right_variants() -> None:
    """No shipped task is left to its reference alone, and no variant leaves a task out."""
    for assignment in ASSIGNMENTS:
        ready = prepared(assignment, 0)
        for name, other in VARIANTS:
            if other == assignment:
                report = grade_texts(ready, read_right(name, assignment))
                attempted = [t.id for t in report.tasks if t.outcome.value != "not_attempted"]
                assert attempted == [task.id for task in ready.assignment.tasks]
        assert sum(other == assignment for _, other in VARIANTS) >= 3
