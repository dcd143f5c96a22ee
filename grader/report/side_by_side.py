"""Two small arrays entry by entry: what came back, what it is compared with, the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from tabulate import tabulate

MAX_ENTRIES = 16  # of arrays that are still read entry by entry


def is_pair(value: Any) -> bool:
    """Return True for two named arrays of one shape, few enough entries to be shown."""
    if not isinstance(value, Mapping) or len(value) != 2:
        return False
    try:
        own, other = (np.asarray(array, dtype=np.float64) for array in value.values())
    except (TypeError, ValueError):
        return False
    return own.shape == other.shape and own.size <= MAX_ENTRIES


def lines(pair: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table with a column for each of the two arrays, named as they are."""
    own, other = (np.asarray(array, dtype=np.float64) for array in pair.values())
    with np.errstate(invalid="ignore"):  # inf - inf
        difference = own - other
    body = [
        (_place(index), *(_number(a[index]) for a in (own, other, difference)))
        for index in np.ndindex(own.shape)
    ]
    text = tabulate(
        body,
        headers=("index", *pair, "difference"),
        tablefmt="simple",
        disable_numparse=True,
        colalign=("left", "right", "right", "right"),
    )
    yield from (line.rstrip() for line in text.splitlines())


def _place(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _number(entry: Any) -> str:
    return f"{float(entry) + 0.0:.6g}"  # -0 reads like a mistake
