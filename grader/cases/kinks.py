"""Keeping away from kinks, going near them, and landing on exactly one.

A kink argument is a quantity whose sign picks a branch: ``x`` for ReLU, ``x - y`` for max,
``s_j - s_y + 1`` for the SVM loss. The reference names a function that returns them; nothing
here knows the operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.model import Array, Domain, Task

Kinks = Callable[..., Any]
_NEWTON_STEPS = 8
_STEP = 1e-6


def kink_margin(kinks: Kinks, values: Mapping[str, Any]) -> float:
    """Return the distance of a case to its nearest kink."""
    arguments = np.asarray(kinks(**values))
    return float(np.min(np.abs(arguments), initial=np.inf))


def is_single_tie(kinks: Kinks, values: Mapping[str, Any]) -> bool:
    """Return True when exactly one kink argument is exactly 0 and no other is near 0.

    One tie a case keeps the set of valid subgradients a segment, whatever the operation.
    """
    sizes = np.sort(np.abs(np.asarray(kinks(**values)).ravel()))
    return sizes.size > 0 and sizes[0] == 0.0 and (sizes.size == 1 or sizes[1] > 1e-3)


def approach_kinks(
    task: Task,
    kinks: Kinks,
    values: Mapping[str, Any],
    rng: np.random.Generator,
    stratum: tuple[int, int] = (0, 1),
) -> dict[str, Any]:
    """Move the inputs so that kink arguments become log-uniform, 1e-5 to 1, of both signs.

    Thresholds that are wrong by any of these sizes then show. ``stratum`` is the index of the
    case and the count of cases: a single kink argument walks through the sizes from case to case,
    its sign changing each time. Gauss-Newton on the kink function,
    differentiated numerically: exact in one step where it is linear, and as near as its rank
    allows elsewhere (scores of a linear classifier).
    """
    names = [i.name for i in task.inputs if i.domain is not Domain.LABELS]
    moved = dict(values)
    sizes = [np.size(moved[name]) for name in names]
    shape = np.asarray(kinks(**moved)).shape
    target = _targets(shape, rng, stratum)
    before = np.inf
    for _ in range(_NEWTON_STEPS):
        residual = (target - np.asarray(kinks(**moved))).ravel()
        left = float(np.max(np.abs(residual), initial=0.0))
        if left < 1e-12 or left > 0.5 * before:  # there, or as near as the rank allows
            break
        before = left
        step = np.linalg.lstsq(_jacobian(kinks, moved, names), residual, rcond=1e-9)[0]
        for name, part in zip(names, np.split(step, np.cumsum(sizes)[:-1]), strict=True):
            moved[name] = _add(moved[name], part)
    return moved


def _targets(shape: tuple[int, ...], rng: np.random.Generator, stratum: tuple[int, int]) -> Array:
    index, count = stratum
    places = int(np.prod(shape))
    if places == 1:
        sign = 1.0 if index % 2 else -1.0
        return np.full(shape, sign * 10.0 ** (5.0 * (index + rng.random()) / count - 5.0))
    exponents = 5.0 * (rng.permutation(places) + rng.random(places)) / places - 5.0
    signs = rng.choice([-1.0, 1.0], places)
    return np.asarray((signs * 10.0**exponents).reshape(shape))


def _jacobian(kinks: Kinks, values: Mapping[str, Any], names: list[str]) -> Array:
    columns = []
    for name in names:
        for entry in range(np.size(values[name])):
            unit = np.zeros(np.size(values[name]))
            unit[entry] = _STEP
            ahead = np.asarray(kinks(**{**values, name: _add(values[name], unit)}))
            behind = np.asarray(kinks(**{**values, name: _add(values[name], -unit)}))
            columns.append((ahead - behind).ravel() / (2 * _STEP))
    return np.stack(columns, axis=1)


def _add(value: Any, flat: Array) -> Any:
    if isinstance(value, float):
        return value + float(flat[0])
    return value + flat.reshape(np.shape(value))
