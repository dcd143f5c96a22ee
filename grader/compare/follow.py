"""The student's backward against the student's own forward: the other half of a 2 x 2 verdict.

Measured by central differences of the student's forward along random directions. That is never
the verdict on a gradient: it tells a wrong forward with a right backward from two wrong ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Any

import numpy as np

from grader.checks import FOLLOW_THROUGH, backward_check
from grader.codes import finding
from grader.compare.follow_plan import (
    NOTHING,
    Line,
    Plan,
    Swap,
    weighted,
    weighted_outputs,
)
from grader.compare.leaves import leaves_of, shapes_of
from grader.compare.verdict import CheckVerdict
from grader.model import Array, Case, Draw, Finding, Named, Outcome, Task
from grader.numeric import CENTRAL_STEPS

Answers = Callable[[Case], Named]  # a case -> the reference's gradients for its first upstream

# Right pairs measure below 4e-10 of |g||v|, wrong ones above 4e-3.
_TOLERANCE = 1e-6
# A gradient is said not to fit only where it is off by this many times what the differences of
# two steps disagree by: a rough forward, e.g. one in float32 inside, proves nothing.
_SURE = 10.0
_DEPENDS = 1e-3  # relative change of a gradient that depends on what was changed
_SHARE = 1e-2  # of the reference's change, that the student's must have
_NOTHING = 1e-6  # of the reference's gradient: less is no gradient
OWN = "right for your own forward"


class Fit(Enum):
    """How a gradient fits differences of the forward it belongs to."""

    FITS = 1
    DIFFERS = 2
    UNCLEAR = 3


@dataclass(frozen=True)
class _Measured:
    """How one gradient fits the student's own forward, with the numbers of one direction."""

    fit: Fit
    evidence: Mapping[str, float]


def follow(
    task: Task,
    asked: Plan,
    draws: Sequence[Draw | None],
    verdicts: Mapping[str, CheckVerdict],
    answers: Answers,
) -> dict[str, CheckVerdict]:
    """Return the verdict of ``follow_through``, and of the gradients it credits.

    ``draws`` are those of the plan's moves.
    """
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        measured = {
            name: _overall(task, asked, draws, name) for name in (*asked.wrong, *asked.right)
        }
        fitting = [n for n in asked.wrong if measured[n].fit is Fit.FITS]
        earning = [n for n in fitting if _earns(task, asked, draws, n, answers)]
    differing = [n for n in asked.wrong if measured[n].fit is Fit.DIFFERS]
    if asked.is_forward_right:
        told = _notes(asked, measured, {"N716": differing})
        return {FOLLOW_THROUGH: dataclasses.replace(NOTHING, findings=told)}
    simple = [n for n in fitting if n not in earning]
    kept = [n for n in asked.right if measured[n].fit is Fit.DIFFERS]
    told = _notes(
        asked, measured, {"N714": earning, "N715": differing, "N718": simple, "N717": kept}
    )
    found = {
        backward_check(n): dataclasses.replace(
            verdicts[backward_check(n)], reason=OWN, follows=True
        )
        for n in earning
    }
    if differing:
        own = CheckVerdict(Outcome.FAILED, told)
    elif earning:
        own = CheckVerdict(Outcome.PASSED, told)
    elif not asked.wrong:
        own = CheckVerdict(Outcome.SKIPPED, told, "no gradient is wrong in value")
    elif simple:
        own = CheckVerdict(Outcome.SKIPPED, told, "your forward is too simple to follow")
    else:
        own = CheckVerdict(Outcome.SKIPPED, told, "your forward is too rough to follow")
    return {**found, FOLLOW_THROUGH: own}


def _overall(task: Task, asked: Plan, draws: Sequence[Draw | None], argument: str) -> _Measured:
    """Return the fit over all cases: it fits where it fits in each, by one direction at least."""
    lines = [line for line in asked.lines if line.argument == argument]
    cases = list(dict.fromkeys(line.expected.case.id for line in lines))
    unclear = _Measured(Fit.UNCLEAR, {})
    found = []
    for case in cases:
        fits = [_measure(task, line, draws) for line in lines if line.expected.case.id == case]
        best = min(fits, key=lambda m: m.fit.value, default=unclear)
        if best.fit is Fit.DIFFERS:
            return best
        found.append(best)
    is_everywhere = len(cases) == len(asked.leaves) or argument in asked.right
    if found and is_everywhere and all(m.fit is Fit.FITS for m in found):
        return found[0]
    return unclear


def _measure(task: Task, line: Line, draws: Sequence[Draw | None]) -> _Measured:
    """Compare the slope by the student's backward with differences of the student's forward."""
    values = [
        _value(task, line, draw) for draw in draws[line.first : line.first + 2 * len(CENTRAL_STEPS)]
    ]
    slopes = [
        (forth - back) / (2 * step)
        for step, forth, back in zip(CENTRAL_STEPS, values[::2], values[1::2], strict=True)
    ]
    known = [slope for slope in slopes if np.isfinite(slope)]
    if not known or not np.isfinite(line.slope):
        return _Measured(Fit.UNCLEAR, {})
    best = min(known, key=lambda slope: abs(slope - line.slope))
    residual = abs(best - line.slope)
    evidence = {"by_forward": best, "by_backward": line.slope}
    if residual <= _TOLERANCE * line.size:
        return _Measured(Fit.FITS, evidence)
    spread = min((abs(a - b) for a, b in pairwise(known)), default=float("inf"))
    is_sure = residual > _SURE * spread
    return _Measured(Fit.DIFFERS if is_sure else Fit.UNCLEAR, evidence)


def _value(task: Task, line: Line, draw: Draw | None) -> float:
    """Return the weighted result of one forward; nan where there is none."""
    if draw is None:
        return float("nan")
    leaves = leaves_of(task, draw, shapes_of(line.expected))
    outputs: dict[str, Array] = {}
    for name in weighted_outputs(task):
        leaf, shape = leaves.get(name), line.expected.outputs[name].shape
        if leaf is None or (leaf.array.shape != shape and not leaf.array.size == 1 == _size(shape)):
            return float("nan")
        outputs[name] = np.asarray(leaf.array, dtype=np.float64).reshape(shape)
    return float(weighted(task, outputs, line.weights))


def _size(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape))


def _earns(
    task: Task, asked: Plan, draws: Sequence[Draw | None], argument: str, answers: Answers
) -> bool:
    """Return True where a gradient that fits the student's forward is as hard as the real one.

    It must not vanish, and must depend on every input that the reference's depends on: a forward
    that is constant, or linear where the real one is not, has a gradient that shows nothing.
    Hyper-parameters count where the reference's depends on no input.
    """
    name = f"d{argument}"
    needed: dict[str, float] = {}
    shown: dict[str, float] = {}
    is_there = False
    for swap in asked.swaps:
        own = asked.leaves[swap.expected.case.id][name].array
        right = swap.expected.gradients[0][name]
        is_there |= bool(np.linalg.norm(own) > _NOTHING * np.linalg.norm(right))
        due = _change(right, _answered(answers, swap, name))
        draw = draws[swap.index]
        leaf = leaves_of(task, draw, shapes_of(swap.expected)).get(name) if draw else None
        needed[swap.argument] = max(needed.get(swap.argument, 0.0), due)
        own_change = _change(own, leaf.array) if leaf else 0.0
        shown[swap.argument] = max(shown.get(swap.argument, 0.0), own_change)
    needed = {n: change for n, change in needed.items() if change > _DEPENDS}
    inputs = {i.name for i in task.inputs}
    needed = {n: change for n, change in needed.items() if n in inputs} or needed
    return is_there and all(shown[n] >= _SHARE * min(change, 1.0) for n, change in needed.items())


def _answered(answers: Answers, swap: Swap, name: str) -> Array:
    """Return the reference's gradient after a swap; unchanged where it has none there."""
    inputs = {**swap.expected.case.inputs, swap.argument: swap.changed}
    try:
        return answers(dataclasses.replace(swap.expected.case, inputs=inputs))[name]
    except Exception:  # noqa: BLE001  the changed input may be none: then nothing is asked of it
        return swap.expected.gradients[0][name]


def _change(before: Array, after: Array) -> float:
    """Return by how much of its size a gradient has changed."""
    if before.shape != after.shape:
        return 0.0
    change = float(np.linalg.norm(np.asarray(after, np.float64) - before))
    size = float(np.linalg.norm(before))
    return change / size if size > 0 else float(change > 0)


_WORDS = {
    "N714": "{names} {fit} your own forward: along a random direction both say {forward:.6g}",
    "N715": "{names} {fit_not} your own forward either: along a random direction it changes by "
    "{forward:.6g}, where {first} says {backward:.6g}",
    "N716": "{names} {fit_not} your own forward, which is right: along a random direction it "
    "changes by {forward:.6g}, where {first} says {backward:.6g}",
    "N717": "{names} {be} right, but not for your own forward: along a random direction it changes "
    "by {forward:.6g}, where {first} says {backward:.6g}",
    "N718": "{names} {fit} your own forward, but {do_not} depend on all that the real gradient "
    "depends on",
}


def _notes(
    asked: Plan, measured: Mapping[str, _Measured], groups: Mapping[str, Sequence[str]]
) -> tuple[Finding, ...]:
    """Return one note for each group of gradients that is not empty."""
    return tuple(
        _note(code, asked, arguments, measured[arguments[0]].evidence)
        for code, arguments in groups.items()
        if arguments
    )


def _note(code: str, asked: Plan, arguments: Sequence[str], evidence: Mapping[str, Any]) -> Finding:
    is_one = len(arguments) == 1
    message = _WORDS[code].format(
        names=", ".join(f"d{n}" for n in arguments),
        first=f"d{arguments[0]}",
        fit="fits" if is_one else "fit",
        fit_not="does not fit" if is_one else "do not fit",
        do_not="does not" if is_one else "do not",
        be="is" if is_one else "are",
        forward=evidence["by_forward"],
        backward=evidence["by_backward"],
    )
    return finding(
        code, FOLLOW_THROUGH, message, argument=f"d{arguments[0]}",
        case=next(iter(asked.leaves)), evidence=evidence,
    )  # fmt: skip
