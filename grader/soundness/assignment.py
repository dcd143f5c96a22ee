"""Proving an assignment: every task, its reference handed in, and what the course declares."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping

from grader.codes import finding
from grader.course import Course, support_texts
from grader.grade import Run, grade_submission
from grader.model import (
    Assignment,
    Battery,
    Finding,
    Outcome,
    Rubric,
    Soundness,
    TaskSoundness,
)
from grader.oracle import load_references
from grader.prepare import Prepared, digests_of, versions_of
from grader.soundness.declared import digest_of_declared, grade_declared, read_declared
from grader.soundness.task import prove_task
from grader.submission import Submission, read_submission


def prove_assignment(
    course: Course, assignment: Assignment, rubric: Rubric, run_seed: bytes, seed: str, run: Run
) -> Soundness:
    """Return what is known about an assignment; raises ``CourseError`` where it is malformed."""
    start = time.monotonic()
    declared = read_declared(course, assignment)
    support = support_texts(course, assignment)
    references = load_references(course.reference_of(assignment.id), assignment, support)
    tasks: dict[str, TaskSoundness] = {}
    batteries: dict[str, Battery] = {}
    for task in assignment.tasks:
        tasks[task.id], battery = prove_task(references[task.id], rubric, run_seed)
        if battery is not None:
            batteries[task.id] = battery
    digests = digests_of(course, assignment, rubric, support)
    prepared = Prepared(
        course=course.name,
        assignment=assignment,
        rubric=rubric,
        references=references,
        batteries=batteries,
        seed=seed,
        digests=digests,
        support=support,
    )
    folder = course.reference_of(assignment.id)
    solution = read_submission(folder, assignment.files, is_tree=assignment.is_tree)
    for name, told in _handed_in(prepared, solution, run).items():
        tasks[name] = _with(tasks[name], told)
    for file in declared:
        if file.task in batteries:
            result, weaknesses = grade_declared(prepared, solution.texts, file, run)
            known = (*tasks[file.task].declared, result)
            task_soundness = dataclasses.replace(tasks[file.task], declared=known)
            tasks[file.task] = _with(task_soundness, weaknesses)
    return Soundness(
        assignment=assignment.id,
        title=assignment.title,
        tasks=tuple(tasks.values()),
        seed=seed,
        isolation=run.isolation,
        versions=versions_of(assignment),
        digests={**digests, "declared": digest_of_declared(declared)},
        seconds=time.monotonic() - start,
    )


def _with(task: TaskSoundness, told: tuple[Finding, ...]) -> TaskSoundness:
    return dataclasses.replace(task, weaknesses=(*task.weaknesses, *told))


def _handed_in(
    prepared: Prepared, solution: Submission, run: Run
) -> Mapping[str, tuple[Finding, ...]]:
    """Grade the reference as a student's; return per task what keeps it from full marks."""
    told: dict[str, tuple[Finding, ...]] = {}
    for result in grade_submission(prepared, solution, run).tasks:
        if result.outcome is not Outcome.PASSED:
            first = result.findings[0] if result.findings else None
            message = (
                f"the reference, handed in, gets `{result.outcome.value}`: "
                f"{first.message if first else 'no finding'}"
            )
            check, code = (first.check, first.code) if first else ("", "")
            told[result.id] = (finding("W803", check, message, evidence={"code": code}),)
            continue
        free = [c.id for c in result.checks if c.outcome in (Outcome.FAILED, Outcome.FAULTED)]
        told[result.id] = tuple(
            finding("W803", check, f"the reference, handed in, fails `{check}`, which is free")
            for check in free
        )
    return told
