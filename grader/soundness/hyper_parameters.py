"""Hyper-parameters too small to matter: forgetting one would pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from grader.codes import finding
from grader.compare.judge import SINGLE_TOLERANCE
from grader.model import Battery, Expected, Finding, HyperParameter, Kind
from grader.numeric import largest_difference
from grader.oracle import Reference, answer

# Below this a change is rounding: the reference does not depend on it, so it is no mistake.
_NO_CHANGE = 1e-12
_VARIANTS: Mapping[str, Callable[[float], float]] = {
    "setting it to 0": lambda _: 0.0,
    "doubling it": lambda value: 2.0 * value,
    "dropping its sign": abs,
}


def weak_hyper_parameters(reference: Reference, battery: Battery) -> Iterator[Finding]:
    """Yield a finding for each hyper-parameter that can be forgotten, doubled or left unsigned.

    The change must show beyond what single precision is allowed, since a student may use it. An
    eps with `large:` is judged where that value is used.
    """
    stated = battery.task.tolerance
    allowed = SINGLE_TOLERANCE if stated is None else stated
    for hyper in battery.task.hyper_parameters:
        if hyper.flag is not None:  # not a number; its sub-cases try both
            continue
        kind = Kind.EPS if hyper.large is not None else Kind.RANDOM
        cases = battery.expected[kind]
        if kind is Kind.RANDOM:  # which sub-cases may set, 0 being the rule
            cases = (*cases, *battery.expected.get(Kind.NAMED, ()))
        changes = {
            name: _change(reference, battery, cases, hyper, change)
            for name, change in _VARIANTS.items()
            if name != "dropping its sign" or hyper.signed
        }
        # That doubling it, or its sign, changes nothing at all can be meant; that 0 does, cannot.
        hidden = {
            name: change
            for name, change in changes.items()
            if change <= allowed and (change > _NO_CHANGE or name == "setting it to 0")
        }
        if hidden:
            told = " and ".join(f"{name} changes {size:.2g}" for name, size in hidden.items())
            yield finding(
                "W831",
                "eps" if kind is Kind.EPS else "",
                f"{hyper.name}: {told} of the scale, and {allowed:.2g} is allowed",
                argument=hyper.name,
                evidence={**hidden, "tolerance": allowed},
            )


def _change(
    reference: Reference,
    battery: Battery,
    cases: tuple[Expected, ...],
    hyper: HyperParameter,
    change: Callable[[float], float],
) -> float:
    """Return the largest change over some cases, in units of the scale of each array."""
    return max(
        _change_in(reference, battery, expected, hyper, change)
        for expected in cases
        if not expected.raises
    )


def _change_in(
    reference: Reference,
    battery: Battery,
    expected: Expected,
    hyper: HyperParameter,
    change: Callable[[float], float],
) -> float:
    scale, inputs = battery.scale_of(expected), expected.case.inputs
    values = {**inputs, hyper.name: change(inputs[hyper.name])}
    try:
        got = answer(reference, values, expected.case.upstreams)
    except Exception:  # noqa: BLE001  whatever it raises, the change shows
        return math.inf
    pairs = [(got.outputs, expected.outputs)]
    pairs += zip(got.gradients, expected.gradients, strict=True)
    worst = 0.0
    for mine, right in pairs:
        for name, array in right.items():
            if mine[name].shape != array.shape:
                return math.inf
            error = largest_difference(mine[name], np.asarray(array)) / (scale[name] or 1.0)
            worst = max(worst, math.inf if math.isnan(error) else error)
    return worst
