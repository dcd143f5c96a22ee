"""Which of the forms that a task accepts a submission has, e.g. a regulariser with a half or not.

All of its results must have one and the same form: a loss with the half and a gradient without is
a mistake, and the most common one there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from grader.checks import forward_check, value_checks
from grader.codes import finding
from grader.compare.verdict import NOT_RUN, CheckVerdict, compare
from grader.model import Battery, Finding, Observation, Outcome

_VALUE = {"V401", "V402", "V404"}

Verdicts = Mapping[str, CheckVerdict]


@dataclass(frozen=True)
class Judged:
    """The verdicts under the form that fits best, with its battery."""

    battery: Battery
    verdicts: Verdicts
    notes: tuple[Finding, ...] = ()


def judged(
    battery: Battery, observations: Sequence[Observation], prices: Mapping[str, Fraction]
) -> Judged:
    """Return the verdicts under the form in which most is right: by points, then by checks.

    The stated form is left only for one in which more is right.
    """
    stated = Judged(battery, compare(battery, observations))
    if not battery.accepted or len(_right(stated)) == len(stated.verdicts):
        return stated
    others = [Judged(other, compare(other, observations)) for other in battery.accepted]
    best = max([stated, *others], key=lambda one: _rank(one, prices))
    rest = [one for one in (stated, *others) if one is not best]
    return replace(
        best, verdicts=_told(best, rest, is_stated=best is stated), notes=_accepted(stated, best)
    )


def _right(one: Judged) -> set[str]:
    """Return the checks with nothing against them; in a replay most cases are not run."""
    innocent = {NOT_RUN, one.battery.no_ties}
    return {
        check
        for check, verdict in one.verdicts.items()
        if verdict.outcome is Outcome.PASSED
        or (verdict.outcome is Outcome.SKIPPED and verdict.reason in innocent)
    }


def _rank(one: Judged, prices: Mapping[str, Fraction]) -> tuple[Fraction, int]:
    right = _right(one)
    return sum((prices.get(check, Fraction(0)) for check in right), Fraction(0)), len(right)


def _accepted(stated: Judged, best: Judged) -> tuple[Finding, ...]:
    """Return the note of a form that is accepted, and is not the stated one."""
    task = best.battery.task
    if best is stated or not _right(best).issuperset(value_checks(task)):
        return ()
    message = f"accepted form: {task.accepted_form}; stated is {stated.battery.task.accepted_form}"
    return (finding("N726", forward_check(task, task.outputs[-1]), message),)


def _told(best: Judged, rest: Sequence[Judged], *, is_stated: bool) -> Verdicts:
    """Say of wrong values by which form they are wrong, and by which other they would be right."""
    form = "" if is_stated else f"with {best.battery.task.accepted_form}: "
    right = {one.battery.task.accepted_form: _right(one) for one in rest}

    def said(one: Finding) -> Finding:
        if one.code not in _VALUE:
            return one
        fits = next((f"; right with {other}" for other in right if one.check in right[other]), "")
        but = ", where other results are not" if fits else ""
        return replace(one, message=f"{form}{one.message}{fits}{but}")

    return {
        check: replace(verdict, findings=tuple(map(said, verdict.findings)))
        for check, verdict in best.verdicts.items()
    }
