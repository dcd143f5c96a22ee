"""A folder, a file or an archive for each student, named by the student's id."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.intake.arrival import Arrival, Person, Taken, Wanted, legible
from grader.intake.entries import Entry, Kind, is_archive, is_foreign, is_source, stem_of


def read(folder: Path, entries: Sequence[Entry], _: Wanted) -> Taken:
    """Return a submission for each entry; files of other kinds are strays."""
    arrivals: list[Arrival] = []
    strays: list[Arrival] = []
    folders = {entry.name for entry in entries if entry.kind is Kind.FOLDER}
    stems: set[str] = set()
    for entry in entries:
        is_work = any(is_one(entry.name) for is_one in (is_archive, is_source, is_foreign))
        own = entry.name
        if entry.kind is not Kind.FOLDER and (is_work or entry.kind is Kind.FILE):
            own = stem_of(entry.name)
        # `jane/` and `jane.zip` are one student, and two attempts.
        is_taken = entry.kind is not Kind.FOLDER and (own in folders or own in stems)
        stems.add(own)
        label = legible(entry.name if is_taken else own)
        place = folder / entry.name
        note = f"is {entry.kind.value}" if entry.kind in (Kind.LINK, Kind.OTHER) else ""
        arrival = Arrival(label, (Person(legible(own)),), place, note=note)
        (strays if entry.kind is Kind.FILE and not is_work else arrivals).append(arrival)
    return Taken(tuple(arrivals), tuple(strays))
