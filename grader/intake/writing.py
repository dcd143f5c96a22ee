"""Writing what a stranger handed in: plain files, below one folder, within a budget.

Every path is made here, of parts that can lead nowhere else, and no link is ever written, so that
no later file can go through one.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from grader.errors import CourseError
from grader.escape import printable
from grader.intake.entries import is_archive, is_junk, is_source

MAX_NAMES = 100_000  # entries that are even looked at, in all archives of a submission
MAX_FILES = 2_000  # Python files and notebooks; the reader itself takes 300 of a tree
MAX_FILE = (8 << 20) + 1  # one byte more than the reader takes, so that it says so itself
MAX_BYTES = 64 << 20  # all that is written
MAX_STREAM = 256 << 20  # a tar is read to its end, so what is not written costs time too
MAX_RATIO = 200  # deflate reaches 1032, text about 10
_FREE = 8 << 20  # below it nothing is a bomb, whatever the ratio
_TOOLS = {"site-packages", "node_modules", "venv", "env"}  # no student wrote what is in them
_MAX_PARTS = 24
_MAX_LEFT_OUT = 20
_CHUNK = 1 << 16
# Full disks, spent quotas, too many open files: never a fault of what was handed in.
_OURS = {
    getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EROFS", "EMFILE", "ENFILE", "EIO")
} - {None}
_READ = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _READ |= getattr(os, _name, 0)


class Refused(Exception):
    """Nothing of a submission is read; the text says why and follows the name of a file."""


class Source(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


class Budget:
    """What a submission has used up so far of what any may use, and what was left out of it."""

    def __init__(self) -> None:
        """Start with nothing used."""
        self.names = 0
        self.files = 0
        self.written = 0
        self.streamed = 0
        self.left_out: list[str] = []

    def leave_out(self, name: str, why: str) -> None:
        """Note what is not read."""
        if len(self.left_out) < _MAX_LEFT_OUT:
            self.left_out.append(f"{printable(name, 120)}: {why}")
        elif len(self.left_out) == _MAX_LEFT_OUT:
            self.left_out.append("and more")

    def see(self) -> None:
        """Count one more name."""
        self.names += 1
        if self.names > MAX_NAMES:
            raise Refused(f"holds more than {MAX_NAMES} entries")

    def stream(self, size: int) -> None:
        """Count bytes that were unpacked, if only to find what is behind them."""
        self.streamed += size
        if self.streamed > MAX_STREAM:
            raise Refused(f"unpacks to more than {MAX_STREAM >> 20} MiB")


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading: no link, no pipe, no device."""
    try:
        stream = os.fdopen(os.open(path, _READ), "rb")
    except (OSError, ValueError) as error:
        refuse_ours(path, error)
        is_link = getattr(error, "errno", None) == errno.ELOOP
        reason = getattr(error, "strerror", None) or "its name is impossible"
        told = "is a link, which is not followed" if is_link else f"cannot be read: {reason}"
        raise Refused(told) from error
    with stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise Refused("is not a regular file")
        yield stream


def copy_in(source: Source, root: Path, name: str, budget: Budget) -> Path | None:
    """Write one file of a submission below ``root``; None, with a note, where it cannot be."""
    parts = safe_parts(name, budget)
    if not parts:
        return None
    target = root.joinpath(*parts)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            budget.leave_out(name, "is in it twice; the last one is read")
            target.unlink()
            budget.files -= is_source(name)
        with target.open("xb") as stream:
            size = 0
            limit = MAX_FILE if is_source(name) else MAX_BYTES
            while size < limit and (chunk := source.read(min(_CHUNK, limit - size))):
                size += len(chunk)
                budget.written += len(chunk)
                if budget.written > MAX_BYTES:
                    raise Refused(f"unpacks to more than {MAX_BYTES >> 20} MiB of code")
                stream.write(chunk)
    except OSError as error:
        if error.errno is None:  # the archive is broken
            raise
        refuse_ours(root, error)
        budget.leave_out(name, f"cannot be written here: {error.strerror}")
        return None
    budget.files += is_source(name)
    if budget.files > MAX_FILES:
        raise Refused(f"holds more than {MAX_FILES} Python files")
    return target


def safe_parts(name: str, budget: Budget) -> tuple[str, ...]:
    """Return the folders and the name of an entry; nothing, with a note, where they lead away."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if name[:1] in ("/", "\\") or (parts and parts[0][1:2] == ":"):
        budget.leave_out(name, "its path is absolute")
    elif ".." in parts:
        budget.leave_out(name, "its path leads out of the submission")
    elif "\0" in name:
        budget.leave_out(name, "its name is impossible")
    elif len(parts) > _MAX_PARTS:
        budget.leave_out(name, "its folders are too deep")
    else:
        return tuple(parts)
    return ()


def is_wanted(name: str) -> bool:
    """Return True for an entry that can be a student's work: code, or an archive that holds it."""
    *folders, own = name.replace("\\", "/").split("/")
    is_work = not any(
        (is_junk(folder) and folder not in (".", "..")) or folder in _TOOLS for folder in folders
    )
    return is_work and not is_junk(own) and (is_source(own) or is_archive(own))


def check_ratio(unpacked: int, packed: int) -> None:
    """Refuse code that grows like nothing that people write; arrays of zeros may."""
    if unpacked > _FREE and unpacked > MAX_RATIO * max(packed, 1):
        raise Refused(f"would unpack to more than {MAX_RATIO} times its size")


def refuse_ours(path: Path, error: Exception) -> None:
    """Raise ``CourseError`` for what is wrong with this machine and not with a submission."""
    if isinstance(error, OSError) and error.errno in _OURS:
        told = f"{printable(str(path.parent))}: cannot be used: {error.strerror}"
        raise CourseError(told) from error
