"""What a student would have answered: as the reference does, or with one mistake."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from grader.compare import for_own_mask
from grader.model import (
    Array,
    Battery,
    Draw,
    Expected,
    Fault,
    FaultKind,
    Named,
    Observation,
    Task,
    Value,
)
from grader.oracle import Mutant, redrawn
from grader.styles import STYLES, Results


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
    if expected.raises:  # the same right answer, whatever mistake is made elsewhere
        return Draw(Fault(FaultKind.RAISED, "forward", expected.raises[0]), None)
    expected = redrawn(task, expected, index)
    outputs = dict(expected.outputs)
    for mistake in mistakes:
        if mistake.is_output:
            outputs[mistake.argument] = mistake.wrong(expected, index)[mistake.argument]
    # A wrong mask is a mistake of the output alone: backward is right for what was kept.
    expected = for_own_mask(task, expected, Draw(_one(outputs), None))
    gradients = dict(expected.gradients[index])
    for mistake in mistakes:
        if not mistake.is_output:
            gradients[mistake.argument] = mistake.wrong(expected, index)[mistake.argument]
    return _returned(task, outputs, gradients)


def _returned(task: Task, outputs: Named, gradients: Named) -> Draw:
    """Lay outputs and gradients out as the style of the task returns them."""
    results = STYLES[task.call.style].results
    if results is Results.BY_NAME:
        return Draw(_dict({**outputs, **gradients}), None)
    if results is Results.LOSS_FIRST:
        return Draw(Value("tuple", items=(_one(outputs), _one(gradients))), None)
    if results is Results.OUTPUTS:
        return Draw(_one(outputs), None)
    return Draw(_one(outputs), _backward(task, gradients))


def _backward(task: Task, gradients: Named) -> Value:
    """Return what backward would: its results, then those it leaves as attributes."""
    left = {f"d{name}": attribute for name, attribute in task.call.gradient_attributes}
    if not left:
        return _one(gradients)
    returned = _one({name: array for name, array in gradients.items() if name not in left})
    attributes = _dict({attribute: gradients[name] for name, attribute in left.items()})
    return Value("tuple", items=(returned, attributes))


def _dict(arrays: Named) -> Value:
    return Value("dict", items=tuple(map(_leaf, arrays.values())), keys=tuple(arrays))


def _one(arrays: Named) -> Value:
    leaves = tuple(map(_leaf, arrays.values()))
    return leaves[0] if len(leaves) == 1 else Value("tuple", items=leaves)


def _leaf(array: Array) -> Value:
    return Value("array", "ndarray", np.asarray(array))
