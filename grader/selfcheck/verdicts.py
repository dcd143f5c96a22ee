"""From differences to a verdict on each gradient, in words that say what is known and what not.

``measure``             one gradient in one case against differences of the forward.
``gradient_verdicts``   the verdicts of the checks that questions were asked for.
``reading``             how the courses teach to read a relative error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.codes import finding
from grader.compare import (
    CheckVerdict,
    Fit,
    leaves_of,
    place,
    shapes_of,
    side_by_side,
    weighted_outputs,
)
from grader.model import Array, Draw, Finding, Outcome, Task
from grader.selfcheck.probes import Question, slopes_by_backward, slopes_by_forward
from grader.selfcheck.slopes import Fits, differences
from grader.styles import STYLES

SINGLE = "your forward is in single precision, whose differences have too few digits"
ROUGH = "your forward is too rough for differences (float32 inside, or random?)"
SLOW = "your forward is too slow for differences"
NO_WITNESS = "no differences of your forward show the gradient of an intermediate"
NO_NUMBERS = "your forward gives no numbers to take differences of"
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


@dataclass(frozen=True)
class Measured:
    """How one gradient fits in one case; without numbers the reason why nothing can be told."""

    question: Question
    slopes: Array | None = None  # [directions, components]
    found: Fits | None = None
    reason: str = ""

    @property
    def is_off(self) -> bool:
        """True where it does not fit along some direction."""
        return self.found is not None and bool((self.found.fits == Fit.DIFFERS.value).any())


def measure(
    task: Task, question: Question, own: Sequence[Draw], draws: Sequence[Draw | None]
) -> Measured:
    """Compare the gradient of ``own`` with the forward in ``draws``, those of all questions."""
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        if _is_single(task, question, own[0]):
            return Measured(question, reason=SINGLE)
        answered = slopes_by_backward(task, question, own)
        if answered is None:  # of another shape, which is told elsewhere
            return Measured(question, reason=UNCLEAR)
        slopes, norms, is_single = answered
        values = slopes_by_forward(task, question, draws)
        if not np.isfinite(values).any():
            return Measured(question, reason=NO_NUMBERS)
        found = differences(
            values,
            slopes,
            np.zeros_like(norms) if question.entries else norms,
            _magnitudes(task, question, own),
            question.steps,
            is_single=is_single,
        )
    if found.is_rough:
        return Measured(question, reason=ROUGH)
    return Measured(question, slopes, found)


def gradient_verdicts(
    task: Task, measured: Sequence[Measured], closer: Mapping[tuple[str, str], Measured]
) -> dict[str, CheckVerdict]:
    """Return a verdict for every check that was asked for.

    ``closer`` has what was measured entry by entry, by case and gradient.
    """
    checks = dict.fromkeys(m.question.check for m in measured)
    return {c: _verdict(task, [m for m in measured if m.question.check == c], closer)
            for c in checks}  # fmt: skip


def _verdict(
    task: Task, measured: Sequence[Measured], closer: Mapping[tuple[str, str], Measured]
) -> CheckVerdict:
    wrong: dict[str, Finding] = {}  # by gradient
    for one in measured:
        name, near = one.question.name, closer.get(one.question.key, one)
        if one.is_off and name not in wrong:
            wrong[name] = _finding(task, near if near.is_off else one)
    if wrong:
        return CheckVerdict(Outcome.FAILED, tuple(wrong.values()))
    known = [m.found for m in measured if m.found is not None]
    fits = np.concatenate([f.fits.ravel() for f in known]) if known else np.array([])
    # A single case may be rough because a kink is near, float32 is rough in most.
    reasons = [m.reason for m in measured if m.reason]
    reason = reasons[0] if 2 * len(reasons) >= len(measured) else ""
    if reason or 2 * np.sum(fits == Fit.UNCLEAR.value) >= fits.size:
        return CheckVerdict(Outcome.SKIPPED, reason=reason or UNCLEAR)
    error = max(float(f.errors[f.fits == Fit.FITS.value].max(initial=0.0)) for f in known)
    return CheckVerdict(Outcome.PASSED, reason=f"relative error {error:.0e}")


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


def _finding(task: Task, measured: Measured) -> Finding:
    question, found, slopes = measured.question, measured.found, measured.slopes
    assert found is not None
    assert slopes is not None
    is_off = found.fits == Fit.DIFFERS.value
    worst = int(np.argmax(np.where(is_off, found.errors, -1.0)))
    row, component = (int(i) for i in np.unravel_index(worst, found.errors.shape))
    got, due = float(slopes[row, component]) + 0.0, float(found.numerical[row, component]) + 0.0
    error = float(found.errors[row, component])
    evidence: dict[str, Any] = {"by_backward": got, "by_forward": due, "relative_error": error}
    if question.entries:
        index = evidence["index"] = _index(task, question, question.entries[row], component)
        off, count = int(is_off.any(axis=1).sum()), len(question.entries)
        share = "" if count == 1 else f"; {off} of {count} entries compared are off"
        shape = question.directions.shape[1:]
        if count == math.prod(shape) and not STYLES[task.call.style].is_jacobian:
            own, numerical = slopes[:, component], found.numerical[:, component]
            evidence |= side_by_side(own.reshape(shape), numerical.reshape(shape), "numerical")
        message = (
            f"{place(question.name, index)} is {got:.6g}, by differences of your own forward "
            f"{due:.6g}{share}"
        )
    else:
        message = (
            f"along a random direction your forward changes by {due:.6g}, where {question.name} "
            f"says {got:.6g}"
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
