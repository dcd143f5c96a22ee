"""What a student would have answered: as the reference does, or with one mistake."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from grader.model import Array, Battery, Draw, Expected, Named, Observation, Task, Value
from grader.oracle import Mutant


def every_case(battery: Battery) -> list[Expected]:
    """Return all cases of a battery with their answers."""
    return [expected for cases in battery.expected.values() for expected in cases]


def observed(
    task: Task, cases: Iterable[Expected], mistakes: Iterable[Mutant] = ()
) -> list[Observation]:
    """Return what a student with these mistakes, and no other, would have answered."""
    made = tuple(mistakes)
    return [
        Observation(e.case, tuple(_draw(task, e, i, made) for i in range(len(e.gradients))))
        for e in cases
    ]


def _draw(task: Task, expected: Expected, index: int, mistakes: tuple[Mutant, ...]) -> Draw:
    outputs, gradients = dict(expected.outputs), dict(expected.gradients[index])
    for mistake in mistakes:
        own = outputs if mistake.is_output else gradients
        own[mistake.argument] = mistake.wrong(expected, index)[mistake.argument]
    return _returned(task, outputs, gradients)


def _returned(task: Task, outputs: Named, gradients: Named) -> Draw:
    """Lay outputs and gradients out as the style of the task returns them."""
    if task.call.style == "circuit":
        return Draw(_dict({**outputs, **gradients}), None)
    if task.call.style == "loss_function":
        return Draw(Value("tuple", items=(_one(outputs), _one(gradients))), None)
    return Draw(_one(outputs), _one(gradients))


def _dict(arrays: Named) -> Value:
    return Value("dict", items=tuple(map(_leaf, arrays.values())), keys=tuple(arrays))


def _one(arrays: Named) -> Value:
    leaves = tuple(map(_leaf, arrays.values()))
    return leaves[0] if len(leaves) == 1 else Value("tuple", items=leaves)


def _leaf(array: Array) -> Value:
    return Value("array", "ndarray", np.asarray(array))
