"""The unit of a batch: one order and the kit of a course -> the texts of its reports."""

from __future__ import annotations

import dataclasses
import time

from grader.batch.kit import Bench, Kit, bench_of
from grader.batch.order import Graded, Order, Status, tries_due
from grader.batch.watch import Watch
from grader.grade import Run, grade_submission
from grader.model import Limits, Outcome, Report
from grader.prepare import Prepared
from grader.report import WRITERS, for_student, to_json
from grader.submission import Submission


def grade_order(order: Order, kit: Kit) -> Graded:
    """Grade one submission. Whatever its code does is in the reports; our own faults are raised."""
    start = time.monotonic()
    bench = bench_of(kit)
    watches = {name: Watch(bench.rung, bench.packages[name]) for name, _ in order.submissions}
    reports = [
        _graded(bench, name, submission, order.time_factor, watches[name])
        for name, submission in order.submissions
    ]
    rubrics = {name: bench.prepared[name].rubric for name, _ in order.submissions}
    shown = [for_student(report, rubrics[report.assignment], order.now) for report in reports]
    tasks = [task for report in reports for task in report.tasks]
    outcomes = {task.outcome.value for task in tasks}
    has_died = any(watch.has_deaths for watch in watches.values())
    return Graded(
        key=order.key,
        digest=order.digest,
        status=Status.VOID if Outcome.VOID.value in outcomes else Status.GRADED,
        json=to_json.write(reports, attempt=order.attempt),
        markdown=WRITERS["markdown"](shown),
        score=float(sum(report.score for report in reports)),
        max_score=float(sum(report.max_score for report in reports)),
        seconds=time.monotonic() - start,
        tries_due=tries_due(outcomes, has_died=has_died),
    )


def _graded(bench: Bench, name: str, submission: Submission, factor: float, watch: Watch) -> Report:
    run = Run(watch.open, bench.rung, bench.note)
    return grade_submission(_slower(bench.prepared[name], factor), submission, run)


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
