"""A kit as a folder, known by its ``kit.yaml``: data alone, no Python of a course is loaded."""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course import MARKER as COURSE_MARKER
from grader.course import read_text
from grader.errors import CourseError
from grader.kit.cases import read_cases
from grader.model import Assignment, Battery, Rubric
from grader.spec import load_assignment, load_rubric
from grader.spec.yaml_cursor import open_document

MARKER = "kit.yaml"
PUBLIC = "public"
SPEC, RUBRIC = "spec.yaml", "rubric.yaml"
_FORMAT = 1
_MOST_BYTES = 256 << 20
_FIELDS = ("kit", "course", "assignment", "version", "seed")


@dataclass(frozen=True)
class Kit:
    """A released kit: the public part of an assignment, and its public cases by task."""

    root: Path
    course: str
    assignment: Assignment
    rubric: Rubric
    batteries: Mapping[str, Battery]
    seed: str
    digests: Mapping[str, str]
    support: Mapping[str, str]  # texts by name


def marker_text(course: str, assignment: Assignment, seed: int) -> str:
    """Return the text of ``kit.yaml``."""
    quoted = course.replace("'", "''")
    return (
        "# A student kit: `grade .` checks what you have written, `grade pack .` hands it in.\n"
        f"kit: {_FORMAT}\ncourse: '{quoted}'\nassignment: {assignment.id}\n"
        f"version: {assignment.version}\nseed: {seed}\n"
    )


def find_kit(stated: str | None, environ: Mapping[str, str]) -> Path | None:
    """Return the folder of the kit that is meant: named, or upward from where we are; else None.

    Never one that only lies in what is handed over. A kit inside a course may be a student's who
    handed it in whole: raises ``CourseError`` where it is not said which of the two is meant.
    """
    named = stated or environ.get("GRADER_COURSE")
    if named:
        root = Path(named)
        return root if _has(root, MARKER) and not _has(root, COURSE_MARKER) else None
    here = Path.cwd()
    above = [here, *here.parents]
    kit = next((folder for folder in above if _has(folder, MARKER)), None)
    course = next((folder for folder in above if _has(folder, COURSE_MARKER)), None)
    if kit is None or course is None:
        return kit
    if kit.is_relative_to(course):
        raise CourseError(
            f"this is a student kit inside a course: say --course {_from(here, kit)} to check by "
            f"the kit, or --course {_from(here, course)} to grade"
        )
    return None


def _from(here: Path, folder: Path) -> str:
    return shlex.quote(os.path.relpath(folder, here))


def _has(folder: Path, name: str) -> bool:
    return os.path.isfile(folder / name)  # noqa: PTH113  False where access is denied


def kit_files(root: Path) -> list[Path]:
    """Return the files that a kit is read from, its folder of public ones among them."""
    public = root / PUBLIC
    inside = sorted(public.iterdir()) if public.is_dir() else []
    return [root / MARKER, public, *inside]


def read_kit(root: Path) -> Kit:
    """Return a kit; raises ``CourseError`` for what is missing, damaged or of another version."""
    problems: list[str] = []
    top = open_document(read_text(root / MARKER), MARKER, problems)
    fields = top.mapping(_FIELDS, _FIELDS) if top else {}
    read = {name: cursor.text() for name, cursor in fields.items()}
    if not problems and read["kit"] != str(_FORMAT):
        problems.append(f"{MARKER}: kit: {read['kit']} is of another version of the grader, which "
                        f"reads {_FORMAT}")  # fmt: skip
    if problems:
        raise CourseError(*problems)
    public = root / PUBLIC
    assignment = load_assignment(_text_of(public / SPEC), f"{PUBLIC}/{SPEC}")
    rubric = load_rubric(_text_of(public / RUBRIC), f"{PUBLIC}/{RUBRIC}", assignment)
    if assignment.id != read["assignment"]:
        raise CourseError(
            f"{MARKER}: assignment: {read['assignment']}, but {PUBLIC}/{SPEC} is {assignment.id}; "
            "take a fresh copy of the kit"
        )
    digest = hashlib.sha256()

    def content(name: str) -> bytes:
        data = _bytes_of(public / name)
        digest.update(data)
        return data

    batteries = read_cases(assignment, content)
    return Kit(
        root=root,
        course=read["course"],
        assignment=assignment,
        rubric=rubric,
        batteries=batteries,
        seed=f"public, {read['seed']}",
        digests={"spec": assignment.digest, "rubric": rubric.digest, "cases": digest.hexdigest()},
        support={name: read_text(root / name) for name in assignment.support},
    )


def _text_of(path: Path) -> str:
    return _bytes_of(path).decode("utf-8-sig", "replace")


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CourseError(f"{PUBLIC}/{path.name}: too large to be of a kit")
        return path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{PUBLIC}/{path.name}: cannot be read: {error.strerror}; take a fresh copy of the kit"
        ) from error
