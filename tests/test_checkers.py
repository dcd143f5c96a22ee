"""The task where a student writes the gradient checker: its right and wrong gradients are proven.

Examplar (Wrenn and Krishnamurthi, 2019) calls them wheats and chaffs: a checker must accept all of
the ones and reject all of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from in_process import COURSE, grade_texts, prepared
from running import ROOT, run

from grader.course import load, support_texts
from grader.model import Array, Battery, Expected, Kind, TaskResult
from grader.oracle import load_references

SEEDS = range(6)
STEPS = (1e-6, 1e-5, 1e-4)


@cache
def support(name: str) -> dict[str, Any]:
    """Return the names of a support file."""
    names: dict[str, Any] = {}
    exec((COURSE.root / "support" / f"{name}.py").read_text(), names)
    return names


def claims(seed: int) -> Iterator[tuple[str, Any, Array, Array, bool]]:
    """Yield sub-case, function, point, claimed gradient and the verdict of every case."""
    battery = prepared("checkers", seed).batteries["check_gradient"]
    assert isinstance(battery, Battery)
    for cases in battery.expected.values():
        for each in cases:
            f, x, dx = (each.case.inputs[name] for name in ("f", "x", "dx"))
            function = support("checked_functions")["FUNCTIONS"][f]
            yield label(each), function, x, dx, bool(each.outputs["is_right"])


def label(expected: Expected) -> str:
    """Return the sub-case, or the kind of an ordinary case."""
    is_named = expected.case.kind is Kind.NAMED
    return expected.case.label if is_named else expected.case.kind.value


def exact(f: Any, x: Array) -> Array:
    """Return the gradient by complex steps: to rounding, and blind to kinks."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[i] += 1e-30j
        gradient[i] = np.imag(f(moved)) / 1e-30
    return gradient


def quotients(f: Any, x: Array, ahead: float, behind: float) -> Array:
    """Return difference quotients."""
    found = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1.0
        found[i] = (f(x + ahead * step) - f(x - behind * step)) / (ahead + behind)
    return found


def relative(a: Array, b: Array) -> float:
    """Return the largest relative error of an entry; 0 against 0 is none."""
    size = np.abs(a) + np.abs(b)
    return float(np.max(np.abs(a - b) / np.where(size == 0, 1, size)))


@pytest.mark.parametrize("seed", SEEDS)
def test_right_claims_are_right_and_wrong_ones_clearly_wrong(seed: int) -> None:
    """A complex step says so: 12 digits of the ones, and the others off by 1 % or in shape."""
    sides: dict[str, list[bool]] = {}
    for name, f, x, dx, is_right in claims(seed):
        gradient = exact(f, x)
        sides.setdefault(name, []).append(is_right)
        if is_right:
            assert relative(dx, gradient) < 1e-12, name
        elif dx.shape == x.shape:
            off, largest = np.max(np.abs(dx - gradient)), np.max(np.abs(gradient))
            assert off >= 0.00999 * (largest or 1.0), name
            assert largest or np.max(np.abs(dx)) >= 0.01
        else:
            assert name in ("transposed", "flattened", "broadcast")
    for name, verdicts in sides.items():
        if len(verdicts) > 2:
            assert sum(verdicts) == len(verdicts) / 2, name
    assert sum(len(v) for v in sides.values()) > 100


def test_right_and_wrong_come_in_no_order() -> None:
    """Neither counting the calls nor another sub-case tells which comes next."""
    orders = set()
    for seed in SEEDS:
        sides: dict[str, list[bool]] = {}
        for name, _, _, _, is_right in claims(seed):
            sides.setdefault(name, []).append(is_right)
        orders |= {tuple(v) for v in sides.values() if len(v) == 8}
    assert len(orders) > 40  # of the 70 there are


@pytest.mark.parametrize("seed", SEEDS)
def test_the_statement_keeps_its_promises(seed: int) -> None:
    """Differences are as exact as it says, kinks as far, flat parts exactly flat."""
    for name, f, x, _, _ in claims(seed):
        gradient = exact(f, x)
        for step in STEPS:
            assert relative(quotients(f, x, step, step), gradient) < 1e-6, (name, step)
            assert relative(quotients(f, x, step, 0.0), gradient) < 2e-4, (name, step)
        for i in np.ndindex(x.shape):  # no slope jumps within 1e-3
            for side in (-0.999e-3, 0.999e-3):
                moved = x.copy()
                moved[i] += side
                assert relative(exact(f, moved), gradient) < 0.01, name
        if name == "near_a_kink":
            assert np.min(np.abs(x)) < 2e-3
            assert relative(quotients(f, x, 1e-2, 1e-2), gradient) > 0.05


def test_every_shape_and_function_occurs() -> None:
    """Vectors, matrices and three axes; sizes from billionths to millions, and 0."""
    found = [claim for seed in SEEDS for claim in claims(seed)]
    assert {x.ndim for _, _, x, _, _ in found} == {1, 2, 3}
    assert {f.__name__ for _, f, _, _, _ in found} == {
        f.__name__ for f in support("checked_functions")["FUNCTIONS"]
    }
    sizes = [np.max(np.abs(exact(f, x))) for _, f, x, _, is_right in found if is_right]
    assert min(sizes) == 0
    assert min(size for size in sizes if size) < 1e-8
    assert 1e6 < max(sizes) < 1e7


def test_the_gradients_of_the_curves_are_right() -> None:
    """What the first-order model is given is a function and its own gradient."""
    rng = np.random.default_rng(0)
    curves = support("curves")
    for f, df in zip(curves["CURVES"], curves["SLOPES"], strict=True):
        x = rng.standard_normal((2, 3))
        assert relative(df(x), exact(f, x)) < 1e-12
        assert df(0.7) == pytest.approx(exact(f, np.array([0.7]))[0])


def test_support_files_hold_no_gradient_of_a_checked_function() -> None:
    """A student's process never holds the right answer, nor the function that draws the claims."""
    assignment, _ = load(COURSE, "checkers")
    texts = support_texts(COURSE, assignment)
    references = load_references(COURSE.reference_of("checkers"), assignment, texts)
    names = references["check_gradient"].scope
    gradients = [f.__name__ for f in names["GRADIENTS"]]
    assert len(gradients) == len(support("checked_functions")["FUNCTIONS"])
    for text in texts.values():
        assert not [name for name in (*gradients, "draw_claim") if name in text]


HEAD = """import random
import numpy as np


def slopes(f, x, h):
    x, found = np.array(x, dtype=float), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        found[i] = (above - f(x)) / (2 * h)
        x[i] = kept
    return found


def elementwise(a, b, floor=1e-8):
    return np.max(np.abs(a - b) / np.maximum(floor, np.abs(a) + np.abs(b)))


def of_norms(a, b):
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / size if size else 0.0


def of_largest(a, b):
    return np.max(np.abs(a - b)) / (max(np.max(np.abs(a)), np.max(np.abs(b))) or 1.0)


def check_gradient(f, x, dx):
"""
GUARD = "    if dx.shape != x.shape:\n        return False\n"


def graded(body: str, seed: int) -> TaskResult:
    """Grade a checker with this body."""
    texts = {"checkers.py": HEAD + body}
    return grade_texts(prepared("checkers", seed), texts, {"check_gradient"}).tasks[0]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("limit", [1e-6, 1e-5, 1e-4, 1e-3])
@pytest.mark.parametrize("rule", ["elementwise", "of_norms", "of_largest"])
def test_every_sensible_checker_earns_full_marks(rule: str, limit: float, step: float) -> None:
    """Whatever the rule, the step and the limit, within what the statement allows."""
    for seed in range(2):
        task = graded(f"{GUARD}    return {rule}(slopes(f, x, {step}), dx) < {limit}\n", seed)
        assert [c.id for c in task.checks if c.outcome.value != "passed"] == []


N = "    n = slopes(f, x, 1e-5)\n"
SHAPES = {"transposed", "flattened", "broadcast"}
SIZES = {"tiny_gradient", "large_gradient"}
ALL = {
    "forward", "negated", "doubled", "zeros", "one_entry_off", "swapped", "shifted", *SHAPES,
    "zero_gradient", "partly_zero", *SIZES, "near_a_kink",
}  # fmt: skip
NAIVE: dict[str, tuple[str, set[str]]] = {
    "yes": ("    return True\n", ALL),
    "no": ("    return False\n", ALL),
    "as the last": (GUARD + N + "    return elementwise(n, dx) > 1e-4\n", ALL),
    "nothing": (GUARD + N + "    elementwise(n, dx) < 1e-4\n", ALL),
    "the error": (GUARD + N + "    return elementwise(n, dx)\n", ALL),
    "strict": (GUARD + N + "    return elementwise(n, dx) < 1e-14\n", ALL - {"zero_gradient"}),
    "loose": (GUARD + N + "    return elementwise(n, dx) < 0.02\n", {"one_entry_off", *SIZES}),
    "absolute": (GUARD + N + "    return np.max(np.abs(n - dx)) < 1e-5\n", SIZES),
    "allclose": (GUARD + N + "    return np.allclose(n, dx)\n", {"tiny_gradient"}),
    "no smaller than 1": (
        GUARD + N + "    return elementwise(n, dx, 1.0) < 1e-5\n", {"tiny_gradient"}
    ),
    "0 / 0": (
        GUARD + N + "    return elementwise(n, dx, 0.0) < 1e-4\n", {"zero_gradient", "partly_zero"}
    ),
    "0 / 0 of norms": (
        GUARD + N + "    size = np.linalg.norm(n) + np.linalg.norm(dx)\n"
        "    return np.linalg.norm(n - dx) / size < 1e-4\n", {"zero_gradient"},
    ),
    "0 is wrong": (
        GUARD + N + "    return bool(dx.any()) and elementwise(n, dx) < 1e-4\n", {"zero_gradient"}
    ),
    "over the kink": (
        GUARD + "    return elementwise(slopes(f, x, 1e-2), dx) < 1e-3\n", {"near_a_kink"}
    ),
    "raises on shapes": (N + "    return elementwise(n, dx) < 1e-4\n", SHAPES),
    "by size": (
        "    if dx.size != x.size:\n        return False\n" + N +
        "    return elementwise(n, dx.reshape(x.shape)) < 1e-4\n", {"flattened", "broadcast"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "failed"), NAIVE.values(), ids=NAIVE)
def test_a_naive_checker_fails_where_it_is_naive(body: str, failed: set[str]) -> None:
    """Exactly those checks, so the rest of the points are earned."""
    for seed in range(3):
        task = graded(body, seed)
        lost = {c.id.removeprefix("case.") for c in task.checks if c.max_score and not c.score}
        assert lost == failed, seed
        if "forward" not in failed:  # each sub-case says so for itself
            assert {f.check.removeprefix("case.") for f in task.findings} == failed


@pytest.mark.parametrize(
    "body",
    [
        "    return random.random() < 0.5\n",
        "    return hash(x.tobytes() + dx.tobytes()) % 2 == 0\n",
        "    random.calls = getattr(random, 'calls', 0) + 1\n    return random.calls % 2 == 0\n",
        "    return dx.flat[0] > 0\n",
        "    return bool(dx.any())\n",
        GUARD + "    return True\n",
    ],
    ids=["coin", "hash", "every second", "first sign", "not zero", "of that shape"],
)
def test_a_guess_earns_next_to_nothing(body: str) -> None:
    """Each sub-case has four of each side in random order; sixteen points are at stake."""
    earned = [sum(float(c.score) for c in graded(body, seed).checks) for seed in SEEDS]
    assert sum(earned) / len(earned) <= 1.5


def test_a_replay_names_the_function_and_says_yes_or_no() -> None:
    """A number that chooses a function would tell nobody which."""
    done = run(ROOT / "examples" / "perfect", "--replay", "check_gradient:example:0")
    assert done.code == 0, done.err
    assert "f = checked_functions.FUNCTIONS[0]\n" in done.out
    assert "is_right = True\n" in done.out
    assert "forward = True\n" in done.out
