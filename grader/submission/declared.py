"""Where the declared files of an assignment are, and what to say of those that are not there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.codes import finding
from grader.escape import printable
from grader.model import Finding
from grader.spec.yaml_cursor import nearest
from grader.submission.tree import Listing, find_base, spellings

_MAX_NAMES = 1000
_MAX_SHOWN = 3


@dataclass(frozen=True)
class Found:
    """Where each declared file lies below the submission, and the folder that holds the tree."""

    places: Mapping[str, str]
    base: str = ""
    rivals: tuple[str, ...] = ()  # folders that might all be meant


def has_folders(files: Sequence[str]) -> bool:
    """Return True when a declared file lies in a folder, so that a tree is handed in."""
    return any("/" in file for file in files)


def find_declared(path: Path, files: Sequence[str], listing: Listing, *, is_tree: bool) -> Found:
    """Find the declared files; a tree may lie one or more folders deeper, if only one does."""
    if not path.is_dir():
        own = next((file for file in files if path.name in _own_names(file)), files[0])
        return Found({own: path.name})
    here = {file: place for file in files if (place := _lies_at(path, file))}
    if here or not is_tree:
        return Found(here)
    bases = find_base(files, listing.paths)
    if len(bases) != 1:
        return Found({}, rivals=bases)
    (base,) = bases
    inside = {file: _lies_at(path, f"{base}/{file}") for file in files}
    return Found({file: place for file, place in inside.items() if place}, base)


def is_handed_in(path: Path, files: Sequence[str], listing: Listing, *, is_tree: bool) -> bool:
    """Return True when the submission holds a file of an assignment."""
    if not path.is_dir():
        return any(path.name in _own_names(file) for file in files)
    found = find_declared(path, files, listing, is_tree=is_tree)
    return bool(found.places or found.rivals)


def missing(
    file: str, names: Sequence[str], listing: Listing, rivals: Sequence[str] = ()
) -> Finding:
    """Return the finding of a declared file that is not there; it names where one is, or nearly."""
    if rivals:
        shown = " and in ".join(_shown(f"{base}/") for base in rivals[:_MAX_SHOWN])
        return finding("L101", "load", f"{file} is looked for in {shown}: hand in one of them")
    same = [name for name in names if name.lower() == file.lower()]
    if same:
        close = f" (did you mean `{_shown(same[0])}`?)"
    else:
        close = nearest_place(file, listing) or nearest(file, _printables(names))
    return finding("L101", "load", f"{file} is not in the submission{close}")


def nearest_place(file: str, listing: Listing) -> str:
    """Return `` (found at FOLDER/FILE)`` for a file that lies elsewhere, or an empty text."""
    own = {name.rpartition("/")[2] for name in spellings(file)}
    places = [path for path in listing.paths if path.rpartition("/")[2] in own and path != file]
    if places:
        # The one that shares most of its folders with what was asked for.
        best = max(places, key=lambda place: (_shared_end(place, file), -place.count("/")))
        return f" (found at {_shown(best)}: it must lie at {file})"
    return nearest(file, _printables(listing.paths)) if "/" in file else ""


def _own_names(file: str) -> set[str]:
    return {spelling.rpartition("/")[2] for spelling in spellings(file)}


def _lies_at(path: Path, file: str) -> str:
    """Return the file, or its twin in the other ending, whichever is there."""
    return next((s for s in spellings(file) if os.path.lexists(path / s)), "")


def _shared_end(place: str, file: str) -> int:
    pairs = zip(reversed(place.split("/")), reversed(file.split("/")), strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), file.count("/") + 1)


def _shown(path: str) -> str:
    return printable(path, 120)


def _printables(names: Sequence[str]) -> list[str]:
    return [_shown(name) for name in names[:_MAX_NAMES]]
