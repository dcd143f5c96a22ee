"""The share for following through: stated for all tasks or for one, refused when malformed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from test_spec import RUBRIC, SPEC, changed

from grader.errors import CourseError
from grader.spec import default_rubric, load_assignment, load_rubric

AFFINE = "backward: 3}"


def test_the_share_for_following_through() -> None:
    """It stands at the top for all tasks, in a task for that one, and is no points of its own."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    plain = load_rubric(RUBRIC, "rubrics/layers.yaml", assignment)
    assert plain.follow_through == {"affine": 0, "relu": 0}
    text = changed(RUBRIC, "total: 8", "total: 8\nfollow_through: 0.5")
    text = changed(text, AFFINE, "backward: 3, follow_through: 0.1}")
    rubric = load_rubric(text, "rubrics/layers.yaml", assignment)
    assert rubric.follow_through == {"affine": Fraction(1, 10), "relu": Fraction(1, 2)}
    assert rubric.points == plain.points
    assert default_rubric(assignment).follow_through == {}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("total: 8", "total: 8\nfollow_through: 1.5", ":3: follow_through: a share of the points"),
        ("total: 8", "total: 8\nfollow_through: yes", ":3: follow_through: expected a number"),
        ("total: 8", "total: 8\nfollow_thru: 1", ":3: follow_thru:"),
        (AFFINE, "backward: 3, follow_through: -0.5}",
         ":4: tasks.affine.follow_through: points cannot be negative"),
        (AFFINE, "backward: 3, follow_through: 50}",
         ":4: tasks.affine.follow_through: a share of the points, from 0 to 1"),
        (AFFINE, "backward: 3, follow_thru: 1}", ":4: tasks.affine.follow_thru: the task `affine`"),
        (AFFINE, "backward: 3, follow_through: {dx: 1}}", "follow_through: expected a number"),
        (AFFINE, "backward: 2, follow_through: 1}", ":2: total: the checks add up to 7, not 8"),
        ("forward: 2, backward: 3", "backward: 5, follow_through: 1", "no points for forward"),
    ],
)  # fmt: skip
def test_a_bad_share_is_refused(old: str, new: str, problem: str) -> None:
    """A share is a number from 0 to 1, and prices nothing."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    with pytest.raises(CourseError) as caught:
        load_rubric(changed(RUBRIC, old, new), "rubrics/layers.yaml", assignment)
    assert any(problem in text for text in caught.value.problems), caught.value.problems
    assert len(caught.value.problems) == 1
