"""The arrays of one draw by name, whatever stage returned them; what is no array is left out."""

from __future__ import annotations

from grader.compare.collect import Leaf, Shapes, collect_gradients, collect_outputs
from grader.model import Draw, Expected, Fault, Task
from grader.styles import STYLES


def leaves_of(task: Task, draw: Draw, shapes: Shapes) -> dict[str, Leaf]:
    """Return the outputs and gradients (``dx`` ...) of a draw that are arrays."""
    parts = []
    if not isinstance(draw.forward, Fault):
        parts.append(collect_outputs(task, draw.forward, shapes))
    is_one_call = len(STYLES[task.call.style].stages) == 1
    returned = draw.forward if is_one_call else draw.backward
    if returned is not None and not isinstance(returned, Fault):
        parts.append(collect_gradients(task, returned, shapes))
    return {n: leaf for part in parts for n, leaf in part.items() if isinstance(leaf, Leaf)}


def shapes_of(expected: Expected) -> Shapes:
    """Return the shapes of the reference's outputs and gradients."""
    parts = (expected.outputs, *expected.gradients[:1])
    return {name: array.shape for part in parts for name, array in part.items()}
