"""What of a battery students may have: which cases, and which of their answers.

An answer that they may not have is kept as its shape alone: an array of nan. References are never
judged by answers that are not finite, so nan stands for nothing else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.checks import backward_check, check_of_case, forward_check
from grader.model import Array, Battery, Expected, Kind, Public, Rubric, Task, is_public

# Real size is too much data, and on a kink differences of a forward show nothing.
_LEFT_OUT = frozenset({Kind.SIZE, Kind.TIES})


def unknown(shape: tuple[int, ...]) -> Array:
    """Return the answer of this shape that nobody knows."""
    return np.full(shape, np.nan)


def is_known(answer: Array) -> bool:
    """Return True for an answer, False for the shape of one."""
    return bool(np.isfinite(answer).all())


def public_battery(battery: Battery, rubric: Rubric) -> Battery:
    """Return the cases of public checks, without the answers that the task keeps to itself."""
    task = battery.task

    def is_open(check: str) -> bool:
        return is_public(rubric, task.id, check)

    kept: dict[Kind, tuple[Expected, ...]] = {}
    for kind, cases in battery.expected.items():
        own = [each for each in cases if is_open(check_of_case(task, each.case) or "load")]
        if own and kind not in _LEFT_OUT:
            kept[kind] = tuple(_public_part(task, each, is_open) for each in own)
    scale = {kind: _of_known(battery.scale[kind], kept[kind]) for kind in kept}
    accepted = tuple(public_battery(other, rubric) for other in battery.accepted)
    return Battery(task, kept, scale, no_ties="", proof="", accepted=accepted)


def _public_part(task: Task, expected: Expected, is_open: Callable[[str], bool]) -> Expected:
    own = check_of_case(task, expected.case)
    is_example = expected.case.kind is Kind.EXAMPLE
    with_outputs = task.public is not Public.NOTHING
    with_gradients = task.public is Public.WORKED_EXAMPLES and is_example
    outputs = {
        name: array if with_outputs and is_open(own or forward_check(task, name)) else _shape(array)
        for name, array in expected.outputs.items()
    }
    gradients = tuple(
        {
            name: array
            if with_gradients and is_open(own or backward_check(name.removeprefix("d")))
            else _shape(array)
            for name, array in each.items()
        }
        for each in expected.gradients
    )
    public = dataclasses.replace(expected, outputs=outputs, gradients=gradients, hulls=())
    return dataclasses.replace(public, scale=_of_known(expected.scale, (public,)))


def _shape(array: Array) -> Array:
    return unknown(array.shape)


def _of_known(scale: Mapping[str, float], cases: Sequence[Expected]) -> dict[str, float]:
    """Return the scales of what is known in every case: the largest entry is an answer too."""
    hidden = {
        name
        for each in cases
        for named in (each.outputs, *each.gradients)
        for name, array in named.items()
        if not is_known(array)
    }
    return {name: size for name, size in scale.items() if name not in hidden}
