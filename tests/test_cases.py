"""What is drawn: distinct dimensions, signed upstreams, ties that are ties, stable seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.cases import case_rng, draw_inputs, draw_upstreams, public_seed, secret_seed
from grader.cases.kinks import approach_kinks, is_single_tie, kink_margin
from grader.checks import kinds_of
from grader.course import Course, support_texts
from grader.model import Assignment, Kind, Task
from grader.oracle import build_battery, load_references
from grader.spec import load_assignment

ROOT = Path(__file__).parent.parent
SHIPPED = sorted(p.stem for p in (ROOT / "assignments").glob("*.yaml"))


def assignment(name: str) -> Assignment:
    """Return a shipped assignment."""
    return load_assignment((ROOT / "assignments" / f"{name}.yaml").read_text(), name)


def task_of(name: str, task: str) -> Task:
    """Return a shipped task."""
    return next(t for t in assignment(name).tasks if t.id == task)


def spec(task: str) -> Task:
    """Return a task written in the test."""
    text = f"assignment: a\nfiles: [a.py]\ntasks:\n  - {task}\n"
    return load_assignment(text, "a.yaml").tasks[0]


AFFINE = (
    "{id: t, style: function_pair, target: f, inputs: {x: [N, D], w: [D, M], b: [M]}, "
    "outputs: [out]}"
)


def drawn(task: Task, kind: Kind, index: int = 0, seed: int = 0) -> dict[str, Any]:
    """Draw the inputs of one case under a public seed."""
    return draw_inputs(task, kind, index, np.random.default_rng(seed))


def test_dimensions_are_distinct_and_above_one() -> None:
    """No two dimensions are equal, so a transposed matrix never fits by luck."""
    for seed in range(200):
        values = drawn(spec(AFFINE), Kind.RANDOM, seed=seed)
        (n, d), m = values["x"].shape, values["b"].shape[0]
        assert len({n, d, m}) == 3
        assert min(n, d, m) > 1


def test_one_random_case_is_of_middle_size() -> None:
    """The last random case has a batch of 50 and 64 features."""
    assert drawn(spec(AFFINE), Kind.RANDOM, 3)["x"].shape == (50, 64)


def test_batch_of_one_keeps_the_other_dimensions() -> None:
    """In `batch1` the batch alone is one."""
    shape = drawn(spec(AFFINE), Kind.BATCH1)["x"].shape
    assert shape[0] == 1
    assert shape[1] > 1


def test_small_inputs_are_small() -> None:
    """In `small` inputs are a hundred times smaller."""
    assert np.abs(drawn(spec(AFFINE), Kind.SMALL)["x"]).max() < 0.1


def test_numbers_as_upstreams_have_both_signs() -> None:
    """Where an upstream is one number, no seed makes all of them positive."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        draws = draw_upstreams(spec(AFFINE), Kind.RANDOM, 0, {"out": np.zeros(())}, rng)
        assert sorted(np.sign(draw["dout"]) for draw in draws) == [-1, 1]
        assert all(0.5 <= abs(draw["dout"]) <= 2 for draw in draws)


def test_upstreams_are_signed_and_away_from_zero() -> None:
    """Upstream entries have both signs and magnitude 0.5 to 2."""
    rng = np.random.default_rng(0)
    draws = draw_upstreams(spec(AFFINE), Kind.RANDOM, 0, {"out": np.zeros((20, 20))}, rng)
    assert len(draws) == 2
    for draw in draws:
        magnitude = np.abs(draw["dout"])
        assert magnitude.min() >= 0.5
        assert magnitude.max() <= 2
        assert (draw["dout"] > 0).any()
        assert (draw["dout"] < 0).any()


def test_labels_cover_every_class_and_then_miss_one() -> None:
    """The first label case has every class and repeats some; the second lacks a class."""
    task = task_of("losses", "svm_loss")
    for seed in range(50):
        classes = drawn(task, Kind.LABELS, 0, seed)["W"].shape[1]
        every = drawn(task, Kind.LABELS, 0, seed)["y"]
        assert set(every) == set(range(classes))
        assert len(every) > classes
        fewer = drawn(task, Kind.LABELS, 1, seed)
        assert len(set(fewer["y"])) < fewer["W"].shape[1]


def test_hyper_parameters_are_drawn_within_their_range() -> None:
    """A signed range gives both signs; `large` is used for the eps kind alone."""
    task = spec(
        "{id: t, style: loss_function, target: f, inputs: {x: [D]}, outputs: [f], "
        "hyper_parameters: {a: {range: [1.5, 3], signed: true}, "
        "eps: {value: 1.0e-6, large: 0.3}}}"
    )
    values = [drawn(task, Kind.RANDOM, seed=s) for s in range(50)]
    assert {v["a"] > 0 for v in values} == {True, False}
    assert all(1.5 <= abs(v["a"]) <= 3 for v in values)
    assert {v["eps"] for v in values} == {1e-6}
    assert drawn(task, Kind.EPS)["eps"] == 0.3


@pytest.mark.parametrize(
    ("domain", "low", "high"), [("nonzero", 0.5, 2.0), ("positive", 0.5, 2.0), ("real", 0.0, 9.0)]
)
def test_domains_hold(domain: str, low: float, high: float) -> None:
    """Entries lie in the stated domain, in ties too."""
    task = spec(
        f"{{id: t, style: gate_class, target: F, outputs: [z], "
        f"inputs: {{x: {{shape: [N, D], domain: {domain}}}}}}}"
    )
    for kind in (Kind.RANDOM, Kind.TIES):
        entries = drawn(task, kind)["x"]
        assert (np.abs(entries) >= low).all()
        assert (np.abs(entries) <= high).all()
        assert domain != "positive" or (entries > 0).all()


def test_a_case_depends_on_nothing_but_its_own_name() -> None:
    """Seeds differ by task, kind, index, version and secret, and repeat otherwise."""
    gates = assignment("gates")
    seed = public_seed(0, gates)
    variants = [
        (seed, "a", Kind.RANDOM, 0),
        (seed, "b", Kind.RANDOM, 0),
        (seed, "a", Kind.SMALL, 0),
        (seed, "a", Kind.RANDOM, 1),
        (public_seed(1, gates), "a", Kind.RANDOM, 0),
        (secret_seed(b"0123456789abcdef", gates), "a", Kind.RANDOM, 0),
    ]
    numbers = [case_rng(*variant).random() for variant in variants]
    assert len(set(numbers)) == len(variants)
    assert numbers == [case_rng(*variant).random() for variant in variants]


@pytest.mark.parametrize("name", SHIPPED)
def test_kinks_lie_where_their_kind_wants_them(name: str) -> None:
    """Ordinary cases keep away from kinks, near_kink comes close, a tie is exact in float32 too."""
    spec_file = assignment(name)
    course = Course(ROOT, "")
    support = support_texts(course, spec_file)
    references = load_references(course.reference_of(name), spec_file, support)
    seen = 0
    for task in spec_file.tasks:
        kinks = references[task.id].kinks
        if kinks is None:
            continue
        battery = build_battery(references[task.id], public_seed(3, spec_file))
        for kind, cases in battery.expected.items():
            for expected in cases:
                values = expected.case.inputs
                seen += 1
                if kind is Kind.TIES:
                    assert is_single_tie(kinks, values)
                    single = {k: _single(v) for k, v in values.items()}
                    assert kink_margin(kinks, single) == 0.0
                elif kind is Kind.NEAR_KINK:
                    assert 1e-6 < kink_margin(kinks, values) <= 1.0
                elif kind is not Kind.EXAMPLE:
                    assert kink_margin(kinks, values) > 1e-7
            near = [kink_margin(kinks, e.case.inputs) for e in battery.expected[Kind.NEAR_KINK]]
            assert min(near) < 1e-3
    assert bool(seen) == any(task.kinks for task in spec_file.tasks)


def _single(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype == np.float64 else array


def test_newton_reaches_every_wanted_size_where_it_can() -> None:
    """For ReLU every entry lands on its log-uniform target."""
    task = task_of("gates", "relu")
    rng = np.random.default_rng(0)
    values = approach_kinks(task, lambda x: x, drawn(task, Kind.NEAR_KINK), rng)
    sizes = np.abs(values["x"])
    assert sizes.min() < 1e-2
    assert sizes.max() > 1e-2
    assert ((sizes >= 1e-5) & (sizes <= 1.0)).all()


def test_every_shipped_task_has_the_kinds_it_needs() -> None:
    """Kinds follow from the spec: batch, labels, kinks, scalars, sizes."""
    assert Kind.LABELS in kinds_of(task_of("losses", "softmax_loss"))
    assert {Kind.NEAR_KINK, Kind.TIES, Kind.SIZE} <= set(kinds_of(task_of("layers", "relu")))
    assert {Kind.SCALAR, Kind.BATCH1} <= set(kinds_of(task_of("gates", "multiply")))
    assert Kind.SCALAR not in kinds_of(task_of("layers", "affine"))
