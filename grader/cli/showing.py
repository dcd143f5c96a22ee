"""What a grading shows on the terminal: its reports, and the arrays of a replayed case.

``print_reports``, ``print_arrays``   to stdout.
``case_of``                           the case that a replay names.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence

from grader.cli.output import emit
from grader.compare import for_own_mask
from grader.errors import CourseError
from grader.model import Battery, Finding, Kind, Report
from grader.observe import TaskObservations
from grader.report import WRITERS, to_arrays, to_table
from grader.spec.yaml_cursor import nearest

_REPLAY = re.compile(r"([a-z][a-z0-9_]*):([a-z0-9_]+):(\d{1,6})")


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


def is_for_programs(arguments: argparse.Namespace) -> bool:
    """Return True where stdout is a report in a format for programs."""
    return bool(arguments.format and not arguments.report)


def print_reports(reports: Sequence[Report], arguments: argparse.Namespace) -> None:
    """Show the reports in the way that was asked for."""
    if is_for_programs(arguments):
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


def print_arrays(
    replayed: Iterable[tuple[Battery, TaskObservations]],
    arguments: argparse.Namespace,
    due_as: str = "expected",
) -> None:
    """Show what went in and what came back, unless a program reads it."""
    if not is_for_programs(arguments):
        for battery, observed in replayed:
            emit(to_arrays.write(battery, observed.cases, for_own_mask, due_as))
