"""The numbers a verdict rests on: scaled error, numerical derivatives, convex hulls.

``largest``            the largest magnitude of an array, without a temporary.
``largest_difference`` of two arrays of one shape, without a temporary of their size.
``nearest_in_hull``    the point of a convex hull that is nearest to a vector.
``complex_step``, ``central_difference``   directional derivatives of a scalar function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from grader.model import Array

COMPLEX_STEP = 1e-20
_BLOCK = 1 << 15  # entries
CENTRAL_STEPS = (1e-3, 1e-4, 1e-5, 1e-6)


def largest(array: Array) -> float:
    """Return max |a|; 0 for an empty array, nan when an entry is nan."""
    if array.ndim == 0:  # scalars are many, and reductions dear
        return abs(float(array))
    if array.size == 0:
        return 0.0
    return float(max(array.max(), -array.min()))


def largest_difference(a: Array, b: Array) -> float:
    """Return max |a - b| for arrays of one shape; nan when an entry is nan."""
    if a.ndim == 0:
        return abs(float(a) - float(b))
    if a.size <= _BLOCK:
        return largest(np.subtract(a, b, dtype=np.float64))
    # In blocks that stay in the cache: a whole temporary would cost more than the comparison.
    flat_a, flat_b = a.reshape(-1), b.reshape(-1)
    worst = 0.0
    for start in range(0, a.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        difference = largest(np.subtract(flat_a[block], flat_b[block], dtype=np.float64))
        if not difference <= worst:
            worst = difference
        if math.isnan(worst):  # nothing is worse
            break
    return worst


def nearest_in_hull(point: Array, vertices: Sequence[Array]) -> Array:
    """Return the convex combination of the vertices that is nearest to the point.

    All arguments are vectors of one length. Wolfe, Finding the nearest point in a polytope,
    Mathematical Programming 11 (1976): a set of vertices grows by the one that helps most and
    loses those whose weight falls to zero.
    """
    edges = np.stack(vertices, axis=1) - point[:, None]
    limit = 1e-14 * max(float(np.max(np.sum(edges * edges, axis=0))), 1e-300)
    chosen = [int(np.argmin(np.sum(edges * edges, axis=0)))]
    weights = np.ones(1)
    for _ in range(10 * edges.shape[1]):
        nearest = edges[:, chosen] @ weights
        gains = edges.T @ nearest
        best = int(np.argmin(gains))
        if best in chosen or gains[best] > nearest @ nearest - limit:
            break
        chosen.append(best)
        weights = np.append(weights, 0.0)
        while True:
            trial = _affine_weights(edges[:, chosen])
            if (trial > 0).all():
                weights = trial
                break
            falling = trial <= 0
            step = float(np.min(weights[falling] / (weights[falling] - trial[falling])))
            weights = weights + step * (trial - weights)
            kept = weights > 1e-15
            kept[falling & (weights <= weights[falling].min())] = False
            chosen = [c for c, keep in zip(chosen, kept, strict=True) if keep]
            weights = weights[kept] / weights[kept].sum()
    return np.asarray(point + edges[:, chosen] @ weights)


def _affine_weights(columns: Array) -> Array:
    """Return weights of sum one that bring the combination of the columns nearest to zero."""
    extended = np.vstack([np.ones(columns.shape[1]), columns])
    target = np.zeros(extended.shape[0])
    target[0] = 1.0
    solution = np.linalg.lstsq(extended, target, rcond=None)[0]
    return np.asarray(solution / solution.sum())


def complex_step(function: Callable[[complex], complex]) -> float:
    """Return d function / dt at t = 0 by a complex step: exact to rounding, blind to kinks.

    Squire and Trapp, SIAM Review 40 (1998). ``function`` must be analytic code.
    """
    return float(np.imag(function(1j * COMPLEX_STEP)) / COMPLEX_STEP)


def central_difference(function: Callable[[float], float], step: float) -> float:
    """Return d function / dt at t = 0 by a central difference."""
    return float((function(step) - function(-step)) / (2 * step))
