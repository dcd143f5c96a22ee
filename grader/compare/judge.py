"""One array against the reference: shape, then finiteness, then value. The verdict's numbers.

Error is max |student - reference| / S, where S is the largest reference entry of that array over
the task's cases of the same kind. Tolerance 1e-5 for float64: correct float64 work measures below
1e-13 and float32 inside below 3e-6, wrong work above 2e-3.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.compare.collect import Leaf, Problem
from grader.model import Array
from grader.numeric import largest_difference

TOLERANCE = 1e-5
SINGLE_TOLERANCE = 1e-3
AXES_OF_ONE = "S307"
MAX_SHOWN = 16  # entries of an array that is told as a whole
_ZERO = 1e-12  # for an array that is 0 in the reference, in units of the upstream gradient


def tolerance_for(array: Array, stated: float | None) -> float:
    """Return the tolerance of an array: the spec's, else by its precision."""
    if stated is not None:
        return stated
    return SINGLE_TOLERANCE if array.dtype == np.float32 else TOLERANCE


def judge(
    name: str, leaf: Leaf, expected: Array, scale: float, stated: float | None, *, is_output: bool
) -> tuple[Problem | None, dict[str, Any]]:
    """Return the problem of one array, or None, and the evidence for it."""
    got, name = leaf.array, leaf.called or name
    if got.shape != expected.shape:
        if not (is_output and expected.shape == () and got.size == 1):
            return _shape_problem(name, got, expected, scale, stated)
        got = got.reshape(())
    tolerance = tolerance_for(got, stated)
    unit = scale if scale > 0 else _ZERO / tolerance
    error = largest_difference(got, expected) / unit
    # Written so that an error of nan is not within tolerance.
    if error <= tolerance:
        return None, {}
    if not np.isfinite(got).all():
        return _not_finite(name, got, expected)
    return _value_problem(name, got, expected, error, tolerance * unit, is_output)


def _shape_problem(
    name: str, got: Array, expected: Array, scale: float, stated: float | None
) -> tuple[Problem, dict[str, Any]]:
    evidence: dict[str, Any] = {"got_shape": got.shape, "expected_shape": expected.shape}
    message = f"{name} has shape {got.shape}, expected {expected.shape}"
    if differs_in_axes_of_one(got, expected):
        leaf = Leaf(got.reshape(expected.shape), "")
        if judge(name, leaf, expected, scale, stated, is_output=False)[0] is None:
            return axes_problem(name, got, expected)
        return Problem("S306", f"{message}; the values differ too"), evidence
    if got.ndim > 1 and got.shape == expected.shape[::-1]:
        message += ": it looks transposed"
    elif got.shape[1:] == expected.shape and got.ndim == expected.ndim + 1:
        message += ": it looks as if the sum over the first axis is missing"
    elif expected.shape == got.shape * 2 and _is_diagonal_of(got, expected, scale):
        message += ": these are the entries of its diagonal alone"
    return Problem("S306", message), evidence


def differs_in_axes_of_one(got: Array, expected: Array) -> bool:
    """Return True for another shape that is the same but for axes of size 1."""
    return got.shape != expected.shape and _squeezed(got.shape) == _squeezed(expected.shape)


def axes_problem(name: str, got: Array, expected: Array) -> tuple[Problem, dict[str, Any]]:
    """Return the problem of an array whose values are right, but for axes of size 1."""
    message = f"{name} has shape {got.shape}, expected {expected.shape}; the values are right"
    return Problem(AXES_OF_ONE, message), {"got_shape": got.shape, "expected_shape": expected.shape}


def _is_diagonal_of(got: Array, expected: Array, scale: float) -> bool:
    if got.ndim != 1:
        return False
    return largest_difference(got, np.diagonal(expected)) <= tolerance_for(got, None) * scale


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


def _not_finite(name: str, got: Array, expected: Array) -> tuple[Problem, dict[str, Any]]:
    bad = ~np.isfinite(got)
    index = first_index(bad)
    evidence = {"index": index, "got": _number(got[index]), "wrong_entries": int(bad.sum()),
                "entries": int(got.size), **side_by_side(got, expected)}  # fmt: skip
    return Problem(
        "V403", f"{place(name, index)} is {_number(got[index])}; {_share(bad)} not finite"
    ), evidence


def _value_problem(
    name: str, got: Array, expected: Array, error: float, allowed: float, is_output: bool
) -> tuple[Problem, dict[str, Any]]:
    difference = np.abs(np.subtract(got, expected, dtype=np.float64))
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(difference)), got.shape))
    wrong = difference > allowed
    was, due = _number(got[index]), _number(expected[index])
    shown = _flag if expected.dtype == bool else "{:.6g}".format
    evidence = {
        "index": index,
        "got": was,
        "expected": due,
        "relative_error": error,
        "wrong_entries": int(wrong.sum()),
        "entries": int(got.size),
        **side_by_side(got, expected),
    }
    message = f"{place(name, index)} is {shown(was)}, expected {shown(due)}"
    if got.size > 1:
        message += f"; {_share(wrong)} off"
    return Problem("V401" if is_output else "V402", message), evidence


def side_by_side(got: Array, expected: Array, beside: str = "expected") -> dict[str, Any]:
    """Return both arrays as evidence where they are small enough to be read entry by entry."""
    if got.size > MAX_SHOWN:
        return {}
    return {"arrays": {"yours": got.tolist(), beside: expected.tolist()}}


def _flag(number: float) -> str:
    return str(bool(number)) if number in (0, 1) else f"{number:.6g}"


def _number(entry: Any) -> float:
    return float(entry) + 0.0  # -0 reads like a mistake


def _share(wrong: Array) -> str:
    count, total = int(wrong.sum()), wrong.size
    if total == 1:
        return "it is"
    return (
        f"{'all' if count == total else count} of {total} entries {'is' if count == 1 else 'are'}"
    )


def first_index(mask: Array) -> tuple[int, ...]:
    """Return the index of the first True entry."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def place(name: str, index: tuple[int, ...]) -> str:
    """Return ``dx[2, 0]``, or ``dx`` for a scalar."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name
