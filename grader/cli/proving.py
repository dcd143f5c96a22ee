"""``grade check [ASSIGNMENT]``: prove specs, their references and their rubrics."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from grader.cases import public_seed
from grader.cli.output import emit, write_file, writer_of
from grader.cli.settings import run_on
from grader.course import Course, find_course, load
from grader.errors import CourseError, ExitCode
from grader.isolation import choose, import_problems
from grader.model import Soundness, Standing, worst_standing
from grader.report import soundness_json, soundness_table
from grader.soundness import prove_assignment

_ENDINGS = {".json": "json"}
_CODES = {
    Standing.SOUND: ExitCode.OK,
    Standing.WEAK: ExitCode.FINDINGS,
    Standing.MALFORMED: ExitCode.USAGE,
    Standing.DISPROVEN: ExitCode.FAULT,
}


def run(arguments: argparse.Namespace) -> ExitCode:
    """Check one assignment, or every one of the course, and return the worst exit code."""
    course = find_course(arguments.course, os.environ, None)
    for file in arguments.report:
        writer_of(file, arguments.format, _ENDINGS)
    names = [arguments.assignment] if arguments.assignment else course.assignment_ids()
    if not names:
        raise CourseError(f"{course.name} has no assignment: there is no file assignments/ID.yaml")
    if arguments.rubric and not arguments.assignment:
        raise CourseError("--rubric needs ASSIGNMENT: a rubric is that of one assignment")
    rung, note = choose()
    found = []
    for name in names:
        each = _checked(course, name, arguments, rung, note)
        found.append(each)
        for problem in each.problems:
            print(f"grade: {problem}", file=sys.stderr)
    document = soundness_json.write(course.name, found)
    for file in arguments.report:
        write_file(Path(file), document)
    if arguments.format and not arguments.report:
        emit(document)
    else:
        emit(soundness_table.write(course.name, found, verbose=arguments.verbose))
    return _CODES[worst_standing(each.standing for each in found)]


def _checked(
    course: Course, name: str, arguments: argparse.Namespace, rung: str, note: str
) -> Soundness:
    try:
        assignment, rubric = load(course, name, arguments.rubric)
        settings = run_on(assignment, (rung, note))
        if problems := import_problems(assignment, settings.open_session):
            return Soundness(name, problems=tuple(problems))
        number = arguments.seed or 0
        seed = public_seed(number, assignment)
        return prove_assignment(course, assignment, rubric, seed, f"public, {number}", settings)
    except CourseError as error:
        return Soundness(name, problems=error.problems)
