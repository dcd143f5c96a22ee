"""Import the submission from texts in memory: no file of it ever touches a disk."""

from __future__ import annotations

import importlib
import linecache
import sys
from collections.abc import Container, Mapping
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .faults import CallFault, describe, describe_syntax, is_forbidden
from .nodes import Node
from .signs import libraries_in


class Submission:
    """The student's files, as a finder and loader for ``sys.meta_path``."""

    def __init__(self, files: Mapping[str, str], *, is_locked: bool = False) -> None:
        """Take the sources by file name; ``is_locked`` if a sandbox may be what stops them."""
        self.is_locked = is_locked
        self.files = {name: text.removeprefix("\ufeff") for name, text in files.items()}
        self._uncompiled: tuple[BaseException | None, str] = (None, "")
        self._libraries: list[list[Any]] | None = None

    def install(self) -> None:
        """Make the files importable; last, so that none of them can shadow numpy or the stdlib."""
        sys.meta_path.append(self)

    def namespace(self, module: str) -> dict[str, Any]:
        """Return the names of a module, imported at its first use."""
        loaded = importlib.import_module(module)
        if getattr(loaded.__spec__, "loader", None) is not self:
            raise CallFault("import", f"{module}.py has the name of one of Python's own modules")
        return vars(loaded)

    def libraries(self) -> list[list[Any]]:
        """Return the libraries that differentiate, as file, name and line of each import."""
        if self._libraries is None:
            self._libraries = []
            own = {file.removesuffix(".py") for file in self.files}
            for file, source in self.files.items():
                with suppress(Exception):  # what does not parse is told by the import
                    found = libraries_in(source, own)
                    self._libraries += [[file, name, line] for name, line in found]
        return self._libraries

    def describe(self, error: BaseException, otherwise: str, given: Container[str] = ()) -> Node:
        """Return the exception being handled as a fault; ``given`` files are not the student's."""
        if error is self._uncompiled[0]:
            return describe_syntax(error, self._uncompiled[1])
        if self.is_locked and is_forbidden(error):
            otherwise = "forbidden"
        return describe(error, sys.exc_info()[2], self.files, otherwise, given)

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """Answer the import system: one flat module per file."""
        file = f"{name}.py"
        if file not in self.files:
            return None
        spec = ModuleSpec(name, self, origin=file)  # type: ignore[arg-type]
        spec.has_location = True
        return spec

    def create_module(self, _spec: ModuleSpec) -> None:
        """Ask for an ordinary module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run a file; its lines are known to tracebacks and ``inspect``."""
        file = f"{module.__name__}.py"
        source = self.files[file]
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        if "random" in source:  # loaded now, so that it can be seeded before every step
            importlib.import_module("random")
            importlib.import_module("numpy.random")
        try:
            code = compile(source, file, "exec", dont_inherit=True)
        except BaseException as error:
            # Besides SyntaxError: ValueError, RecursionError, MemoryError, UnicodeError.
            self._uncompiled = (error, file)
            raise
        exec(code, vars(module))  # noqa: S102 - running the student's code is what we are for
