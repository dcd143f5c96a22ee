"""The backward of a random layer against the student's own wrong forward.

A forward that multiplies its argument, entry by entry, has that factor as its derivative: it is
read off the output and needs no difference of two calls, which would meet two masks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from grader.checks import FOLLOW_THROUGH, backward_check, forward_check
from grader.codes import finding
from grader.compare.follow import OWN
from grader.compare.follow_plan import NOTHING
from grader.compare.judge import tolerance_for
from grader.compare.leaves import leaves_of, shapes_of
from grader.compare.own_mask import is_whole, own_mask
from grader.compare.verdict import CheckVerdict
from grader.model import Battery, Kind, Observation, Outcome
from grader.numeric import largest, largest_difference

_OF_A_MASK = {"V412", "V413", "V414"}  # the forward still masks its argument
_TOO_LITTLE = CheckVerdict(Outcome.SKIPPED, reason="forward gives nothing to follow")
_NOT_WRONG = CheckVerdict(Outcome.SKIPPED, reason="no gradient is wrong in value")


def follow_mask(
    battery: Battery, observations: Sequence[Observation], verdicts: Mapping[str, CheckVerdict]
) -> dict[str, CheckVerdict]:
    """Return the verdict of ``follow_through``, and of the gradient where that is credited."""
    task = battery.task
    forward = verdicts[forward_check(task, task.outputs[0])]
    check = backward_check(task.gradients[0])
    if forward.outcome is Outcome.PASSED:
        return {FOLLOW_THROUGH: NOTHING}
    if {f.code for f in forward.findings} - _OF_A_MASK or not forward.findings:
        return {FOLLOW_THROUGH: _TOO_LITTLE}
    if {f.code for f in verdicts[check].findings} != {"V402"}:
        return {FOLLOW_THROUGH: _NOT_WRONG}
    fits = list(_fits(battery, observations))
    if not fits:
        return {FOLLOW_THROUGH: _TOO_LITTLE}
    name = f"d{task.gradients[0]}"
    case = verdicts[check].findings[0].case
    by = f"d{task.outputs[0]} * {task.outputs[0]} / {task.gradients[0]}"
    if all(fits):
        told = finding("N714", FOLLOW_THROUGH, f"{name} fits your own forward: it is {by}",
                       argument=name, case=case)  # fmt: skip
        credited = dataclasses.replace(verdicts[check], reason=OWN, follows=True)
        return {check: credited, FOLLOW_THROUGH: CheckVerdict(Outcome.PASSED, (told,))}
    told = finding("N715", FOLLOW_THROUGH,
                   f"{name} does not fit your own forward either: that has {by}",
                   argument=name, case=case)  # fmt: skip
    return {FOLLOW_THROUGH: CheckVerdict(Outcome.FAILED, (told,))}


def _fits(battery: Battery, observations: Sequence[Observation]) -> Iterator[bool]:
    """Yield for each draw of the random cases whether the gradient is that of its forward."""
    task = battery.task
    answers = {e.case.id: e for e in battery.expected[Kind.RANDOM]}
    for observation in (o for o in observations if o.case.id in answers):
        expected = answers[observation.case.id]
        given = observation.case.inputs[task.gradients[0]]
        for draw, upstream in zip(observation.draws, observation.case.upstreams, strict=False):
            kept = own_mask(task, expected, draw)
            leaves = leaves_of(task, draw, shapes_of(expected))
            leaf = leaves.get(f"d{task.gradients[0]}")
            if kept is None or is_whole(kept) or leaf is None or leaf.array.shape != given.shape:
                continue  # nothing random to differentiate, or nothing to judge
            output = leaves[task.outputs[0]].array
            own = upstream[f"d{task.outputs[0]}"] * np.asarray(output, np.float64) / given
            allowed = tolerance_for(leaf.array, task.tolerance) * largest(own)
            yield largest_difference(leaf.array, own) <= allowed
