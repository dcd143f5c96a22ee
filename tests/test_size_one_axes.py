"""Values that are right but for axes of size 1: a code of their own, and credit by rubric."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from small import check_of, graded, prepared, told
from test_rubric import AFFINE
from test_spec import RUBRIC, SPEC, changed

from grader.compare.collect import Leaf
from grader.compare.judge import judge
from grader.errors import CourseError
from grader.model import Outcome, TaskResult
from grader.spec import default_rubric, load_assignment, load_rubric

TASK = (
    "{id: t, style: function_pair, target: f, inputs: {x: [N, D], b: [D], g: [1, D, 1]}, "
    "outputs: [out], kinks: k, input_forms: [fortran]}"
)
REFERENCE = """
def k(x, b, g):
    return x + b


def f_forward(x, b, g):
    return np.maximum(x + b, 0) * g[0, :, 0], (x, b, g)


def f_backward(dout, cache):
    x, b, g = cache
    h = x + b
    dx = dout * g[0, :, 0] * (h > 0)
    return dx, dx.sum(axis=0), (dout * np.maximum(h, 0)).sum(axis=0).reshape(g.shape)
"""
PRICES = "{forward: 4, backward: 12, near_kink: 4, ties: 4}"
RIGHT = ("np.maximum(x + b, 0) * g[0, :, 0]", "dx", "dx.sum(axis=0)", "dg.reshape(g.shape)")


def result(share: str, *returned: str) -> TaskResult:
    """Grade a layer that returns this output and these gradients."""
    out, dx, db, dg = returned
    source = REFERENCE[REFERENCE.index("def f_forward") :].replace(RIGHT[0], out)
    source = source[: source.index("    return dx")]
    source += "    dg = (dout * np.maximum(h, 0)).sum(axis=0)\n"
    source += f"    return {dx}, {db}, {dg}\n"
    return graded(prepared(TASK, REFERENCE, f"total: 24\n{share}tasks:\n  t: {PRICES}\n"), source)


ROW, FLAT = "dx.sum(axis=0, keepdims=True)", "dg"


@pytest.mark.parametrize(
    ("share", "returned", "score", "wrong"),
    [
        ("", RIGHT, 24, {}),
        ("size_one_axes: 0.5\n", RIGHT, 24, {}),
        ("", (*RIGHT[:2], ROW, RIGHT[3]), 12, {"backward[db]": "S307"}),
        ("size_one_axes: 0.5\n", (*RIGHT[:2], ROW, RIGHT[3]), 18, {"backward[db]": "S307"}),
        ("size_one_axes: 0.5\n", (*RIGHT[:3], FLAT), 18, {"backward[dg]": "S307"}),
        ("size_one_axes: 1\n", (*RIGHT[:2], ROW, FLAT), 24,
         {"backward[db]": "S307", "backward[dg]": "S307"}),
        ("size_one_axes: 0.5\n", (f"({RIGHT[0]})[None]", *RIGHT[1:]), 18, {"forward": "S307"}),
        # Wrong in value too, or of a shape that is another one: no share.
        ("size_one_axes: 0.5\n", (*RIGHT[:2], f"2 * {ROW}", RIGHT[3]), 12,
         {"backward[db]": "S306"}),
        ("size_one_axes: 0.5\n", (*RIGHT[:2], f"{ROW} + (len(x) == 1)", RIGHT[3]), 12,
         {"backward[db]": "S306"}),
        ("size_one_axes: 0.5\n", (*RIGHT[:2], "dx", RIGHT[3]), 12, {"backward[db]": "S306"}),
        ("size_one_axes: 0.5\n", (*RIGHT[:2], f"np.nan * {ROW}", RIGHT[3]), 12,
         {"backward[db]": "S306"}),
        ("size_one_axes: 0.5\n", (*RIGHT[:2], "dx.mean(axis=0)", FLAT), 10,
         {"backward[db]": "V402", "backward[dg]": "S307"}),
    ],
)  # fmt: skip
def test_the_share_is_for_right_values_alone(
    share: str, returned: tuple[str, ...], score: int, wrong: dict[str, str]
) -> None:
    """Each check that fails in axes of size 1 alone earns the share; near kinks and at ties too."""
    task = result(share, *returned)
    assert task.score == score
    assert (task.outcome is Outcome.PASSED) == (not wrong)
    told_of = {f.check: f.code for f in task.findings if f.severity.value == "error"}
    assert told_of == wrong


def test_what_is_told_of_axes() -> None:
    """The message has both shapes; every check that is concerned says why it earns a share."""
    task = result("size_one_axes: 0.5\n", *RIGHT[:2], ROW, RIGHT[3])
    (one,) = told(task, "backward[db]")
    assert "; the values are right (wrong in all" in one.message
    for name in ("backward[db]", "near_kink", "ties"):
        found = check_of(task, name)
        assert float(found.score) == 2
        assert found.reason == "values right, axes of size 1 differ"
    form = check_of(task, "behaviour.fortran")
    assert form.outcome is Outcome.SKIPPED  # its cause would not be the form


ONES = np.ones((2, 3))


@pytest.mark.parametrize(
    ("got", "expected", "scale", "stated", "code"),
    [
        (ONES[None], ONES, 1.0, None, "S307"),
        (ONES[None] * (1 + 2e-5), ONES, 1.0, None, "S306"),
        (ONES[None] * (1 + 2e-5), ONES, 1.0, 1e-4, "S307"),
        (np.float32(1.0003) * ONES[None].astype(np.float32), ONES, 1.0, None, "S307"),
        (ONES[:, :, None] * np.nan, ONES, 1.0, None, "S306"),
        (np.zeros((1, 3)), np.zeros(3), 0.0, None, "S307"),
        (np.full((1, 3), 1e-9), np.zeros(3), 0.0, None, "S306"),
        (ONES.T[None], ONES, 1.0, None, "S306"),
    ],
)
def test_right_values_are_verified(
    got: np.ndarray, expected: np.ndarray, scale: float, stated: float | None, code: str
) -> None:
    """S307 is said of values that would pass in their shape; by the stated tolerance, nan never."""
    problem, _ = judge("dx", Leaf(got, "ndarray"), expected, scale, stated, is_output=False)
    assert problem
    assert problem.code == code


def test_the_share_of_a_task() -> None:
    """It stands at the top for all tasks, in a task for that one, and is no points of its own."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    text = changed(RUBRIC, "total: 8", "total: 8\nsize_one_axes: 0.5")
    text = changed(text, AFFINE, "backward: 3, size_one_axes: 0.1}")
    rubric = load_rubric(text, "rubrics/layers.yaml", assignment)
    assert rubric.size_one_axes == {"affine": Fraction(1, 10), "relu": Fraction(1, 2)}
    assert rubric.points == load_rubric(RUBRIC, "r.yaml", assignment).points
    assert default_rubric(assignment).size_one_axes == {}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("total: 8", "total: 8\nsize_one_axes: 2", ":3: size_one_axes: a share of the points"),
        ("total: 8", "total: 8\nsize_one_axis: 1", ":3: size_one_axis:"),
        (AFFINE, "backward: 3, size_one_axes: -1}", "points cannot be negative"),
        (AFFINE, "backward: 3, size_one_axes: half}", "expected a number"),
    ],
)
def test_a_bad_share_is_refused(old: str, new: str, problem: str) -> None:
    """A share is a number from 0 to 1."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    with pytest.raises(CourseError) as caught:
        load_rubric(changed(RUBRIC, old, new), "rubrics/layers.yaml", assignment)
    assert any(problem in text for text in caught.value.problems), caught.value.problems
