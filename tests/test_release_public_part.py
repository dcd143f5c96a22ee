"""The public part of a spec and of a rubric: the same tasks, without what is hidden of them."""

from __future__ import annotations

import dataclasses

import pytest
from running import ROOT

from grader.checks import checks_of
from grader.course import Course, load, spec_text
from grader.model import Assignment, Rubric, is_public
from grader.release.public_part import public_rubric, public_spec
from grader.spec import load_assignment, load_rubric

SPEC = """\
# a comment that tells the answer
assignment: a
files: [a.py]
input_forms: [fortran, float32]
tasks:
  - id: t
    style: gate_class
    target: F
    inputs: {x: [N, D]}
    hyper_parameters: {eps: {value: 1e-6, large: 0.3}, p: 2}
    outputs: [z]
    stress: {x: 1e3}
    size: {N: 100, D: 40}
    cases:
      one: {sizes: {N: 1}, draws: 3}
      two: {set: {p: 3}}
    examples:
      - label: "on the slide"
        inputs: {x: [[1, 2]], eps: 0, p: 1}
        upstream: {dz: [[1, 1]]}
        expected: {z: [[3, 4]], dx: [[5, 6]]}
  - {id: u, style: gate_class, target: G, inputs: {x: [N]}, outputs: [z, y]}
"""
RUBRIC = """\
rubric: a
total: 10
tasks:
  t: {forward: 1, backward: 1, case.one: 2, case.two: 0.5, behaviour.float32: 0.5}
  u: 3
  paper: {manual: 2}
"""


def parts(spec: str = SPEC, more: str = "") -> tuple[Assignment, Rubric, str, Assignment, Rubric]:
    """Return an assignment and a rubric, the public text, and both read from their public part."""
    assignment = load_assignment(spec, "assignments/a.yaml")
    rubric = load_rubric(RUBRIC + more, "rubrics/a.yaml", assignment)
    text = public_spec(spec, assignment, rubric)
    public = load_assignment(text, "public/spec.yaml")
    priced = load_rubric(public_rubric(rubric, assignment, public), "public/rubric.yaml", public)
    return assignment, rubric, text, public, priced


def test_with_nothing_hidden_only_gradients_and_comments_go() -> None:
    """Every check is there, at its price."""
    assignment, rubric, text, public, priced = parts()
    assert [checks_of(t) for t in public.tasks] == [checks_of(t) for t in assignment.tasks]
    assert priced.points == rubric.points
    assert (priced.total, priced.manual) == (rubric.total, rubric.manual)
    assert "comment" not in text
    first, second = (dataclasses.replace(t, examples=()) for t in assignment.tasks)
    assert [dataclasses.replace(t, examples=()) for t in public.tasks] == [first, second]
    assert dict(public.tasks[0].examples[0].expected) == {"z": [[3, 4]]}


@pytest.mark.parametrize(
    ("public", "more", "expected"),
    [
        ("forward_values", "", {"z"}),
        ("worked_examples", "", {"z", "dx"}),
        ("nothing", "", set()),
        ("worked_examples", "visibility: {t: {backward: hidden}}\n", {"z"}),
        ("worked_examples", "visibility: {t: {forward: hidden}}\n", {"dx"}),
    ],
)
def test_of_an_example_stays_what_is_public(public: str, more: str, expected: set[str]) -> None:
    """By the word of the spec, and by what the rubric hides."""
    spec = SPEC.replace("    style: gate_class\n", f"    style: gate_class\n    public: {public}\n")
    *_, known, _ = parts(spec, more)
    assert known.tasks[0].examples[0].expected.keys() == expected
    has_answers = public != "worked_examples" or "dx" in expected
    assert known.tasks[0].public.value == (public if has_answers else "forward_values")


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        ("case.one", ["one:"]),
        ("case", ["cases:", "one:", "two:"]),
        ("stress", ["stress:"]),
        ("size", ["size:"]),
        ("eps", ["large"]),
        ("behaviour.float32", []),
    ],
)
def test_what_a_hidden_check_is_made_of_goes(hidden: str, words: list[str]) -> None:
    """Its sub-case, its sizes, its form of input; and its price."""
    assignment, rubric, text, public, priced = parts(
        more=f"visibility: {{t: {{{hidden}: hidden}}}}\n"
    )
    left = {c for c in checks_of(assignment.tasks[0]) if is_public(rubric, "t", c)}
    assert set(checks_of(public.tasks[0])) == left
    assert [word for word in words if word in text] == []
    assert priced.points["t"] == {c: p for c, p in rubric.points["t"].items() if c in left}
    assert not priced.visibility


def test_hidden_checks_that_every_task_has_cost_nothing_in_the_kit() -> None:
    """Values and behaviour stay in the spec; the rubric says that they are hidden."""
    *_, public, priced = parts(more="visibility: {u: {forward: hidden}}\n")
    assert priced.points["u"]["forward[z]"] == 0
    assert float(priced.points["u"]["backward[dx]"]) == 1
    assert not is_public(priced, "u", "forward[y]")
    assert is_public(priced, "u", "backward[dx]")
    *_, public, priced = parts(more="visibility: hidden\n")
    assert not any(is_public(priced, t.id, c) for t in public.tasks for c in checks_of(t)[1:])
    assert float(priced.total) == 10


def test_points_that_do_not_end_are_rounded() -> None:
    """A third of two points is no decimal number; the total is that of what is written."""
    assignment = load_assignment(SPEC, "assignments/a.yaml")
    rubric = load_rubric(RUBRIC.replace("u: 3", "u: 2").replace("10", "9"), "r.yaml", assignment)
    text = public_rubric(rubric, assignment, assignment)
    priced = load_rubric(text, "public/rubric.yaml", assignment)
    assert abs(float(priced.total) - 9) < 1e-5


@pytest.mark.parametrize("name", Course(ROOT, "").assignment_ids())
def test_shipped_specs_and_rubrics_have_a_public_part(name: str) -> None:
    """The same ids, calls, inputs and checks; the same points."""
    course = Course(ROOT, "")
    assignment, rubric = load(course, name)
    text = public_spec(spec_text(course, name), assignment, rubric)
    public = load_assignment(text, "public/spec.yaml")
    assert [(t.id, t.call, t.inputs, checks_of(t), t.public) for t in public.tasks] == [
        (t.id, t.call, t.inputs, checks_of(t), t.public) for t in assignment.tasks
    ]
    priced = load_rubric(public_rubric(rubric, assignment, public), "public/rubric.yaml", public)
    assert abs(float(priced.total - rubric.total)) < 1e-4
