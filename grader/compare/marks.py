"""One observation against its answer: a mark for each thing that was judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from grader.checks import backward_check, check_of_case, forward_check
from grader.compare.collect import (
    Collected,
    Leaf,
    Problem,
    collect_gradients,
    collect_outputs,
    shapes_of,
)
from grader.compare.faults import fault_outcome, fault_problem, place_evidence
from grader.compare.forms import tolerance_of
from grader.compare.judge import (
    AXES_OF_ONE,
    axes_problem,
    differs_in_axes_of_one,
    judge,
)
from grader.compare.judge_mask import explain_gradient, judge_chance, judge_output
from grader.compare.own_mask import is_noisy, is_whole, masked, own_mask
from grader.compare.ties import judge_tie
from grader.model import (
    Array,
    Battery,
    Draw,
    Expected,
    Fault,
    FaultKind,
    Observation,
    Outcome,
    Task,
)
from grader.styles import STYLES

_ZEROS = "zeros that nothing was written into"
NO_MASK = "forward shows no mask"
Explain = Callable[[Leaf, Problem | None], Problem | None]


@dataclass(frozen=True)
class Mark:
    """One judgement: this check, in this case, about this argument, was right or had a problem."""

    check: str
    argument: str
    case: str
    outcome: Outcome
    problem: Problem | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    stage: str = ""

    @property
    def is_right_in_value(self) -> bool:
        """True where it is right, at most for axes of size 1."""
        axes = self.problem is not None and self.problem.code == AXES_OF_ONE
        return self.outcome is Outcome.PASSED or axes


def marks_of(battery: Battery, observation: Observation, expected: Expected) -> Iterator[Mark]:
    """Yield the marks of every draw of a case."""
    task, case = battery.task, observation.case
    own = check_of_case(task, case)
    shapes = shapes_of(expected)
    forward_checks = {name: own or forward_check(task, name) for name in task.outputs}
    backward_checks = {f"d{name}": own or backward_check(name) for name in task.gradients}
    scale = battery.scale_of(expected)
    tolerance = tolerance_of(task, case.kind)
    masks = [own_mask(task, expected, draw) for draw in observation.draws]
    chance = judge_chance(task, expected, [mask for mask in masks if mask is not None])
    if chance is not None:
        name, check = next(iter(forward_checks.items()))
        yield Mark(check, name, case.id, Outcome.FAILED, chance, stage="forward")
    for index, draw in enumerate(observation.draws):
        # A file that fails by chance may not have loaded for this case, whatever it raised then.
        is_loaded = not (isinstance(draw.forward, Fault) and draw.forward.stage == "load")
        if expected.raises and is_loaded:
            yield _raise_mark(draw, expected, own or "forward")
            continue
        if isinstance(draw.forward, Fault):
            yield from _fault_marks(task, case.id, draw.forward, forward_checks)
            if (
                len(STYLES[task.call.style].stages) == 1
            ):  # one call, which fails for all of its results
                yield from _fault_marks(task, case.id, draw.forward, backward_checks)
                continue
            for name, check in backward_checks.items():
                yield Mark(check, name, case.id, Outcome.SKIPPED, reason=_unreached(draw.forward))
            continue
        outputs = collect_outputs(task, draw.forward, shapes)
        mask = masks[index]
        right = expected if mask is None else masked(task, expected, mask)
        in_words = partial(judge_output, task, expected, is_drawn=chance is None)
        forward = list(
            _judged(tolerance, scale, case.id, outputs, right.outputs, forward_checks,
                    is_output=True, explain=in_words)
        )  # fmt: skip
        yield from forward
        if isinstance(draw.backward, Fault):
            yield from _fault_marks(task, case.id, draw.backward, backward_checks)
            continue
        if expected.is_on_kink:  # several gradients are right, and which ones is not known
            continue
        is_right = all(mark.outcome is Outcome.PASSED for mark in forward)
        if is_noisy(expected) and not is_right and (mask is None or is_whole(mask)):
            for name, check in backward_checks.items():
                yield Mark(check, name, case.id, Outcome.SKIPPED, reason=NO_MASK)
            continue
        returned = draw.backward if draw.backward is not None else draw.forward
        gradients = collect_gradients(task, returned, shapes)
        if expected.hulls:
            yield _tie_mark(battery, case.id, gradients, expected, index, own or "ties")
        else:
            beside = partial(explain_gradient, task, expected, mask, index)
            yield from _judged(tolerance, scale, case.id, gradients, right.gradients[index],
                               backward_checks, is_output=False, explain=beside)  # fmt: skip


def _raise_mark(draw: Draw, expected: Expected, check: str) -> Mark:
    """Judge a call whose right answer is an exception, in forward or at the latest in backward."""
    case, wanted = expected.case, " or ".join(expected.raises)
    fault = draw.forward if isinstance(draw.forward, Fault) else draw.backward
    if not isinstance(fault, Fault):
        problem = Problem("V407", f"accepted {case.label}; expected {wanted}")
        return Mark(check, "", case.id, Outcome.FAILED, problem)
    raised = fault.detail.partition(":")[0]
    if fault.kind is FaultKind.RAISED and raised in expected.raises:
        return Mark(check, "", case.id, Outcome.PASSED)
    if fault.kind is FaultKind.STUB:
        return Mark(check, "", case.id, Outcome.NOT_ATTEMPTED, stage=fault.stage)
    told = f"{case.label}: {raised or fault.kind.value} in place of {wanted}"
    return Mark(check, "", case.id, Outcome.FAILED, Problem("V407", told))


def _unreached(fault: Fault) -> str:
    words = {Outcome.NOT_ATTEMPTED: "is not written", Outcome.TIMED_OUT: "timed out"}
    return f"forward {words.get(fault_outcome(fault), 'failed')}"


def _fault_marks(task: Task, case: str, fault: Fault, checks: Mapping[str, str]) -> Iterator[Mark]:
    problem, outcome = fault_problem(task, fault), fault_outcome(fault)
    for check in dict.fromkeys(checks.values()):
        # Slow at real size is a note, told elsewhere.
        is_slow = check == "size" and outcome is Outcome.TIMED_OUT
        place = place_evidence(fault)
        yield Mark(check, "", case, outcome, None if is_slow else problem, place, stage=fault.stage)


def _judged(
    tolerance: float | None,
    scale: Mapping[str, float],
    case: str,
    collected: Collected,
    expected: Mapping[str, Any],
    checks: Mapping[str, str],
    *,
    is_output: bool,
    explain: Explain,
) -> Iterator[Mark]:
    stage = "forward" if is_output else "backward"
    for name, check in checks.items():
        leaf = collected[name]
        if isinstance(leaf, Problem):
            yield Mark(check, name, case, Outcome.FAILED, leaf)
            continue
        if leaf.is_untouched and scale.get(name, 0.0) > 0:  # else zeros are right
            yield Mark(check, name, case, Outcome.NOT_ATTEMPTED, reason=_ZEROS, stage=stage)
            continue
        problem, evidence = judge(
            name, leaf, expected[name], scale.get(name, 0.0), tolerance, is_output=is_output
        )
        problem = explain(leaf, problem)
        outcome = Outcome.PASSED if problem is None else Outcome.FAILED
        yield Mark(check, name, case, outcome, problem, evidence, stage=stage)


def _tie_mark(
    battery: Battery, case: str, gradients: Collected, expected: Expected, draw: int, check: str
) -> Mark:
    arrays: dict[str, Array] = {}
    reshaped = ""
    for name, answer in expected.gradients[draw].items():
        leaf = gradients[name]
        if isinstance(leaf, Problem):
            return Mark(check, name, case, Outcome.FAILED, leaf)
        is_finite = np.isfinite(leaf.array).all()
        if is_finite and differs_in_axes_of_one(leaf.array, answer):
            reshaped = reshaped or name
        elif leaf.array.shape != answer.shape or not is_finite:
            problem, evidence = judge(name, leaf, answer, 1.0, None, is_output=False)
            return Mark(check, name, case, Outcome.FAILED, problem, evidence)
        arrays[name] = leaf.array.reshape(answer.shape)
    problem, evidence, worst = judge_tie(
        arrays, expected.hulls[draw], battery.scale[expected.case.kind], battery.task.tolerance
    )
    if problem is None and reshaped:
        worst, leaf = reshaped, gradients[reshaped]
        assert isinstance(leaf, Leaf)
        answer = expected.gradients[draw][reshaped]
        problem, evidence = axes_problem(leaf.called or reshaped, leaf.array, answer)
    outcome = Outcome.PASSED if problem is None else Outcome.FAILED
    return Mark(check, worst, case, outcome, problem, evidence)
