"""What students may see of a check: stated for all tasks, one, a group; refused when malformed."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_spec import RUBRIC, SPEC, changed

from grader.errors import CourseError
from grader.model import Rubric, is_public, visibility_of
from grader.spec import default_rubric, load_assignment, load_rubric

NAMED = changed(
    SPEC, "    outputs: [out]\n  - id: relu",
    "    outputs: [out]\n    cases: {one: {sizes: {N: 1}}, two: {sizes: {N: 2}}}\n"
    "  - id: relu",
)  # fmt: skip
DUE = "due: 2026-03-01T23:59+01:00\n"
WITNESSES = {"follow_through", "linearity"}


def rubric_with(lines: str) -> Rubric:
    """Return the rubric of two tasks with more lines in its head."""
    assignment = load_assignment(NAMED, "assignments/layers.yaml")
    priced = changed(RUBRIC, "backward: 3}", "backward: 3, case.one: 1, case.two: 1}")
    text = changed(priced, "total: 8\n", f"total: 10\n{lines}")
    return load_rubric(text, "rubrics/layers.yaml", assignment)


@pytest.mark.parametrize(
    ("lines", "hidden"),
    [
        ("", {}),
        ("visibility: {affine: {forward: hidden}}", {"affine": {"forward"}}),
        ("visibility: {affine: {case.two: hidden}}", {"affine": {"case.two"}}),
        ("visibility: {affine: {case: hidden}}", {"affine": {"case.one", "case.two"}}),
        ("visibility: {relu: {'backward[dx]': hidden}}", {"relu": {"backward[dx]", *WITNESSES}}),
        ("visibility: {relu: {backward: hidden, near_kink: hidden, linearity: public}}",
         {"relu": {"backward[dx]", "near_kink", "follow_through"}}),
        ("visibility: {relu: {forward: hidden, near_kink: public}}", {"relu": {"forward"}}),
        ("visibility: {relu: public}", {}),
        ("visibility: public", {}),
    ],
)  # fmt: skip
def test_hidden_checks_are_those_stated_and_what_would_tell_of_them(
    lines: str, hidden: dict[str, set[str]]
) -> None:
    """A group is hidden as it is priced, and the witnesses of hidden gradients with them."""
    rubric = rubric_with(f"{lines}\n" if lines else "")
    assert {task: set(checks) for task, checks in rubric.visibility.items()} == hidden
    assert all(not is_public(rubric, task, check) for task in hidden for check in hidden[task])
    assert is_public(rubric, "affine", "load")


def test_a_task_or_everything_in_a_word() -> None:
    """All but `load`, which tells of no input; behaviour is hidden with the ordinary cases."""
    rubric = rubric_with("visibility: {relu: hidden}\n")
    assert {"forward", "backward[dx]", "ties", "behaviour.repeatable"} <= set(
        rubric.visibility["relu"]
    )
    assert is_public(rubric, "relu", "load")
    assert is_public(rubric, "affine", "forward")
    assert set(rubric_with("visibility: hidden\n").visibility) == {"affine", "relu"}
    rubric = rubric_with("visibility: {relu: {forward: hidden, backward: hidden}}\n")
    assert not is_public(rubric, "relu", "behaviour.global_state")
    assert is_public(rubric, "relu", "near_kink")


def test_after_the_due_date_the_strictest_counts() -> None:
    """For a witness of two gradients; the rubric that nobody wrote hides nothing."""
    rubric = rubric_with(
        f"{DUE}visibility: {{affine: {{'backward[dx]': after_due_date, 'backward[dw]': hidden}}}}\n"
    )
    said = {check: each.value for check, each in rubric.visibility["affine"].items()}
    assert said == {
        "backward[dx]": "after_due_date", "backward[dw]": "hidden",
        "follow_through": "hidden", "linearity": "hidden",
    }  # fmt: skip
    plain = default_rubric(load_assignment(SPEC, "assignments/layers.yaml"))
    assert visibility_of(plain, "relu", "forward").value == "public"


def test_example_of_the_guide_loads() -> None:
    """The page shows a head of a rubric that hides what it says."""
    page = Path(__file__).parent.parent / "docs" / "writing-an-assignment.md"
    section = page.read_text().partition("### What students see\n\n")[2].partition("\n\n")[0]
    lines = "\n".join(line[4:] for line in section.splitlines()).replace("case.pad0", "case.one")
    seen = rubric_with(f"{lines}\n").visibility
    assert seen["affine"]["case.one"].value == "hidden"
    assert seen["affine"]["backward[dw]"].value == "after_due_date"
    assert seen["relu"]["near_kink"].value == "hidden"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("visibilty: hidden", ":3: visibilty: unknown key (did you mean `visibility`?)"),
        ("visibility: secret", ":3: visibility: `secret` is not one of public, after_due_date"),
        ("visibility: hiden", "(did you mean `hidden`?)"),
        ("visibility: [relu]", ":3: visibility: expected text, found a list"),
        ("visibility: {rleu: hidden}",
         ":3: visibility.rleu: no task of `layers` has this id (did you mean `relu`?)"),
        ("visibility: {relu: {fordward: hidden}}",
         "the task `relu` has no such check to hide (did you mean `forward`?); it has forward, "),
        ("visibility: {relu: {load: hidden}}", ".load: the task `relu` has no such check to hide"),
        ("visibility: {relu: {forward: yes}}", ":3: visibility.relu.forward: `yes` is not one of"),
        ("visibility: {relu: {backward: hidden, 'backward[dx]': public}}",
         ":3: visibility.relu.backward[dx]: `backward[dx]` is stated twice"),
        ("visibility: {relu: {forward: after_due_date}}",
         ":3: visibility.relu.forward: `after_due_date` needs `due:`"),
        ("visibility: after_due_date", ":3: visibility: `after_due_date` needs `due:`"),
        ("due: soon\nvisibility: after_due_date", ":3: due: `soon` is not a time"),
    ],
)  # fmt: skip
def test_bad_visibility_is_refused(lines: str, problem: str) -> None:
    """One wrong line is one problem, with its place and what was meant."""
    with pytest.raises(CourseError) as caught:
        rubric_with(f"{lines}\n")
    (told,) = caught.value.problems
    assert problem in told
