"""Opening an attempt: something that can be read as a submission, or the reason why not."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError
from grader.escape import printable
from grader.intake.entries import (
    Entry,
    Kind,
    is_archive,
    is_foreign,
    is_source,
    kind_at,
    list_entries,
    list_inner,
    stem_of,
)
from grader.intake.record import Attempt
from grader.intake.unpacking import unpack
from grader.intake.writing import Budget, Refused, copy_in, open_regular, refuse_ours
from grader.submission import list_sources, spellings

MAX_DEPTH = 8


@dataclass(frozen=True)
class Opened:
    """Where a submission can be read while the context lasts.

    With a ``problem`` nothing of it can be read and ``path`` is not to be looked at. ``left_out``
    says what was in it and not read, for a human.
    """

    path: Path
    problem: str = ""
    left_out: tuple[str, ...] = ()


@contextmanager
def opened(attempt: Attempt, files: Sequence[str] = ()) -> Iterator[Opened]:
    """Open an attempt; ``files`` are what the assignments ask for, by name or path.

    A folder stays where it is. Archives and loose files become a folder for as long as the context
    lasts. A folder that holds another one and no work is entered, unless a file that is asked for
    lies in a folder of that name.
    """
    place = attempt.place
    if attempt.files:
        with _temporary(attempt) as root:
            yield _gathered(root, place, attempt.files, files)
        return
    kind = kind_at(place)
    if kind is Kind.FILE and is_archive(place.name):
        with _temporary(attempt) as root:
            yield _gathered(root, place.parent, ((place.name, place.name),), files)
    elif kind is Kind.FILE:
        yield Opened(place, "" if is_source(place.name) else _no_work(place.name))
    elif kind is not Kind.FOLDER:
        # Without its name, which on some platforms is that of the student.
        yield Opened(place, f"what was handed in is {kind.value}")
    else:
        try:
            entries = list_entries(place)
        except (OSError, ValueError) as error:
            refuse_ours(place, error)
            reason = getattr(error, "strerror", None) or "its name is impossible"
            yield Opened(place, f"the folder cannot be read: {reason}")
            return
        inner = _entered(place, files)
        packed = [e for e in list_inner(inner) if e.kind is Kind.FILE]
        if not any(is_archive(e.name) for e in packed) or _holds_work(inner, files):
            yield Opened(inner, "" if entries else "the folder is empty")
            return
        with _temporary(attempt) as root:
            yield _gathered(root, inner, tuple((e.name, e.name) for e in packed), files)


@contextmanager
def _temporary(attempt: Attempt) -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True)
    except OSError as error:
        raise CourseError(f"no temporary folder can be made: {error.strerror}") from error
    with folder as outer:
        # The last part of the path is the name of the submission in its report.
        root = Path(outer) / attempt.key
        root.mkdir()
        yield root


def _gathered(
    root: Path, place: Path, pairs: Sequence[tuple[str, str]], files: Sequence[str]
) -> Opened:
    """Put loose files into a folder, and what is in the archives among them."""
    budget = Budget()
    archives = [pair for pair in pairs if is_archive(pair[0])]
    loose = [pair for pair in pairs if is_source(pair[0])]
    refusals = []
    for name, source in archives:
        # Two archives may hold files of the same names.
        into = root / _own_name(stem_of(name)) if len(archives) > 1 else root
        before = budget.files
        try:
            with open_regular(place / source) as stream:
                unpack(stream, into, budget)
        except Refused as refused:
            refusals.append(f"{printable(name, 100)} {refused}")
            shutil.rmtree(into, ignore_errors=True)  # half of a submission is none
            budget.files = before
    for name, source in loose:
        try:
            with open_regular(place / source) as stream:
                copy_in(stream, root, _own_name(name), budget)
        except Refused as refused:
            refusals.append(f"{printable(name, 100)} {refused}")
    left_out = (*refusals, *budget.left_out)
    if not budget.files:
        problem = refusals[0] if refusals else _no_work(", ".join(name for name, _ in pairs))
        return Opened(root, problem, left_out)
    if len(loose) == budget.files == 1:
        # Whatever the one file is called, it stands for the one that is asked for.
        return Opened(root / _own_name(loose[0][0]), "", left_out)
    return Opened(_entered(root, files), "", left_out)


def _entered(folder: Path, files: Sequence[str]) -> Path:
    """Go down while there is one folder and no work beside it."""
    tops = {file.partition("/")[0] for file in files if "/" in file}
    for _ in range(MAX_DEPTH):
        inside = [entry for entry in list_inner(folder) if _counts(entry)]
        if len(inside) != 1 or inside[0].kind is not Kind.FOLDER or inside[0].name in tops:
            break
        folder /= inside[0].name
    return folder


def _counts(entry: Entry) -> bool:
    return entry.kind is Kind.FOLDER or is_source(entry.name) or is_archive(entry.name)


def _holds_work(folder: Path, files: Sequence[str]) -> bool:
    """Return True where a file that is asked for lies open, so that archives are left alone."""
    asked = {s.rpartition("/")[2] for file in files for s in spellings(file)}
    names = [path.rpartition("/")[2] for path in list_sources(folder).paths]
    return any(not asked or name in asked for name in names)


def _own_name(name: str) -> str:
    """Return a name for a file that cannot be a path: platforms keep none, hostile names may."""
    flat = "".join("_" if character in "/\\\0:" else character for character in name)
    return flat if flat.strip(". ") else "file"


def _no_work(names: str) -> str:
    if is_foreign(names):
        return f"{printable(names, 200)} is packed in a way that is not read here: hand in a zip"
    return f"there is no Python file and no notebook in it: {printable(names, 200)}"
