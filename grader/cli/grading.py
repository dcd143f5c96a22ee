"""``grade SUBMISSION``: choose the assignments, grade, print, write the reports."""

from __future__ import annotations

import argparse
import os
import re
import shlex
from collections.abc import Sequence
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from grader.cli import self_checking
from grader.cli.output import write_file, writer_of
from grader.cli.seeds import seed_of
from grader.cli.showing import case_of, is_for_programs, print_arrays, print_reports
from grader.course import Course, find_course, load, spec_text
from grader.errors import CourseError, ExitCode
from grader.escape import printable
from grader.grade import Run, grade_submission, is_full_marks, is_without_errors
from grader.isolation import SANDBOXES, choose, find_packages
from grader.kit import find_kit
from grader.model import Assignment, Battery, Report, Rubric
from grader.observe import TaskObservations
from grader.prepare import Prepared, prepare
from grader.report import FOR_STUDENTS, FORMAT_OF_ENDING, WRITERS, for_student
from grader.spec.yaml_cursor import nearest
from grader.submission import (
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
    path = Path(arguments.submission)
    kit = find_kit(arguments.course, os.environ, path)
    if kit is not None:
        return self_checking.run(arguments, kit)
    names = list_names(path)
    course = find_course(arguments.course, os.environ, path)
    writers = [writer_of(f, arguments.format, FORMAT_OF_ENDING) for f in arguments.report]
    chosen = _assignments(course, arguments, names)
    packages = {assignment.id: find_packages(assignment) for assignment, _ in chosen}
    rung, note = choose(arguments.isolation)
    replayed: list[tuple[Battery, TaskObservations]] = []
    reports = []
    ready = [_prepare(course, assignment, rubric, arguments) for assignment, rubric in chosen]
    for prepared in _with_case(ready, arguments.replay) if arguments.replay else ready:
        asked = prepared.assignment
        submission = read_submission(path, asked.files, is_tree=asked.is_tree)
        settings = Run(
            open_session=partial(SANDBOXES[rung], packages=packages[prepared.assignment.id]),
            isolation=rung,
            isolation_note=note,
            command=_command(arguments),
            replay=case_of(prepared.batteries, arguments.replay) if arguments.replay else "",
            observed=lambda battery, observed: replayed.append((battery, observed)),
        )
        reports.append(grade_submission(prepared, submission, settings))
    rubrics = {assignment.id: rubric for assignment, rubric in chosen}
    now = datetime.now(timezone.utc)
    for_students = [for_student(report, rubrics[report.assignment], now) for report in reports]

    def shown(writer: str) -> Sequence[Report]:
        return for_students if arguments.as_student or writer in FOR_STUDENTS else reports

    for file, writer in zip(arguments.report, writers, strict=True):
        write_file(Path(file), WRITERS[writer](shown(writer)))
    print_reports(shown(arguments.format if is_for_programs(arguments) else "table"), arguments)
    if arguments.replay:
        print_arrays(replayed, arguments)
    if any(not report.complete for report in reports):
        return ExitCode.FAULT
    is_good = is_without_errors if arguments.replay else is_full_marks
    return ExitCode.OK if all(map(is_good, reports)) else ExitCode.FINDINGS


def _assignments(
    course: Course, arguments: argparse.Namespace, names: Sequence[str]
) -> list[tuple[Assignment, Rubric]]:
    """Return the assignment named, or every one that has a file in the submission."""
    if arguments.assignment:
        chosen = [load(course, arguments.assignment, arguments.rubric)]
    else:
        chosen = _assignments_of(course, arguments.submission, names)
        if arguments.rubric and len(chosen) > 1:
            raise CourseError("--rubric needs --assignment: several assignments are in this folder")
        if arguments.rubric:
            chosen = [load(course, chosen[0][0].id, arguments.rubric)]
    replayed = (arguments.replay or "").split(":")[0]
    task = arguments.task or replayed
    if replayed not in ("", task):
        raise CourseError(f"--task {task} and --replay {arguments.replay} name different tasks")
    known = [t.id for a, _ in chosen for t in a.tasks]
    if task and task not in known:
        raise CourseError(f"no task `{task}`{nearest(task, known)}; see `grade list`")
    return [pair for pair in chosen if not task or task in {t.id for t in pair[0].tasks}]


def _assignments_of(
    course: Course, submission: str, names: Sequence[str]
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
            every.append(load(course, name))
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
    course: Course, assignment: Assignment, rubric: Rubric, arguments: argparse.Namespace
) -> Prepared:
    run_seed, seed = seed_of(course, assignment, arguments.seed)
    only = arguments.task or (arguments.replay or "").split(":")[0] or None
    return prepare(course, assignment, rubric, run_seed, seed, only)


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
