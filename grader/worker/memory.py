"""The memory of arrays: in which layout an argument is handed out, and who shares it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORTRAN, STRIDED, READ_ONLY = "fortran", "strided", "read_only"
ANOTHER_RESULT = "another result"  # no argument has a space in its name
_MAX_WORK = 10_000  # of numpy's search for a common element; what takes longer counts as none
_MAX_DEPTH = 4
_MAX_ITEMS = 64


def copy_in(layout: str, value: NDArray[Any]) -> NDArray[Any]:
    """Return a copy of an array in a layout; none of the names above means the usual one."""
    if layout == FORTRAN:
        return value.copy(order="F")
    if layout == STRIDED and value.ndim:
        # Like the slice x[:, 1::2] of a wider array, which no reshape can make flat in its place.
        view = np.zeros((*value.shape[:-1], 2 * value.shape[-1] + 1), value.dtype)[..., 1::2]
        view[...] = value
        return view
    copy = value.copy()
    if layout == READ_ONLY:
        copy.flags.writeable = False
        return copy.view()  # whose flag cannot be set back
    return copy


def shared(
    returned: object,
    handed: Sequence[tuple[str, NDArray[Any]]],
    earlier: Sequence[NDArray[Any]],
) -> list[str]:
    """Return with whom the arrays of a result share memory.

    These are names of arguments, and ``ANOTHER_RESULT`` for an array beside it or an earlier one.
    """
    arrays = list(arrays_in(returned))
    names = sorted({name for name, held in handed if any(_overlap(a, held) for a in arrays)})
    pairs = [(a, b) for i, a in enumerate(arrays) for b in (*arrays[:i], *earlier)]
    if any(_overlap(a, b) for a, b in pairs):
        names.append(ANOTHER_RESULT)
    return names


def arrays_in(returned: object, depth: int = 0) -> Iterator[NDArray[Any]]:
    """Yield the arrays of a result; like the encoder it runs no code of the student's objects."""
    kind = type(returned)
    if issubclass(kind, np.ndarray):
        yield np.asarray(returned)
    if depth == _MAX_DEPTH:
        return
    items: Iterable[object] = ()
    if issubclass(kind, tuple):
        items = tuple.__iter__(returned)  # type: ignore[arg-type]
    elif issubclass(kind, list):
        items = list.__iter__(returned)  # type: ignore[arg-type]
    elif issubclass(kind, dict):
        items = dict.values(returned)  # type: ignore[arg-type]
    for _, item in zip(range(_MAX_ITEMS), items, strict=False):
        yield from arrays_in(item, depth + 1)


def _overlap(a: NDArray[Any], b: NDArray[Any]) -> bool:
    if not np.may_share_memory(a, b):  # compares their ends, and is quick
        return False
    try:
        return np.shares_memory(a, b, max_work=_MAX_WORK)  # type: ignore[arg-type]  # any int
    except RuntimeError:  # too hard to tell
        return False
