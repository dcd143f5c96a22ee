"""Writing a student kit: into a new folder, or as a zip that is there whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from grader.errors import CourseError
from grader.zipping import zipped

_ZIP = ".zip"


def refuse_taken(out: Path) -> None:
    """Raise ``CourseError`` where a kit cannot be written, or something would be lost."""
    if not out.absolute().parent.is_dir():
        raise CourseError(f"--out {out}: there is no folder {out.parent}")
    if out.suffix == _ZIP:
        if out.is_dir():
            raise CourseError(f"--out {out}: it is a folder; name a FILE.zip")
    elif out.is_dir():
        if out.resolve() == Path.cwd():
            raise CourseError(f"--out {out}: we are in it; name a folder inside, or a FILE.zip")
        if any(out.iterdir()):
            raise CourseError(f"--out {out}: is not empty; name a new folder, or a FILE.zip")
    elif os.path.lexists(out):
        raise CourseError(f"--out {out}: is a file; name a new folder, or a FILE.zip")


def write_kit(files: Mapping[str, bytes], out: Path, name: str) -> None:
    """Write a folder, or a zip with a folder ``name`` in it, whole or not at all."""
    refuse_taken(out)
    part = None
    try:
        where = out.absolute().parent
        part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=where))
        if out.suffix == _ZIP:
            inside = {f"{name}/{place}": data for place, data in sorted(files.items())}
            (part / out.name).write_bytes(zipped(inside))
            (part / out.name).replace(out)
        else:
            write_files(files, part / "kit")
            if out.is_dir():  # empty; not every system replaces one
                out.rmdir()
            (part / "kit").replace(out)
    except OSError as error:
        raise CourseError(f"--out {out}: cannot be written: {error.strerror}") from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files below a folder, which need not be there."""
    for place, data in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
