"""The unit of a batch: one order and the kit of a course -> the texts of its reports."""

from __future__ import annotations

import dataclasses
import time
from functools import partial

from grader.batch.kit import Bench, Kit, bench_of
from grader.batch.order import Graded, Order, Status, may_be_otherwise
from grader.grade import Run, grade_submission
from grader.isolation import SANDBOXES
from grader.model import Limits, Outcome, Report
from grader.prepare import Prepared
from grader.report import WRITERS, for_student, to_json
from grader.submission import Submission


def grade_order(order: Order, kit: Kit) -> Graded:
    """Grade one submission. Whatever its code does is in the reports; our own faults are raised."""
    start = time.monotonic()
    bench = bench_of(kit)
    reports = [
        _graded(bench, name, submission, order.time_factor)
        for name, submission in order.submissions
    ]
    rubrics = {name: bench.prepared[name].rubric for name, _ in order.submissions}
    shown = [for_student(report, rubrics[report.assignment], order.now) for report in reports]
    tasks = [task for report in reports for task in report.tasks]
    outcomes = {task.outcome.value for task in tasks}
    codes = {told.code for task in tasks for told in task.findings}
    return Graded(
        key=order.key,
        digest=order.digest,
        status=Status.VOID if Outcome.VOID.value in outcomes else Status.GRADED,
        json=to_json.write(reports, attempt=order.attempt),
        markdown=WRITERS["markdown"](shown),
        score=float(sum(report.score for report in reports)),
        max_score=float(sum(report.max_score for report in reports)),
        is_unsettled=may_be_otherwise(outcomes, codes),
        seconds=time.monotonic() - start,
    )


def _graded(bench: Bench, name: str, submission: Submission, factor: float) -> Report:
    prepared = bench.prepared[name]
    open_session = partial(SANDBOXES[bench.rung], packages=bench.packages[name])
    run = Run(open_session, bench.rung, bench.note)
    return grade_submission(_slower(prepared, factor), submission, run)


def _slower(prepared: Prepared, factor: float) -> Prepared:
    """Return the assignment with all limits of time multiplied."""
    if factor == 1.0:
        return prepared
    limits = prepared.assignment.limits
    changed: dict[str, float] = {
        name: getattr(limits, name) * factor
        for name in (f.name for f in dataclasses.fields(Limits))
        if name.endswith("_seconds")
    }
    assignment = dataclasses.replace(
        prepared.assignment,
        limits=dataclasses.replace(limits, **changed),  # type: ignore[arg-type]
    )
    return dataclasses.replace(prepared, assignment=assignment)
