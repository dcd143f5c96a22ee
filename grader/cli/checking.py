"""``grade check ASSIGNMENT``: prove a spec, its reference and its rubric."""

from __future__ import annotations

import argparse
import os
from functools import partial

from tabulate import tabulate

from grader.cases import public_seed
from grader.check import TaskCheck, check_assignment
from grader.course import Course, find_course, load, support_texts
from grader.errors import ExitCode
from grader.grade import Run, grade_submission, prepare
from grader.isolation import SANDBOXES, Packages, choose, find_packages, import_problems
from grader.model import Assignment, Outcome, Rubric
from grader.oracle import load_references
from grader.submission import read_submission


def run(arguments: argparse.Namespace) -> ExitCode:
    """Check one assignment and return the exit code."""
    course = find_course(arguments.course, os.environ, None)
    assignment, rubric = load(course, arguments.assignment, arguments.rubric)
    packages = find_packages(assignment)
    support = support_texts(course, assignment)
    references = load_references(course.reference, assignment, support)
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
    complaints = _as_submission(course, assignment, rubric, run_seed, packages)
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
    course: Course, assignment: Assignment, rubric: Rubric, run_seed: bytes, packages: Packages
) -> list[str]:
    """Grade the reference as if handed in; return what keeps it from full marks."""
    prepared = prepare(course, assignment, rubric, run_seed, "public, 0")
    submission = read_submission(course.reference, assignment.files)
    rung, note = choose()
    open_session = partial(SANDBOXES[rung], packages=packages)
    if problems := import_problems(assignment, open_session):
        return problems
    report = grade_submission(prepared, submission, Run(open_session, rung, note))
    return [
        f"{task.id}: the reference, handed in as a submission, gets `{task.outcome.value}`: "
        f"{task.findings[0].message if task.findings else 'no finding'}"
        for task in report.tasks
        if task.outcome is not Outcome.PASSED
    ]
