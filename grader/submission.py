"""Reading a submission: only the declared files, only plain text, nothing followed or executed.

``read_submission``  a folder or a single file -> ``Submission``; what cannot be read is a fault
                     of that file, never an exception.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grader.codes import finding
from grader.errors import CourseError
from grader.escape import printable
from grader.model import Finding
from grader.spec.yaml_cursor import nearest

MAX_BYTES = 1 << 20
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
_UTF8_NAMES = {"utf-8", "utf8", "utf-8-sig", "utf_8", "ascii", "us-ascii"}
_ASCII_SUPERSETS = {"latin-1", "latin1", "iso-8859-1", "iso-8859-15", "cp1252", "windows-1252"}
_MAX_NAMES = 1000
_MAX_SEEN = 100_000  # names that are even listed
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_FILE = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FILE |= getattr(os, _name, 0)


@dataclass(frozen=True)
class Submission:
    """The texts of the declared files, a finding for each that has none, and the other names."""

    name: str
    texts: Mapping[str, str]
    broken: Mapping[str, Finding]
    others: tuple[str, ...]
    digest: str


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
            names = sorted(entry.name for entry in islice(entries, _MAX_SEEN))
    except OSError as error:
        raise CourseError(f"{shown}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL in the name
        raise CourseError(f"{shown}: no such file or folder") from error
    if not names:
        raise CourseError(f"{shown}: the folder is empty")
    return tuple(names)


def read_submission(path: Path, files: Sequence[str]) -> Submission:
    """Read the declared files of a submission. A single file stands for the first of ``files``."""
    names = list_names(path)
    is_folder = path.is_dir()
    texts: dict[str, str] = {}
    broken: dict[str, Finding] = {}
    digest = hashlib.sha256()
    single = path.name if path.name in files else files[0]
    for file in files:
        is_there = os.path.lexists(path / file) if is_folder else file == single
        if not is_there:
            broken[file] = _missing(file, names)
            continue
        data, reason = _read_bytes(path, file) if is_folder else _read_bytes(path.parent, path.name)
        digest.update(file.encode() + b"\0" + data + b"\0")
        text, reason = ("", reason) if reason else _decode(data)
        if reason:
            broken[file] = finding("L102", "load", f"{file}: {reason}")
        else:
            texts[file] = text
    others = tuple(n for n in names if n not in files)[:_MAX_NAMES] if is_folder else ()
    name = printable(path.resolve().name, 100)
    return Submission(name, texts, broken, others, digest.hexdigest())


def shadowing(submission: Submission) -> list[Finding]:
    """Return a note for each file that is named like a module of Python; none is ever loaded."""
    notes = []
    for name in submission.others:
        stem = name.removesuffix(".py")
        if stem in sys.stdlib_module_names or stem in ("numpy", "conftest"):
            notes.append(
                finding("N707", "load", f"{printable(name, 80)} has the name of a module of Python")
            )
    return notes


def _missing(file: str, names: Sequence[str]) -> Finding:
    shown = [printable(n, 80) for n in names[:_MAX_NAMES]]
    same = [n for n in shown if n.lower() == file.lower()]
    close = f" (did you mean `{same[0]}`?)" if same else nearest(file, shown)
    return finding("L101", "load", f"{file} is not in the submission{close}")


def _read_bytes(folder: Path, name: str) -> tuple[bytes, str]:
    """Return the bytes of a regular file, or the reason why not.

    The folder is opened, and the file in it by its name alone: nothing that happens to the path
    meanwhile can lead elsewhere. Links, pipes and devices are not opened at all.
    """
    opened: list[int] = []
    try:
        place: dict[str, int] = {}
        target = os.fspath(folder / name)
        if os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd:
            opened.append(os.open(folder, _FOLDER))
            place, target = {"dir_fd": opened[0]}, name
        # Path.stat knows no folder to start from.
        if reason := _refusal(os.stat(target, follow_symlinks=False, **place)):  # noqa: PTH116
            return b"", reason
        opened.append(os.open(target, _FILE, **place))
        if reason := _refusal(os.fstat(opened[-1])):
            return b"", reason
        with os.fdopen(opened[-1], "rb", closefd=False) as stream:
            data = stream.read(MAX_BYTES + 1)
        return (data, "") if len(data) <= MAX_BYTES else (b"", "grows while it is read")
    except (OSError, ValueError) as error:
        return (
            b"",
            f"cannot be read: {getattr(error, 'strerror', None) or 'its name is impossible'}",
        )
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _refusal(status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return "is a link; hand in the file itself"
    if not stat.S_ISREG(status.st_mode):
        return "is not a regular file"
    return f"is larger than {MAX_BYTES >> 20} MiB" if status.st_size > MAX_BYTES else ""


def _decode(data: bytes) -> tuple[str, str]:
    accepted = _UTF8_NAMES | _ASCII_SUPERSETS if data.isascii() else _UTF8_NAMES
    for line in data.splitlines()[:2]:
        cookie = _COOKIE.match(line)
        if cookie and cookie.group(1).decode("ascii").lower() not in accepted:
            named = printable(cookie.group(1).decode("ascii"), 40)
            return "", f"declares the encoding {named}; only UTF-8 is accepted"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", f"is not UTF-8 text (byte {error.start})"
    if "\0" in text:
        return "", "contains a NUL character: it is not a text file"
    return text, ""
