"""Values on their way between a student's function and the course's: plain data, and tokens.

``pack``     arguments or results -> a node and arrays; raises ``NotData`` for anything else.
``unpack``   a node, whoever sent it -> the values; raises ``WireError`` for anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .nodes import MAX_DEPTH, MAX_ITEMS, MAX_KEYS, MAX_NODES, Node, WireError, encode, type_name

MAX_TEXT = 200
MAX_TOKEN = 1 << 31
_PLAIN = ("bool", "int", "float")


class NotData(TypeError):
    """A value that is neither numbers nor text, nor a container of them."""


class Token:
    """Stands for a cache of the course's own function, which stays where it was made."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        """Keep the number that the cache goes by."""
        self.number = number


def pack(value: object, arrays: list[NDArray[Any]], depth: int = 0) -> Node:
    """Describe a value and append its arrays; entries of a dict that are no data stay behind."""
    kind = type(value)
    if kind is Token:
        return {"t": "token", "n": value.number}  # type: ignore[attr-defined]
    if issubclass(kind, str):
        return {"t": "text", "text": str.__getitem__(value, slice(MAX_TEXT))}  # type: ignore[index]
    if depth < MAX_DEPTH and issubclass(kind, dict):
        return _pack_dict(value, arrays, depth)  # type: ignore[arg-type]
    for form, base in (("tuple", tuple), ("list", list)):
        if depth < MAX_DEPTH and issubclass(kind, base):
            items: list[Any] = list(base.__iter__(value))  # type: ignore[arg-type]
            if len(items) <= MAX_ITEMS:
                return {"t": form, "items": [pack(item, arrays, depth + 1) for item in items]}
    node = encode(value, arrays)
    if node["t"] == "none":
        return {"t": "none"}
    if node["t"] != "array":
        raise NotData(f"a value of type {type_name(value)} is no data")
    if issubclass(kind, (np.ndarray, tuple, list)):
        return {"t": "array", "a": node["a"]}
    return {"t": "number", "a": node["a"], "plain": type_name(value) in _PLAIN}


def _pack_dict(value: dict[Any, Any], arrays: list[NDArray[Any]], depth: int) -> Node:
    keys: list[str] = []
    items: list[Node] = []
    for key, item in list(dict.items(value))[:MAX_KEYS]:
        kept = len(arrays)
        try:
            node = pack(item, arrays, depth + 1)
        except NotData:
            del arrays[kept:]
            continue
        if type(key) is str and len(key) <= MAX_TEXT:
            keys.append(key)
            items.append(node)
    return {"t": "dict", "keys": keys, "items": items}


def unpack(node: object, arrays: Sequence[NDArray[Any]]) -> Any:
    """Return what a node describes. No byte of it is trusted."""
    return _Reader(arrays).value(node, 0)


class _Reader:
    def __init__(self, arrays: Sequence[NDArray[Any]]) -> None:
        self._arrays = arrays
        self._nodes = 0
        self._taken: set[int] = set()

    def value(self, node: object, depth: int) -> Any:
        self._nodes += 1
        if not isinstance(node, dict) or depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a malformed value")
        match node.get("t"):
            case "none":
                return None
            case "token":
                return Token(_whole(node.get("n"), MAX_TOKEN))
            case "text":
                return _text(node.get("text"))
            case "array":
                return self._array(node)
            case "number":
                array = self._array(node)
                if array.shape != ():
                    raise WireError("a number that is an array")
                return array.item() if node.get("plain") is True else array[()]
            case "tuple":
                return tuple(self._items(node, MAX_ITEMS, depth))
            case "list":
                return self._items(node, MAX_ITEMS, depth)
            case "dict":
                keys = _listed(node.get("keys"), MAX_KEYS)
                items = self._items(node, MAX_KEYS, depth)
                if len(keys) != len(items):
                    raise WireError("keys without items")
                return dict(zip(map(_text, keys), items, strict=True))
        raise WireError("a value of unknown form")

    def _items(self, node: Node, cap: int, depth: int) -> list[Any]:
        return [self.value(item, depth + 1) for item in _listed(node.get("items"), cap)]

    def _array(self, node: Node) -> NDArray[Any]:
        index = _whole(node.get("a"), len(self._arrays))
        if index in self._taken:
            # Sent on, a thousand mentions of one large array would be a thousand copies.
            raise WireError("an array that is named twice")
        self._taken.add(index)
        return self._arrays[index]


def _whole(value: object, end: int) -> int:
    if type(value) is not int or not 0 <= value < end:
        raise WireError("a number out of range")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise WireError("something that is not a short text")
    return value


def _listed(value: object, cap: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > cap:
        raise WireError("something that is not a short list")
    return value
