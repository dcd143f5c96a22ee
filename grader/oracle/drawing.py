"""Inputs that the reference draws itself: what its ``draw`` function returns is checked here."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.cases import case_rng, draw_inputs, in_single
from grader.errors import GraderFault
from grader.model import ANY_SHAPE, Domain, Input, Kind
from grader.oracle.reference import Reference


def drawn_inputs(
    reference: Reference, kind: Kind, index: int, rng: np.random.Generator
) -> dict[str, Any]:
    """Return drawn inputs, some of them drawn by the reference's own function.

    Raises ``GraderFault`` where that raises, or returns something else than inputs by name.
    """
    task = reference.task
    values = draw_inputs(task, kind, index, rng)
    if reference.draw is None or kind is Kind.EXAMPLE:
        return values
    name = task.named_case(index).name if kind is Kind.NAMED else kind.value
    draw = reference.draw
    place = inspect.signature(draw).parameters.get("place")
    if place is not None and place.default is place.empty:  # drawn alone, so any place will do
        draw = functools.partial(draw, place=index)
    try:
        drawn = draw(rng, name, dict(values))
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise GraderFault(f"`{task.draw}` raised {what} (drawing {name})") from error
    if not isinstance(drawn, Mapping):
        got = type(drawn).__name__
        raise GraderFault(f"`{task.draw}` must return a dict of inputs; it returned a {got}")
    items = {i.name: i for i in task.inputs}
    unknown = sorted(map(str, drawn.keys() - items.keys()))
    if unknown:
        raise GraderFault(f"`{task.draw}` returned {', '.join(unknown)}: no input of that name")
    merged = values | {k: _accepted(task.draw or "", items[k], v) for k, v in drawn.items()}
    return in_single(merged) if kind is Kind.FLOAT32 else merged


def placed(reference: Reference, kind: Kind, count: int, run_seed: bytes) -> list[Reference]:
    """Return the reference for each case; a drawing function that asks knows the case's place.

    The places 0, 1, 2 ... of a kind, or of a sub-case, are in random order, so that what a
    function makes of them cannot be foretold.
    """
    draw, task = reference.draw, reference.task
    if draw is None or "place" not in inspect.signature(draw).parameters:
        return [reference] * count
    rng = case_rng(run_seed, task.id, kind, -2)  # -1 draws the directions of a proof
    sizes = [named.draws for named in task.cases] if kind is Kind.NAMED else [count]
    return [
        dataclasses.replace(reference, draw=functools.partial(draw, place=int(place)))
        for size in sizes
        for place in rng.permutation(size)
    ]


def _accepted(function: str, item: Input, value: Any) -> Any:
    """Return a drawn value as it is handed out, or refuse it.

    Whole numbers for an input of real numbers are handed out as such: some code fails for them.
    """
    is_mask = item.domain is Domain.BOOLEANS
    dtype = np.bool_ if is_mask else np.float64 if item.is_float else np.int64
    kinds = "b" if is_mask else "iuf"
    try:
        array = np.asarray(value)
        fits = np.can_cast(array.dtype, dtype, "same_kind") and array.dtype.kind in kinds
    except ValueError:  # rows of unequal length
        fits = False
    if not fits:
        wanted = "real" if item.is_float else "whole"
        wanted = "True and False" if is_mask else f"{wanted} numbers"
        raise GraderFault(f"`{function}` returned {item.name} as something else than {wanted}")
    is_open = item.shape == (ANY_SHAPE,)
    if not is_open and (
        array.ndim != len(item.shape)
        or any(isinstance(d, int) and d != n for d, n in zip(item.shape, array.shape, strict=True))
    ):
        wanted = ", ".join(map(str, item.shape))
        raise GraderFault(
            f"`{function}` returned {item.name} with the shape {array.shape}; it must be [{wanted}]"
        )
    array = array.astype({"b": np.bool_, "f": np.float64}.get(array.dtype.kind, np.int64))
    return array if array.ndim else array.item()
