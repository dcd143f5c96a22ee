"""Moodle's download of all submissions: a folder for each student, or all files in one.

``NAME_NUMBER_assignsubmission_file_/layers.py``, or ``NAME_NUMBER_assignsubmission_file_layers.py``
where the files are not in folders. The number is that of the participant, as in the worksheet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from grader.intake.arrival import Arrival, Person, Taken, Wanted, legible
from grader.intake.entries import Entry, Kind
from grader.intake.layouts import plain

_NAME = re.compile(
    r"(?P<name>.+)_(?P<number>\d{1,19})_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL,
)
_TYPED = "onlinetext"


def is_one(name: str) -> bool:
    """Return True for a name that Moodle made."""
    return bool(_NAME.fullmatch(name))


def read(folder: Path, entries: Sequence[Entry], wanted: Wanted) -> Taken:
    """Return a submission for each participant."""
    own: dict[tuple[str, str], list[tuple[Entry, str, str]]] = {}
    strays = []
    for entry in entries:
        if found := _NAME.fullmatch(entry.name):
            participant = found["number"], legible(found["name"])
            own.setdefault(participant, []).append((entry, found["kind"], found["file"] or ""))
        else:
            strays.append(entry)
    arrivals = [
        _arrival(folder, number, name, found) for (number, name), found in sorted(own.items())
    ]
    others = plain.read(folder, strays, wanted)
    return Taken(tuple(arrivals), (*others.arrivals, *others.strays))


def _arrival(
    folder: Path, number: str, name: str, found: Sequence[tuple[Entry, str, str]]
) -> Arrival:
    # A team's name stands before that of its member.
    names = tuple(name[at + 1 :] for at, character in enumerate(name) if character == "-")
    person = Person(number, name, names)
    handed_in = [item for item in found if item[1] != _TYPED]
    note = "" if handed_in else "typed online, no file handed in"
    chosen = handed_in or list(found)
    folders = [entry for entry, _, _ in chosen if entry.kind is Kind.FOLDER]
    if folders:
        if len(chosen) > 1:
            note = "files beside its folder were not read"
        return Arrival(number, (person,), folder / folders[0].name, note=note)
    files = tuple((file or kind, entry.name) for entry, kind, file in chosen)
    return Arrival(number, (person,), folder, files, note=note)
