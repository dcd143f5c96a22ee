"""Finding the course and what lies in it: specs, rubrics, references, the secret.

A course is never looked for inside a submission: a student could bring a ``reference/`` along.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError
from grader.model import Assignment, Rubric, module_of
from grader.spec import default_rubric, load_assignment, load_rubric
from grader.spec.yaml_cursor import nearest, open_document

MARKER = "course.yaml"
SEED_FILE = "course.secret"
_SECRET_BYTES = 16


@dataclass(frozen=True)
class Course:
    """A course folder and its name."""

    root: Path
    name: str

    def reference_of(self, assignment: str) -> Path:
        """Return the folder of an assignment's solutions: its own, or the one of the course."""
        own = self.root / "reference" / assignment
        return own if own.is_dir() else self.root / "reference"

    def assignment_ids(self) -> list[str]:
        """Return the ids of all assignments, sorted."""
        folder = self.root / "assignments"
        try:
            names = [entry.name for entry in os.scandir(folder)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise CourseError(f"assignments: cannot be read: {error.strerror}") from error
        return sorted(name[:-5] for name in names if name.endswith(".yaml"))


def find_course(stated: str | None, environ: Mapping[str, str], submission: Path | None) -> Course:
    """Return the course stated by flag, else by GRADER_COURSE, else upward from where we are."""
    for source, value in (("--course", stated), ("GRADER_COURSE", environ.get("GRADER_COURSE"))):
        if value:
            root = Path(value)
            if not os.path.isfile(root / MARKER):  # noqa: PTH113  False where access is denied
                raise CourseError(f"{source}: {value} is not a course: it has no {MARKER}")
            return _read(root)
    inside = submission.resolve() if submission else None
    if inside is not None and inside.is_file():
        inside = inside.parent  # what lies beside a student's file is the student's too
    here = Path.cwd()
    for folder in (here, *here.parents):
        if inside is not None and folder.is_relative_to(inside):
            continue
        if (folder / MARKER).is_file():
            return _read(folder)
    raise CourseError(
        f"no course found: there is no {MARKER} in this folder or above it; "
        "go into the course folder, or name it with --course DIR; with a student kit, go into the "
        "folder that has its kit.yaml"
    )


def _read(root: Path) -> Course:
    problems: list[str] = []
    top = open_document(read_text(root / MARKER), MARKER, problems)
    fields = top.mapping(["name"], ["name"]) if top else {}
    name = fields["name"].text() if "name" in fields else ""
    if problems:
        raise CourseError(*problems)
    return Course(root, name)


def read_text(path: Path) -> str:
    """Return a course file as text; raises ``CourseError`` naming it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise CourseError(f"{path.name}: cannot be read: {reason}") from error


def spec_text(course: Course, name: str) -> str:
    """Return the text of an assignment of the course."""
    return read_text(course.root / "assignments" / f"{name}.yaml")


def support_texts(course: Course, assignment: Assignment) -> dict[str, str]:
    """Return the support files of an assignment by name."""
    return {name: read_text(course.root / "support" / name) for name in assignment.support}


def spec_files(course: Course, name: str, rubric: str | None = None) -> list[Path]:
    """Return the files that ``load`` reads for the same arguments."""
    spec = spec_path(course, name)
    return [
        course.root / MARKER,
        spec,
        Path(rubric) if rubric else course.root / "rubrics" / f"{spec.stem}.yaml",
    ]


def solution_files(course: Course, assignment: Assignment) -> list[Path]:
    """Return the files that an assignment is prepared of, besides its spec."""
    solutions = course.reference_of(assignment.id)
    return [
        *(solutions / module_of(file) for file in assignment.files),
        *(course.root / "support" / name for name in assignment.support),
        course.root / SEED_FILE,
    ]


def spec_path(course: Course, name: str) -> Path:
    """Return the file of an assignment, which is named by id or by file."""
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    return course.root / "assignments" / f"{name}.yaml"


def load(course: Course, name: str, rubric: str | None = None) -> tuple[Assignment, Rubric]:
    """Return an assignment, named by id or by file, and its rubric."""
    path = spec_path(course, name)
    if not path.is_file():
        known = course.assignment_ids()
        raise CourseError(
            f"no assignment `{name}` in this course{nearest(name, known)}; "
            f"it has {', '.join(known) or 'none'}"
        )
    assignment = load_assignment(read_text(path), f"assignments/{path.name}")
    if path.stem != assignment.id:
        raise CourseError(
            f"assignments/{path.name}: assignment: the id `{assignment.id}` must be the name of "
            "the file"
        )
    rubric_path = Path(rubric) if rubric else course.root / "rubrics" / f"{assignment.id}.yaml"
    if rubric_path.is_file() or rubric:
        text = read_text(rubric_path)
        return assignment, load_rubric(text, f"rubrics/{rubric_path.name}", assignment)
    return assignment, default_rubric(assignment)


def read_secret(course: Course, environ: Mapping[str, str]) -> bytes | None:
    """Return the course secret from GRADER_SECRET or ``course.secret``; None without one."""
    source = "GRADER_SECRET"
    secret = os.fsencode(environ.get(source, ""))
    if not secret:
        source = SEED_FILE
        try:
            secret = (course.root / source).read_bytes().strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CourseError(f"{source}: cannot be read: {error.strerror}") from error
    if len(secret) < _SECRET_BYTES:
        raise CourseError(
            f"{source}: too short to be a secret; {_SECRET_BYTES} characters at least"
        )
    return secret
