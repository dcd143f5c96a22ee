"""Sub-cases, drawing functions that know their place, and inputs that are always arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.cases import case_count, public_seed
from grader.checks import checks_of, kinds_of
from grader.errors import CourseError
from grader.model import Battery, Kind
from grader.oracle import build_battery, load_references
from grader.spec import load_assignment

HEAD = "assignment: a\nfiles: [a.py]\ntasks:\n  - "
TASK = "{id: t, style: checker, target: f, inputs: {x: [N], k: []}, outputs: [y], %s}"
SOURCE = "def f(x, k):\n    return x * 1.0\n\n\n"
DRAW = "def draw(rng, kind, values, *, place):\n    return {'k': float(place)}\n"


def battery(tmp_path: Path, keys: str, source: str, seed: int = 0) -> Battery:
    """Return the battery of a task written in a test."""
    (tmp_path / "a.py").write_text(source)
    assignment = load_assignment(HEAD + TASK % keys, "a.yaml")
    reference = load_references(tmp_path, assignment)["t"]
    return build_battery(reference, public_seed(seed, assignment))


def places(found: Battery, kind: Kind) -> dict[str, list[float]]:
    """Return the drawn ``k`` of each group of cases, by label."""
    groups: dict[str, list[float]] = {}
    for expected in found.expected[kind]:
        groups.setdefault(expected.case.label, []).append(expected.case.inputs["k"])
    return groups


def test_a_sub_case_is_drawn_as_often_as_it_says(tmp_path: Path) -> None:
    """Cases of one name follow each other, with a scale of their own, and feed one check."""
    keys = "cases: {a: {}, b: {draws: 5, sizes: {N: 4}}, c: {draws: 1, set: {k: 3}}}"
    found = battery(tmp_path, keys, SOURCE)
    cases = found.expected[Kind.NAMED]
    assert [e.case.label for e in cases] == ["a"] * 2 + ["b"] * 5 + ["c"]
    assert {e.case.inputs["x"].size for e in cases if e.case.label == "b"} == {4}
    assert cases[-1].case.inputs["k"] == 3.0
    scales = {e.case.label: e.scale["y"] for e in cases}
    largest = {
        label: max(float(abs(e.outputs["y"]).max()) for e in cases if e.case.label == label)
        for label in "abc"
    }
    assert scales == largest
    assert case_count(found.task, Kind.NAMED) == 8
    assert [c for c in checks_of(found.task) if "case." in c] == ["case.a", "case.b", "case.c"]


def test_a_sub_case_beyond_the_last_is_refused() -> None:
    """An index that no sub-case has is a fault of ours, never the first or the last of them."""
    task = load_assignment(HEAD + TASK % "cases: {a: {draws: 3}}", "a.yaml").tasks[0]
    assert task.named_case(2).name == "a"
    with pytest.raises(IndexError):
        task.named_case(3)


def test_a_drawing_function_is_told_its_place(tmp_path: Path) -> None:
    """Every place occurs once in a kind and in a sub-case, in an order that a seed changes."""
    keys = "draw: draw, random_cases: 12, cases: {a: {draws: 6}, b: {draws: 6}}"
    orders = []
    for seed in range(4):
        found = battery(tmp_path, keys, SOURCE + DRAW, seed)
        named = places(found, Kind.NAMED)
        assert {label: sorted(got) for label, got in named.items()} == {
            "a": [*range(6)], "b": [*range(6)]
        }  # fmt: skip
        (random,) = places(found, Kind.RANDOM).values()
        assert sorted(random) == [*range(12)]
        orders += [tuple(named["a"]), tuple(named["b"])]
    assert len(set(orders)) == len(orders)


def test_a_drawing_function_may_not_care(tmp_path: Path) -> None:
    """Without the parameter nothing is passed; a number that is no input is a fault of the spec."""
    found = battery(
        tmp_path, "draw: draw",
        SOURCE + "def draw(rng, kind, values):\n    return {'k': 7.0}\n",
    )  # fmt: skip
    assert {e.case.inputs["k"] for e in found.expected[Kind.RANDOM]} == {7.0}
    wrong = "def draw(rng, kind, values):\n    return {'q': 7.0}\n"
    with pytest.raises(Exception, match="`draw` returned q: no input"):
        battery(tmp_path, "draw: draw", SOURCE + wrong)


ELEMENTWISE = "{id: t, style: update_step, target: f, inputs: {x: [...]}, outputs: [y]%s}"


def test_without_scalars_every_input_is_an_array() -> None:
    """`scalars: false` takes the check of floats away, and that alone."""
    kinds: dict[str, Any] = {}
    for keys in ("", ", scalars: true", ", scalars: false"):
        task = load_assignment(HEAD + ELEMENTWISE % keys, "a.yaml").tasks[0]
        kinds[keys] = kinds_of(task)
        assert ("case.scalar" in checks_of(task)) == (keys != ", scalars: false")
    assert kinds[""] == kinds[", scalars: true"]
    assert [k for k in kinds[""] if k is not Kind.SCALAR] == [*kinds[", scalars: false"]]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (ELEMENTWISE % ", scalars: no", "tasks[0].scalars: `no` is not one of true, false"),
        (TASK % "scalars: false", "tasks[0].scalars: no input has the shape `[...]`"),
        (TASK % "cases: {a: {draws: 0}}", "tasks[0].cases.a.draws: 0 is out of range"),
        (TASK % "cases: {a: {draws: 2.5}}", "tasks[0].cases.a.draws: 2.5 is not a whole"),
        (TASK % "cases: {a: {draw: 3}}", "cases.a.draw: unknown key (did you mean `draws`?)"),
        (TASK % "cases: {scalar: {}}", "`scalar` cannot be the name of a sub-case"),
        (TASK % "cases: {a b: {}}", "`a b` cannot be the name of a sub-case"),
        (TASK % "cases: {a: {sizes: {D: 3}}}", "cases.a.sizes.D: `D` is no dimension"),
        (TASK % "cases: {a: {set: {q: 3}}}", "cases.a.set.q: unknown key"),
    ],
)
def test_malformed_keys_are_refused(text: str, problem: str) -> None:
    """Each says where it stands and what is wrong."""
    with pytest.raises(CourseError) as caught:
        load_assignment(HEAD + text, "a.yaml")
    assert any(problem in line for line in caught.value.problems), caught.value.problems


def test_places_do_not_move_what_is_drawn_otherwise(tmp_path: Path) -> None:
    """Asking for the place leaves every other drawn number as it was."""
    plain = battery(tmp_path, "random_cases: 5", SOURCE)
    placed = battery(tmp_path, "draw: draw, random_cases: 5", SOURCE + DRAW)
    for before, after in zip(
        plain.expected[Kind.RANDOM], placed.expected[Kind.RANDOM], strict=True
    ):
        assert np.array_equal(before.case.inputs["x"], after.case.inputs["x"])
