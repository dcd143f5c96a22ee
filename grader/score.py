"""From verdicts to points: a check that passed earns all of its points, any other earns none.

But for a gradient that is right for the student's own wrong forward, and for arrays whose axes of
size 1 alone are wrong: the rubric's shares.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.checks import checks_of, is_free
from grader.compare.verdict import CheckVerdict, unjudged
from grader.model import (
    CheckResult,
    Finding,
    Outcome,
    Rubric,
    Severity,
    Task,
    TaskResult,
    visibility_of,
)

_NOTHING = Fraction(0)
# A task is as bad as the worst of the checks that count, in this order.
_WORST_FIRST = (
    Outcome.TIMED_OUT,
    Outcome.FAULTED,
    Outcome.FAILED,
    Outcome.NOT_ATTEMPTED,
    Outcome.SKIPPED,
)


def score_task(
    task: Task,
    verdicts: Mapping[str, CheckVerdict],
    rubric: Rubric,
    notes: Sequence[Finding],
    seconds: float,
) -> TaskResult:
    """Price the verdicts of a task. A check nobody judged is skipped, never passed."""
    prices = rubric.points[task.id]
    share = rubric.follow_through.get(task.id, Fraction(0))
    results: list[CheckResult] = []
    findings: list[Finding] = []
    for check in checks_of(task):
        verdict = verdicts[check] if check in verdicts else unjudged(task, check, verdicts)
        price = prices.get(check, Fraction(0))
        earned = price if verdict.outcome is Outcome.PASSED else Fraction(0)
        if verdict.follows:
            earned = price * share
        elif verdict.is_right_in_value:
            earned = price * rubric.size_one_axes.get(task.id, Fraction(0))
        visibility = visibility_of(rubric, task.id, check)
        results.append(
            CheckResult(check, verdict.outcome, earned, price, verdict.reason, visibility)
        )
        findings.extend(verdict.findings)
    errors = [f for f in findings if f.severity is Severity.ERROR]
    rest = [f for f in findings if f.severity is not Severity.ERROR]
    outcome = outcome_of(results)
    return TaskResult(
        task.id, task.title, outcome, tuple(results), (*errors, *rest, *notes), seconds
    )


def credited(before: CheckResult, after: CheckResult, share: Fraction, reason: str) -> CheckResult:
    """Return a check that passed only when judged again, with the rubric's share of its points."""
    if before.outcome is Outcome.PASSED or after.outcome is not Outcome.PASSED:
        return before
    score = max(before.score, after.score * share)
    return dataclasses.replace(before, score=score, reason=reason)


def void_task(task: Task, rubric: Rubric, fault: Finding) -> TaskResult:
    """Return the result of a task that the grader itself cannot judge: it counts for nobody."""
    checks = tuple(
        CheckResult(
            check, Outcome.VOID, _NOTHING, _NOTHING, "void", visibility_of(rubric, task.id, check)
        )
        for check in checks_of(task)
        if check in rubric.points[task.id]
    )
    return TaskResult(task.id, task.title, Outcome.VOID, checks, (fault,))


def outcome_of(results: Sequence[CheckResult]) -> Outcome:
    """Return the outcome of a task: as bad as the worst of the checks that count."""
    counting = [r for r in results if r.max_score > 0] or [r for r in results if not is_free(r.id)]
    outcomes = {r.outcome for r in counting}
    if outcomes == {Outcome.PASSED}:
        return Outcome.PASSED
    attempted = outcomes - {Outcome.NOT_ATTEMPTED, Outcome.SKIPPED}
    if not attempted and Outcome.NOT_ATTEMPTED in outcomes:
        return Outcome.NOT_ATTEMPTED
    if Outcome.PASSED in outcomes and not attempted - {Outcome.PASSED}:
        return Outcome.FAILED  # partly written
    return next(o for o in _WORST_FIRST if o in outcomes)
