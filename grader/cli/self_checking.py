"""``grade .`` in a kit: what can be known without answers."""

from __future__ import annotations

import argparse
import shlex
from functools import partial
from pathlib import Path

from grader.cli.output import write_file, writer_of
from grader.cli.showing import case_of, print_arrays, print_reports
from grader.errors import CourseError, ExitCode
from grader.escape import printable
from grader.grade import Run
from grader.isolation import SANDBOXES, choose, find_packages
from grader.kit import Kit, read_kit
from grader.model import Battery, Outcome, Report, Severity
from grader.observe import TaskObservations
from grader.report import FORMAT_OF_ENDING, WRITERS
from grader.selfcheck import self_check
from grader.spec.yaml_cursor import nearest
from grader.submission import is_handed_in, list_sources, nearest_place, read_submission

_DUE = "expected, gradients by differences of your own forward"
_NEED_A_COURSE = ("rubric", "seed")


def run(arguments: argparse.Namespace, root: Path) -> ExitCode:
    """Check one submission against the kit in a folder and return the exit code."""
    for name in _NEED_A_COURSE:
        if getattr(arguments, name) is not None:
            raise CourseError(
                f"--{name} needs a course; this is a kit (it has a kit.yaml), whose cases are given"
            )
    kit = read_kit(root)
    task = _task(kit, arguments)
    path = Path(arguments.submission)
    _refuse_empty(kit, path)
    writers = [writer_of(f, arguments.format, FORMAT_OF_ENDING) for f in arguments.report]
    rung, note = choose(arguments.isolation)
    replayed: list[tuple[Battery, TaskObservations]] = []
    asked = kit.assignment
    settings = Run(
        open_session=partial(SANDBOXES[rung], packages=find_packages(asked)),
        isolation=rung,
        isolation_note=note,
        command=f"grade {shlex.quote(printable(arguments.submission))}",
        replay=case_of(kit.batteries, arguments.replay) if arguments.replay else "",
        observed=lambda battery, observed: replayed.append((battery, observed)),
    )
    submission = read_submission(path, asked.files, is_tree=asked.is_tree)
    report = self_check(kit, submission, settings, task)
    for file, writer in zip(arguments.report, writers, strict=True):
        write_file(Path(file), WRITERS[writer]([report]))
    print_reports([report], arguments)
    if arguments.replay:
        print_arrays(replayed, arguments, _DUE)
    if not report.complete:
        return ExitCode.FAULT
    return ExitCode.OK if _is_nothing_found(report) else ExitCode.FINDINGS


def _task(kit: Kit, arguments: argparse.Namespace) -> str:
    """Return the task that is meant, or nothing for all of them."""
    if arguments.assignment not in (None, kit.assignment.id):
        raise CourseError(
            f"--assignment {arguments.assignment}: this is the kit of {kit.assignment.id}"
        )
    replayed = (arguments.replay or "").split(":")[0]
    task = str(arguments.task or replayed)
    if replayed not in ("", task):
        raise CourseError(f"--task {task} and --replay {arguments.replay} name different tasks")
    known = [each.id for each in kit.assignment.tasks]
    if task and task not in known:
        raise CourseError(f"no task `{task}`{nearest(task, known)}; it has {', '.join(known)}")
    return task


def _refuse_empty(kit: Kit, path: Path) -> None:
    listing = list_sources(path)
    files, is_tree = kit.assignment.files, kit.assignment.is_tree
    if not is_handed_in(path, files, listing, is_tree=is_tree):
        close = next((near for file in files if (near := nearest_place(file, listing))), "")
        raise CourseError(
            f"{printable(str(path))}: no file of {kit.assignment.id} is there{close}; "
            f"the kit asks for {', '.join(files)}"
        )


def _is_nothing_found(report: Report) -> bool:
    found = [*report.findings, *(f for task in report.tasks for f in task.findings)]
    is_clean = not any(f.severity is Severity.ERROR for f in found)
    return is_clean and all(t.outcome in (Outcome.PASSED, Outcome.SKIPPED) for t in report.tasks)
