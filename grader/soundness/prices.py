"""Prices of a rubric under which a task is passed with a wrong backward."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grader.checks import LOAD
from grader.codes import finding
from grader.compare import compare
from grader.model import Battery, Finding, Kind, Outcome, Rubric
from grader.oracle import Reference, mutants_of
from grader.soundness.answers import every_case, observed


def unpriced_backward(reference: Reference, battery: Battery, rubric: Rubric) -> Iterator[Finding]:
    """Yield a finding when a backward that is wrong in every gradient loses no point."""
    task, prices = battery.task, rubric.points[battery.task.id]
    if not task.gradients:
        return
    sample = battery.expected[Kind.RANDOM][0]
    negated = [m for m in mutants_of(reference, sample) if m.name == "negated" and not m.is_output]
    verdicts = compare(battery, observed(task, every_case(battery), negated))
    lost = sum(
        (
            points
            for check, points in prices.items()
            if check != LOAD and not check.startswith("behaviour.")
            if check not in verdicts or verdicts[check].outcome is not Outcome.PASSED
        ),
        Fraction(0),
    )
    if lost == 0:
        total = float(sum(prices.values(), Fraction(0)))
        message = f"a task with every gradient wrong loses 0 of {total:g} points and is `passed`"
        yield finding("W851", "", message, evidence={"lost": 0.0, "points": total})
