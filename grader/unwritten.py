"""What was never written: a source that looks like the starter's, and a result that is its too.

``with_stubs``   a draw -> the same, with a fault, or a mark, in the place of what is unwritten.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from grader.model import Battery, Draw, Fault, FaultKind, Kind, Value
from grader.styles import BACKWARD, FORWARD, STYLES

_NO_METHOD = "AttributeError: 'NoneType' object has no attribute"


def with_stubs(
    battery: Battery, draw: Draw, stubs: frozenset[str], kept: Sequence[Any] = ()
) -> Draw:
    """Replace what an unwritten stage returned by the fault that says so.

    A source that looks like a stub may be right all the same: a decorator can supply its body, the
    upstream itself can be a gradient (``dx = None; dy = dz`` of an add gate is half written), and
    so can zeros. ``kept`` are the arguments that an update step may change: unwritten, it gives
    them back. Of what is written in part the zeros that nothing is written into are marked.
    """
    task, style = battery.task, STYLES[battery.task.call.style]
    gradients = {f"d{name}" for name in task.gradients}
    first = {*task.outputs, *(gradients if len(style.stages) == 1 else ())}
    is_given_back = _holds_none(draw.forward) or _holds(draw.forward, kept)
    if FORWARD in stubs and (is_given_back or _is_blank(battery, draw.forward, first)):
        return Draw(Fault(FaultKind.STUB, FORWARD), None)
    if BACKWARD in stubs and _is_blank(battery, draw.backward, gradients):
        return dataclasses.replace(draw, backward=Fault(FaultKind.STUB, BACKWARD))
    if isinstance(draw.forward, Value):
        draw = dataclasses.replace(draw, forward=_marked(draw.forward, FORWARD, stubs))
    if isinstance(draw.backward, Value):
        draw = dataclasses.replace(draw, backward=_marked(draw.backward, BACKWARD, stubs))
    return draw


def _holds_none(part: Value | Fault | None) -> bool:
    if not isinstance(part, Value):  # a pair's unwritten forward has no (out, cache) to unpack
        return isinstance(part, Fault) and part.kind is FaultKind.CONTAINER
    return part.form == "none" or any(map(_holds_none, part.items))


def _holds(part: Value | Fault | None, kept: Sequence[Any]) -> bool:
    """Return True for a value that is these arrays, unchanged."""
    if not kept or not isinstance(part, Value):
        return False
    items = part.items if len(kept) > 1 else (part,)
    return len(items) == len(kept) and all(
        item.array is not None and np.array_equal(item.array, array)
        for item, array in zip(items, kept, strict=True)
    )


def _is_blank(battery: Battery, part: Value | Fault | None, names: Collection[str]) -> bool:
    """Return True for None, and for zeros where not all of the results are zero by right."""
    if isinstance(part, Fault):  # the starter itself may use what it leaves to be written
        return part.kind is FaultKind.RAISED and part.detail.startswith(_NO_METHOD)
    if part is None or not _is_nothing(part):
        return False
    scale = battery.scale[Kind.RANDOM]
    return _is_none_alone(part) or any(scale.get(name, 0.0) > 0 for name in names)


def _is_none_alone(part: Value) -> bool:
    return part.form == "none" or (bool(part.items) and all(map(_is_none_alone, part.items)))


def _is_nothing(part: Value) -> bool:
    """Return True for None, for zeros, and for what holds nothing else."""
    if part.array is not None:
        return _is_zero(part)
    return part.form == "none" or (part.form != "other" and all(map(_is_nothing, part.items)))


def _is_zero(part: Value) -> bool:
    return part.array is not None and part.array.size > 0 and not np.any(part.array)


def _marked(part: Value, stage: str, stubs: frozenset[str]) -> Value:
    """Mark the results of which the source says that they are untouched, and which are zeros."""

    def mark(value: Value, place: int) -> Value:
        is_untouched = f"{stage}:{place}" in stubs and _is_zero(value)
        return dataclasses.replace(value, is_untouched=True) if is_untouched else value

    if part.form == "tuple":
        items = tuple(mark(item, place) for place, item in enumerate(part.items))
        return dataclasses.replace(part, items=items)
    return mark(part, 0)
