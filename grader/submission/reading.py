"""Reading one file of a submission: plain text, nothing followed, nothing executed."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from grader.escape import printable

MAX_BYTES = 1 << 20
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
_UTF8_NAMES = {"utf-8", "utf8", "utf-8-sig", "utf_8", "ascii", "us-ascii"}
_ASCII_SUPERSETS = {"latin-1", "latin1", "iso-8859-1", "iso-8859-15", "cp1252", "windows-1252"}
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_INNER = FOLDER | getattr(os, "O_NOFOLLOW", 0)
_FILE = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FILE |= getattr(os, _name, 0)
_BEHIND_A_LINK = "it lies behind a link; hand in the files themselves"
HAS_FOLDERS = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd


def read_bytes(root: Path, name: str, cap: int = MAX_BYTES) -> tuple[bytes, str]:
    """Return the bytes of a regular file, named by its path below ``root``, or the reason why not.

    Each folder is opened from the one above, and the file from its own by its name alone: nothing
    that happens to the path meanwhile can lead elsewhere. Links, pipes and devices are not opened
    at all, and no linked folder is entered.
    """
    opened: list[int] = []
    try:
        place: dict[str, int] = {}
        target = os.fspath(root / name)
        inner, _, own = name.rpartition("/")
        if HAS_FOLDERS:
            place, target = {"dir_fd": open_folder(root, inner, opened)}, own
        elif any((root / folder).is_symlink() for folder in folders_above(name)):
            return b"", f"cannot be read: {_BEHIND_A_LINK}"
        # Path.stat knows no folder to start from.
        if reason := _refusal(os.stat(target, follow_symlinks=False, **place), cap):  # noqa: PTH116
            return b"", reason
        opened.append(os.open(target, _FILE, **place))
        if reason := _refusal(os.fstat(opened[-1]), cap):
            return b"", reason
        with os.fdopen(opened[-1], "rb", closefd=False) as stream:
            data = stream.read(cap + 1)
        return (data, "") if len(data) <= cap else (b"", "grows while it is read")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is impossible"
        return b"", f"cannot be read: {reason}"
    finally:
        for descriptor in opened:
            os.close(descriptor)


def open_folder(root: Path, inner: str, opened: list[int]) -> int:
    """Return a descriptor of a folder below ``root``; all that are opened are added to a list."""
    opened.append(os.open(root, FOLDER))
    for part in inner.split("/") if inner else ():
        if stat.S_ISLNK(os.stat(part, dir_fd=opened[-1], follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, _BEHIND_A_LINK)
        opened.append(os.open(part, _INNER, dir_fd=opened[-1]))
    return opened[-1]


def folders_above(path: str) -> tuple[str, ...]:
    """Return the folders of a path below its root, the innermost first."""
    parts = path.split("/")[:-1]
    return tuple("/".join(parts[:count]) for count in range(len(parts), 0, -1))


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a Python file, or the reason why it is none."""
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


def _refusal(status: os.stat_result, cap: int) -> str:
    if stat.S_ISLNK(status.st_mode):
        return "is a link; hand in the file itself"
    if not stat.S_ISREG(status.st_mode):
        return "is not a regular file"
    return f"is larger than {cap >> 20} MiB" if status.st_size > cap else ""
