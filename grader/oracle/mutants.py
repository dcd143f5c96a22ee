"""Wrong versions of a reference's answer, made on purpose: a battery must reject each of them.

A mutant is a function from an ``Expected`` to the gradients (or outputs) a certain mistake would
return. ``mutants_of`` lists those that make sense for a task: changes of the array itself, of the
upstream gradient it was made with, and of the labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from grader.cases import dimensions_of
from grader.model import Array, Expected, Input, Named, Task
from grader.oracle.mask_mutants import of_mask, under_own_mask
from grader.oracle.reference import Reference, answer
from grader.styles import STYLES

Wrong = Callable[[Expected, int], Named]
Change = Callable[[Array], Array]


@dataclass(frozen=True)
class Mutant:
    """One mistake in the gradient (or output) of one argument.

    ``is_of_rows`` marks one that a single number cannot show.
    """

    name: str
    argument: str
    is_output: bool
    wrong: Wrong
    is_of_rows: bool = False

    @property
    def label(self) -> str:
        """The mistake with the array it is in, e.g. ``dx: negated``."""
        return f"{self.argument}: {self.name}"


def mutants_of(reference: Reference, sample: Expected) -> list[Mutant]:
    """Return every automatic mutant of a task's outputs and gradients.

    ``sample`` is any answered case: mistakes of rows and axes make sense for arrays only.
    """
    task = reference.task
    mutants: list[Mutant] = []
    for name in task.outputs:
        mutants += _of_array(task, name, sample.outputs[name], is_output=True)
        mutants += _of_labels(reference, name, is_output=True)
        mutants += [Mutant(label, name, True, wrong) for label, wrong in of_mask(task)]
    for gradient in task.gradients:
        name = f"d{gradient}"
        array = sample.gradients[0][name]
        mutants += _of_array(task, name, array, is_output=False)
        mutants += _of_labels(reference, name, is_output=False)
        mutants += _of_upstream(reference, name, array, sample)
        mutants += [
            Mutant(f"d{other} in its place", name, False, _swapped(name, f"d{other}"))
            for other in task.gradients
            if other != gradient
        ]
    return mutants


def without_upstream(name: str) -> str:
    """Return the name of the mutant that forgets one of several upstream gradients."""
    return f"without d{name}"


def is_equal(mutant: Mutant, cases: Sequence[Expected], answers: Sequence[Expected] = ()) -> bool:
    """Return True when a mutant is no mistake: it equals the reference on these draws.

    ``answers`` are those of another accepted form to the same draws, which must then equal the
    mutant in everything it returns.
    """
    for case, right in zip(cases, answers or cases, strict=True):
        for draw, gradients in enumerate(right.gradients):
            got = {**case.outputs, **case.gradients[draw]}
            got[mutant.argument] = mutant.wrong(case, draw)[mutant.argument]
            due = {**right.outputs, **gradients}
            if not all(_is_same(got[name], array) for name, array in due.items()):
                return False
    return True


def _is_same(got: Array, due: Array) -> bool:
    return got.shape == due.shape and np.allclose(got, due, rtol=1e-9, atol=0)


def _of_array(task: Task, name: str, sample: Array, *, is_output: bool) -> Iterator[Mutant]:
    changes = dict(_EVERYWHERE)
    if sample.ndim:
        changes |= _OF_ROWS
    is_jacobian = STYLES[task.call.style].is_jacobian and not is_output and sample.ndim > 1
    if is_jacobian:
        changes |= _OF_JACOBIANS
    elif sample.ndim == 2 and sample.shape[0] == sample.shape[1]:
        changes["transposed"] = np.transpose
    for label, change in changes.items():
        wrong = _changed(name, change, is_output=is_output)
        yield Mutant(label, name, is_output, wrong, label not in _EVERYWHERE)
    for label, power in (("divided by the batch", -1), ("times the batch", 1)):
        if _has_batch(task) or sample.ndim:
            wrong = _scaled_by_batch(task, name, power, is_output=is_output)
            yield Mutant(label, name, is_output, wrong, not _has_batch(task))


def _largest_times(factor: float, array: Array) -> Array:
    """Return a copy that is wrong in its largest entry alone, which is 0 in no case that counts."""
    changed = np.array(array, dtype=np.float64)
    changed[np.unravel_index(int(np.argmax(np.abs(array))), array.shape)] *= factor
    return changed


def _one_row(array: Array) -> Array:
    changed = np.array(array, dtype=np.float64)
    if changed.ndim:  # an elementwise task has scalar cases too
        changed[1:] = 0.0
    return changed


def _sum_everywhere(array: Array) -> Array:
    return np.full_like(array, np.sum(array))


def _diagonal_only(array: Array) -> Array:
    rows, columns = np.indices(array.shape)[[0, -1]]
    return np.where(rows == columns, array, 0.0)


def _reversed(array: Array) -> Array:
    return array[::-1] if array.ndim else array


_EVERYWHERE: Mapping[str, Change] = {
    "zero": np.zeros_like,
    "negated": np.negative,
    "doubled": lambda array: 2.0 * array,
    "halved": lambda array: 0.5 * array,
    "cut off to integers": np.trunc,
    "one entry off by 1 %": partial(_largest_times, 1.01),
    "sign of one entry": partial(_largest_times, -1.0),
}
_OF_ROWS: Mapping[str, Change] = {
    "one row only": _one_row,
    "rows in reverse": _reversed,
    "the sum in every entry": _sum_everywhere,
}
_OF_JACOBIANS: Mapping[str, Change] = {
    "transposed": np.transpose,
    "diagonal only": _diagonal_only,
    "columns in reverse": lambda array: array[..., ::-1],
}


def _changed(name: str, change: Change, *, is_output: bool) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        right = expected.outputs if is_output else expected.gradients[draw]
        # A checker answers True or False, which cannot be halved.
        return {**right, name: np.asarray(change(np.asarray(right[name], dtype=np.float64)))}

    return wrong


def _has_batch(task: Task) -> bool:
    return any(task.batch in item.shape for item in task.inputs)


def _scaled_by_batch(task: Task, name: str, power: int, *, is_output: bool) -> Wrong:
    """Return a mean for a sum (or 1/N applied twice), or the other way round."""

    def wrong(expected: Expected, draw: int) -> Named:
        right = expected.outputs if is_output else expected.gradients[draw]
        rows = right[name].shape[0] if right[name].ndim else 1
        size = dimensions_of(task, expected.case.inputs).get(task.batch, rows)
        factor = float(size) ** power
        return {**right, name: np.asarray(right[name] * factor)}

    return wrong


_OF_LABELS: Mapping[str, Callable[[Array, int], Array]] = {
    "one label for all": lambda labels, _: np.full_like(labels, labels.flat[0]),
    "label 0 taken for 1": lambda labels, classes: np.maximum(labels, min(1, classes - 1)),
    "the last label taken for the one before": (
        lambda labels, classes: np.minimum(labels, max(classes - 2, 0))
    ),
}


def _of_labels(reference: Reference, name: str, *, is_output: bool) -> Iterator[Mutant]:
    """Yield what becomes of an array when labels are misread."""
    for item in reference.task.label_inputs:
        for label, change in _OF_LABELS.items():
            wrong = _relabelled(reference, name, item, change, is_output=is_output)
            yield Mutant(label, name, is_output, wrong)


def _relabelled(
    reference: Reference,
    name: str,
    item: Input,
    change: Callable[[Array, int], Array],
    *,
    is_output: bool,
) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        inputs = expected.case.inputs
        classes = item.class_count(dimensions_of(reference.task, inputs))
        misread = {**inputs, item.name: change(inputs[item.name], classes)}
        got = answer(reference, misread, (expected.case.upstreams[draw],))
        right = expected.outputs if is_output else expected.gradients[draw]
        return {**right, name: (got.outputs if is_output else got.gradients[0])[name]}

    return wrong


def _of_upstream(
    reference: Reference, name: str, array: Array, sample: Expected
) -> Iterator[Mutant]:
    """Yield what becomes of a gradient when its upstream is forgotten or misused."""
    task = reference.task
    if not task.upstream:
        return
    changes: dict[str, Callable[[Any], Any]] = {
        "upstream ignored": np.ones_like,
        "upstream applied twice": lambda d: d * d,
        "upstream without its sign": np.abs,
        "upstream cut off at 1": lambda d: np.clip(d, -1.0, 1.0),
    }
    if any(np.ndim(d) for d in sample.case.upstreams[0].values()):
        changes["upstream averaged"] = lambda d: np.full_like(d, np.mean(d))
    for label, change in changes.items():
        wrong = _with_upstreams(reference, name, dict.fromkeys(task.upstream, change))
        yield Mutant(label, name, False, wrong, label == "upstream averaged")
    for other in task.upstream if len(task.upstream) > 1 else ():
        wrong = _with_upstreams(reference, name, {other: np.zeros_like})
        yield Mutant(without_upstream(other), name, False, wrong)
    ignoring = _with_upstreams(reference, name, dict.fromkeys(task.upstream, np.ones_like))
    for other in task.upstream:
        shape = np.shape(sample.case.upstreams[0][f"d{other}"])
        if shape in (array.shape, ()):
            yield Mutant(f"d{other} added", name, False, _added(ignoring, name, f"d{other}"))
        if shape == array.shape:
            label = f"d{other} in its place"
            yield Mutant(label, name, False, _replaced(name, f"d{other}", lambda d: d))
        for axis in (0, 1) if len(shape) == 2 and array.ndim == 1 else ():
            label = f"d{other} summed over axis {axis}"
            sums = _replaced(name, f"d{other}", partial(np.sum, axis=axis))
            yield Mutant(label, name, False, sums)


def _with_upstreams(
    reference: Reference, name: str, changes: Mapping[str, Callable[[Any], Any]]
) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        upstream = dict(expected.case.upstreams[draw])
        for output, change in changes.items():
            upstream[f"d{output}"] = _unwrapped(change(upstream[f"d{output}"]))
        if reference.task.random is not None:
            got = under_own_mask(reference.task, expected, upstream)
        else:
            got = answer(reference, expected.case.inputs, (upstream,)).gradients[0]
        return {**expected.gradients[draw], name: got[name]}

    return wrong


def _unwrapped(value: Any) -> Any:
    """Return a scalar as the Python float that a student receives."""
    return value if np.ndim(value) else float(value)


def _added(ignoring: Wrong, name: str, upstream: str) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        local = ignoring(expected, draw)
        return {**local, name: np.asarray(local[name] + expected.case.upstreams[draw][upstream])}

    return wrong


def _replaced(name: str, upstream: str, change: Callable[[Any], Any]) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        given = np.asarray(change(expected.case.upstreams[draw][upstream]), dtype=np.float64)
        return {**expected.gradients[draw], name: given}

    return wrong


def _swapped(name: str, other: str) -> Wrong:
    def wrong(expected: Expected, draw: int) -> Named:
        right = expected.gradients[draw]
        return {**right, name: right[other]}

    return wrong
