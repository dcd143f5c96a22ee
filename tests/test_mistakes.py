"""The fifty mistakes and the conventions of the lectures: each gets the verdict it is due.

The wrong versions themselves are graded in test_no_escape.py; benchmarks/mistakes.py grades all
of this under 200 seeds.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from in_process import ASSIGNMENTS, COURSE
from judging import amiss, grade, grade_child
from variants.conventions import FORMS, Form
from variants.harmless import HARMLESS
from variants.in_child import ROWS, Row
from variants.mistakes import MISTAKES, WRITTEN
from variants.wrong import Right

from grader.course import load

SEEDS = (3, 30)
_IN_FORMS = {form.version for form in FORMS}
RIGHTS = [(a, right) for a in ASSIGNMENTS for right in HARMLESS[a] if right not in _IN_FORMS]
# Of each label one row, the assignments in turn: a child is dear.
IN_CHILD = [
    [row for row in ROWS if row.label == label][k]
    for k, label in enumerate(dict.fromkeys(row.label for row in ROWS))
]
PAGE = (Path(__file__).parent.parent / "docs" / "mistakes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("assignment", "right"), RIGHTS, ids=[f"{a}-{right.task}-{right.label}" for a, right in RIGHTS]
)
def test_what_only_looks_like_a_mistake_is_right(assignment: str, right: Right) -> None:
    """Full marks and exactly the notes that are due."""
    for seed in SEEDS:
        task, result = grade(assignment, right, seed)
        assert amiss(task, right, result) == [], f"seed {seed}"


@pytest.mark.parametrize(
    "form", FORMS, ids=[f"{f.convention}-{f.version.task}-{f.version.label}" for f in FORMS]
)
def test_a_form_is_judged_as_the_spec_states(form: Form) -> None:
    """What the convention allows is right; what another would allow is not."""
    for seed in SEEDS:
        task, result = grade(form.assignment, form.version, seed, form.stated)
        assert amiss(task, form.version, result) == [], f"seed {seed}"


@pytest.mark.parametrize("row", IN_CHILD, ids=lambda row: f"{row.assignment}-{row.label}")
def test_a_mistake_in_a_child_is_told(row: Row) -> None:
    """Prints, files, sleeps are right; waiting for input, endless loops and answers are not."""
    assert grade_child(row, SEEDS[0]) == []


def test_every_mistake_has_a_version_in_every_task_that_must_have_one() -> None:
    """Each task that is listed with a mistake has a version that carries its number."""
    listed = {
        (mistake.number, assignment, task)
        for mistake in MISTAKES
        for assignment, tasks in mistake.tasks.items()
        for task in tasks.split()
    }
    written = {(number, *task) for number, tasks in WRITTEN.items() for task in tasks}
    assert sorted(listed - written) == []
    assert {number for number, _, _ in written} <= {mistake.number for mistake in MISTAKES}


def test_no_shipped_task_is_without_mistakes() -> None:
    """Each task has versions of several mistakes of the list, hard-coded answers aside."""
    for assignment in ASSIGNMENTS:
        for task in load(COURSE, assignment)[0].tasks:
            found = {n for n, tasks in WRITTEN.items() if (assignment, task.id) in tasks}
            assert found - {"M48", "M49", "M50"}, f"{assignment} {task.id}"


def test_the_fifty_are_all_there() -> None:
    """Every number has a row, and where no task invites the mistake the reason."""
    assert [mistake.number for mistake in MISTAKES] == [f"M{n:02}" for n in range(1, 51)]
    for mistake in MISTAKES:
        assert bool(mistake.tasks) != bool(mistake.absent), mistake
        assert bool(WRITTEN.get(mistake.number)) == bool(mistake.tasks), mistake


def test_every_convention_is_there_with_what_it_allows_and_rules_out() -> None:
    """Of each convention that the lectures leave open there are forms on both sides."""
    allowed = {f.convention for f in FORMS if isinstance(f.version, Right)}
    ruled_out = {f.convention for f in FORMS if not isinstance(f.version, Right)}
    assert allowed & ruled_out == {
        "ties, any subgradient",
        "ties, the reference's",
        "container of several results",
        "shape and type of a loss",
        "type of a number",
        "orientation of a layer",
        "a second backward, stated to be the same",
        "memory of its own, where it is stated",
        "layout of a Jacobian",
    }
    # A loss that follows its spec, and those that follow another in one point.
    assert "loss of the stated form" in allowed
    others = {"loss of another regulariser", "loss of another reduction"}
    assert ruled_out - allowed == {*others, "loss of another orientation"}
    assert allowed - ruled_out == {
        "loss of the stated form",
        "ties, not judged",
        "container of one gradient",
        "container of a loss and its gradient",
        "order of memory, views, subclasses",
        "changing arguments or upstream in place",
        "accumulating in the object, where nothing is stated",
        "single precision",
    }


def test_the_page_lists_every_mistake_and_convention() -> None:
    """docs/mistakes.md says of each what it is and how it is told, and counts nothing amiss."""
    cells = re.findall(r"^\| (M\d\d) \| (.*?) \| (.*?) \|", PAGE, re.MULTILINE)
    rows = {number: (number, what, told) for number, what, told in cells}
    for mistake in MISTAKES:
        number, what, told = rows[mistake.number]
        assert (what, told) == (mistake.what, mistake.told or mistake.absent), number
    for convention in {form.convention for form in FORMS}:
        assert f"| {convention} |" in PAGE, convention
