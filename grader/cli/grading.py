"""``grade SUBMISSION``: choose the assignments, grade, print, write the reports."""

from __future__ import annotations

import argparse
import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from grader.cli import self_checking
from grader.cli.kept import Kept
from grader.cli.output import write_file, writer_of
from grader.cli.seeds import seed_of
from grader.cli.settings import recording, settings_of
from grader.cli.showing import Graded, case_of, code_of, reports_for, show, task_of
from grader.cli.status import StatusLine
from grader.course import (
    Course,
    find_course,
    load,
    solution_files,
    spec_files,
    spec_text,
)
from grader.errors import CourseError, ExitCode
from grader.escape import printable
from grader.grade import Run, files_of, grade_submission
from grader.kit import find_kit
from grader.model import Assignment, Rubric
from grader.prepare import Prepared, prepare
from grader.report import FORMAT_OF_ENDING, WRITERS, for_student
from grader.spec.yaml_cursor import nearest
from grader.submission import (
    Submission,
    is_handed_in,
    list_names,
    list_sources,
    nearest_place,
    read_submission,
    spellings,
)

_SOURCE = re.compile(r"\w+\.(?:py|ipynb)\b")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Grade one submission and return the exit code."""
    if arguments.as_student and arguments.replay:
        raise CourseError("--as-student shows a report; --replay shows arrays: choose one")
    if arguments.watch:
        from grader.cli.watching import watch  # noqa: PLC0415 - a single grading needs none of it

        return watch(arguments)
    if arguments.debugger:
        from grader.cli.debugging import debug  # noqa: PLC0415 - nor of this

        return debug(arguments)
    graded = grade(arguments, Kept())
    show(graded, arguments)
    return code_of(graded, arguments)


def grade(arguments: argparse.Namespace, kept: Kept) -> list[Graded]:
    """Grade a submission against each assignment whose files are there; write the reports."""
    path = Path(arguments.submission)
    kit = find_kit(arguments.course, os.environ)
    if kit is not None:
        return [self_checking.check(arguments, kit, kept)]
    names = list_names(path)
    course = find_course(arguments.course, os.environ, path)
    writers = [writer_of(f, arguments.format, FORMAT_OF_ENDING) for f in arguments.report]
    chosen = _assignments(course, arguments, names, kept)
    graded = []
    with StatusLine(is_quiet=arguments.quiet) as status:
        status.tell("preparing")
        ready = [
            _prepare(course, assignment, rubric, arguments, kept) for assignment, rubric in chosen
        ]
        for prepared in _with_case(ready, arguments.replay) if arguments.replay else ready:
            asked = prepared.assignment
            submission = read_submission(path, asked.files, is_tree=asked.is_tree)
            replay = case_of(prepared.batteries, arguments.replay) if arguments.replay else ""
            settings = settings_of(asked, arguments, _command(arguments), replay, status)
            made = partial(_graded, prepared, submission, settings)
            found, is_new = kept.result_of(asked.id, submission, made)
            graded.append(found if is_new else replace(found, is_new=False))
    for file, writer in zip(arguments.report, writers, strict=True):
        write_file(Path(file), WRITERS[writer](reports_for(writer, graded, arguments)))
    return graded


def _graded(prepared: Prepared, submission: Submission, settings: Run) -> Graded:
    settings, seen = recording(settings)
    report = grade_submission(prepared, submission, settings)
    return Graded(
        prepared.assignment,
        files_of(prepared, submission),
        report,
        for_student(report, prepared.rubric, datetime.now(timezone.utc)),
        tuple(seen),
    )


def _assignments(
    course: Course, arguments: argparse.Namespace, names: Sequence[str], kept: Kept
) -> list[tuple[Assignment, Rubric]]:
    """Return the assignment named, or every one that has a file in the submission."""
    if arguments.assignment:
        chosen = [_load(course, arguments.assignment, arguments.rubric, kept)]
    else:
        chosen = _assignments_of(course, arguments.submission, names, kept)
        if arguments.rubric and len(chosen) > 1:
            raise CourseError("--rubric needs --assignment: several assignments are in this folder")
        if arguments.rubric:
            chosen = [_load(course, chosen[0][0].id, arguments.rubric, kept)]
    task = task_of(arguments)
    known = [t.id for a, _ in chosen for t in a.tasks]
    if task and task not in known:
        raise CourseError(f"no task `{task}`{nearest(task, known)}; see `grade list`")
    return [pair for pair in chosen if not task or task in {t.id for t in pair[0].tasks}]


def _assignments_of(
    course: Course, submission: str, names: Sequence[str], kept: Kept
) -> list[tuple[Assignment, Rubric]]:
    path = Path(submission)
    listing = list_sources(path)
    # A spec that does not even spell one of these names is not meant, and may be broken.
    own = {place.rpartition("/")[2] for place in (*names, *listing.paths)}
    meant = {spelling for name in own for spelling in spellings(name)}
    ids = [n for n in course.assignment_ids() if meant & {*_SOURCE.findall(spec_text(course, n))}]
    problems: list[str] = []
    every = []
    for name in ids or course.assignment_ids():
        try:
            every.append(_load(course, name, None, kept))
        except CourseError as error:
            problems.extend(error.problems)
    if problems:
        raise CourseError(*problems)
    chosen = [
        (asked, rubric)
        for asked, rubric in every
        if is_handed_in(path, asked.files, listing, is_tree=asked.is_tree)
    ]
    by_name = [asked.id for asked, _ in chosen if asked.only_by_name]
    chosen = [pair for pair in chosen if not pair[0].only_by_name]
    if by_name and not chosen:
        raise CourseError(
            f"{printable(submission)}: name what it is handed in for: --assignment "
            f"{' or --assignment '.join(by_name)}"
        )
    if not chosen:
        files = [file for assignment, _ in every for file in assignment.files]
        found = [place for file in files if (place := nearest_place(file, listing))]
        shown = [printable(name, 80) for name in names[:1000]]
        close = found or [near for name in shown if (near := nearest(name, files))]
        raise CourseError(
            f"{printable(submission)}: no file of an assignment is there"
            f"{close[0] if close else ''}; the course asks for {', '.join(files) or 'none'}"
        )
    return chosen


def _prepare(
    course: Course,
    assignment: Assignment,
    rubric: Rubric,
    arguments: argparse.Namespace,
    kept: Kept,
) -> Prepared:
    only = arguments.task or (arguments.replay or "").split(":")[0] or None

    def make() -> Prepared:
        run_seed, seed = seed_of(course, assignment, arguments.seed)
        return prepare(course, assignment, rubric, run_seed, seed, only)

    files = [
        *spec_files(course, assignment.id, arguments.rubric),
        *solution_files(course, assignment),
    ]
    return kept.made_of(("prepared", assignment.id), files, make)


def _load(course: Course, name: str, rubric: str | None, kept: Kept) -> tuple[Assignment, Rubric]:
    files = spec_files(course, name, rubric)
    return kept.made_of(("spec", name), files, lambda: load(course, name, rubric))


def _command(arguments: argparse.Namespace) -> str:
    words = ["grade", shlex.quote(printable(arguments.submission))]
    if arguments.course:
        words += ["--course", shlex.quote(arguments.course)]
    if arguments.seed is not None:
        words += ["--seed", str(arguments.seed)]
    return " ".join(words)


def _with_case(ready: Sequence[Prepared], replay: str) -> list[Prepared]:
    """Return the assignments that have the case: two may have a task of the same name."""
    kept: list[Prepared] = []
    problems: list[str] = []
    for prepared in ready:
        try:
            case_of(prepared.batteries, replay)
            kept.append(prepared)
        except CourseError as error:
            problems.extend(error.problems)
    if not kept:
        raise CourseError(*dict.fromkeys(problems))
    return kept
