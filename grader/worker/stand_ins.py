"""Small stand-ins for the modules by which code of Python 2 was kept alive under Python 3.

They hold what courses use of them: names that Python 3 has, under the names they once had.
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_SAME = {name: value for name, value in vars(builtins).items() if name[:1] != "_"}
_OLD = {
    "xrange": range,
    "long": int,
    "unicode": str,
    "basestring": str,
    "unichr": chr,
    "raw_input": input,
    "reduce": functools.reduce,
}


def _listed(function: Callable[..., Any]) -> Callable[..., list[Any]]:
    def lists(*arguments: Any) -> list[Any]:
        return list(function(*arguments))

    return lists


_LISTS = {each.__name__: _listed(each) for each in (filter, map, range, zip)}
_DICTS: Mapping[str, Callable[[Mapping[Any, Any]], Any]] = {
    "iteritems": lambda mapping: iter(mapping.items()),
    "itervalues": lambda mapping: iter(mapping.values()),
    "iterkeys": lambda mapping: iter(mapping.keys()),
}
_NAMES: Mapping[str, Mapping[str, Any]] = {
    "past": {},
    "past.builtins": _OLD | _LISTS,
    "past.utils": {"old_div": lambda a, b: a // b if type(a) is type(b) is int else a / b},
    "future": {},
    "future.builtins": _SAME,
    "future.utils": _DICTS,
    "future.standard_library": {"install_aliases": lambda: None},
    "six": {"PY2": False, "PY3": True, "string_types": (str,), "integer_types": (int,), **_DICTS},
    "six.moves": _OLD | _SAME,
}


class StandIns:
    """A finder and loader for ``sys.meta_path``, asked after every real module."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """Answer the import system."""
        is_package = "." not in name
        if name not in _NAMES:
            return None
        return ModuleSpec(name, self, is_package=is_package)  # type: ignore[arg-type]

    def create_module(self, _spec: ModuleSpec) -> None:
        """Ask for an ordinary module."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill in its names."""
        vars(module).update(_NAMES[module.__name__])
