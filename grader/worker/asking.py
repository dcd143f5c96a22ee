"""Functions of the student's that the host answers for, in a child that judges their caller alone.

``Line.lean``   puts a stand-in in the place of each, wherever the submission's modules name it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from typing import Any

from numpy.typing import NDArray

from .exchange import pack, unpack
from .nodes import Node
from .wire import Frame

Names = MutableMapping[str, Any]
Send = Callable[[Node, Sequence[NDArray[Any]]], None]


class Line:
    """The line to the host: replies go out, and calls of some functions are asked back."""

    def __init__(self, send: Send, receive: Callable[[], Frame | None]) -> None:
        """Keep both ways."""
        self.send = send
        self.number = 0  # of the request that is being answered
        self._receive = receive
        self._is_leaning = False

    def lean(
        self, helpers: Mapping[str, Sequence[str]], names: Names, modules: Iterable[Names]
    ) -> None:
        """Replace functions, named with their arguments, in a module and where it lent them."""
        if self._is_leaning:
            return
        self._is_leaning = True
        lent = list(modules)
        for name, arguments in helpers.items():
            original = names.get(name)
            stand_in = self._stand_in(name, arguments, original)
            for module in lent if callable(original) else []:
                for alias in [key for key, held in module.items() if held is original]:
                    module[alias] = stand_in
            names[name] = stand_in

    def _stand_in(
        self, name: str, arguments: Sequence[str], original: object
    ) -> Callable[..., Any]:
        def stand_in(*given: Any, **named: Any) -> Any:
            return self._ask(name, _in_order(name, arguments, original, given, named))

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def _ask(self, name: str, given: tuple[Any, ...]) -> Any:
        out: list[NDArray[Any]] = []
        self.send({"id": self.number, "asks": name, "arguments": pack(given, out)}, out)
        frame = self._receive()
        if frame is None:
            raise SystemExit  # the host is gone
        if "answer" not in frame.message:
            raise ValueError(f"the course's own {name} cannot be called with these arguments")
        value, changed = unpack(frame.message["answer"], frame.arrays)
        for mine, theirs in zip(dicts_of(given), changed, strict=True):
            mine.update(theirs)
        return value


def dicts_of(given: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the arguments that a function can add entries to."""
    return [value for value in given if isinstance(value, dict)]


def _in_order(
    name: str,
    arguments: Sequence[str],
    original: object,
    given: tuple[Any, ...],
    named: Mapping[str, Any],
) -> tuple[Any, ...]:
    """Return the arguments of a call by position, as the student's own function would take them."""
    with suppress(Exception):  # it may not be there, or be called in another way
        bound = inspect.signature(original).bind(*given, **named)  # type: ignore[arg-type]
        bound.apply_defaults()
        if not bound.kwargs:
            return bound.args
    rest = arguments[len(given) : len(given) + len(named)]
    if {*rest} != {*named}:
        raise TypeError(f"{name} takes {', '.join(arguments)}")
    return (*given, *(named[argument] for argument in rest))
