"""Where results go: stdout, and files that are written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.errors import CourseError


def writer_of(file: str, stated: str | None, endings: Mapping[str, str]) -> str:
    """Return the format of a report; a place that cannot be written is an error at once."""
    path = Path(file)
    if path.is_dir() or not path.parent.is_dir():
        reason = "it is a folder" if path.is_dir() else f"there is no folder {path.parent}"
        raise CourseError(f"--report {file}: cannot be written: {reason}")
    if stated:
        return stated
    ending = Path(file).suffix
    if ending not in endings:
        known = ", ".join(endings)
        raise CourseError(f"--report {file}: the ending must be one of {known}, or say --format")
    return endings[ending]


def emit(text: str) -> None:
    """Write to stdout; what its encoding lacks is escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CourseError(f"the result cannot be printed: {error.strerror}") from error


def write_file(path: Path, text: str) -> None:
    """Write a report whole or not at all; a link keeps its target, a device is written to."""
    write_data(path, text.encode(), "--report")


def write_data(path: Path, data: bytes, flag: str) -> None:
    """Write a file whole or not at all; ``flag`` is what named it."""
    unfinished: list[Path] = []
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        unfinished.append(part)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        for left in unfinished:
            left.unlink(missing_ok=True)
        raise CourseError(f"{flag} {path}: cannot be written: {error.strerror}") from error
