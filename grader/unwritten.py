"""What was never written: a source that looks like the starter's, and a result that is its too.

``with_stubs``       a draw -> the same, with a fault, or a mark, in the place of what is unwritten.
``without_blanks``   all observations -> the same, where an unwritten stage gave zeros throughout.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.model import Battery, Draw, Fault, FaultKind, Observation, Value
from grader.styles import BACKWARD, FORWARD, STYLES

_NO_METHOD = "AttributeError: 'NoneType' object has no attribute"


def with_stubs(draw: Draw, stubs: frozenset[str], kept: Sequence[Any] = ()) -> Draw:
    """Replace what an unwritten stage returned by the fault that says so.

    A source that looks like a stub may be right all the same: a decorator can supply its body, the
    upstream itself can be a gradient (``dx = None; dy = dz`` of an add gate is half written).
    ``kept`` are the arguments that an update step may change: unwritten, it gives them back. Of
    what is written in part the zeros that nothing is written into are marked.
    """
    is_given_back = _holds_none(draw.forward) or _holds(draw.forward, kept)
    if FORWARD in stubs and is_given_back:
        return Draw(Fault(FaultKind.STUB, FORWARD), None)
    if BACKWARD in stubs and _is_none_alone(draw.backward):
        return dataclasses.replace(draw, backward=Fault(FaultKind.STUB, BACKWARD))
    if isinstance(draw.forward, Value):
        draw = dataclasses.replace(draw, forward=_marked(draw.forward, FORWARD, stubs))
    if isinstance(draw.backward, Value):
        draw = dataclasses.replace(draw, backward=_marked(draw.backward, BACKWARD, stubs))
    return draw


def without_blanks(
    battery: Battery, observations: Sequence[Observation], stubs: frozenset[str]
) -> list[Observation]:
    """Replace an unwritten stage by its fault where it gave zeros, or nothing, in every case.

    Zeros may be right in some cases: of a stage that gave something else in others, or of which
    nothing else is expected, they stay.
    """
    found = list(observations)
    for stage in stubs & {FORWARD, BACKWARD}:
        parts = [_part(draw, stage) for o in found for draw in o.draws]
        if all(map(_is_blank, parts)) and _is_more_due(battery, found, stage):
            found = [
                dataclasses.replace(o, draws=tuple(_unwritten(d, stage) for d in o.draws))
                for o in found
            ]
    return found


def _part(draw: Draw, stage: str) -> Value | Fault | None:
    return draw.forward if stage == FORWARD else draw.backward


def _unwritten(draw: Draw, stage: str) -> Draw:
    if draw.backward is None or stage == FORWARD:
        return Draw(Fault(FaultKind.STUB, FORWARD), None)
    return dataclasses.replace(draw, backward=Fault(FaultKind.STUB, BACKWARD))


def _is_more_due(battery: Battery, observations: Sequence[Observation], stage: str) -> bool:
    """Return True where something else than zeros was expected in one of these cases."""
    seen = {o.case.id for o in observations}
    is_one_call = len(STYLES[battery.task.call.style].stages) == 1
    for expected in (e for cases in battery.expected.values() for e in cases):
        named = [expected.outputs] if stage == FORWARD else [*expected.gradients]
        if is_one_call:
            named += expected.gradients
        if expected.case.id in seen and any(np.any(a) for n in named for a in n.values()):
            return True
    return False


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


def _is_none_alone(part: Value | Fault | None) -> bool:
    if not isinstance(part, Value):
        return False
    return part.form == "none" or (bool(part.items) and all(map(_is_none_alone, part.items)))


def _is_blank(part: Value | Fault | None) -> bool:
    """Return True for zeros and nothing; a starter may raise by what it leaves to be written."""
    if isinstance(part, Fault):
        is_by_none = part.kind is FaultKind.RAISED and part.detail.startswith(_NO_METHOD)
        return is_by_none or part.kind is FaultKind.STUB
    return part is not None and _is_nothing(part)


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
