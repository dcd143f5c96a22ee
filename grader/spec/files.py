"""Reading which files an assignment is about: those to hand in, support, placeholders."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping

from grader.spec.yaml_cursor import Cursor

_FOLDERS = 6
_FILE = re.compile(rf"(?:[A-Za-z_]\w*/){{0,{_FOLDERS}}}[A-Za-z_]\w*\.(?:py|ipynb)", re.ASCII)
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_MAX_STUBS = 40

Fields = Mapping[str, Cursor]


def read_files(cursor: Cursor) -> tuple[str, ...]:
    """Return the paths of Python files and notebooks; each is a module of its own."""
    files: dict[str, str] = {}  # by module
    for item in cursor.items():
        name = read_file(item)
        module = name.rpartition(".")[0]
        if name and module in files:
            is_same = files[module] == name
            why = "stands here twice" if is_same else f"is the same module as `{files[module]}`"
            item.problem(f"`{name}` {why}")
        elif name:
            files[module] = name
    if not cursor.items():
        cursor.problem("at least one file is needed")
    return tuple(files.values())


def read_file(cursor: Cursor) -> str:
    """Return the path of one file inside a submission, or nothing, with the problem noted."""
    name = cursor.text()
    top, _, inside = name.partition("/")
    if not name:
        return ""
    if not _FILE.fullmatch(name):
        why = " (a path inside the submission, like `cs231n/layers.py`)" if "/" in name else ""
        cursor.problem(f"`{name}` is not the name of a Python file{why}")
        return ""
    if _is_taken(top.rpartition(".")[0] or top):
        what = "folder" if inside else "file"
        shown = top if inside else name
        cursor.problem(f"`{shown}` hides a module of Python; students could not import the {what}")
        return ""
    return name


def read_module(fields: Fields, files: Collection[str] | None, default: str) -> str:
    """Return the file of a task: its ``module`` or ``file``, else the default.

    ``files`` are those declared; None where they follow from the tasks.
    """
    if "module" in fields and "file" in fields:
        fields["file"].problem("`module` says it already")
    stated = fields.get("module") or fields.get("file")
    if stated is None:
        return default
    if files is None:
        return read_file(stated)
    return stated.choice(files or ("",))


def read_stubs(cursor: Cursor | None, files: Collection[str]) -> tuple[str, ...]:
    """Return the modules that are always placeholders; none of ``files`` can be one."""
    names: list[str] = []
    for item in cursor.items() if cursor else []:
        name = item.text()
        if not _MODULE.fullmatch(name):
            item.problem(f"`{name}` is not the name of a module")
        elif name == "numpy" or name in sys.stdlib_module_names:
            item.problem(f"`{name}` is always there and needs no placeholder")
        elif _is_own(name, files):
            item.problem(f"`{name}` is, or holds, a file of this assignment")
        elif name in names:
            item.problem(f"`{name}` stands here twice")
        else:
            names.append(name)
    if cursor and len(names) > _MAX_STUBS:
        cursor.problem(f"at most {_MAX_STUBS} modules")
    return tuple(names)


def read_packages(cursor: Cursor | None, files: Collection[str]) -> tuple[str, ...]:
    """Return what a submission may import besides numpy; none of ``files`` can be one."""
    if cursor is None:
        return ()
    names = cursor.names()
    for name in names:
        if name in sys.stdlib_module_names or name == "numpy":
            cursor.problem(f"`{name}` can always be imported")
        elif name == "grader":
            cursor.problem("the grader itself is not for students")
        elif _is_own(name, files):
            cursor.problem(f"`{name}` is, or holds, a file of this assignment")
    return names


def _is_own(name: str, files: Collection[str]) -> bool:
    modules = [file.rpartition(".")[0].replace("/", ".") for file in files]
    return any(module == name or module.startswith(f"{name}.") for module in modules)


def _is_taken(name: str) -> bool:
    return name in sys.stdlib_module_names or name == "numpy"
