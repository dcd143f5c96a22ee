"""Unpacking what a stranger packed: Python files and notebooks, nothing else, nowhere else.

The readers of the standard library are asked for names and bytes alone; paths are made, and files
written, by ``writing``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from grader.errors import CourseError
from grader.escape import printable
from grader.intake.entries import stem_of
from grader.intake.tars import unpack_tar
from grader.intake.writing import Budget, Refused, open_regular, refuse_ours
from grader.intake.zips import unpack_zip

MAX_ARCHIVE = 1 << 30  # bytes of an archive as it was handed in
MAX_NESTED = 3  # archives inside one another


def unpack(stream: BinaryIO, into: Path, budget: Budget, depth: int = 1) -> None:
    """Unpack the Python files and notebooks of an archive; or else what is in archives in it."""
    if depth > MAX_NESTED:
        raise Refused(f"holds archives inside archives, more than {MAX_NESTED} deep")
    if os.fstat(stream.fileno()).st_size > MAX_ARCHIVE:
        raise Refused(f"is larger than {MAX_ARCHIVE >> 20} MiB")
    before = budget.files
    magic = stream.read(8)
    stream.seek(0)
    try:
        into.mkdir(parents=True, exist_ok=True)
        nested = (unpack_zip if magic[:2] == b"PK" else unpack_tar)(stream, into, budget)
    except (Refused, CourseError):
        raise
    except Exception as error:  # hostile bytes make the readers of the library raise anything
        refuse_ours(into, error)
        told = printable(str(error) or type(error).__name__, 120)
        raise Refused(f"is damaged or no zip or tar archive ({told})") from error
    is_needed = budget.files == before
    for path in nested:
        if is_needed:
            inside = path.parent / stem_of(path.name) if len(nested) > 1 else path.parent
            with open_regular(path) as inner:
                unpack(inner, inside, budget, depth + 1)
        path.unlink(missing_ok=True)
