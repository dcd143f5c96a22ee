"""No wrong version gets away, under no seed; and nothing but the mistake is accused."""

from __future__ import annotations

import pytest
from in_process import ASSIGNMENTS, prepared
from judging import amiss, grade
from variants.wrong import WRONG, Wrong

# benchmarks/mistakes.py takes 200 seeds for each; here is a fast part of that.
SEEDS = range(8)
_RARE = 1  # seeds for a mistake that shows in special cases only
ENTRIES = [(assignment, wrong) for assignment in ASSIGNMENTS for wrong in WRONG[assignment]]


def seeds_of(index: int, wrong: Wrong) -> list[int]:
    """Return one seed in turn for what shows in every random case, else some."""
    is_rare = any(not check.startswith(("forward", "backward")) for check in wrong.checks)
    # A graph of thousands of gates is dear to prepare.
    count = _RARE if is_rare and wrong.task != "graph" else 1
    return [SEEDS[(index + k) % len(SEEDS)] for k in range(count)]


@pytest.mark.parametrize(
    ("index", "assignment", "wrong"),
    [(index, *entry) for index, entry in enumerate(ENTRIES)],
    ids=[f"{assignment}-{wrong.task}-{wrong.label}" for assignment, wrong in ENTRIES],
)
def test_a_wrong_version_never_escapes(index: int, assignment: str, wrong: Wrong) -> None:
    """Under every seed exactly the mistake is told: its check, its code, its argument."""
    lines = []
    for seed in seeds_of(index, wrong):
        task, result = grade(assignment, wrong, seed)
        lines += [f"seed {seed}: {line}" for line in amiss(task, wrong, result)]
    assert not lines, f"{len(lines)} verdicts amiss\n" + "\n".join(lines[:10])


def test_there_are_enough_distinct_mistakes() -> None:
    """At least eighty different wrong sources, and some for every shipped task."""
    assert len({(a, w.task, w.edits) for a, w in ENTRIES}) == len(ENTRIES) >= 80
    for assignment in ASSIGNMENTS:
        tasks = {task.id for task in prepared(assignment, 0).assignment.tasks}
        assert {wrong.task for wrong in WRONG[assignment]} == tasks
