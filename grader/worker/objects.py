"""Arguments that are no arrays: objects of the support files, and dicts of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np


def with_objects(
    objects: Sequence[tuple[str, str]],
    values: MutableMapping[str, Any],
    namespace: Callable[[str], Mapping[str, Any]],
) -> None:
    """Put in ``values`` each object in the place of the numbers that choose it.

    ``objects`` pairs arguments with lists (``module.LIST``). One number chooses one entry; a
    matrix gives a list with one pair per row: the entry that its first number chooses, and the
    other numbers.
    """
    for name, source in objects:
        if name in values:
            module, _, attribute = source.partition(".")
            entries = namespace(module)[attribute]
            chosen = values[name]
            if isinstance(chosen, np.ndarray):
                values[name] = [(entries[row[0]], row[1:]) for row in chosen.tolist()]
            else:
                values[name] = entries[chosen]


def with_dicts(
    constants: Sequence[tuple[str, str]],
    dicts: Sequence[tuple[str, Sequence[str]]],
    values: MutableMapping[str, Any],
) -> None:
    """Add the constants, unless a value stands in their place, and each dict of named values."""
    for name, text in constants:
        values.setdefault(name, text)
    for name, keys in dicts:
        values[name] = {key: values[key] for key in keys if key in values}
