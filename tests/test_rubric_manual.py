"""What a human grades and what lateness costs: keys of a rubric, refused when malformed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from test_spec import RUBRIC, SPEC, changed

from grader.errors import CourseError
from grader.model import LateRule
from grader.spec import load_assignment, load_rubric
from grader.spec.lateness import moment

PAPER = "  affine: {forward: 2, backward: 3}\n"
BY_HAND = f"{PAPER}  derivation: {{manual: 5}}\n"


def with_paper(text: str = RUBRIC) -> str:
    """Return the rubric with a derivation on paper."""
    return changed(changed(text, PAPER, BY_HAND), "total: 8", "total: 13")


def test_points_of_a_human_count_in_the_total_and_change_no_check() -> None:
    """The prices of the checks are what they were; the rest stands beside them."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    plain = load_rubric(RUBRIC, "rubrics/layers.yaml", assignment)
    rubric = load_rubric(with_paper(), "rubrics/layers.yaml", assignment)
    assert rubric.total == 13
    assert rubric.manual == {"derivation": 5}
    assert rubric.points == plain.points
    assert (plain.manual, plain.due, plain.late) == ({}, None, None)


def test_due_date_and_late_rule() -> None:
    """A time with its zone; percent, grace and cut-off; `none` is no rule."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    rule = "late: {percent_a_day: 12.5, grace_minutes: 15, cut_off_days: 3}"
    text = changed(RUBRIC, "total: 8", f"total: 8\ndue: 2026-03-01T23:59+01:00\n{rule}")
    rubric = load_rubric(text, "rubrics/layers.yaml", assignment)
    assert rubric.due == moment("2026-03-01T22:59Z")
    assert rubric.late == LateRule(Fraction(25, 2), Fraction(15), Fraction(3))
    text = changed(text, rule, "late: none")
    assert load_rubric(text, "rubrics/layers.yaml", assignment).late is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{manual: 5}", "{manual: 0}", ":5: tasks.derivation: more than 0 points"),
        ("{manual: 5}", "{manual: -1}", ":5: tasks.derivation.manual: points cannot be negative"),
        ("{manual: 5}", "{manual: yes}", ":5: tasks.derivation.manual: expected a number"),
        ("{manual: 5}", "{manual: 5, forward: 1}", ":5: tasks.derivation.forward: unknown key"),
        ("{manual: 5}", "{manuel: 5}", ":5: tasks.derivation: no task of `layers` has this id"),
        ("derivation:", "a derivation:", "`a derivation` is not a name"),
        ("{manual: 5}", "{manual: 4}", ":2: total: the checks add up to 12, not 13"),
        ("backward: 3}", "backward: 3, manual: 5}", ":4: tasks.affine: what a human grades needs"),
        ("relu:", "relus:", "the task `relu` has no points"),
        ("total: 13", "total: 13\ndue: 2026-03-01", ":3: due: `2026-03-01` is not a time with"),
        ("total: 13", "total: 13\ndue: 9999-12-31T00:00Z", ":3: due: `9999-12-31T00:00Z` is not"),
        ("total: 13", "total: 13\ndue: soon", ":3: due: `soon` is not a time"),
        ("total: 13", "total: 13\nlate: never", ":3: late: `never` is neither `none` nor"),
        ("total: 13", "total: 13\nlate: {}", ":3: late: `percent_a_day` or `cut_off_days` is"),
        ("total: 13", "total: 13\nlate: {percent: 5}", "late.percent: unknown key (did you mean"),
        ("total: 13", "total: 13\nlate: {percent_a_day: 101}", "at most 100 percent"),
        ("total: 13", "total: 13\nlate: {percent_a_day: -1}", "late.percent_a_day: points cannot"),
    ],
)  # fmt: skip
def test_bad_keys_are_refused(old: str, new: str, problem: str) -> None:
    """Each has its line, and words for what is expected."""
    assignment = load_assignment(SPEC, "assignments/layers.yaml")
    with pytest.raises(CourseError) as caught:
        load_rubric(changed(with_paper(), old, new), "rubrics/layers.yaml", assignment)
    assert any(problem in told for told in caught.value.problems), caught.value.problems
