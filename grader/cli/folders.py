"""The folder of a batch, opened for a command that grades nothing: its rows and its reports."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.batch.papers import Settings, load_document, read_settings, rows_of
from grader.cli.batching import hidden_roster, read_key
from grader.course import Course, find_course, load
from grader.errors import CourseError
from grader.grades import Document, Handed, Row, restored
from grader.intake import Roster, read_roster
from grader.model import Rubric


@dataclass(frozen=True)
class Batch:
    """What a folder holds, its ``overrides.yaml`` applied as it is now."""

    folder: Path
    rows: Sequence[Row]
    handed: Sequence[Handed]
    rubrics: Mapping[str, Rubric]

    def document(self, key: str) -> Document:
        """Return the report of an attempt."""
        return load_document(self.folder, key)

    def regraded(self) -> list[str]:
        """Return a line for each assignment whose rubric is not the one of all its reports."""
        told = []
        for name, rubric in self.rubrics.items():
            used = (handed.circumstances.get(name, {}).get("rubric") for handed in self.handed)
            other = sum(digest not in (None, rubric.digest) for digest in used)
            if other:
                told.append(f"{name}: {other} graded by another rubric; `grade batch` regrades")
        return told


def open_batch(place: str, arguments: argparse.Namespace) -> Batch:
    """Read a folder; raises ``CourseError`` where it is none of a batch, or not all is graded."""
    folder = Path(place)
    settings = read_settings(folder)
    course = find_course(arguments.course, os.environ, None)
    rubrics = _rubrics(course, settings, arguments.rubric)
    roster, key = _people(folder, settings, arguments)
    hidden = hidden_roster(roster, key) if roster and key else roster
    rows, handed = rows_of(folder, settings, rubrics, hidden.by_id if hidden else None)
    if left := len(settings.attempts) - len(handed):
        raise CourseError(f"{folder}: {left} of {len(settings.attempts)} submissions are not "
                          "graded yet: run `grade batch` to its end")  # fmt: skip
    students = {student for one in handed for student in one.students}
    if hidden is not None and students and not students & hidden.by_id.keys():
        which = "roster and key" if key else "roster"
        raise CourseError(
            f"{folder}: nobody who handed in is on the roster; is it another {which}?"
        )
    if roster and key:
        rows = restored(rows, roster.members, key)
    return Batch(folder, rows, handed, rubrics)


def _rubrics(course: Course, settings: Settings, stated: str | None) -> dict[str, Rubric]:
    if stated and len(settings.assignments) > 1:
        raise CourseError(
            "--rubric: a rubric is that of one assignment, and this batch has "
            f"{', '.join(settings.assignments)}"
        )
    return {name: load(course, name, stated)[1] for name in settings.assignments}


def _people(
    folder: Path, settings: Settings, arguments: argparse.Namespace
) -> tuple[Roster | None, bytes | None]:
    """Return the roster and the key; raises ``CourseError`` where one of them is missing."""
    if arguments.pseudonyms and not settings.is_pseudonymous:
        raise CourseError(f"--pseudonyms: {folder} was graded without pseudonyms")
    if arguments.pseudonyms and not arguments.roster:
        raise CourseError("--pseudonyms needs --roster: it says whose pseudonyms they may be")
    if settings.has_roster and not arguments.roster:
        raise CourseError(f"{folder} was graded with a roster, which has extensions, groups and "
                          "whoever handed in nothing: name it with --roster FILE")  # fmt: skip
    if settings.is_pseudonymous and arguments.roster and not arguments.pseudonyms:
        raise CourseError(f"{folder} was graded under pseudonyms: say --pseudonyms KEYFILE too")
    roster = read_roster(Path(arguments.roster)) if arguments.roster else None
    key = read_key(Path(arguments.pseudonyms)) if arguments.pseudonyms else None
    return roster, key
