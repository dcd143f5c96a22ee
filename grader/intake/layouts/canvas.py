"""Canvas's bulk download: every file of everyone in one folder.

``NAME_USER_ATTACHMENT_FILE``, ``NAME_LATE_USER_ATTACHMENT_FILE``; where names are hidden,
``anon_CODE_ATTACHMENT_FILE``. A file handed in again under its old name becomes ``layers-1.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.intake.arrival import Arrival, Person, Taken, Wanted, legible
from grader.intake.entries import Entry, Kind
from grader.intake.layouts import plain

_NAME = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>\d{1,19})_(?P<attachment>\d{1,19})_(?P<file>.+)",
    re.DOTALL,
)
_HIDDEN = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon)_(?P<user>[A-Za-z0-9]{1,20})_(?P<attachment>\d{1,19})"
    r"_(?P<file>.+)",
    re.DOTALL,
)
_TYPED = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>\d{1,19})_(?P<file>(?:text|link)\.html)", re.DOTALL
)
_AGAIN = re.compile(r"(?P<stem>.+)-(?P<count>[1-9]\d{0,2})(?P<ending>\.[^.]+)", re.DOTALL)


@dataclass(frozen=True)
class _File:
    """One file of one student."""

    entry: str
    base: str  # its name without the mark of a resubmission
    name: str
    count: int  # how often a file of this name was there before
    attachment: int


def is_one(name: str) -> bool:
    """Return True for a name that Canvas made."""
    return _match(name) is not None


def read(folder: Path, entries: Sequence[Entry], wanted: Wanted) -> Taken:
    """Return the attempts of each user."""
    people: dict[str, Person] = {}
    files: dict[str, list[_File]] = {}
    late: set[str] = set()
    typed: set[str] = set()
    strays = []
    for entry in entries:
        found = _match(entry.name) if entry.kind is not Kind.FOLDER else None
        if not found:
            strays.append(entry)
            continue
        parts = found.groupdict()
        user = parts["user"]
        people.setdefault(user, Person(user, "" if parts["name"] == "anon" else parts["name"]))
        own = files.setdefault(user, [])
        own.append(_file(entry.name, parts, wanted.files))
        if parts["late"]:
            late.add(user)
        if "attachment" not in parts:
            typed.add(user)
    arrivals: list[Arrival] = []
    for user, own in sorted(files.items()):
        note = "typed online, no file handed in" if user in typed and len(own) == 1 else ""
        person = (Person(user, legible(people[user].name)),)
        for rank, (level, chosen) in enumerate(_attempts(own)):
            label = f"{user}-{level}" if level else user
            # The mark is that of the whole submission, so of all its attempts.
            is_late = user in late
            arrivals.append(Arrival(label, person, folder, chosen, "", rank, is_late, note))
    others = plain.read(folder, strays, wanted)
    return Taken(tuple(arrivals), (*others.arrivals, *others.strays))


def _match(name: str) -> re.Match[str] | None:
    return _HIDDEN.fullmatch(name) or _NAME.fullmatch(name) or _TYPED.fullmatch(name)


def _file(entry: str, parts: Mapping[str, str], wanted: Collection[str]) -> _File:
    name = parts["file"]
    again = _AGAIN.fullmatch(name)
    attachment = int(parts.get("attachment", 0))
    # `hw-1.py` is no second `hw.py` where the assignment asks for it under that very name.
    if not again or name in {file.rpartition("/")[2] for file in wanted}:
        return _File(entry, name, name, 0, attachment)
    base = again["stem"] + again["ending"]
    return _File(entry, base, name, int(again["count"]), attachment)


def _attempts(files: Sequence[_File]) -> list[tuple[int, tuple[tuple[str, str], ...]]]:
    """Return each attempt: how often its newest file was replaced, and the files by name."""
    versions: dict[str, list[_File]] = {}
    for file in sorted(files, key=lambda file: (file.count, file.attachment)):
        versions.setdefault(file.base, []).append(file)
    replaced = {file.count for own in versions.values() if len(own) > 1 for file in own}
    newest = max(file.count for file in files)
    attempts = []
    for level in sorted({*replaced, newest}):
        chosen = []
        for base, own in sorted(versions.items()):
            upto = [file for file in own if file.count <= level]
            if upto:
                chosen.append((base, upto[-1].entry))
        if chosen:
            attempts.append((level, tuple(chosen)))
    return attempts
