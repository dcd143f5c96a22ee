"""The course's own functions, in a process of their own that never runs a student's code.

They are called with whatever a student's code passes, so what fails here is the student's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .asking import dicts_of
from .exchange import Token, pack, unpack
from .nodes import Node


class Caches:
    """What forward functions handed on to their backward; others know them by a token."""

    def __init__(self) -> None:
        """Begin without any."""
        self._count = 0
        self._held: dict[int, tuple[int, Any]] = {}  # with the subject of each

    def keep(self, subject: int, cache: Any) -> Token:
        """Keep a cache for a subject of the run."""
        self._count += 1
        self._held[self._count] = subject, cache
        return Token(self._count)

    def opened(self, value: Any) -> Any:
        """Return the cache that a token stands for, and any other value as it is."""
        return self._held[value.number][1] if isinstance(value, Token) else value

    def forget(self, subjects: Sequence[int]) -> None:
        """Drop the caches of subjects that are done."""
        gone = {*subjects}
        self._held = {n: held for n, held in self._held.items() if held[0] not in gone}


def answered(
    message: Node,
    arrays: Sequence[NDArray[Any]],
    function: Callable[..., Any],
    caches: Caches,
    out: list[NDArray[Any]],
) -> Node:
    """Return the results of one call, and the dicts among its arguments as it left them."""
    caches.forget(message["forget"])
    given = [caches.opened(value) for value in unpack(message["arguments"], arrays)]
    with np.errstate(all="ignore"):
        returned = function(*given)
    if message["makes_cache"]:
        *results, cache = returned
        returned = (*results, caches.keep(message["subject"], cache))
    return pack((returned, tuple(dicts_of(given))), out)
