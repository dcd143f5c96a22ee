"""The papers of a batch: what its folder tells without grading anything again.

``Settings``     what a batch was asked for, kept beside its results.
``rows_of``      the gradebook of a folder.
``paper``        the gradebook in one form; ``write_papers`` writes all of ``PAPERS``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.batch.journal import REPORT, SUBMISSIONS, write_whole
from grader.codes import CODES
from grader.course import read_text
from grader.errors import CourseError
from grader.grades import (
    Document,
    Handed,
    Override,
    Row,
    gradebook,
    handed_of,
    prices,
    read_overrides,
    to_csv,
    to_jsonl,
    to_summary,
)
from grader.grades.lateness import Member
from grader.model import Rubric

SETTINGS = "batch.json"
OVERRIDES = "overrides.yaml"
PAPERS = {"csv": "grades.csv", "jsonl": "grades.jsonl", "summary": "summary.md"}  # by form
_SCHEMA = 1


@dataclass(frozen=True)
class Settings:
    """What was graded: assignments, attempts by key, which attempt counts.

    The roster and the key of pseudonyms are not kept, but that there were any: grades made without
    the roster would miss extensions, groups and whoever handed in nothing.
    """

    assignments: tuple[str, ...]
    layout: str
    attempt: str
    attempts: tuple[str, ...]
    has_roster: bool = False
    is_pseudonymous: bool = False

    def write(self, folder: Path) -> None:
        """Keep them in the folder."""
        text = json.dumps({"schema": _SCHEMA, **asdict(self)}, indent=1) + "\n"
        write_whole(folder / SETTINGS, text, is_forced=True)


def read_settings(folder: Path) -> Settings:
    """Return the settings of a folder; raises ``CourseError`` where it is none of a batch."""
    try:
        stated = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        return Settings(
            tuple(map(str, stated["assignments"])),
            str(stated["layout"]),
            str(stated["attempt"]),
            tuple(map(str, stated["attempts"])),
            bool(stated.get("has_roster")),
            bool(stated.get("is_pseudonymous")),
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        why = f"it has no {SETTINGS}"
        raise CourseError(f"{folder} is not the folder of a batch: {why}") from error
    except OSError as error:
        raise CourseError(f"{folder / SETTINGS}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{folder / SETTINGS}: is damaged; `grade batch` makes it anew"
        ) from error


def load_document(folder: Path, key: str) -> Document:
    """Return the report of an attempt; raises ``CourseError`` where it cannot be read."""
    place = folder / SUBMISSIONS / key / REPORT
    try:
        document = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(f"{place}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise CourseError(f"{place}: is damaged; `grade batch` makes it anew: {error}") from error
    if not isinstance(document, dict):
        raise CourseError(f"{place}: is no report")
    return document


def rows_of(
    folder: Path,
    settings: Settings,
    rubrics: Mapping[str, Rubric],
    members: Mapping[str, Member] | None = None,
) -> tuple[tuple[Row, ...], list[Handed]]:
    """Return the rows of a folder, its ``overrides.yaml`` applied, and what they are made of."""
    handed = list(_handed(folder, settings))
    students = {student for one in handed for student in one.students} | set(members or ())
    overrides: tuple[Override, ...] = ()
    place = folder / OVERRIDES
    if place.exists():
        text = read_text(place)
        overrides = read_overrides(text, OVERRIDES, students, prices(rubrics))
    return gradebook(handed, rubrics, members, overrides, settings.attempt), handed


def paper(form: str, rows: Sequence[Row], handed: Sequence[Handed]) -> str | bytes:
    """Return the gradebook in one of the forms of ``PAPERS``."""
    if form == "csv":
        return to_csv.write(rows)
    if form == "jsonl":
        return to_jsonl.write(rows)
    return to_summary.write(rows, handed, lambda code: CODES[code].title)


def write_papers(folder: Path, rows: Sequence[Row], handed: Sequence[Handed]) -> None:
    """Write the gradebook in all its forms, each whole."""
    for form, name in PAPERS.items():
        write_whole(folder / name, paper(form, rows, handed), is_forced=True)


def _handed(folder: Path, settings: Settings) -> Iterator[Handed]:
    for key in settings.attempts:
        place = folder / SUBMISSIONS / key / REPORT
        if not place.exists():  # not yet, where a run was interrupted
            continue
        try:
            yield handed_of(load_document(folder, key))
        except CourseError as error:
            told = (p if p.startswith(str(place)) else f"{place}: {p}" for p in error.problems)
            raise CourseError(*told) from error
