"""Wrong versions of a random layer's output, and its answers under other masks.

``redrawn``        the right answers to a case for a mask of a draw of its own.
``of_mask``        what becomes of an output whose mask is drawn, scaled or used wrongly.
``under_own_mask`` the gradients for another upstream, where a mask has been drawn.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from grader.compare.own_mask import is_noisy, masked
from grader.model import Array, Expected, Named, Task

# From the argument, the entries that are kept, and the probability to be kept.
_WRONG: Mapping[str, Callable[[Array, Array, float], Array]] = {
    "mask not scaled": lambda x, kept, _: x * kept,
    "mask times the probability": lambda x, kept, keep: x * kept * keep,
    "mask divided by the other probability": lambda x, kept, keep: x * kept / (1.0 - keep),
    "probability the other way round": lambda x, kept, keep: x * ~kept / (1.0 - keep),
    "kept and dropped exchanged": lambda x, kept, keep: x * ~kept / keep,
    "nothing dropped": lambda x, _kept, _keep: x,
    "the mask alone": lambda _, kept, keep: kept / keep,
    "one draw for a row": lambda x, kept, keep: x * kept[..., :1] / keep,
    "one draw for a column": lambda x, kept, keep: x * kept[:1] / keep,
    "the same mask in every call": lambda x, _, keep: x * _fixed(x.shape, keep) / keep,
}


def _fixed(shape: tuple[int, ...], keep: float) -> Array:
    return np.asarray(np.random.default_rng(0).random(shape) < keep)


def redrawn(task: Task, expected: Expected, draw: int) -> Expected:
    """Return the answers to a noisy case for a mask that belongs to this draw; others as is."""
    if expected.keep is None or not is_noisy(expected):
        return expected
    rng = np.random.default_rng([zlib.crc32(expected.case.id.encode()), draw])
    output = expected.outputs[task.outputs[0]]
    return masked(task, expected, np.asarray(rng.random(output.shape) < expected.keep))


def of_mask(task: Task) -> Iterator[tuple[str, Callable[[Expected, int], Named]]]:
    """Yield the mistakes of a mask, and what the output is then."""
    for label, change in _WRONG.items() if task.random else ():
        yield label, _changed(task, change)


def _changed(
    task: Task, change: Callable[[Array, Array, float], Array]
) -> Callable[[Expected, int], Named]:
    name, mask = task.outputs[0], task.random

    def wrong(expected: Expected, _draw: int) -> Named:
        right = expected.outputs[name]
        if mask is None or not is_noisy(expected):
            return {name: right}
        given = np.asarray(expected.case.inputs[mask.argument])
        return {name: np.asarray(change(given, right != 0, expected.keep or 1.0))}

    return wrong


def under_own_mask(task: Task, expected: Expected, upstream: Mapping[str, Any]) -> Named:
    """Return the gradients of a case of a random layer for another upstream."""
    case = dataclasses.replace(expected.case, upstreams=(upstream,))
    kept = expected.outputs[task.outputs[0]] != 0
    return masked(task, dataclasses.replace(expected, case=case), kept).gradients[0]
