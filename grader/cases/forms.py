"""Cases whose arguments come in another type: the numbers are chosen so that no digit is lost.

A case keeps float64, in which the reference answers it; ``as_sent`` gives what the student gets.
The forms that concern memory alone (Fortran order, strides, read-only) are made beside the student.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.model import Case, Domain, Input, Kind, Task

_SPAN = 3  # largest integer: small, so that a fraction cut off shows beside it
_WIDEST = 12  # where there are kinks: the fewer different integers, the more ties


def draw_integers(
    task: Task, values: Mapping[str, Any], rng: np.random.Generator
) -> dict[str, Any]:
    """Return integers other than 0, as floats, in the place of every input that may hold them."""
    span = int(rng.integers(_SPAN - 1, _WIDEST + 1)) if task.kinks else _SPAN
    drawn: dict[str, Any] = {}
    for item in filter(_may_be_integer, task.inputs):
        shape = np.shape(values[item.name])
        sizes = rng.integers(1, span + 1, shape).astype(np.float64)
        is_signed = item.domain is not Domain.POSITIVE
        entries = sizes * rng.choice((-1.0, 1.0), shape) if is_signed else sizes
        drawn[item.name] = entries if shape else float(entries)
    return drawn


def in_single(values: Mapping[str, Any]) -> dict[str, Any]:
    """Round the arrays of floats so that float32 holds them exactly."""
    return {name: _single(value, np.float64) for name, value in values.items()}


def as_sent(task: Task, case: Case) -> tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]:
    """Return the inputs and the upstreams of a case in the types of its form."""
    if case.kind is Kind.INTEGERS:
        names = [item.name for item in task.inputs if _may_be_integer(item)]
        return {**case.inputs, **{n: _whole(case.inputs[n]) for n in names}}, case.upstreams
    if case.kind is Kind.FLOAT32:
        inputs, *upstreams = (
            {name: _single(value, np.float32) for name, value in values.items()}
            for values in (case.inputs, *case.upstreams)
        )
        return inputs, upstreams
    return case.inputs, case.upstreams


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value.astype(np.int64)


def _may_be_integer(item: Input) -> bool:
    return item.is_float and item.domain is not Domain.UNIT


def _single(value: Any, kept_as: type[np.floating[Any]]) -> Any:
    """Return an array of floats rounded to float32; a number or a label stays what it is."""
    is_float = isinstance(value, np.ndarray) and value.dtype == np.float64
    return value.astype(np.float32).astype(kept_as, copy=False) if is_float else value
