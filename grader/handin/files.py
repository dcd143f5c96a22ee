"""The files of a hand-in, byte by byte as they lie; nothing of a kit, nothing behind a link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.handin.imports import reached
from grader.model import Assignment
from grader.submission import (
    MAX_BYTES,
    MAX_NOTEBOOK_BYTES,
    find_declared,
    list_sources,
    module_path,
    read_bytes,
    read_submission,
)

MAX_PACKED = 16 << 20  # bytes of all files; a submission that is read has less


@dataclass(frozen=True)
class HandIn:
    """The files by their names in the zip, and why some that are asked for are not among them."""

    files: Mapping[str, bytes]
    missing: tuple[str, ...]


def gather(path: Path, assignment: Assignment) -> HandIn:
    """Return the declared files and, of a tree, those files of it that they import.

    Support files are left out: whoever grades has them.
    """
    submission = read_submission(path, assignment.files, is_tree=assignment.is_tree)
    listing = list_sources(path)
    is_tree = assignment.is_tree and path.is_dir()
    found = find_declared(path, assignment.files, listing, is_tree=is_tree)
    start = f"{found.base}/" if found.base else ""
    places = {place.removeprefix(start): place for place in found.places.values()}
    if is_tree:
        inside = {module_path(p.removeprefix(start)): p for p in listing.paths}
        needed = reached(submission.texts, [*places]) - {*assignment.support}
        places |= {name: inside[name] for name in sorted(needed) if name in inside}
    root = path if path.is_dir() else path.parent
    files = {}
    missing = [f"{told.message} ({told.help})" for told in submission.broken.values()]
    for name, place in sorted(places.items()):
        cap = MAX_NOTEBOOK_BYTES if place.endswith(".ipynb") else MAX_BYTES
        data, reason = read_bytes(root, place, cap)
        if not reason:
            files[name] = data
        elif place not in found.places.values():
            missing.append(f"{place} {reason}")
    return HandIn(files, tuple(missing))


@contextmanager
def written(hand_in: HandIn) -> Iterator[Path]:
    """Yield a folder that holds the files of a hand-in and nothing else."""
    with TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as folder:
        for name, data in hand_in.files.items():
            file = Path(folder) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        yield Path(folder)
