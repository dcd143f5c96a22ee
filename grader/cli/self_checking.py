"""``grade .`` in a kit: what can be known without answers."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path

from grader.cli.kept import Kept
from grader.cli.output import write_file, writer_of
from grader.cli.settings import recording, settings_of
from grader.cli.showing import Graded, case_of, task_of
from grader.cli.status import StatusLine
from grader.errors import CourseError
from grader.escape import printable
from grader.grade import Run, files_of
from grader.kit import Kit, kit_files, read_kit
from grader.report import FORMAT_OF_ENDING, WRITERS
from grader.selfcheck import self_check
from grader.spec.yaml_cursor import nearest
from grader.submission import Submission, is_handed_in, list_sources, nearest_place, read_submission

_DUE = "expected, gradients by differences of your own forward"
_NEED_A_COURSE = ("rubric", "seed")


def check(arguments: argparse.Namespace, root: Path, kept: Kept) -> Graded:
    """Check one submission against the kit in a folder; write the reports."""
    for name in _NEED_A_COURSE:
        if getattr(arguments, name) is not None:
            raise CourseError(
                f"--{name} needs a course; this is a kit (it has a kit.yaml), whose cases are given"
            )
    before: Kit | None = kept.last("kit")
    support = [root / name for name in before.support] if before else []
    kit = kept.made_of("kit", [*kit_files(root), *support], lambda: read_kit(root))
    task = _task(kit, arguments)
    path = Path(arguments.submission)
    _refuse_empty(kit, path)
    writers = [writer_of(f, arguments.format, FORMAT_OF_ENDING) for f in arguments.report]
    asked = kit.assignment
    submission = read_submission(path, asked.files, is_tree=asked.is_tree)
    with StatusLine(is_quiet=arguments.quiet) as status:
        replay = case_of(kit.batteries, arguments.replay) if arguments.replay else ""
        command = f"grade {shlex.quote(printable(arguments.submission))}"
        command += f" --course {shlex.quote(arguments.course)}" if arguments.course else ""
        settings = settings_of(asked, arguments, command, replay, status)
        made = partial(_checked, kit, submission, settings, task)
        graded, is_new = kept.result_of(asked.id, submission, made)
    for file, writer in zip(arguments.report, writers, strict=True):
        write_file(Path(file), WRITERS[writer]([graded.report]))
    return graded if is_new else replace(graded, is_new=False)


def _checked(kit: Kit, submission: Submission, settings: Run, task: str) -> Graded:
    settings, seen = recording(settings)
    report = self_check(kit, submission, settings, task)
    return Graded(kit.assignment, files_of(kit, submission), report, report, tuple(seen), _DUE)


def _task(kit: Kit, arguments: argparse.Namespace) -> str:
    """Return the task that is meant, or nothing for all of them."""
    if arguments.assignment not in (None, kit.assignment.id):
        raise CourseError(
            f"--assignment {arguments.assignment}: this is the kit of {kit.assignment.id}"
        )
    task = task_of(arguments)
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
            f"the kit in {printable(str(kit.root))} asks for {', '.join(files)}"
        )
