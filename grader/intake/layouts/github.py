"""Clones of a GitHub Classroom assignment: ``ASSIGNMENT-USERNAME/`` with a ``.git`` in each.

The assignment's name is taken off the front only where the layout is named, since a user name may
hold hyphens too: ``github:ASSIGNMENT`` takes off that, ``github`` what all folders share.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.intake.arrival import Arrival, Person, Taken, Wanted, legible
from grader.intake.entries import Entry, Kind, kind_at
from grader.intake.layouts import plain


def is_one(folder: Path, entry: Entry) -> bool:
    """Return True for a clone."""
    is_folder = entry.kind is Kind.FOLDER
    return is_folder and kind_at(folder / entry.name / ".git") is not Kind.NOTHING


def read(folder: Path, entries: Sequence[Entry], wanted: Wanted) -> Taken:
    """Return a submission for each folder."""
    clones = [entry for entry in entries if entry.kind is Kind.FOLDER]
    names = [entry.name for entry in clones]
    prefix, problems = "", []
    if wanted.part:
        prefix = f"{wanted.part}-"
        others = [name for name in names if not name.startswith(prefix)]
        if others:
            shown = ", ".join(legible(name) for name in others[:5])
            problems.append(f"not named `{legible(prefix)}USER`: {shown}")
    elif wanted.is_named and len(names) > 1:
        prefix = _shared_front(min(names), max(names))
    arrivals = []
    for entry in clones:
        user = legible(entry.name.removeprefix(prefix) or entry.name)
        # With a roster, the end of the name is known by the user names on it.
        ends = tuple(user[at + 1 :] for at, character in enumerate(user) if character == "-")
        person = Person(user, others=ends)
        arrivals.append(Arrival(legible(entry.name), (person,), folder / entry.name))
    rest = plain.read(folder, [entry for entry in entries if entry.kind is not Kind.FOLDER], wanted)
    return Taken(tuple(arrivals), (*rest.arrivals, *rest.strays), tuple(problems))


def _shared_front(one: str, other: str) -> str:
    """Return what two names begin with, up to a hyphen; of the first and last of many, of all."""
    count = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one)
    )
    return one[: one.rfind("-", 0, count) + 1]
