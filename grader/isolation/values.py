"""Read what a student's process says, strictly: records of the model, or ``WireError``."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from typing import Any, TypeGuard

from grader.escape import printable
from grader.isolation.session import Loaded, Returned
from grader.model import Array, Fault, FaultKind, Value
from grader.worker.faults import MAX_FILE_NAME
from grader.worker.nodes import MAX_DEPTH, MAX_NAME, MAX_NODES, WireError
from grader.worker.placeholders import MAX_ABSENT
from grader.worker.signs import LIBRARIES, SIGNS
from grader.worker.stubs import MAX_PLACES
from grader.worker.wire import Frame

_STAGES = {"forward", "backward"}
_STUBS = _STAGES | {f"{stage}:{place}" for stage in _STAGES for place in range(MAX_PLACES)}
_MAX_LINE = 10**7
_MAX_IMPORTS = 1000
_HOST_FAULTS = {
    FaultKind.MISSING,
    FaultKind.TIMED_OUT,
    FaultKind.TOTAL_TIME,
    FaultKind.DIED,
    FaultKind.GARBLED,
}


def to_value(node: object, arrays: Sequence[Array]) -> Value:
    """Return the value that a node of ``grader.worker.nodes.encode`` describes."""
    return _Reader(arrays).value(node, 0)


def to_returned(frame: Frame, limit: float) -> Returned | None:
    """Read the answer to a step; None when it was skipped after a fault of its subject."""
    message, arrays = frame.message, frame.arrays
    if message.get("skipped") is True:
        return None
    seconds = message.get("seconds")
    if not isinstance(seconds, float) or not math.isfinite(seconds):
        raise WireError("a time that is not a number")
    mutated = tuple(printable(name, MAX_NAME) for name in _texts(message.get("mutated"), 64))
    shared: tuple[str, ...] = ()
    if "shared" in message:
        shared = tuple(printable(name, MAX_NAME) for name in _texts(message["shared"], 64))
    value = to_value(message.get("value"), arrays)
    seen = _arrays_by_name(to_value(message.get("seen", {"t": "none"}), arrays))
    return Returned(value, min(max(seconds, 0.0), limit), mutated, shared, seen)


def _arrays_by_name(value: Value) -> dict[str, Array]:
    if value.form == "none":
        return {}
    arrays = [item.array for item in value.items if item.array is not None]
    if value.form != "dict" or len(arrays) != len(value.keys):
        raise WireError("something that is not arrays by name")
    return dict(zip(value.keys, arrays, strict=True))


def held_by(hello: Frame) -> frozenset[str]:
    """Return the walls that a child found to hold, before it was sent any code to run."""
    return frozenset(_texts(hello.message.get("held", []), 16))


def to_loaded(frame: Frame) -> Loaded:
    """Read the answer to a load."""
    stubs = frozenset(_texts(frame.message.get("stubs"), len(_STUBS)))
    if not stubs <= _STUBS:
        raise WireError("a stage that does not exist")
    signs = frozenset(_texts(frame.message.get("signs", []), len(SIGNS)))
    if not signs <= {*SIGNS}:
        raise WireError("a sign that does not exist")
    absent = _texts(frame.message.get("absent", []), 2 * MAX_ABSENT)
    return Loaded(stubs, signs, tuple(printable(name, MAX_NAME) for name in absent))


def to_libraries(frame: Frame, files: Container[str]) -> dict[str, str]:
    """Read which libraries the answer to a load names, and where they are imported."""
    listed = frame.message.get("libraries", [])
    if not isinstance(listed, list) or len(listed) > _MAX_IMPORTS:
        raise WireError("something that is not a list of imports")
    found: dict[str, str] = {}
    for entry in listed:
        if not isinstance(entry, list) or len(entry) != 3:
            raise WireError("something that is not an import")
        file, name, line = _text(entry[0]), _text(entry[1]), entry[2]
        if name not in LIBRARIES or file not in files or not _is_line(line):
            raise WireError("an import that cannot be")
        found.setdefault(name, f"{file}:{line}")
    return found


def to_fault(node: object, stage: str) -> Fault:
    """Read a fault; the stage is what the host asked for."""
    if not isinstance(node, dict):
        raise WireError("a fault that is not an object")
    line = node.get("line")
    if not _is_line(line):
        raise WireError("a line that is not a number")
    kind, detail, file = (_text(node.get(key)) for key in ("kind", "detail", "file"))
    try:
        known = FaultKind(kind)
    except ValueError as error:
        raise WireError("an unknown kind of fault") from error
    if known in _HOST_FAULTS:
        raise WireError("a fault that only the host can see")
    opening = node.get("opening", False)
    if type(opening) is not bool:
        raise WireError("a flag that is neither true nor false")
    return Fault(known, stage, printable(detail), printable(file, MAX_FILE_NAME), line, opening)


def _is_line(line: object) -> TypeGuard[int]:
    return type(line) is int and 0 <= line <= _MAX_LINE


class _Reader:
    def __init__(self, arrays: Sequence[Array]) -> None:
        self._arrays = arrays
        self._nodes = 0
        self._taken: set[int] = set()

    def value(self, node: object, depth: int) -> Value:
        self._nodes += 1
        if not isinstance(node, dict) or depth > MAX_DEPTH or self._nodes > 2 * MAX_NODES:
            raise WireError("a malformed value")
        match node.get("t"):
            case "none":
                return Value("none", "NoneType")
            case "array":
                return Value("array", self._name(node), array=self._array(node.get("a")))
            case "tuple" | "list" as form:
                return Value(form, form, items=self._items(node, depth))
            case "dict":
                keys = tuple(printable(key, MAX_NAME) for key in _texts(node.get("keys"), 64))
                items = self._items(node, depth)
                if len(keys) != len(items):
                    raise WireError("keys without items")
                return Value("dict", "dict", items=items, keys=keys)
            case "other":
                return Value("other", self._name(node))
        raise WireError("a value of unknown form")

    def _items(self, node: dict[str, Any], depth: int) -> tuple[Value, ...]:
        items = node.get("items")
        if not isinstance(items, list):
            raise WireError("a container without items")
        return tuple(self.value(item, depth + 1) for item in items)

    def _array(self, index: object) -> Array:
        if type(index) is not int or not 0 <= index < len(self._arrays):
            raise WireError("an array that was not sent")
        if index in self._taken:
            # A thousand mentions of one large array would be a thousand copies once stacked.
            raise WireError("an array that is named twice")
        self._taken.add(index)
        return self._arrays[index]

    def _name(self, node: dict[str, Any]) -> str:
        return printable(_text(node.get("as")), MAX_NAME)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise WireError("something that is not text")
    return value


def _texts(value: object, cap: int) -> list[str]:
    if not isinstance(value, list) or len(value) > cap:
        raise WireError("something that is not a list of texts")
    return [_text(item) for item in value]
