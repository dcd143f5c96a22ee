"""``grade release ASSIGNMENT --out DIR|FILE.zip``: what students get of an assignment."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tabulate import tabulate

from grader.batch.proofs import refuse_unsound
from grader.cases import public_seed
from grader.cli.output import emit
from grader.cli.settings import run_on
from grader.course import find_course, load, read_secret, read_text, spec_path
from grader.errors import ExitCode
from grader.isolation import choose
from grader.kit import is_known
from grader.model import Assignment, Battery
from grader.prepare import prepare
from grader.release import Released, assemble, prove_kit, refuse_taken, write_kit


def run(arguments: argparse.Namespace) -> ExitCode:
    """Make a student kit, prove it, and write it whole or not at all."""
    out = Path(arguments.out)
    refuse_taken(out)
    course = find_course(arguments.course, os.environ, None)
    assignment, rubric = load(course, arguments.assignment, arguments.rubric)
    isolation = choose()
    settings = run_on(assignment, isolation)
    secret = read_secret(course, os.environ)
    if not arguments.allow_weak_spec:
        with tempfile.TemporaryDirectory(prefix="grade-") as folder:
            refuse_unsound(course, assignment, rubric, isolation, Path(folder))
    number = arguments.seed or 0
    spec = read_text(spec_path(course, arguments.assignment))
    released = assemble(course, assignment, rubric, spec, number)
    seed = public_seed(number, assignment)
    prepared = prepare(course, assignment, rubric, seed, f"public, {number}")
    prove_kit(released, prepared, settings)
    write_kit(released.files, out, assignment.id)
    emit("\n".join(_said(released, out)) + "\n")
    if secret is None:
        _warn(assignment)
    return ExitCode.OK


def _said(released: Released, out: Path) -> Iterator[str]:
    """Yield what was written, and how much of each task is public."""
    rows = [
        (task.id, *_counts(released.batteries[task.id]), task.public.value)
        for task in released.assignment.tasks
    ]
    headers = ("task", "cases", "forward values", "gradients", "public")
    yield tabulate(rows, headers, tablefmt="simple")
    yield ""
    yield (
        f"{out}: {len(released.files)} files, no solution among them. Tried before: the starter is "
        "not attempted in every task, and the reference in its place is right in every one."
    )


def _counts(battery: Battery) -> tuple[int, int, int]:
    """Return the cases, the outputs and the gradients that students can read."""
    cases = [each for kind in battery.expected.values() for each in kind]
    outputs = sum(is_known(array) for each in cases for array in each.outputs.values())
    gradients = sum(
        is_known(array) for each in cases for named in each.gradients for array in named.values()
    )
    return len(cases), outputs, gradients


def _warn(assignment: Assignment) -> None:
    print(
        "grade: this course has no secret, so that anybody can compute the cases of the grading; "
        f"put one into course.secret before {assignment.id} is graded for the record",
        file=sys.stderr,
    )
