"""An nbgrader course: ``submitted/STUDENT/ASSIGNMENT/``, with a ``timestamp.txt`` in each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.errors import CourseError
from grader.escape import printable
from grader.intake.arrival import Arrival, Person, Taken, Wanted, legible
from grader.intake.entries import Entry, Kind, list_inner
from grader.intake.layouts import plain
from grader.intake.moments import moment
from grader.spec.yaml_cursor import nearest
from grader.submission.reading import read_bytes

_TIME = "timestamp.txt"
_STEP = "submitted"
_MAX_TRIED = 20


def is_here(folder: Path, entries: Sequence[Entry]) -> bool:
    """Return True for a course folder, or one in which students have dated assignments."""
    if Entry(_STEP, Kind.FOLDER) in entries:
        inside = _folders(list_inner(folder / _STEP))
        return any(_folders(list_inner(folder / _STEP / s.name)) for s in inside[:_MAX_TRIED])
    students = _folders(entries)[:_MAX_TRIED]
    dated = [
        any(
            Entry(_TIME, Kind.FILE) in list_inner(folder / student.name / assignment.name)
            for assignment in _folders(list_inner(folder / student.name))[:_MAX_TRIED]
        )
        for student in students
    ]
    return 2 * sum(dated) > len(students)  # one student must not decide for all


def read(folder: Path, entries: Sequence[Entry], wanted: Wanted) -> Taken:
    """Return what each student handed in for one assignment."""
    if Entry(_STEP, Kind.FOLDER) in entries:
        folder = folder / _STEP
        entries = list_inner(folder)
    handed_in = {
        student.name: [entry.name for entry in _folders(list_inner(folder / student.name))]
        for student in _folders(entries)
    }
    assignment = _assignment({name for names in handed_in.values() for name in names}, wanted.part)
    arrivals = []
    for student, names in handed_in.items():
        if assignment in names:
            place = folder / student / assignment
            data, reason = read_bytes(place, _TIME, 200)
            text = data.decode("utf-8", "replace").strip()
            at = moment(text, bare_is_utc=True)
            note = ""
            if not at and not reason:
                note = f"its {_TIME} holds no time that can be read: {printable(text, 60)}"
            own = legible(student)
            arrivals.append(Arrival(own, (Person(own),), place, submitted_at=at, note=note))
    rest = [entry for entry in entries if entry.kind is not Kind.FOLDER]
    others = plain.read(folder, rest, wanted)
    return Taken(tuple(arrivals), (*others.arrivals, *others.strays))


def _assignment(names: set[str], named: str) -> str:
    shown = [printable(name, 60) for name in sorted(names)[:20]]
    if named:
        if named not in names:
            known = f"there is: {', '.join(shown) or 'nothing'}"
            told = f"nobody handed in `{printable(named, 60)}`{nearest(named, shown)}; {known}"
            raise CourseError(f"--layout nbgrader: {told}")
        return named
    if len(names) != 1:
        choice = " or ".join(f"`--layout nbgrader:{name}`" for name in shown[:4])
        told = f"several assignments were handed in: say {choice}" if names else "nothing is there"
        raise CourseError(f"--layout nbgrader: {told}")
    return next(iter(names))


def _folders(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind is Kind.FOLDER]
