"""Keeping away from kinks, going near them, and landing on exactly one.

A kink argument is a quantity whose sign picks a branch: ``x`` for ReLU, ``x - y`` for max,
``s_j - s_y + 1`` for the SVM loss. The reference names a function that returns them; nothing
here knows the operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.model import Array, Task

Kinks = Callable[..., Any]
_NEWTON_STEPS = 8
_FEWER = (16, 12, 8, 6)  # how many kink arguments to serve where all are too many
_REACHED = 1e-8
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
    """Move the inputs so that kink arguments take every size from 1e-5 to 1 with both signs.

    Thresholds that are wrong by any of these sizes then show. ``stratum`` is the index of the
    case and the count of cases: a single kink argument walks through the sizes from case to case.
    Where the inputs cannot serve all arguments at once (scores of a linear classifier), fewer
    are asked for.
    """
    shape = np.asarray(kinks(**values)).shape
    places = int(np.prod(shape))
    if places == 1:
        targets = {0: _single_target(rng, stratum)}
        return _moved(task, kinks, values, targets)[0]
    moved = dict(values)
    for count in (places, *(n for n in _FEWER if n < places)):
        chosen = rng.permutation(places)[:count]
        targets = dict(zip(chosen.tolist(), _targets(count, rng), strict=True))
        moved, residual = _moved(task, kinks, values, targets)
        if residual < _REACHED:
            break
    return moved


def _single_target(rng: np.random.Generator, stratum: tuple[int, int]) -> float:
    index, count = stratum
    sign = 1.0 if index % 2 else -1.0
    return float(sign * 10.0 ** (5.0 * (index + rng.random()) / count - 5.0))


def _targets(count: int, rng: np.random.Generator) -> list[float]:
    """Return sizes spread evenly over five decades, each once with either sign."""
    strata = (count + 1) // 2
    sizes = 10.0 ** (5.0 * (np.arange(strata) + rng.random(strata)) / strata - 5.0)
    return [float(sign * size) for size in sizes for sign in (1.0, -1.0)][:count]


def _moved(
    task: Task, kinks: Kinks, values: Mapping[str, Any], targets: Mapping[int, float]
) -> tuple[dict[str, Any], float]:
    """Return inputs with some kink arguments at their targets, and how far they are from them.

    Gauss-Newton on the kink function, differentiated numerically: one step where it is linear.
    """
    names = list(task.float_names)
    ends = np.cumsum([np.size(values[name]) for name in names])[:-1]
    chosen, wanted = list(targets), np.array(list(targets.values()))
    moved, best = dict(values), np.inf
    for _ in range(_NEWTON_STEPS):
        residual = wanted - np.asarray(kinks(**moved)).ravel()[chosen]
        left = float(np.max(np.abs(residual)))
        if left < 1e-12 or left > 0.9 * best:  # there, or as near as the rank allows
            return moved, left
        best = left
        jacobian = _jacobian(kinks, moved, names)[chosen]
        step = np.linalg.lstsq(jacobian, residual, rcond=1e-9)[0]
        for name, part in zip(names, np.split(step, ends), strict=True):
            moved[name] = _add(moved[name], part)
    return moved, left


def _jacobian(kinks: Kinks, values: Mapping[str, Any], names: list[str]) -> Array:
    columns = []
    here = np.asarray(kinks(**values)).ravel()
    for name in names:
        for entry in range(np.size(values[name])):
            unit = np.zeros(np.size(values[name]))
            unit[entry] = _STEP
            ahead = np.asarray(kinks(**{**values, name: _add(values[name], unit)}))
            columns.append((ahead.ravel() - here) / _STEP)  # steers Newton, judges nobody
    return np.stack(columns, axis=1)


def _add(value: Any, flat: Array) -> Any:
    if isinstance(value, float):
        return value + float(flat[0])
    return value + flat.reshape(np.shape(value))
