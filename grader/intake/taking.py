"""Taking in a class: the layout, the roster, the number and the key of every attempt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.errors import CourseError
from grader.escape import printable
from grader.intake.arrival import Arrival, Taken, Wanted
from grader.intake.entries import Entry, is_archive, list_entries
from grader.intake.joining import Joined, join
from grader.intake.keys import keys_of
from grader.intake.layouts import LAYOUTS, inner_export, recognise
from grader.intake.moments import instant
from grader.intake.record import Attempt, Intake
from grader.intake.roster import Roster
from grader.spec.yaml_cursor import nearest

_MAX_SHOWN = 10


def take_in(
    folder: Path,
    layout: str | None = None,
    roster: Roster | None = None,
    files: Sequence[str] = (),
) -> Intake:
    """Return every attempt in a folder of submissions.

    ``layout`` is one of ``LAYOUTS``, recognised where it is not named; after a colon stands which
    part of it is meant: ``nbgrader:ps1``. ``files`` are what the assignments ask for.
    """
    entries = _entries(folder)
    name, _, part = (layout or "").partition(":")
    if layout is not None and name not in LAYOUTS:
        known = ", ".join(LAYOUTS)
        raise CourseError(
            f"--layout: `{printable(name, 60)}` is not one of {known}{nearest(name, LAYOUTS)}"
        )
    if name != "plain" and (inner := inner_export(folder, entries)):
        folder, entries = inner, list_entries(inner)
    problems: list[str] = []
    if layout is None:
        name, problems = recognise(folder, entries)
    found = LAYOUTS[name][1](folder, entries, Wanted(part, layout is not None, tuple(files)))
    if layout is not None and name != "plain" and not found.arrivals:
        raise CourseError(f"{_shown(folder)}: there is nothing of {LAYOUTS[name][0]} in it")
    problems += found.problems
    arrivals = [*found.arrivals, *_of_the_roster(found, roster, problems)]
    arrivals = _without_own_files(arrivals, folder, files, problems)
    if not arrivals:
        raise CourseError(f"{_shown(folder)}: there is nothing in it that could be a submission")
    joined = join(arrivals, roster)
    return Intake(
        name, tuple(_attempts(joined.pairs, problems)), (*problems, *_told(joined)), roster
    )


def _entries(folder: Path) -> tuple[Entry, ...]:
    try:
        return list_entries(folder)
    except NotADirectoryError as error:
        told = "unpack it and name the folder" if is_archive(folder.name) else "name a folder"
        raise CourseError(f"{_shown(folder)}: is not a folder: {told}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such folder"
        raise CourseError(f"{_shown(folder)}: cannot be read: {reason}") from error


def _of_the_roster(found: Taken, roster: Roster | None, problems: list[str]) -> list[Arrival]:
    """Return the strays that are named like someone on the roster; tell of the others."""
    taken = [
        stray for stray in found.strays
        if roster and (roster.find(stray.persons[0].id) or stray.persons[0].id in roster.by_group)
    ]  # fmt: skip
    known = set(taken)
    rest = [stray for stray in found.strays if stray not in known]
    if rest:
        names = _listed([stray.place.name for stray in rest])
        problems.append(f"left out, since it is no submission: {names}")
    return taken


def _without_own_files(
    arrivals: list[Arrival], folder: Path, files: Sequence[str], problems: list[str]
) -> list[Arrival]:
    """Leave out files that an assignment asks for, lying where students should: a starter, say."""
    own = {file for file in files if "/" not in file}
    there = [arrival for arrival in arrivals if arrival.place.parent == folder]
    bare = [arrival for arrival in there if arrival.place.name in own and not arrival.files]
    if bare and len(bare) == len(arrivals):
        told = "holds one submission, not a class: `grade` without `batch` grades it"
        raise CourseError(f"{_shown(folder)}: {told}")
    if bare:
        names = _listed([arrival.place.name for arrival in bare])
        problems.append(f"{names}: left out, a file of the assignment and no student")
    return [arrival for arrival in arrivals if arrival not in bare]


def _attempts(
    pairs: Sequence[tuple[Arrival, tuple[str, ...]]], problems: list[str]
) -> Iterator[Attempt]:
    ordered = sorted(
        pairs, key=lambda pair: (instant(pair[0].submitted_at), pair[0].rank, pair[0].label)
    )
    keys = keys_of([arrival.label for arrival, _ in ordered])
    last: dict[str, tuple[int, Arrival]] = {}
    unordered: list[str] = []
    for index, (arrival, students) in enumerate(ordered):
        before = [last[student] for student in students if student in last]
        number = 1 + max((count for count, _ in before), default=0)
        if any(
            (earlier.submitted_at, earlier.rank) == (arrival.submitted_at, arrival.rank)
            for _, earlier in before
        ):
            unordered.append(students[0])
        last.update(dict.fromkeys(students, (number, arrival)))
        yield Attempt(
            keys[index], students, arrival.place, number,
            arrival.submitted_at, arrival.is_late, arrival.note, arrival.files,
        )  # fmt: skip
    if unordered:
        told = "handed in several times and nothing says in which order, so it is that of the names"
        problems.append(f"{told}: {_listed(unordered)}")


def _told(joined: Joined) -> Iterator[str]:
    if joined.unknown:
        shown = [person.id for person in joined.unknown]
        near = nearest(shown[0], joined.known) if len(shown) <= _MAX_SHOWN else ""
        yield f"not on the roster: {_listed(shown)}{near}"
    if joined.by_name:
        pairs = [f"{person.id} is {member.id}" for person, member in joined.by_name]
        yield f"found on the roster by name alone: {_listed(pairs)}"


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(printable(word, 80) for word in words[:_MAX_SHOWN])
    more = len(words) - _MAX_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _shown(folder: Path) -> str:
    return printable(str(folder))
