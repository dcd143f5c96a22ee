"""Modules that are not there: imported all the same, and of no use.

``Placeholders`` stands in for the modules that an assignment names and for those whose import
failed. While a file is loaded its things may be called, assigned and decorate without effect;
once the student's functions are called, using one raises that the module is missing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

MAX_ABSENT = 40
_MAX_NAME = 100
# The attributes themselves: a subclass can override what looking them up gives.
_NAME, _TEXT = (ImportError.__dict__[name] for name in ("name", "msg"))
_WANTED = re.compile(r"cannot import name '(\w{1,60})' from '")


class Placeholders:
    """A finder and loader for ``sys.meta_path``: empty modules by name."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Take the names that are always placeholders."""
        self._names = set(names)
        self._untold: list[str] = []
        self.is_loading = False

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Let placeholders be used without effect, as code at the top of a file does."""
        self.is_loading = True
        try:
            yield
        finally:
            self.is_loading = False

    def stand_in(self, error: ImportError) -> bool:
        """Take the place of what an import did not find; False if that is not what went wrong."""
        name = missing_name(error)
        is_known = name in sys.modules or name in self._names
        if not name or is_known or len(self._names) >= MAX_ABSENT:
            return False
        self._names.add(name)
        is_module = issubclass(type(error), ModuleNotFoundError)
        # No finder is asked for a module below one that is no package, nor for a name in a module.
        sys.modules[name] = self._module(name) if is_module else self._thing(name)  # type: ignore[assignment]
        return True

    @property
    def names(self) -> list[str]:
        """What has a placeholder."""
        return sorted(self._names)

    def told(self) -> list[str]:
        """Return the placeholders that were imported since this was last asked."""
        names, self._untold = sorted(set(self._untold)), []
        return names

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """Answer the import system for the names, and whatever is below them."""
        if not any(name == known or name.startswith(f"{known}.") for known in self._names):
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return an empty module."""
        return self._module(spec.name)

    def exec_module(self, _module: ModuleType) -> None:
        """There is nothing to run."""

    def _module(self, name: str) -> ModuleType:
        return _Module(name, self._thing(name))

    def _thing(self, name: str) -> Thing:
        known = [k for k in self._names if name == k or name.startswith(f"{k}.")]
        top = min(known, key=len)
        self._untold.append(top)
        return Thing(self, top)


def missing_name(error: ImportError) -> str:
    """Return the module, or the ``module.name``, that an import did not find, or nothing."""
    name = _NAME.__get__(error)
    if type(name) is not str or len(name) > _MAX_NAME:
        return ""
    if issubclass(type(error), ModuleNotFoundError):
        return name
    text = _TEXT.__get__(error)
    # Of a circular import, which is a mistake of the files themselves, the text goes on otherwise.
    wanted = _WANTED.match(text) if type(text) is str else None
    return f"{name}.{wanted[1]}" if wanted else ""


class _Module(ModuleType):
    """A module with every name in it."""

    def __init__(self, name: str, thing: Thing) -> None:
        super().__init__(name)
        vars(self).update(_thing=thing, __path__=[])

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":  # what the import system and inspect ask for
            raise AttributeError(name)
        return self._thing


class Thing:
    """Whatever was taken from a placeholder."""

    def __init__(self, owner: Placeholders, top: str) -> None:
        """Keep whose it is."""
        vars(self).update(_owner=owner, _top=top)

    def _use(self, *_arguments: object, **_named: object) -> Any:
        if not self._owner.is_loading:
            self._refuse()
        return self

    def __exit__(self, *_error: object) -> None:
        """Let an exception of a ``with`` block go on."""

    def _refuse(self, *_arguments: object, **_named: object) -> NoReturn:
        raise ModuleNotFoundError(f"No module named {self._top!r}", name=self._top)

    def __getattr__(self, name: str) -> Any:
        """Return itself under any name but those that Python itself asks for."""
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def __mro_entries__(self, _bases: object) -> tuple[type, ...]:
        """Let a class derive from it that nobody can make an instance of."""
        thing = self

        class Absent:
            def __init__(self, *_arguments: object, **_named: object) -> None:
                thing._refuse()

        return (Absent,)

    def __instancecheck__(self, _value: object) -> bool:
        """Return False: nothing is made by a module that is not there."""
        return False

    def __subclasscheck__(self, _kind: object) -> bool:
        """Return False."""
        return False


_QUIET = ("__call__", "__getitem__", "__setitem__", "__setattr__", "__enter__")
_LOUD = (
    "bool", "int", "float", "complex", "index", "len", "iter", "next", "contains", "delitem",
    "add", "radd", "iadd", "sub", "rsub", "mul", "rmul", "matmul", "rmatmul", "truediv",
    "rtruediv", "floordiv", "rfloordiv", "mod", "rmod", "pow", "rpow", "neg", "pos", "abs",
    "invert", "and", "rand", "or", "ror", "xor", "rxor", "lshift", "rlshift", "rshift", "rrshift",
    "lt", "le", "gt", "ge", "array", "await",
)  # fmt: skip
for _each in _QUIET:
    setattr(Thing, _each, vars(Thing)["_use"])
for _each in _LOUD:
    setattr(Thing, f"__{_each}__", vars(Thing)["_refuse"])
