"""The scales that errors are measured by, and whether a case is fair to float32 work."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.model import Array, Expected, Kind
from grader.numeric import largest, largest_difference
from grader.oracle.reference import Reference, answer

# A case whose own float32 rounding is this large would be unfair to float32 students.
_SINGLE_ERROR = 1e-6
# A scale never falls below this share of the random cases' scale: where everything saturates,
# rounding is all that is left. Stress multiplies inputs, and their rounding, by thousands; the
# branches of a tie are seen 1e-9 beside it, which shows where an input of 0 makes all else 0.
_FLOOR = {Kind.STRESS: 1e-6, Kind.TIES: 1e-2}
_OTHER_FLOOR = 1e-12


def scale_of(cases: Sequence[Expected]) -> dict[str, float]:
    """Pool S: the largest entry of each array over the cases of a kind and their upstreams.

    At a tie the branches count too: the reference may give an argument 0 and another branch all.
    """
    scale: dict[str, float] = {}
    for expected in cases:
        branches = [branch for hull in expected.hulls for branch in hull]
        for named in (expected.outputs, *expected.gradients, *branches):
            for name, array in named.items():
                scale[name] = max(scale.get(name, 0.0), largest(array))
    return scale


def with_own_scales(cases: Sequence[Expected]) -> tuple[Expected, ...]:
    """Give each named sub-case a scale of its own: they may differ in size and in kind."""
    groups = [tuple(group) for _, group in itertools.groupby(cases, lambda e: e.case.label)]
    return tuple(
        dataclasses.replace(each, scale=scale_of(group)) for group in groups for each in group
    )


def floored(own: Mapping[str, float], random: Mapping[str, float], kind: Kind) -> dict[str, float]:
    """Return scales that are not below the floor, in units of the random cases' scale."""
    floor = _FLOOR.get(kind, _OTHER_FLOOR)
    return {name: max(value, floor * random.get(name, 0.0)) for name, value in own.items()}


def is_fair(reference: Reference, expected: Expected, scale: Mapping[str, float]) -> bool:
    """Return True for a case that honest float32 work can get right."""
    if expected.case.kind in (Kind.EXAMPLE, Kind.SIZE) or expected.raises:
        return True
    return _single_error(reference, expected, scale) <= _SINGLE_ERROR


def _single_error(reference: Reference, expected: Expected, scale: Mapping[str, float]) -> float:
    """Return the largest error of the reference itself when it runs in float32."""

    def single(value: Any) -> Any:
        is_float = np.asarray(value).dtype == np.float64
        return np.asarray(value, np.float32)[()] if is_float else value

    values = {n: single(v) for n, v in expected.case.inputs.items()}
    upstreams = tuple({n: single(v) for n, v in u.items()} for u in expected.case.upstreams)
    got = answer(reference, values, upstreams)
    pairs = [(got.outputs, expected.outputs)]
    pairs += zip(got.gradients, expected.gradients, strict=True)
    return max(
        largest_difference(mine[n], _as64(named[n])) / (scale[n] or 1.0)
        for mine, named in pairs
        for n in named
    )


def _as64(array: Array) -> Array:
    return np.asarray(array, dtype=np.float64)
