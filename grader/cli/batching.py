"""``grade batch SUBMISSIONS --out DIR``: a whole class, resumed where it was stopped."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.batch import Journal, carry_out
from grader.batch.executors import dask, local
from grader.batch.gather import Gathering
from grader.cli.output import emit
from grader.cli.progress import ProgressLine
from grader.course import find_course
from grader.errors import ExitCode
from grader.intake import read_roster, take_in
from grader.isolation import choose, require_for_many
from grader.model import Assignment, Rubric

Chosen = Sequence[tuple[Assignment, Rubric]]


def run(arguments: argparse.Namespace) -> ExitCode:
    """Grade a class and return the exit code."""
    gc.enable()  # a long run, whose memory must not grow
    folder = Path(arguments.submissions)
    course = find_course(arguments.course, os.environ, folder)
    roster = read_roster(Path(arguments.roster)) if arguments.roster else None
    intake = take_in(folder, arguments.layout, roster)
    for problem in intake.problems:
        print(f"grade: {problem}", file=sys.stderr)
    chosen = _assignments(course, arguments)
    rung, note = choose(arguments.isolation)
    require_for_many(rung, allow_weak=arguments.allow_weak_isolation)
    kit = _kit(course, chosen, arguments)
    with Journal(Path(arguments.out)) as journal:
        if not arguments.allow_weak_spec:
            _refuse_unsound(course, chosen, journal, rung, note)
        gathering = Gathering(
            attempts=_counting(intake, arguments.attempt),
            assignments=[assignment for assignment, _ in chosen],
            kit=kit,
            journal=journal,
            is_forced=arguments.force,
            factors=_factors(intake),
        )
        if arguments.dask:
            open_executor, jobs = dask(arguments.dask)
        else:
            jobs = arguments.jobs or len(os.sched_getaffinity(0))
            open_executor = local(jobs)
        with ProgressLine(len(gathering.attempts), is_quiet=arguments.quiet) as line:
            end = carry_out(
                gathering.orders(), gathering.read_again, kit, open_executor, jobs, journal.store,
                told=line.tell,
            )  # fmt: skip
    emit(_closing(gathering, end, arguments.out))
    return _code(gathering, end)
