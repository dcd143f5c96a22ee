"""The commands: each takes parsed arguments, prints a result and returns an exit code."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from grader.cases import public_seed, secret_seed
from grader.check import TaskCheck, check_assignment
from grader.cli.arguments import parse
from grader.course import Course, find_course, load, read_secret
from grader.errors import CourseError, ExitCode
from grader.escape import printable
from grader.grade import Prepared, Run, grade_submission, is_full_marks, prepare
from grader.isolation import SANDBOXES, choose
from grader.model import Assignment, Battery, Kind, Outcome, Report, Rubric
from grader.observe import TaskObservations
from grader.oracle import load_references
from grader.report import FORMAT_OF_ENDING, WRITERS, to_arrays, to_table
from grader.spec.yaml_cursor import nearest
from grader.submission import list_names, read_submission

_REPLAY = re.compile(r"([a-z][a-z0-9_]*):([a-z0-9_]+):(\d+)")


def run(argv: list[str]) -> ExitCode:
    """Run one command."""
    arguments = parse(argv)
    commands = {"grade": _grade, "check": _check, "list": _list}
    return commands[arguments.command](arguments)


def _grade(arguments: argparse.Namespace) -> ExitCode:
    path = Path(arguments.submission)
    names = list_names(path)
    course = find_course(arguments.course, os.environ, Path.cwd(), path)
    writers = [_writer_of(file, arguments.format) for file in arguments.report]
    chosen = _assignments(course, arguments, names)
    rung, note = choose(arguments.isolation)
    replayed: list[tuple[Battery, TaskObservations]] = []
    reports = []
    for assignment, rubric in chosen:
        prepared = _prepare(course, assignment, rubric, arguments)
        submission = read_submission(path, assignment.files)
        settings = Run(
            open_session=SANDBOXES[rung],
            isolation=rung,
            isolation_note=note,
            command=_command(arguments),
            replay=_case_of(prepared, arguments.replay) if arguments.replay else "",
            observed=lambda battery, observed: replayed.append((battery, observed)),
        )
        reports.append(grade_submission(prepared, submission, settings))
    _print(reports, arguments)
    if arguments.replay:
        for battery, observed in replayed:
            print(to_arrays.write(battery, observed.cases), end="")
    for file, writer in zip(arguments.report, writers, strict=True):
        _write(Path(file), WRITERS[writer](reports))
    if any(not report.complete for report in reports):
        return ExitCode.FAULT
    return ExitCode.OK if all(map(is_full_marks, reports)) else ExitCode.FINDINGS


def _assignments(
    course: Course, arguments: argparse.Namespace, names: Sequence[str]
) -> list[tuple[Assignment, Rubric]]:
    """Return the assignment named, or every one that has a file in the submission."""
    if arguments.assignment:
        chosen = [load(course, arguments.assignment, arguments.rubric)]
    else:
        problems: list[str] = []
        every = []
        for name in course.assignment_ids():
            try:
                every.append(load(course, name))
            except CourseError as error:
                problems.extend(error.problems)
        if problems:
            raise CourseError(*problems)
        chosen = [pair for pair in every if set(pair[0].files) & set(names)]
        if not chosen:
            files = [file for assignment, _ in every for file in assignment.files]
            close = [near for name in names if (near := nearest(printable(name, 80), files))]
            raise CourseError(
                f"{printable(arguments.submission)}: no file of an assignment is there"
                f"{close[0] if close else ''}; the course asks for {', '.join(files) or 'none'}"
            )
        if arguments.rubric:
            chosen = [load(course, a.id, arguments.rubric) for a, _ in chosen]
    task = arguments.task or (arguments.replay or "").split(":")[0]
    if task:
        known = [t.id for a, _ in chosen for t in a.tasks]
        chosen = [pair for pair in chosen if task in {t.id for t in pair[0].tasks}]
        if not chosen:
            raise CourseError(f"no task `{task}`{nearest(task, known)}; see `grade list`")
    return chosen


def _prepare(
    course: Course, assignment: Assignment, rubric: Rubric, arguments: argparse.Namespace
) -> Prepared:
    secret = None if arguments.seed is not None else read_secret(course, os.environ)
    if secret is not None:
        run_seed, seed = secret_seed(secret, assignment), "secret"
    else:
        number = arguments.seed or 0
        run_seed, seed = public_seed(number, assignment), f"public, {number}"
    only = arguments.task or (arguments.replay or "").split(":")[0] or None
    return prepare(course, assignment, rubric, run_seed, seed, only)


def _command(arguments: argparse.Namespace) -> str:
    words = ["grade", shlex.quote(printable(arguments.submission))]
    if arguments.course:
        words += ["--course", shlex.quote(arguments.course)]
    if arguments.seed is not None:
        words += ["--seed", str(arguments.seed)]
    return " ".join(words)


def _case_of(prepared: Prepared, replay: str) -> str:
    """Return the id of the case to replay; raises ``CourseError`` naming what there is."""
    match = _REPLAY.fullmatch(replay)
    if not match:
        raise CourseError(f"--replay: `{replay}` is not TASK:KIND:INDEX, e.g. affine:batch1:0")
    battery = prepared.batteries[match[1]]
    if not isinstance(battery, Battery):
        return replay
    counts = {kind.value: len(cases) for kind, cases in battery.expected.items()}
    if match[2] not in counts:
        raise CourseError(f"--replay: {match[1]} has no `{match[2]}` cases; it has "
                          f"{', '.join(counts)}{nearest(match[2], counts)}")  # fmt: skip
    if int(match[3]) >= counts[match[2]]:
        raise CourseError(f"--replay: {match[1]}:{match[2]} has {counts[match[2]]} cases, "
                          f"0 to {counts[match[2]] - 1}")  # fmt: skip
    return f"{match[1]}:{Kind(match[2]).value}:{int(match[3])}"


def _writer_of(file: str, stated: str | None) -> str:
    if stated:
        return stated
    ending = Path(file).suffix
    if ending not in FORMAT_OF_ENDING:
        known = ", ".join(FORMAT_OF_ENDING)
        raise CourseError(f"--report {file}: the ending must be one of {known}, or say --format")
    return FORMAT_OF_ENDING[ending]


def _print(reports: Sequence[Report], arguments: argparse.Namespace) -> None:
    if arguments.format and not arguments.report:
        text = WRITERS[arguments.format](reports)
    elif arguments.quiet:
        text = "".join(to_table.score_line(report) for report in reports)
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        text = to_table.write(reports, colour=colour, verbose=arguments.verbose)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _write(path: Path, text: str) -> None:
    """Write a report whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=path.name, delete=False
        ) as stream:
            stream.write(text)
        Path(stream.name).chmod(0o644)
        Path(stream.name).replace(path)
    except OSError as error:
        raise CourseError(f"--report {path}: cannot be written: {error.strerror}") from error


def _check(arguments: argparse.Namespace) -> ExitCode:
    course = find_course(arguments.course, os.environ, Path.cwd(), None)
    assignment, rubric = load(course, arguments.assignment, arguments.rubric)
    references = load_references(course.reference, assignment)
    run_seed = public_seed(arguments.seed or 0, assignment)
    checks = check_assignment(assignment, references, run_seed)
    rows = [
        (c.task, c.proof, c.cases, f"{c.rejected} of {c.mutants}", len(c.equal) or "",
         "disproven" if c.disproven else "weak" if c.weak else "sound")
        for c in checks
    ]  # fmt: skip
    print(f"{course.name}: {assignment.title} ({assignment.id})\n")
    headers = ("task", "proven by", "cases", "mutants rejected", "no mistake", "result")
    print(tabulate(rows, headers, disable_numparse=True))
    print()
    for check in checks:
        _print_check(check, verbose=arguments.verbose)
    if any(check.disproven for check in checks):
        return ExitCode.FAULT
    complaints = _as_submission(course, assignment, rubric, run_seed)
    for complaint in complaints:
        print(complaint)
    is_sound = not complaints and not any(check.weak for check in checks)
    print(f"{assignment.id} is {'sound' if is_sound else 'weak'}")
    return ExitCode.OK if is_sound else ExitCode.FINDINGS


def _print_check(check: TaskCheck, *, verbose: bool) -> None:
    if check.disproven:
        print(f"{check.task}: {check.disproven}")
    for weakness in check.weak:
        print(f"{check.task}: {weakness}")
    if check.equal and verbose:
        print(f"{check.task}: equal to the reference, so no mistake: {'; '.join(check.equal)}")


def _as_submission(
    course: Course, assignment: Assignment, rubric: Rubric, run_seed: bytes
) -> list[str]:
    """Grade the reference as if handed in; return what keeps it from full marks."""
    prepared = prepare(course, assignment, rubric, run_seed, "public, 0")
    submission = read_submission(course.reference, assignment.files)
    rung, note = choose()
    report = grade_submission(prepared, submission, Run(SANDBOXES[rung], rung, note))
    return [
        f"{task.id}: the reference, handed in as a submission, gets `{task.outcome.value}`: "
        f"{task.findings[0].message if task.findings else 'no finding'}"
        for task in report.tasks
        if task.outcome is not Outcome.PASSED
    ]


def _list(arguments: argparse.Namespace) -> ExitCode:
    course = find_course(arguments.course, os.environ, Path.cwd(), None)
    print(course.name)
    for name in course.assignment_ids():
        assignment, rubric = load(course, name)
        total = f"{float(rubric.total):g} points"
        print(f"\n{assignment.id}: {assignment.title} ({', '.join(assignment.files)}, {total})\n")
        rows = [
            (t.id, t.title, t.call.style, " ".join(t.lecture),
             f"{float(sum(rubric.points[t.id].values())):g}")
            for t in assignment.tasks
        ]  # fmt: skip
        print(tabulate(rows, ("task", "title", "style", "lecture", "points"),
                       disable_numparse=True))  # fmt: skip
    return ExitCode.OK
