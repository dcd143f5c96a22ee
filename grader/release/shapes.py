"""The shapes of outputs in the names of the spec, as the cases show them: ``[N, M]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grader.model import Battery, Case, Kind, Task


def output_shapes(battery: Battery) -> dict[str, str]:
    """Return the shape of each output in words; none where the cases do not settle it."""
    task = battery.task
    kinds = (Kind.RANDOM, Kind.BATCH1)
    cases = [each for kind in kinds for each in battery.expected.get(kind, ())]
    found = {}
    for name in task.outputs:
        seen = [(np.shape(e.outputs[name]), _dimensions(task, e.case)) for e in cases]
        if task.is_elementwise:
            first = next(i.name for i in task.inputs if i.is_elementwise)
            if all(np.shape(e.outputs[name]) == np.shape(e.case.inputs[first]) for e in cases):
                found[name] = f"of the shape of {first}"
                continue
        axes = _axes(seen)
        if axes is not None:
            found[name] = f"[{', '.join(axes)}]" if axes else "a number"
    return found


def _axes(seen: Sequence[tuple[tuple[int, ...], Mapping[str, int]]]) -> list[str] | None:
    """Return the one name, or number, that fits each axis in every case; None where none does."""
    if len({len(shape) for shape, _ in seen}) != 1:
        return None
    axes = []
    for place in range(len(seen[0][0])):
        names = [n for n in seen[0][1] if all(d.get(n) == shape[place] for shape, d in seen)]
        sizes = {shape[place] for shape, _ in seen}
        if len(names) == 1 or (names and len(sizes) > 1):
            axes.append(names[0])
        elif len(sizes) == 1 and not names:
            axes.append(str(*sizes))
        else:
            return None
    return axes


def _dimensions(task: Task, case: Case) -> dict[str, int]:
    """Return the sizes that a case gives the dimensions of the spec."""
    return {
        str(name): size
        for item in task.inputs
        if not item.is_elementwise
        for name, size in zip(item.shape, np.shape(case.inputs[item.name]), strict=False)
        if isinstance(name, str)
    }
