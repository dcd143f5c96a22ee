"""Which files lie where in a submission: names alone, nothing opened but folders."""

from __future__ import annotations

import os
import unicodedata
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grader.errors import CourseError
from grader.escape import printable
from grader.spec.yaml_cursor import nearest
from grader.submission.reading import HAS_FOLDERS, open_folder

MAX_SEEN = 100_000  # names that are even listed
MAX_FOLDERS = 5000
MAX_DEPTH = 8  # folders inside one another
SOURCES = (".py", ".ipynb")
# What tools put beside a student's work. A folder whose name begins with a dot is left out too.
_TOOLS = {"__pycache__", "__MACOSX", "site-packages", "node_modules", "venv", "env"}
_ENVIRONMENT = "pyvenv.cfg"


@dataclass(frozen=True)
class Listing:
    """The Python files and notebooks of a folder and those inside it, the shallow ones first."""

    paths: tuple[str, ...]
    is_cut: bool  # there is more than a submission can need


def list_names(path: Path) -> tuple[str, ...]:
    """Return the file names of a submission folder (or the one file), sorted and capped.

    Raises ``CourseError`` when there is nothing that could be a submission.
    """
    shown = printable(str(path))
    try:
        if not os.path.lexists(path):
            siblings = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
            raise CourseError(f"{shown}: no such file or folder{nearest(path.name, siblings)}")
        if not path.is_dir():
            return (path.name,)
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in islice(entries, MAX_SEEN))
    except OSError as error:
        raise CourseError(f"{shown}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL in the name
        raise CourseError(f"{shown}: no such file or folder") from error
    if not names:
        raise CourseError(f"{shown}: the folder is empty")
    return tuple(names)


def list_sources(root: Path) -> Listing:
    """Return the Python files and notebooks of a submission, folder by folder from the top."""
    if not root.is_dir():
        return Listing((root.name,), is_cut=False)
    paths: list[str] = []
    waiting = deque([""])
    seen = entered = 0
    while waiting and seen < MAX_SEEN and entered < MAX_FOLDERS:
        inner = waiting.popleft()
        entries = _entries(root, inner, MAX_SEEN - seen)
        entered, seen = entered + 1, seen + len(entries)
        if inner and (_ENVIRONMENT, False) in entries:
            continue
        for name, is_folder in entries:
            place = f"{inner}/{name}" if inner else name
            if name[:1] == "." or (is_folder and name in _TOOLS):
                continue
            if not is_folder and name.endswith(SOURCES):
                paths.append(place)
            elif is_folder and place.count("/") < MAX_DEPTH:
                waiting.append(place)
    return Listing(tuple(paths), is_cut=bool(waiting) or seen >= MAX_SEEN)


def find_base(files: Sequence[str], paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders below which most of the declared files lie: one, if there is no doubt."""
    found: dict[str, int] = {}
    wanted = {spelling for file in files for spelling in spellings(file)}
    for path in paths:
        parts = path.split("/")
        for start in range(len(parts)):
            if "/".join(parts[start:]) in wanted:
                base = "/".join(parts[:start])
                found[base] = found.get(base, 0) + 1
    if "" in found:
        return ("",)
    most = max(found.values(), default=0)
    return tuple(sorted(base for base, count in found.items() if count == most))


def spellings(file: str) -> tuple[str, str]:
    """Return a declared file as it is, and its twin: a notebook may stand for a module."""
    stem, _, ending = file.rpartition(".")
    return file, f"{stem}.{'py' if ending == 'ipynb' else 'ipynb'}"


def module_path(path: str) -> str:
    """Return a path as imports spell it: an `é` is one letter, however a disk stores it."""
    return unicodedata.normalize("NFKC", path)


def is_importable(path: str) -> bool:
    """Return True for a Python file that an import statement can name."""
    stem = path.removesuffix(".py")
    return path != stem and all(part.isidentifier() for part in module_path(stem).split("/"))


def _entries(root: Path, inner: str, cap: int) -> list[tuple[str, bool]]:
    """Return the names in a folder, sorted, and which of them are folders themselves."""
    opened: list[int] = []
    try:
        at: int | str = str(root / inner)
        if HAS_FOLDERS and os.scandir in os.supports_fd:
            at = open_folder(root, inner, opened)
        with os.scandir(at) as entries:
            found = [(e.name, e.is_dir(follow_symlinks=False)) for e in islice(entries, cap)]
    except (OSError, ValueError):
        return []  # it cannot be entered, so nothing in it is handed in
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return sorted(found)
