"""The names in a folder, and what each of them is; nothing is opened, no link is followed."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path

MAX_ENTRIES = 500_000
SOURCES = (".py", ".ipynb")
_ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz))$", re.IGNORECASE)
# Left by operating systems and tools: never a student, never a student's work.
_JUNK = {"__macosx", "thumbs.db", "desktop.ini", "__pycache__"}
_FOREIGN = (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".z", ".lz", ".dmg", ".iso", ".cab")


class Kind(Enum):
    """What an entry of a folder is."""

    FOLDER = "a folder"
    FILE = "a file"
    LINK = "a link, which is not followed"
    OTHER = "neither a file nor a folder"
    NOTHING = "not there"


@dataclass(frozen=True)
class Entry:
    """One name in a folder."""

    name: str
    kind: Kind


def list_entries(folder: Path) -> tuple[Entry, ...]:
    """Return the entries of a folder in the order of their names, without junk; or ``OSError``."""
    with os.scandir(folder) as found:
        entries = [
            Entry(entry.name, _kind_of(entry))
            for entry in islice(found, MAX_ENTRIES)
            if not is_junk(entry.name)
        ]
    return tuple(sorted(entries, key=lambda entry: entry.name))


def list_inner(folder: Path) -> tuple[Entry, ...]:
    """Return the entries of a folder, none where it cannot be entered."""
    try:
        return list_entries(folder)
    except (OSError, ValueError):
        return ()


def kind_at(path: Path) -> Kind:
    """Return what lies at a path itself."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return Kind.NOTHING
    if stat.S_ISLNK(mode):
        return Kind.LINK
    if stat.S_ISDIR(mode):
        return Kind.FOLDER
    return Kind.FILE if stat.S_ISREG(mode) else Kind.OTHER


def is_junk(name: str) -> bool:
    """Return True for what a system or a tool left there, and for all hidden names."""
    return name.startswith(".") or name.lower() in _JUNK


def is_archive(name: str) -> bool:
    """Return True for the name of a zip or tar archive."""
    return bool(_ARCHIVE.search(name))


def is_foreign(name: str) -> bool:
    """Return True for the name of an archive of a kind that is not unpacked here."""
    return name.lower().endswith(_FOREIGN) and not is_archive(name)


def is_source(name: str) -> bool:
    """Return True for the name of a Python file or a notebook."""
    return name.endswith(SOURCES)


def stem_of(name: str) -> str:
    """Return the name of a file without its ending, or without both: ``jane.tar.gz``."""
    if found := _ARCHIVE.search(name):
        return name[: found.start()] or name
    return name.rpartition(".")[0] or name


def _kind_of(entry: os.DirEntry[str]) -> Kind:
    try:
        if entry.is_symlink():
            return Kind.LINK
        if entry.is_dir(follow_symlinks=False):
            return Kind.FOLDER
        return Kind.FILE if entry.is_file(follow_symlinks=False) else Kind.OTHER
    except OSError:
        return Kind.OTHER
