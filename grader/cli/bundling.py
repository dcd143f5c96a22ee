"""``grade bundle ASSIGNMENT --to gradescope --out FILE.zip``: an autograder to upload."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from grader.batch.journal import write_whole
from grader.batch.proofs import refuse_unsound
from grader.bundle import pack
from grader.cli.batching import pack_kit
from grader.cli.output import emit
from grader.course import find_course, load
from grader.errors import CourseError, ExitCode
from grader.isolation import choose, find_packages


def run(arguments: argparse.Namespace) -> ExitCode:
    """Prove the assignment, pack it, and write the zip whole or not at all."""
    out = Path(arguments.out)
    if out.suffix != ".zip" or out.is_dir() or not out.parent.is_dir():
        why = f"there is no folder {out.parent}" if not out.parent.is_dir() else "name a FILE.zip"
        raise CourseError(f"--out {out}: {why}")
    course = find_course(arguments.course, os.environ, None)
    assignment, rubric = load(course, arguments.assignment, arguments.rubric)
    find_packages(assignment)  # told before anything is proven or packed
    if not arguments.allow_weak_spec:
        with tempfile.TemporaryDirectory(prefix="grade-") as folder:
            refuse_unsound(course, assignment, rubric, choose(), Path(folder))
    kit = pack_kit(course, [(assignment, rubric)], arguments)
    try:
        write_whole(out, pack(kit, assignment.packages), is_forced=True)
    except OSError as error:
        raise CourseError(f"--out {out}: cannot be written: {error.strerror}") from error
    emit(f"{out}\n")
    return ExitCode.OK
