"""Nodes: any Python object, described as JSON plus arrays.

``encode`` looks only at the real type of an object and runs none of the object's own code, so
that no property, ``__class__``, ``__array__`` or ``__len__`` of a student's class can lie to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

Node = dict[str, Any]

MAX_ITEMS = 16  # of a tuple or list; longer ones are arrays if they are numeric
MAX_KEYS = 64
MAX_NODES = 2000
MAX_DEPTH = 4
LIST_DEPTH = 2  # lists nested deeper than this are rows of numbers, not containers of results
MAX_NAME = 60
MAX_NUMBERS = 1 << 22

_PYTHON_NUMBERS = (bool, int, float, complex)
_NUMPY_NUMBERS = frozenset(kind for kind in np.sctypeDict.values() if issubclass(kind, np.number))
_NUMBERS = _NUMPY_NUMBERS | {bool, int, float, np.bool_}
_TYPE_NAME = type.__dict__["__name__"]  # a metaclass can override the attribute, not this


class WireError(ValueError):
    """Bytes or nodes that are not what the protocol allows."""


def type_name(value: object) -> str:
    """Return the name of the real type of ``value``, capped."""
    return str.__getitem__(_TYPE_NAME.__get__(type(value)), slice(MAX_NAME))


def encode(value: object, arrays: list[NDArray[Any]], *, allow_complex: bool = False) -> Node:
    """Describe ``value`` and append snapshots of its arrays to ``arrays``; never raises.

    ``allow_complex`` is for use inside one process: complex arrays cannot travel in a frame.
    """
    return _Encoder(arrays, allow_complex).node(value, 0)


def describe(value: object, arrays: list[NDArray[Any]]) -> Node:
    """Describe an argument of the host's: an array, a number, or a text."""
    return {"text": value} if isinstance(value, str) else encode(value, arrays)


def decode(node: Node, arrays: Sequence[NDArray[Any]]) -> Any:
    """Return an argument that the host described: an array, or else a Python number or text."""
    if "text" in node:
        return node["text"]
    array = arrays[node["a"]]
    return array if node["as"] == "ndarray" else array.item()


class _Encoder:
    def __init__(self, arrays: list[NDArray[Any]], allow_complex: bool) -> None:
        self._arrays = arrays
        self._allow_complex = allow_complex
        self._nodes = 0

    def node(self, value: object, depth: int) -> Node:
        self._nodes += 1
        kept = len(self._arrays)
        try:
            found = self._describe(value, depth) if self._nodes <= MAX_NODES else None
        except Exception:  # noqa: BLE001 - numpy fails in many ways
            found = None
        if found is None:
            del self._arrays[kept:]
            return {"t": "other", "as": type_name(value)}
        return found

    def _describe(self, value: Any, depth: int) -> Node | None:
        kind = type(value)
        if value is None:
            return {"t": "none"}
        if issubclass(kind, np.ndarray):
            return self._array(np.asarray(value), type_name(value))
        if kind in _NUMBERS or issubclass(kind, _PYTHON_NUMBERS):
            return self._array(np.asarray(_plain_number(value)), type_name(value))
        if depth < MAX_DEPTH and issubclass(kind, tuple):
            return self._sequence("tuple", list(tuple.__iter__(value)), depth)
        if depth < MAX_DEPTH and issubclass(kind, list):
            return self._sequence("list", list(list.__iter__(value)), depth)
        if depth < MAX_DEPTH and issubclass(kind, dict) and dict.__len__(value) <= MAX_KEYS:
            keys = [_key(key) for key in dict.keys(value)]
            return {"t": "dict", "keys": keys, **self._items(dict.values(value), depth)}
        return None

    def _items(self, items: Iterable[object], depth: int) -> Node:
        return {"items": [self.node(item, depth + 1) for item in items]}

    def _sequence(self, form: str, items: list[object], depth: int) -> Node | None:
        is_rows = form == "list" and depth >= LIST_DEPTH
        if len(items) <= MAX_ITEMS and not is_rows:
            return {"t": form, **self._items(items, depth)}
        return self._array(np.array(items), form) if _is_numeric(items) else None

    def _array(self, array: NDArray[Any], name: str) -> Node:
        dtype = _sent_as(array, self._allow_complex)
        if dtype is None:
            kind = f"{array.dtype.name[:MAX_NAME]} array"
            return {"t": "other", "as": kind if array.ndim or name == "ndarray" else name}
        with np.errstate(all="ignore"):  # a long double may overflow
            snapshot = np.array(array, dtype=dtype, order="C", subok=False)
        self._arrays.append(snapshot)
        return {"t": "array", "a": len(self._arrays) - 1, "as": name}


def _plain_number(value: Any) -> Any:
    # A student's subclass of a number is taken at its value, not at what its methods say.
    if type(value) in _NUMBERS:
        return value
    for base in (int, float):
        if issubclass(type(value), base):
            return base.__pos__(value)
    return complex.__pos__(value)


def _sent_as(array: NDArray[Any], allow_complex: bool) -> np.dtype[Any] | None:
    kind, size = array.dtype.kind, array.dtype.itemsize
    if array.ndim > 32:
        return None
    if kind == "b":
        return np.dtype("bool")
    if kind == "f" and size >= 4:
        return np.dtype("<f4" if size == 4 else "<f8")
    if kind == "i" or (kind == "u" and (array.size == 0 or array.max() <= np.iinfo("i8").max)):
        return np.dtype("<i8")
    if kind == "c" and allow_complex:
        return np.dtype("c8" if size == 8 else "c16")
    return None


def _is_numeric(items: list[Any]) -> bool:
    # Only plain numbers and rows of them: np.array would ask anything else what it is.
    pending: list[Any] = [items]
    seen = 0
    while pending:
        row = pending.pop()
        for item in islice(row, MAX_NUMBERS):
            seen += 1
            kind = type(item)
            if seen > MAX_NUMBERS:
                return False
            if kind is list or kind is tuple:
                pending.append(item)
            elif not (kind in _NUMBERS or (kind is np.ndarray and item.dtype.kind in "biuf")):
                return False
    return True


def _key(key: object) -> str:
    if issubclass(type(key), str):
        return str.__getitem__(key, slice(MAX_NAME))  # type: ignore[index]
    if type(key) in {bool, int, float, type(None)}:
        return repr(key)[:MAX_NAME]
    return type_name(key)
