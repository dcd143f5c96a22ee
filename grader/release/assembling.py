"""Putting a student kit together: every file of it, as bytes by path, and nothing on a disk yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.cases import public_seed
from grader.course import Course, read_text, support_texts
from grader.errors import CourseError
from grader.kit import MARKER, PUBLIC, case_files, marker_text, public_battery
from grader.model import Assignment, Battery, Rubric, module_of
from grader.prepare import prepare
from grader.release.public_part import public_rubric, public_spec
from grader.release.readme import readme
from grader.release.shapes import output_shapes
from grader.release.starter import starters
from grader.spec import load_assignment, load_rubric

README = "README.md"
_SPEC, _RUBRIC = f"{PUBLIC}/spec.yaml", f"{PUBLIC}/rubric.yaml"


@dataclass(frozen=True)
class Released:
    """A student kit: its files by path, its public batteries, and the solutions it leaves out."""

    assignment: Assignment  # the public part
    files: Mapping[str, bytes]
    batteries: Mapping[str, Battery]
    reference: Mapping[str, bytes]  # what would stand in the starters' places


def assemble(
    course: Course, assignment: Assignment, rubric: Rubric, spec: str, number: int
) -> Released:
    """Return the kit of an assignment; ``spec`` is its text, ``number`` that of the public seed.

    Raises ``CourseError`` for what cannot be made public, or has no place in a kit.
    """
    taken = {MARKER, README, PUBLIC}
    for file in (*assignment.files, *assignment.support):
        if file.partition("/")[0] in taken:
            raise CourseError(f"{file}: a student kit has something else of this name")
    told = public_spec(spec, assignment, rubric)
    public = load_assignment(told, _SPEC)
    priced = public_rubric(rubric, assignment, public)
    shown = load_rubric(priced, _RUBRIC, public)
    seed = public_seed(number, public)
    prepared = prepare(course, public, shown, seed, f"public, {number}")
    batteries = {}
    for name, battery in prepared.batteries.items():
        if not isinstance(battery, Battery):
            raise CourseError(f"{assignment.id}: {name}: {battery.message}")
        batteries[name] = battery
    folder = course.reference_of(assignment.id)
    texts = {file: read_text(folder / file) for file in map(module_of, assignment.files)}
    shapes = {name: output_shapes(battery) for name, battery in batteries.items()}
    visible = {name: public_battery(battery, shown) for name, battery in batteries.items()}
    written = {
        MARKER: marker_text(course.name, public, number),
        README: readme(public, shown, rubric.due, has_more=bool(rubric.visibility)),
        _SPEC: told,
        _RUBRIC: priced,
        **starters(assignment, texts, shapes),
        **support_texts(course, assignment),
    }
    files = {name: text.encode() for name, text in written.items()}
    files |= {f"{PUBLIC}/{name}": data for name, data in case_files(visible).items()}
    return Released(
        assignment=public,
        files=dict(sorted(files.items())),
        batteries=visible,
        reference={name: text.encode() for name, text in texts.items()},
    )
