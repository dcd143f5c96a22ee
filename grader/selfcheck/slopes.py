"""How a gradient fits differences of the forward it belongs to, and when nobody can tell.

No single step is right: a large one crosses kinks and bends, a small one drowns in rounding. A
gradient fits where any step agrees with it; it differs only where it is off by far more than the
steps disagree among each other and the forward's own rounding explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.compare import Fit
from grader.model import Array

STEPS = (1e-4, 1e-5, 1e-6, 1e-7)
SHORT_STEPS = (3e-7, 1e-7, 3e-8, 1e-8)  # beside a kink, which lies 5e-6 away at least
# In units of the largest slope. Right float64 work measures below 1e-8, wrong work above 1e-3.
TOLERANCE = 1e-5
SINGLE_TOLERANCE = 1e-3  # of a gradient in float32
_SURE = 10.0  # times what the differences may themselves be off by
_FLOOR = 1e-6  # of what is differenced: where all slopes are less, rounding is all there is
_ROUGH = 1e-11  # of what is differenced: a forward in float64 is smoother
_NOISE = 4.0


@dataclass(frozen=True)
class Fits:
    """How slopes fit, each array of shape [probes, components].

    ``numerical`` are the best differences, ``errors`` what the slopes are off by, in units of the
    largest one. ``is_rough`` says that the forward has too few digits to tell anything.
    """

    fits: Array  # of Fit.value
    numerical: Array
    errors: Array
    is_rough: bool


def differences(
    values: Array,
    slopes: Array,
    sizes: Array,
    magnitudes: Array,
    steps: Sequence[float] = STEPS,
    *,
    is_single: bool = False,
) -> Fits:
    """Compare slopes with central differences.

    ``values`` [probes, steps, 2, components] are the results forth and back of the ``steps``,
    ``slopes`` [probes, components] what the gradient says. ``sizes`` [components] are sizes of
    the gradient that slopes are measured by beside the largest of themselves, ``magnitudes``
    [components] those of what was differenced, whose rounding is theirs. Where a result is not
    finite nothing can be told.
    """
    is_told = np.isfinite(values).all(axis=(1, 2, 3)) & np.isfinite(slopes).all(axis=1)
    if not is_told.any():
        return Fits(np.full(slopes.shape, Fit.UNCLEAR.value), slopes, np.zeros(slopes.shape), False)
    known = _differences(values[is_told], slopes[is_told], sizes, magnitudes, steps, is_single)
    if is_told.all():
        return known
    fits = np.full(slopes.shape, Fit.UNCLEAR.value)
    numerical, errors = slopes.copy(), np.zeros(slopes.shape)
    fits[is_told], numerical[is_told], errors[is_told] = known.fits, known.numerical, known.errors
    return Fits(fits, numerical, errors, known.is_rough)


def _differences(
    values: Array,
    slopes: Array,
    sizes: Array,
    magnitudes: Array,
    lengths: Sequence[float],
    is_single: bool,
) -> Fits:
    steps = np.array(lengths)[:, None]
    found = (values[:, :, 0] - values[:, :, 1]) / (2 * steps)  # [probes, steps, components]
    between = np.abs(np.diff(found, axis=1))
    noise = _noise(found, between, steps)
    noise = np.maximum(noise, np.finfo(np.float64).eps * magnitudes)
    doubt = between + _NOISE * noise / steps[1:]
    best = np.argmin(doubt, axis=1)[:, None]
    doubt = np.take_along_axis(doubt, best, axis=1)[:, 0]
    numerical = np.take_along_axis(found[:, 1:], best, axis=1)[:, 0]
    largest = np.maximum(np.abs(numerical), np.abs(slopes)).max(axis=0)
    unit = np.maximum(np.maximum(largest, sizes), _FLOOR * magnitudes)
    unit = np.where(unit > 0, unit, 1.0)
    nearest = np.abs(found - slopes[:, None]).min(axis=1)
    allowed = (SINGLE_TOLERANCE if is_single else TOLERANCE) * unit
    is_fit = nearest <= allowed
    # What no step changes is constant, or rounded: nobody can tell.
    is_still = (found == 0).all(axis=(0, 1)) & (slopes != 0).any(axis=0)
    is_off = (np.abs(numerical - slopes) > allowed + _SURE * doubt) & ~is_still
    fits = np.where(is_fit, Fit.FITS.value, np.where(is_off, Fit.DIFFERS.value, Fit.UNCLEAR.value))
    errors = np.where(is_fit, nearest, np.abs(numerical - slopes)) / unit
    is_rough = bool(np.any(noise > _ROUGH * np.maximum(magnitudes, unit)))
    return Fits(fits, numerical, errors, is_rough)


def _noise(found: Array, between: Array, steps: Array) -> Array:
    """Return how rough what is differenced is, by component, as the shortest steps show it.

    The worse of two pairs of steps, since in float32 a short step may be lost whole, and all but
    the longest: then that one tells. The median of the probes, since one may cross a kink; but of
    those alone that change anything, since where a gradient is 0 nothing is rough.
    """
    worst = (between * steps[1:])[:, -2:].max(axis=1)
    is_lost = (found[:, 0] != 0) & (found[:, 1:] == 0).all(axis=1)
    rough = np.where(is_lost, np.abs(found[:, 0]) * steps[0], worst)
    moved = [row[row > 0] for row in rough.T]
    return np.array([np.median(row) if row.size else 0.0 for row in moved])
