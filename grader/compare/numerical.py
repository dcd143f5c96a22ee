"""Whether a gradient that is right was found numerically: numbers for a human, never a verdict.

What was measured (error divided by the largest entry, random cases of some ten entries): formulas
in float64 err by up to 6e-15, at real size 2e-14, and formulas in float32 or with a guard as in
log(p + 1e-8) by 5e-8 to 2e-6. Differences with steps of 1e-6 to 1e-4 lie between, at 2e-12 to
5e-9, but so do formulas with smaller guards: an error alone accuses nobody. It is the reason to
look further (``SUSPICIOUS``):

- ``noise``: inputs moved by their last digits move the error of a formula by up to 2e-14, in
  float32 too, as it rounds them away; the rounding error of a difference changes altogether, by
  1e-12 and more with steps up to 1e-4.
- ``enlarged``: inputs 2^40 times larger, where that changes nothing but the scale of the
  gradients, leave the error of a formula below 1e-6; of fixed steps up to 1e-3 nothing is left,
  and the error is 2e-2 or more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from grader.compare.collect import Leaf, collect_gradients
from grader.compare.leaves import shapes_of
from grader.model import Array, Battery, Draw, Expected, Fault, Kind, Named, Observation
from grader.numeric import largest, largest_difference

SUSPICIOUS = 1e-14
NOISE = 1e-13
ENLARGED = 1e-3
_OWN_CHANGES = 4.0
_FEW = 4

Seen = tuple[Expected, Draw]


def unit_error(battery: Battery, observations: Sequence[Observation]) -> float:
    """Return the largest error of the float64 gradients in a few random cases."""
    scale = battery.scale[Kind.RANDOM]
    with np.errstate(all="ignore"):
        return max(
            (
                largest(difference) / (scale[name] or 1.0)
                for seen in pairs(battery.expected[Kind.RANDOM][:_FEW], observations)
                for name, difference in _errors(battery, seen).items()
            ),
            default=0.0,
        )


def pairs(expected: Iterable[Expected], observations: Sequence[Observation]) -> list[Seen]:
    """Return the answers and the first draws of the cases that were observed."""
    seen = {o.case.id: o.draws[0] for o in observations}
    return [(e, seen[e.case.id]) for e in expected if e.case.id in seen]


def noise(battery: Battery, plain: Sequence[Seen], nudged: Sequence[Seen]) -> float:
    """Return by how much the error changes from the plain cases to the nudged ones.

    A few times what the reference itself changes by is left out: code that rounds the nudge away
    misses that much, and where a formula multiplies rounding errors it multiplies nudges too.
    """
    scale = battery.scale[Kind.RANDOM]
    worst = 0.0
    with np.errstate(all="ignore"):
        for before, after in zip(plain, nudged, strict=False):
            was, now = _errors(battery, before), _errors(battery, after)
            for name in was.keys() & now.keys():
                change = largest_difference(now[name], was[name])
                own = largest_difference(*(e.gradients[0][name] for e, _ in (before, after)))
                beyond = (change - _OWN_CHANGES * own) / (scale[name] or 1.0)
                worst = max(worst, beyond)  # which a nan is not
    return worst


def enlarged_error(battery: Battery, enlarged: Sequence[Seen], judged: Collection[str]) -> float:
    """Return the largest error in the enlarged cases; what is not finite there is left out."""
    worst = 0.0
    with np.errstate(all="ignore"):
        for name in judged:
            scale = max(largest(expected.gradients[0][name]) for expected, _ in enlarged)
            for seen in enlarged:
                difference = _errors(battery, seen).get(name)
                if difference is not None and np.isfinite(difference).all():
                    worst = max(worst, largest(difference) / scale)
    return worst


def _errors(battery: Battery, seen: Seen) -> dict[str, Array]:
    """Return what the float64 gradients of a draw have over those of the reference."""
    expected, draw = seen
    answers: Named = expected.gradients[0]
    returned = draw.backward if draw.backward is not None else draw.forward
    if isinstance(draw.forward, Fault) or isinstance(returned, Fault):
        return {}
    shapes = shapes_of(expected)
    return {
        name: np.subtract(leaf.array, answers[name])
        for name, leaf in collect_gradients(battery.task, returned, shapes).items()
        if isinstance(leaf, Leaf)
        and leaf.array.dtype == np.float64
        and leaf.array.shape == shapes[name]
    }
