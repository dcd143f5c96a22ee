"""Layouts: how each platform arranges what it lets one download.

``LAYOUTS`` names them. ``recognise`` says which one a folder has; ``read`` finds the submissions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from grader.escape import printable
from grader.intake.arrival import Taken, Wanted
from grader.intake.entries import Entry, Kind, list_inner
from grader.intake.layouts import canvas, github, gradescope, moodle, nbgrader, plain

Reader = Callable[[Path, Sequence[Entry], Wanted], Taken]
LAYOUTS: dict[str, tuple[str, Reader]] = {
    "plain": ("a folder, file or archive for each student", plain.read),
    "gradescope": ("a Gradescope export with its submission_metadata.yml", gradescope.read),
    "canvas": ("a Canvas bulk download", canvas.read),
    "moodle": ("a Moodle download of all submissions", moodle.read),
    "nbgrader": ("the submitted/ of an nbgrader course", nbgrader.read),
    "github": ("clones of a GitHub Classroom assignment", github.read),
}
# How an entry looks that one platform alone makes; Gradescope and nbgrader are known otherwise.
_MARKS: dict[str, Callable[[Path, Entry], bool]] = {
    "moodle": lambda _, entry: moodle.is_one(entry.name),
    "canvas": lambda _, entry: entry.kind is not Kind.FOLDER and canvas.is_one(entry.name),
    "github": github.is_one,
}


def recognise(folder: Path, entries: Sequence[Entry]) -> tuple[str, list[str]]:
    """Return the layout of a folder, and a remark where another one was close."""
    if gradescope.is_here(entries):
        return "gradescope", []
    if nbgrader.is_here(folder, entries):
        return "nbgrader", []
    for layout, is_one in _MARKS.items():
        marked = [entry for entry in entries if is_one(folder, entry)]
        if not marked:
            continue
        share = f"{len(marked)} of {len(entries)} names"
        if 2 * len(marked) > len(entries):
            others = f"{share} look like {LAYOUTS[layout][0]}, so it was read as one"
            told = f"{others}; `--layout plain` reads every name as a student"
            return layout, [told] if len(marked) < len(entries) else []
        seen = f"{share} look like {LAYOUTS[layout][0]}, too few for one"
        example = printable(marked[0].name, 80)
        told = f"{seen} ({example}): read as plain; `--layout {layout}` if it is one"
        return "plain", [told]
    return "plain", []


def inner_export(folder: Path, entries: Sequence[Entry]) -> Path | None:
    """Return the one folder in a folder if it is a platform's export: zips unpack to such."""
    if len(entries) != 1 or entries[0].kind is not Kind.FOLDER:
        return None
    inner = folder / entries[0].name
    found = list_inner(inner)
    return inner if found and recognise(inner, found)[0] != "plain" else None
