"""Import the submission from texts in memory: no file of it ever touches a disk.

A file is named by its path in the submission. Folders are packages without a life of their own:
no ``__init__`` is run. Imports find the files of the same tree by their full names, relatively,
and as if the folder of the importing file were on ``sys.path``.
"""

from __future__ import annotations

import importlib
import linecache
import sys
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from . import cells
from .faults import CallFault, describe, describe_syntax, is_forbidden
from .nodes import Node
from .placeholders import Placeholders
from .signs import libraries_in
from .stand_ins import StandIns

MODULE_ENDINGS = (".py", cells.ENDING)
STUB = ".stub"  # the ending of a file that says: this module is always a placeholder
_ROOT = "<submission>/"  # of a package's path, so that no finder looks for it on a disk


class Submission:
    """The student's files, as a finder and loader for ``sys.meta_path``."""

    def __init__(self, files: Mapping[str, str], *, is_locked: bool = False) -> None:
        """Take the sources by file name; ``is_locked`` if a sandbox may be what stops them."""
        self.is_locked = is_locked
        self.files = {name: text.removeprefix("\ufeff") for name, text in files.items()}
        self._folders = {folder for name in files for folder in _folders_above(name)}
        self._stubs = Placeholders(n.removesuffix(STUB) for n in files if n.endswith(STUB))
        self._absent = Placeholders()
        self.origins = set(self.files)  # what code objects say that they come from
        self._uncompiled: tuple[BaseException | None, str] = (None, "")
        self._notebooks: dict[str, cells.Notebook] = {}
        self._specs: dict[str, ModuleSpec] = {}  # of every module of ours, by the name it goes by
        self._near: list[str] = [""]  # folders of the files being run, the innermost last
        self._libraries: list[list[Any]] | None = None
        self.run: set[str] = set()  # the files that were run, at least in part

    def install(self) -> None:
        """Make the files importable; last, so that none of them can shadow numpy or the stdlib."""
        sys.meta_path.insert(0, self._stubs)
        sys.meta_path += [self, StandIns(), self._absent]

    @property
    def names(self) -> set[str]:
        """The names under which its modules are, or were, in ``sys.modules``."""
        return set(self._specs)

    def namespace(self, module: str) -> dict[str, Any]:
        """Return the names of a module (a path without its ending), imported at its first use."""
        folder = module.rpartition("/")[0]
        if folder != self._near[0]:
            self._forget(aliases_only=True)  # what stood for its neighbours is other files now
            self._near[0] = folder
        loaded = sys.modules.get(name := module.replace("/", ".")) or self._import(name)
        if getattr(loaded.__spec__, "loader", None) is not self:
            raise CallFault("import", f"{module}.py has the name of one of Python's own modules")
        return vars(loaded)

    def namespaces(self) -> list[dict[str, Any]]:
        """Return the names of every module of ours that is imported."""
        found = [sys.modules.get(name) for name in self._specs]
        return [vars(module) for module in found if module is not None]

    def text(self, module: str) -> str:
        """Return the whole text of the file of a module."""
        return next((t for e in MODULE_ENDINGS if (t := self.files.get(f"{module}{e}"))), "")

    def source(self, module: str) -> str:
        """Return the text that a loaded module was made of."""
        notebook = self._notebooks.get(f"{module}{cells.ENDING}")
        return notebook.source if notebook else self.files[f"{module}.py"]

    def explain(self, module: str, name: str) -> None:
        """Raise what kept a cell of a notebook from defining ``name``, if that is why it lacks."""
        file = f"{module}{cells.ENDING}"
        error = self._notebooks[file].fault_behind(name) if file in self._notebooks else None
        if error is not None:
            if isinstance(error, SyntaxError):
                self._uncompiled = (error, error.filename or file)
            raise error

    @property
    def absent(self) -> list[str]:
        """The modules that some import did not find."""
        return self._absent.names

    def placeholders(self) -> list[str]:
        """Return the missing modules that were first imported since this was last asked."""
        return self._stubs.told() + self._absent.told()

    def libraries(self) -> list[list[Any]]:
        """Return the libraries that differentiate, as file, name and line of each import."""
        if self._libraries is None:
            self._libraries = []
            own = {file.partition("/")[0].partition(".")[0] for file in self.files}
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
        return describe(error, sys.exc_info()[2], self.origins, otherwise, given)

    def find_spec(self, name: str, path: Any = None, _target: object = None) -> Any:
        """Answer the import system: a file, or a folder with files in it."""
        last = name.rpartition(".")[2]
        for folder in self._searched(path):
            place = f"{folder}/{last}" if folder else last
            file = self._file(place)
            if file or place in self._folders:
                spec = ModuleSpec(name, self, origin=file or place, loader_state=place)  # type: ignore[arg-type]
                spec.has_location = bool(file)
                if not file:
                    spec.submodule_search_locations = [_ROOT + place]
                self._specs[name] = spec
                return spec
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Ask for an ordinary module; a file that goes by two names is one module."""
        whole = _module_name(spec)
        return importlib.import_module(whole) if whole != spec.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run a file; its lines are known to tracebacks and ``inspect``."""
        spec = self._specs[module.__name__]
        if module.__spec__ is not spec:  # it was asked for by a shorter name
            module.__spec__ = spec
            return
        file = self._file(str(spec.loader_state))
        if not file:
            return
        self._near.append(file.rpartition("/")[0])
        self.run.add(file)
        try:
            self._run(file, self.files[file], vars(module))
        finally:
            self._near.pop()

    def _run(self, file: str, source: str, names: dict[str, Any]) -> None:
        if "random" in source:  # loaded now, so that it can be seeded before every step
            importlib.import_module("random")
            importlib.import_module("numpy.random")
        if file.endswith(cells.ENDING):
            self.origins |= {title for title, _ in cells.split(file, source)}
            self._notebooks[file] = cells.run(file, source, names)
            return
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            code = compile(source, file, "exec", dont_inherit=True)
        except BaseException as error:
            # Besides SyntaxError: ValueError, RecursionError, MemoryError, UnicodeError.
            self._uncompiled = (error, file)
            raise
        exec(code, names)  # noqa: S102 - running the student's code is what we are for

    def _import(self, name: str) -> ModuleType:
        """Import a module; what it imports in vain is replaced, and the import tried again."""
        with self._stubs.loading(), self._absent.loading():
            while True:
                try:
                    return importlib.import_module(name)
                except ImportError as error:
                    # Not at once, so that a file which provides for a missing module gets its way.
                    if not self._absent.stand_in(error):
                        raise
                    self._forget()

    def _forget(self, *, aliases_only: bool = False) -> None:
        for name, spec in list(self._specs.items()):
            if not aliases_only or name != _module_name(spec):
                sys.modules.pop(name, None)
                del self._specs[name]

    def _searched(self, path: Any) -> Iterator[str]:
        """Yield the folders in which a name is looked for; ``path`` is that of a package."""
        if path is None:
            yield from dict.fromkeys((self._near[-1], self._near[0], ""))
            return
        for entry in path:
            if isinstance(entry, str) and entry.startswith(_ROOT):
                yield entry.removeprefix(_ROOT)

    def _file(self, place: str) -> str:
        """Return the file of a module; none where the folder of that name holds what is graded."""
        if f"{self._near[0]}/".startswith(f"{place}/"):
            return ""
        files = (f"{place}{ending}" for ending in MODULE_ENDINGS)
        return next((file for file in files if file in self.files), "")


def _module_name(spec: ModuleSpec) -> str:
    return str(spec.loader_state).replace("/", ".")


def _folders_above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
