"""Judging: container, count, type, shape, finiteness, value, in that order."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from grader.compare.collect import Leaf, Problem, collect_gradients, collect_outputs
from grader.compare.judge import judge
from grader.compare.ties import judge_tie
from grader.isolation.values import to_value
from grader.model import Task, Value
from grader.spec import load_assignment
from grader.worker.nodes import encode

TWO = "{id: t, style: gate_class, target: F, inputs: {x: [N], y: [N]}, outputs: [z]}"
ONE = "{id: t, style: gate_class, target: F, inputs: {x: [N]}, outputs: [z]}"
LOSS = "{id: t, style: loss_function, target: f, inputs: {W: [N], b: [N]}, outputs: [loss]}"
FLAG = "{id: t, style: checker, target: f, inputs: {x: [N]}, outputs: [ok]}"
CIRCUIT = "{id: t, style: circuit, target: f, inputs: {x: []}, outputs: [q, f], gradients: [q, x]}"

A, B = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])
Got = dict[str, Any]


def task_of(text: str, container: str = "any") -> Task:
    """Return a task written in a test."""
    spec = f"assignment: a\nfiles: [a.py]\nconventions: {{container: {container}}}\ntasks: [{text}]"
    return load_assignment(spec, "a.yaml").tasks[0]


def value_of(returned: object) -> Value:
    """Return what the host sees of a value that the student returns."""
    arrays: list[Any] = []
    node = encode(returned, arrays)
    return to_value(node, arrays)


def shown(collected: Any) -> Got:
    """Return arrays as lists and problems as codes."""
    return {
        name: item.code if isinstance(item, Problem) else np.asarray(item.array).tolist()
        for name, item in collected.items()
    }


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ((A, B), {"dx": A, "dy": B}),
        ([A, B], {"dx": A, "dy": B}),
        ({"dx": A, "dy": B}, {"dx": A, "dy": B}),
        ({"y": B, "x": A}, {"dx": A, "dy": B}),
        ({"dx": A}, {"dx": A, "dy": "S304"}),
        ((A.tolist(), tuple(B.tolist())), {"dx": A, "dy": B}),
        ((1.5, 2), {"dx": 1.5, "dy": 2}),
        (None, {"dx": "S301", "dy": "S301"}),
        ((A, None), {"dx": A, "dy": "S301"}),
        (A, {"dx": "S302", "dy": "S302"}),
        (np.stack([A, B]), {"dx": "S302", "dy": "S302"}),
        ((A,), {"dx": "S303", "dy": "S303"}),
        ((A, B, A), {"dx": "S303", "dy": "S303"}),
        ((A, "text"), {"dx": A, "dy": "S305"}),
        ((A, A + 1j), {"dx": A, "dy": "S305"}),
        ((A, np.array([object()])), {"dx": A, "dy": "S305"}),
        ((A, [[1.0], [2.0, 3.0]]), {"dx": A, "dy": "S305"}),
        ((A, A.astype(np.float16)), {"dx": A, "dy": "S305"}),
        ((A, {"a": 1}), {"dx": A, "dy": "S305"}),
    ],
    ids=lambda v: str(v)[:30].replace("\n", " "),
)
def test_several_gradients_come_in_many_containers(returned: object, expected: Got) -> None:
    """Tuple, list and dict are one answer; anything else is a problem of the right code."""
    got = shown(collect_gradients(task_of(TWO), value_of(returned), {}))
    assert got == {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in expected.items()}


@pytest.mark.parametrize(
    ("returned", "shape", "expected"),
    [
        (A, (3,), A),
        ((A,), (3,), A),
        ([A], (3,), A),
        (A.tolist(), (3,), A),
        ([4.0], (1,), [4.0]),
        ([4.0], (), 4.0),
        (4.0, (), 4.0),
        ({"dx": A}, (3,), A),
        ([[1.0, 2.0]], (1, 2), [[1.0, 2.0]]),
    ],
    ids=str,
)
def test_a_single_gradient_may_be_bare(
    returned: object, shape: tuple[int, ...], expected: Any
) -> None:
    """One gradient comes bare, in a tuple of one, or as a list of numbers."""
    got = shown(collect_gradients(task_of(ONE), value_of(returned), {"dx": shape}))
    assert got == {"dx": np.asarray(expected).tolist()}


@pytest.mark.parametrize(
    ("container", "returned", "is_right"),
    [
        ("tuple", (A, B), True),
        ("tuple", [A, B], True),
        ("tuple", {"dx": A, "dy": B}, False),
        ("dict", {"dx": A, "dy": B}, True),
        ("dict", (A, B), False),
    ],
)
def test_the_spec_may_insist_on_a_container(
    container: str, returned: object, is_right: bool
) -> None:
    """With `container: tuple` or `dict` the other form is refused."""
    got = shown(collect_gradients(task_of(TWO, container), value_of(returned), {}))
    assert (got["dx"] == A.tolist()) is is_right
    assert is_right or got["dx"] == "S302"


@pytest.mark.parametrize(
    ("returned", "loss", "gradient"),
    [
        ((1.0, (A, B)), 1.0, A),
        ((1.0, A, B), 1.0, A),
        ((1.0, {"W": A, "b": B}), 1.0, A),
        ((1.0, {"dW": A, "db": B}), 1.0, A),
        ((np.array([[1.0]]), [A, B]), [[1.0]], A),
        ((1.0, A), 1.0, "S302"),
        (1.0, "S302", "S302"),
        ((1.0,), "S303", "S303"),
        ({"loss": 1.0}, "S302", "S302"),
        (None, "S301", "S301"),
        ((1.0, None), 1.0, "S301"),
    ],
    ids=lambda v: str(v)[:30],
)
def test_a_loss_and_its_gradients(returned: object, loss: Any, gradient: Any) -> None:
    """(loss, gradients) in each of its forms; a loss may be right where gradients are not."""
    task, value = task_of(LOSS), value_of(returned)
    assert shown(collect_outputs(task, value, {}))["loss"] == loss
    got = shown(collect_gradients(task, value, {}))["dW"]
    assert got == (gradient.tolist() if isinstance(gradient, np.ndarray) else gradient)


def test_a_circuit_is_judged_name_by_name() -> None:
    """A missing name costs itself alone, and an input's value is not taken for its gradient."""
    value = value_of({"q": 1.0, "f": 2.0, "dq": 3.0, "x": 4.0})
    task = task_of(CIRCUIT)
    assert shown(collect_outputs(task, value, {})) == {"q": 1.0, "f": 2.0}
    assert shown(collect_gradients(task, value, {})) == {"dq": 3.0, "dx": "S304"}


ONES = np.ones((2, 3))


@pytest.mark.parametrize(
    ("got", "expected", "code"),
    [
        (ONES, ONES, None),
        (ONES * (1 + 9e-6), ONES, None),
        (ONES * (1 + 2e-5), ONES, "V402"),
        (ONES.astype(np.float32) * np.float32(1 + 5e-4), ONES, None),
        (ONES.astype(np.float32) * np.float32(1 + 2e-3), ONES, "V402"),
        (np.asfortranarray(ONES), ONES, None),
        (np.ones((2, 3), dtype=np.int64), ONES, None),
        (np.zeros((2, 3)), ONES, "V402"),
        (np.zeros((2, 3)), ONES * 1e-9, "V402"),
        (np.full((2, 3), math.nan), ONES, "V403"),
        (np.where(np.eye(2, 3) > 0, math.nan, 1.0), ONES, "V403"),
        (np.full((2, 3), math.inf), ONES, "V403"),
        (ONES.T, ONES, "S306"),
        (ONES[0], ONES, "S306"),
        (np.float64(1.0), ONES, "S306"),
        (np.ones((1, 3)), np.ones(3), "S307"),
        (np.ones((3, 1)), np.ones(3), "S307"),
        (np.ones(1), np.ones(()), "S307"),
        (np.ones(()), np.ones(1), "S307"),
        (np.ones((5, 3)), np.ones(3), "S306"),
        (np.zeros(3), np.zeros(3), None),
        (np.full(3, 1e-13), np.zeros(3), None),
        (np.full(3, 1e-9), np.zeros(3), "V402"),
    ],
)
def test_a_gradient_is_right_or_wrong(got: Any, expected: Any, code: str | None) -> None:
    """Exact shape, finite, and within tolerance of the largest entry; zeros are no default."""
    expected = np.asarray(expected)
    scale = float(np.max(np.abs(expected)))
    problem, _ = judge("dx", Leaf(np.asarray(got), "ndarray"), expected, scale, None,
                       is_output=False)  # fmt: skip
    assert (problem.code if problem else None) == code


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_loss_of_one_entry_has_any_shape(shape: tuple[int, ...]) -> None:
    """A loss may be a number, (1,) or (1, 1); two numbers are no loss."""
    leaf = Leaf(np.ones(shape), "ndarray")
    assert judge("loss", leaf, np.array(1.0), 1.0, None, is_output=True)[0] is None
    two = judge("loss", Leaf(np.ones(2), "ndarray"), np.array(1.0), 1.0, None, is_output=True)
    assert two[0]
    assert two[0].code == "S306"


def test_a_message_names_the_worst_entry() -> None:
    """The message has the place, both numbers and the share of wrong entries."""
    got = np.array([[1.0, 2.0], [3.0, -4.0]])
    expected = np.array([[1.0, 2.0], [3.0, 4.0]])
    problem, evidence = judge("dw", Leaf(got, "ndarray"), expected, 4.0, None, is_output=False)
    assert problem
    assert problem.message == "dw[1, 1] is -4, expected 4; 1 of 4 entries is off"
    assert evidence["index"] == (1, 1)
    assert evidence["relative_error"] == 2.0


@pytest.mark.parametrize(
    ("got", "expected", "scale", "message"),
    [
        (True, True, 1.0, ""),
        (1, True, 1.0, ""),
        (np.True_, True, 1.0, ""),
        (1.0, True, 1.0, ""),
        (False, False, 1.0, ""),
        (0, False, 0.0, ""),
        (np.array([True]), True, 1.0, ""),
        (True, False, 1.0, "ok is True, expected False"),
        (True, False, 0.0, "ok is True, expected False"),
        (0, True, 1.0, "ok is False, expected True"),
        (2, True, 1.0, "ok is 2, expected True"),
        (1e-4, False, 1.0, "ok is 0.0001, expected False"),
        (0.999, True, 1.0, "ok is 0.999, expected True"),
        (float("nan"), False, 1.0, "ok is nan; it is not finite"),
    ],
)  # fmt: skip
def test_a_yes_or_no_is_judged_as_such(
    got: object, expected: bool, scale: float, message: str
) -> None:
    """True, 1 and numpy's True are one answer; a number between yes and no is none."""
    leaf = collect_outputs(task_of(FLAG), value_of(got), {})["ok"]
    assert isinstance(leaf, Leaf)
    problem, _ = judge("ok", leaf, np.asarray(expected), scale, None, is_output=True)
    assert (problem.message if problem else "") == message


def test_one_entry_of_many_is_seen() -> None:
    """One entry off by 1 % among 409,600 is wrong, whatever the size of the array."""
    expected = np.random.default_rng(0).standard_normal((100, 4096))
    got = expected.copy()
    place = np.unravel_index(int(np.argmax(np.abs(expected))), expected.shape)
    got[place] *= 1.01
    scale = float(np.max(np.abs(expected)))
    problem, _ = judge("dx", Leaf(got, "ndarray"), expected, scale, None, is_output=False)
    assert problem
    assert "1 of 409600 entries is off" in problem.message


def test_a_tolerance_of_the_spec_counts() -> None:
    """A stated tolerance replaces both defaults."""
    leaf = Leaf(ONES * 1.01, "ndarray")
    assert judge("dx", leaf, ONES, 1.0, 0.1, is_output=False)[0] is None
    assert judge("dx", leaf, ONES, 1.0, 1e-3, is_output=False)[0] is not None


LEFT = {"dx": np.array([2.0, 7.0]), "dy": np.array([0.0, 5.0])}
RIGHT = {"dx": np.array([0.0, 7.0]), "dy": np.array([2.0, 5.0])}


@pytest.mark.parametrize(
    ("dx", "dy", "is_right"),
    [
        ([2, 7], [0, 5], True),
        ([0, 7], [2, 5], True),
        ([1, 7], [1, 5], True),
        ([0.6, 7], [1.4, 5], True),
        ([2, 7], [2, 5], False),
        ([0, 7], [0, 5], False),
        ([-1, 7], [3, 5], False),
        ([2, 7.007], [0, 5], False),
    ],
)
def test_a_tie_takes_any_valid_share_and_nothing_else(
    dx: list[float], dy: list[float], is_right: bool
) -> None:
    """Shares of the tied branches that are non-negative and add up to one are right."""
    gradients = {"dx": np.array(dx, dtype=float), "dy": np.array(dy, dtype=float)}
    problem, _, _ = judge_tie(gradients, (LEFT, RIGHT), {"dx": 7.0, "dy": 5.0}, None)
    assert (problem is None) is is_right
    assert is_right or (problem is not None and problem.code == "V404")
