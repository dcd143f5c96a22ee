"""Wrong versions of a reference's answer, made on purpose: a battery must reject each of them.

A mutant is a function from an ``Expected`` to the gradients (or outputs) a certain mistake would
return. ``mutants_of`` lists those that make sense for a task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.model import Array, Expected, Named
from grader.oracle.reference import Reference, answer
from grader.styles import STYLES

Wrong = Callable[[Expected, int], Named]


@dataclass(frozen=True)
class Mutant:
    """One mistake in the gradient (or output) of one argument."""

    name: str
    argument: str
    is_output: bool
    wrong: Wrong


def mutants_of(reference: Reference, sample: Expected) -> list[Mutant]:
    """Return every automatic mutant of a task's outputs and gradients.

    ``sample`` is any answered case: mistakes of the batch make sense for arrays only.
    """
    task = reference.task
    mutants = []
    for name in task.outputs:
        for label, change in _EVERYWHERE.items():
            mutants.append(Mutant(label, name, True, _changed(name, change, is_output=True)))
    for gradient in task.gradients:
        name = f"d{gradient}"
        array = sample.gradients[0][name]
        changes = {**_EVERYWHERE, **(_BATCH if array.ndim else {})}
        if STYLES[task.call.style].is_jacobian and array.ndim > 1:
            changes |= _JACOBIAN
        for label, change in changes.items():
            mutants.append(Mutant(label, name, False, _changed(name, change, is_output=False)))
        if task.upstream:
            mutants.append(Mutant("upstream ignored", name, False, _ignoring(reference, name)))
        mutants += [
            Mutant(f"d{other} in its place", name, False, _swapped(name, f"d{other}"))
            for other in task.gradients
            if other != gradient
        ]
    return mutants


def _one_off(array: Array) -> Array:
    changed = np.array(array, dtype=np.float64)
    changed[np.unravel_index(int(np.argmax(np.abs(array))), array.shape)] *= 1.01
    return changed


def _one_row(array: Array) -> Array:
    changed = np.array(array, dtype=np.float64)
    if changed.ndim:  # an elementwise task has scalar cases too
        changed[1:] = 0.0
    return changed


def _batch_mean(array: Array) -> Array:
    return array / array.shape[0] if array.ndim else array


def _diagonal_only(array: Array) -> Array:
    rows, columns = np.indices(array.shape)[[0, -1]]
    return np.where(rows == columns, array, 0.0)


_EVERYWHERE: Mapping[str, Callable[[Array], Array]] = {
    "zero": np.zeros_like,
    "negated": np.negative,
    "doubled": lambda array: 2.0 * array,
    "one entry off by 1 %": _one_off,
}
_BATCH: Mapping[str, Callable[[Array], Array]] = {
    "one row only": _one_row,
    "mean for sum": _batch_mean,
}

_JACOBIAN: Mapping[str, Callable[[Array], Array]] = {
    "transposed": np.transpose,
    "diagonal only": _diagonal_only,
    "rows in reverse": lambda array: array[::-1],
    "columns in reverse": lambda array: array[..., ::-1],
}


def _changed(name: str, change: Callable[[Array], Array], *, is_output: bool) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        right = expected.outputs if is_output else expected.gradients[draw]
        return {**right, name: np.asarray(change(right[name]))}

    return wrong


def _swapped(name: str, other: str) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        right = expected.gradients[draw]
        return {**right, name: right[other]}

    return wrong


def _ignoring(reference: Reference, name: str) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        upstream: dict[str, Any] = {
            key: np.ones_like(value)[()] if np.ndim(value) else 1.0
            for key, value in expected.case.upstreams[draw].items()
        }
        ones = answer(reference, expected.case.inputs, (upstream,)).gradients[0]
        return {**expected.gradients[draw], name: ones[name]}

    return wrong


def is_equal(mutant: Mutant, cases: Sequence[Expected]) -> bool:
    """Return True when a mutant is no mistake: it equals the reference on these draws."""
    return all(
        right[mutant.argument].shape == (got := mutant.wrong(e, draw)[mutant.argument]).shape
        and np.allclose(right[mutant.argument], got, rtol=1e-9, atol=0)
        for e in cases
        for draw in range(1 if mutant.is_output else len(e.gradients))
        for right in [e.outputs if mutant.is_output else e.gradients[draw]]
    )
