"""What a grading comes to, and how it is shown: its reports, and the arrays of a replayed case.

``show``      to stdout.
``code_of``   the exit code.
``task_of``   the task that is meant.
``case_of``   the case that a replay names.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.cli.output import emit
from grader.compare import for_own_mask
from grader.errors import CourseError, ExitCode
from grader.grade import is_full_marks, is_without_errors
from grader.model import Assignment, Battery, Finding, Kind, Outcome, Report
from grader.observe import TaskObservations
from grader.report import FOR_STUDENTS, WRITERS, to_arrays, to_table
from grader.spec.yaml_cursor import nearest

_REPLAY = re.compile(r"([a-z][a-z0-9_]*):([a-z0-9_]+):(\d{1,6})")


@dataclass(frozen=True)
class Graded:
    """The report on one assignment, of what texts, and what was observed in a replayed case."""

    assignment: Assignment
    texts: Mapping[str, str]
    report: Report
    for_student: Report  # the same, without what students may not see
    replayed: tuple[tuple[Battery, TaskObservations], ...]
    due_as: str = "expected"  # what the answers are that a replay shows
    is_new: bool = True  # not kept from an earlier grading


def reports_for(
    writer: str, graded: Sequence[Graded], arguments: argparse.Namespace
) -> list[Report]:
    """Return the reports as a format may show them."""
    is_hidden = arguments.as_student or writer in FOR_STUDENTS
    return [each.for_student if is_hidden else each.report for each in graded]


def show(graded: Sequence[Graded], arguments: argparse.Namespace) -> None:
    """Print reports in the form that was asked for, and the arrays of a replay."""
    writer = arguments.format if _is_for_programs(arguments) else "table"
    _print_reports(reports_for(writer, graded, arguments), arguments)
    if arguments.replay and not (arguments.debugger or _is_for_programs(arguments)):
        for each in graded:
            for battery, observed in each.replayed:
                emit(to_arrays.write(battery, observed.cases, for_own_mask, each.due_as))


def code_of(graded: Sequence[Graded], arguments: argparse.Namespace) -> ExitCode:
    """Return the exit code that reports stand for."""
    reports = [each.report for each in graded]
    if any(not report.complete for report in reports):
        return ExitCode.FAULT
    is_good = is_without_errors if arguments.replay else is_full_marks
    is_well = all(_is_nothing_found(r) if r.is_self_check else is_good(r) for r in reports)
    return ExitCode.OK if is_well else ExitCode.FINDINGS


def _is_nothing_found(report: Report) -> bool:
    outcomes = (Outcome.PASSED, Outcome.SKIPPED)
    return is_without_errors(report) and all(t.outcome in outcomes for t in report.tasks)


def task_of(arguments: argparse.Namespace) -> str:
    """Return the task that is meant, by itself or by a case of it; nothing for all of them."""
    replayed = (arguments.replay or "").split(":")[0]
    task = str(arguments.task or replayed)
    if replayed not in ("", task):
        raise CourseError(f"--task {task} and --replay {arguments.replay} name different tasks")
    return task


def case_of(batteries: Mapping[str, Battery | Finding], replay: str) -> str:
    """Return the id of the case to replay; raises ``CourseError`` naming what there is."""
    match = _REPLAY.fullmatch(replay)
    if not match:
        raise CourseError(f"--replay: `{replay}` is not TASK:KIND:INDEX, e.g. affine:batch1:0")
    battery = batteries[match[1]]
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


def _is_for_programs(arguments: argparse.Namespace) -> bool:
    return bool(arguments.format and not arguments.report)


def _print_reports(reports: Sequence[Report], arguments: argparse.Namespace) -> None:
    if _is_for_programs(arguments):
        text = WRITERS[arguments.format](reports)
    elif arguments.replay:
        shown = (
            to_table.write_replay(r, arguments.replay, verbose=arguments.verbose) for r in reports
        )
        text = "\n".join(shown)
    elif arguments.quiet:
        text = "".join(to_table.score_line(report) for report in reports)
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        text = to_table.write(reports, colour=colour, verbose=arguments.verbose)
    emit(text)
