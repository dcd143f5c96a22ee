"""From differences to a verdict on each gradient, in words that say what is known and what not.

``gradient_verdicts``   the verdicts of the checks that questions were asked for.
``reading``             how the courses teach to read a relative error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.codes import finding
from grader.compare import (
    CheckVerdict,
    leaves_of,
    place,
    shapes_of,
    side_by_side,
    weighted_outputs,
)
from grader.model import Array, Draw, Finding, Observation, Outcome, Task
from grader.selfcheck.probes import Question, slopes_by_backward, slopes_by_forward
from grader.selfcheck.slopes import Fit, Fits, differences
from grader.styles import STYLES

SINGLE = "your forward is in single precision, whose differences have too few digits"
ROUGH = "your forward is too rough for differences (float32 inside, or random?)"
SLOW = "your forward is too slow for differences"
NO_WITNESS = "no differences of your forward show the gradient of an intermediate"
UNCLEAR = "differences of your forward do not agree with each other"
# CS231n, notes on gradient checking, as `docs/students.md` explains.
_READINGS = (
    (1e-2, "the gradient is wrong, as good as surely"),
    (1e-4, "uncomfortable: most likely wrong"),
    (1e-7, "fine where there are kinks, else too large"),
    (0.0, "right, as far as differences can tell"),
)


def reading(error: float) -> str:
    """Return what a relative error means, in the words of the courses."""
    return next(words for least, words in _READINGS if error >= least)


@dataclass
class _Told:
    """What is known of one check so far."""

    error: float = 0.0
    compared: int = 0
    unclear: int = 0
    reason: str = ""
    wrong: dict[str, Finding] = field(default_factory=dict)  # by gradient


def gradient_verdicts(
    task: Task,
    observations: Sequence[Observation],
    questions: Sequence[Question],
    draws: Sequence[Draw | None],
    numerical: dict[tuple[str, str], Array],
) -> dict[str, CheckVerdict]:
    """Return a verdict for every check that was asked for.

    ``numerical`` receives by case and gradient what the differences come to where every entry was
    asked for: [components, *shape of the argument].
    """
    seen = {o.case.id: o.draws for o in observations}
    told: dict[str, _Told] = {}
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        for question in questions:
            own = seen[question.expected.case.id]
            whole = _hear(task, question, own, draws, told.setdefault(question.check, _Told()))
            if whole is not None:
                numerical[question.expected.case.id, question.name] = whole
    return {check: _verdict(one) for check, one in told.items()}


def _verdict(told: _Told) -> CheckVerdict:
    if told.wrong:
        return CheckVerdict(Outcome.FAILED, tuple(told.wrong.values()))
    if told.reason or 2 * told.unclear > told.compared or not told.compared:
        return CheckVerdict(Outcome.SKIPPED, reason=told.reason or UNCLEAR)
    return CheckVerdict(Outcome.PASSED, reason=f"relative error {told.error:.0e}")


def _hear(
    task: Task,
    question: Question,
    own: Sequence[Draw],
    draws: Sequence[Draw | None],
    told: _Told,
) -> Array | None:
    """Add what one question tells; return all entries of the gradient where each was asked for."""
    if _is_single(task, question, own[0]):
        told.reason = SINGLE
        return None
    answered = slopes_by_backward(task, question, own)
    if answered is None:  # of another shape, which is told elsewhere
        return None
    slopes, norms, is_single = answered
    values = slopes_by_forward(task, question, draws)
    magnitudes = _magnitudes(task, question, own)
    whole: Array | None = None
    is_entry = np.array([at is not None for at in question.places])
    for chosen, sizes in ((is_entry, np.zeros_like(norms)), (~is_entry, norms)):
        if not chosen.any():
            continue
        found = differences(
            values[chosen],
            slopes[chosen],
            sizes,
            magnitudes,
            question.steps,
            is_single=is_single,
        )
        if found.is_rough:
            told.reason = told.reason or ROUGH
            continue
        if chosen.all():
            whole = found.numerical.T.reshape(-1, *question.directions.shape[1:])
        told.compared += found.fits.size
        told.unclear += int((found.fits == Fit.UNCLEAR.value).sum())
        is_fit = found.fits == Fit.FITS.value
        told.error = max(told.error, float(found.errors[is_fit].max(initial=0.0)))
        if (found.fits == Fit.DIFFERS.value).any():
            places = [at for at, one in zip(question.places, chosen, strict=True) if one]
            one = _finding(task, question, places, slopes[chosen], found)
            told.wrong.setdefault(question.name, one)
            break
    return whole


def _is_single(task: Task, question: Question, draw: Draw) -> bool:
    leaves = leaves_of(task, draw, shapes_of(question.expected))
    return any(
        leaves[name].array.dtype in (np.float32, np.float16)
        for name in weighted_outputs(task)
        if name in leaves
    )


def _magnitudes(task: Task, question: Question, own: Sequence[Draw]) -> Array:
    """Return how large what is differenced is, term by term, by component."""
    outputs = leaves_of(task, own[0], shapes_of(question.expected))
    terms = {n: np.abs(np.asarray(outputs[n].array, float)) for n in weighted_outputs(task)
             if n in outputs}  # fmt: skip
    if STYLES[task.call.style].is_jacobian:
        return np.concatenate([size.ravel() for size in terms.values()])
    case = question.expected.case
    return np.array([
        sum(float(np.sum(size * np.abs(up.get(f"d{name}", 1.0)))) for name, size in terms.items())
        for up in case.upstreams
    ])  # fmt: skip


def _finding(
    task: Task,
    question: Question,
    places: Sequence[tuple[int, ...] | None],
    slopes: Array,
    found: Fits,
) -> Finding:
    is_off = found.fits == Fit.DIFFERS.value
    row, component = np.unravel_index(int(np.argmax(np.where(is_off, found.errors, -1.0))),
                                      found.errors.shape)  # fmt: skip
    got, due = float(slopes[row, component]) + 0.0, float(found.numerical[row, component]) + 0.0
    error = float(found.errors[row, component])
    at = places[int(row)]
    evidence: dict[str, Any] = {"by_backward": got, "by_forward": due, "relative_error": error}
    if at is None:
        message = (
            f"along a random direction your forward changes by {due:.6g}, where {question.name} "
            f"says {got:.6g}"
        )
    else:
        index = _index(task, question, at, int(component))
        evidence["index"] = index
        shape = question.directions.shape[1:]
        if len(places) == math.prod(shape) and not STYLES[task.call.style].is_jacobian:
            own, numerical = slopes[:, component], found.numerical[:, component]
            evidence |= side_by_side(own.reshape(shape), numerical.reshape(shape), "numerical")
        off = int(is_off.any(axis=1).sum())
        share = "" if len(places) == 1 else f"; {off} of {len(places)} entries compared are off"
        message = (
            f"{place(question.name, index)} is {got:.6g}, by differences of your own forward "
            f"{due:.6g}{share}"
        )
    message += f"; relative error {error:.2g}: {reading(error)}"
    case = question.expected.case.id
    return finding("V406", question.check, message, argument=question.name, case=case,
                   evidence=evidence)  # fmt: skip


def _index(task: Task, question: Question, at: tuple[int, ...], component: int) -> tuple[int, ...]:
    """Return where the entry stands in the gradient: in a Jacobian also by which output."""
    if not STYLES[task.call.style].is_jacobian:
        return at
    shape = question.expected.outputs[weighted_outputs(task)[0]].shape
    output = tuple(int(i) for i in np.unravel_index(component, shape)) if shape else ()
    return (*output, *at) if task.conventions["layout"] == "numerator" else (*at, *output)
