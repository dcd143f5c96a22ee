"""What is wrong with the output of a random layer, in words of its mask.

``judge_output``      one output beside the argument that it masks: its scale, how much is kept.
``judge_chance``      what chance cannot have done in the draws of a case.
``explain_gradient``  how a wrong gradient differs from the upstream under the mask.

Every test of chance accuses a right answer with a probability below 1e-15. A case has some
hundred of them and a task some ten cases: below 1e-12 in all.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from grader.compare.collect import Leaf, Problem
from grader.compare.judge import place, tolerance_for
from grader.model import Array, Expected, Mask, Task

_SURE = -math.log(1e-15)
_ROUNDED = 1e-3  # of a scale, to name it
_CHANCE, _QUIET = "chance", "without noise"  # told beside what is wrong in the values


def judge_output(
    task: Task, expected: Expected, leaf: Leaf, problem: Problem | None, *, is_drawn: bool
) -> Problem | None:
    """Return what is wrong with an output, of a random layer in words of its mask.

    ``problem`` is what a comparison with the argument, masked likewise, has found. ``is_drawn``
    says that the entries seem to fall to chance one by one, so that they can be counted.
    """
    mask = task.random
    if mask is None or expected.keep is None or (problem and problem.code != "V401"):
        return problem
    kept = np.asarray(leaf.array != 0)
    share = _share(mask, expected, kept) if is_drawn else None
    found = share
    if problem is not None:
        found = _in_words(mask, expected, leaf, kept, share) if kept.any() else share or problem
    if found is None or expected.keep < 1.0:
        return found
    return dataclasses.replace(found, cause=_QUIET)


def _in_words(
    mask: Mask, expected: Expected, leaf: Leaf, kept: Array, share: Problem | None
) -> Problem:
    got = np.asarray(leaf.array, dtype=np.float64)
    given = np.asarray(expected.case.inputs[mask.argument], dtype=np.float64)
    scale = _one_scale(got[kept] / given[kept], tolerance_for(leaf.array, None))
    if scale is None:
        return _no_mask(mask, got, given, kept)
    words = _scale_words(mask, expected.keep or 1.0, scale, is_other=share is not None)
    return Problem("V413", f"{share.message}; {words}") if share else Problem("V412", words)


def judge_chance(task: Task, expected: Expected, masks: Sequence[Array]) -> Problem | None:
    """Return what chance cannot have done in the draws of one noisy case."""
    if not masks or expected.keep is None:
        return None
    name, kept = task.outputs[0], np.stack(masks)
    shares = (expected.keep, float(kept.mean()))
    if len(kept) > 1 and bool((kept == kept[:1]).all()):
        if _alike(kept[0].size, 2, shares) > _SURE:
            told = f"{len(kept)} calls without a seed drop the same entries of {name}"
            return Problem("V414", told, _CHANCE)
        kept = kept[:1]
    for axis in range(1, kept.ndim):
        first = np.take(kept, [0], axis=axis)
        lines = _alike(first.size, kept.shape[axis], shares)
        if lines > _SURE and bool((kept == first).all()):
            told = f"entries of {name} along axis {axis - 1} are dropped together"
            return Problem("V414", f"{told}; each has a draw of its own", _CHANCE)
    return _uneven(name, expected.keep, kept)


def explain_gradient(
    task: Task,
    expected: Expected,
    kept: Array | None,
    draw: int,
    leaf: Leaf,
    problem: Problem | None,
) -> Problem | None:
    """Return the problem of a gradient with how it differs from the upstream under the mask."""
    if kept is None or expected.keep is None or problem is None or problem.code != "V402":
        return problem
    got = np.asarray(leaf.array, dtype=np.float64)
    upstream = expected.case.upstreams[draw][f"d{task.outputs[0]}"]
    count, dropped = int(np.count_nonzero(got[~kept])), int(np.count_nonzero(~kept))
    if count:
        told = f"not 0 in {count} of the {dropped} entries that your forward dropped"
    else:
        scale = _one_scale(got[kept] / upstream[kept], tolerance_for(leaf.array, task.tolerance))
        if scale is None:
            return problem
        told = f"where your forward kept, it is {scale:.4g} times the upstream"
        told += f", expected {1 / expected.keep:.4g} times"
    return dataclasses.replace(problem, message=f"{problem.message}; {told}")


def _one_scale(ratios: Array, tolerance: float) -> float | None:
    scale = float(np.median(ratios))
    spread = float(np.max(np.abs(ratios - scale)))
    return scale if spread <= tolerance * abs(scale) else None


def _no_mask(mask: Mask, got: Array, given: Array, kept: Array) -> Problem:
    name, values = mask.argument, got[kept]
    if values.size > 1 and np.ptp(values) <= _ROUNDED * abs(values[0]):
        return Problem("V411", f"every entry is 0 or {values[0]:.4g}, whatever {name} is")
    ratio = np.where(kept, got / given, values[0] / given[kept][0])
    indices = (int(np.argmin(ratio)), int(np.argmax(ratio)))
    places = [tuple(int(i) for i in np.unravel_index(index, got.shape)) for index in indices]
    found = " and ".join(f"{ratio[at]:.4g} times {place(name, at)}" for at in places)
    return Problem("V411", f"entries are {found}: no mask has two scales")


def _scale_words(mask: Mask, keep: float, scale: float, *, is_other: bool) -> str:
    name, which = mask.argument, "other entries" if is_other else "kept entries"
    if keep == 1.0:
        which = which if is_other else "all entries"
        return f"{which} are {scale:.4g} times {name}, expected {name} itself"
    due = f"expected {name} / {keep:.4g}"
    drop = 1.0 - keep
    forms = (
        (1.0, f"{name} itself, {due}: the mask is not scaled"),
        (1 / drop, f"{name} / {drop:.4g}, {due}: that is the other probability"),
        (keep, f"{name} times {keep:.4g}, {due}"),
    )
    near = (words for known, words in forms if abs(scale - known) <= _ROUNDED * known)
    return f"kept entries are {next(near, f'{name} times {scale:.4g}, {due}')}"


def _share(mask: Mask, expected: Expected, kept: Array) -> Problem | None:
    """Return what is wrong with how many entries are kept, if chance does not explain it."""
    keep, count, size = expected.keep or 1.0, int(kept.sum()), int(kept.size)
    if keep == 1.0:
        words = f"{size - count} of {size} entries are 0, but none is to be dropped"
        return Problem("V413", words) if count < size else None
    if _surprise(count, size, keep) <= _SURE:
        return None
    probability = float(expected.case.inputs[mask.probability])
    verb = "keep" if mask.is_kept else "drop"
    means = f"{mask.probability} = {probability:.4g} is the probability to {verb} an entry"
    if count in (0, size):
        told = f"{'every' if count == 0 else 'no'} entry is dropped; {means}"
        return Problem("V413", told, _CHANCE)
    told = f"{count / size:.2f} of {size} entries are kept, expected {keep:.4g}; {means}"
    is_other = _surprise(count, size, 1.0 - keep) <= _SURE
    return Problem("V413", f"{told}, here taken the other way" if is_other else told, _CHANCE)


def _surprise(count: int, size: int, probability: float) -> float:
    """Return a lower bound of -ln(how likely it is that chance keeps so few or so many).

    Chernoff's bound: at most 2 exp(-size KL(share, probability)).
    """
    share = count / size
    divergence = sum(
        part * math.log(part / due)
        for part, due in ((share, probability), (1.0 - share, 1.0 - probability))
        if part > 0
    )
    return size * divergence - math.log(2.0)


def _alike(lines: int, length: int, shares: Sequence[float]) -> float:
    """Return -ln(how likely it is that all lines are kept or dropped as a whole)."""
    return min(-lines * float(np.logaddexp(*_logs(share, length))) for share in shares)


def _logs(share: float, length: int) -> tuple[float, float]:
    parts = (share, 1.0 - share)
    kept, dropped = (length * math.log(part) if part > 0 else -math.inf for part in parts)
    return kept, dropped


def _uneven(name: str, keep: float, kept: Array) -> Problem | None:
    """Return the row, or the like, of which too many or too few are kept, where the rest is not."""
    if _surprise(int(kept.sum()), kept.size, keep) > _SURE:
        return None
    for axis in range(1, kept.ndim):
        size = kept.size // kept.shape[axis]
        counts = kept.sum(axis=tuple(i for i in range(kept.ndim) if i != axis))
        for index, count in enumerate(counts.tolist()):
            if _surprise(count, size, keep) > _SURE:
                at = ", ".join(str(index) if i == axis else ":" for i in range(1, kept.ndim))
                told = f"{count / size:.2f} of the entries of {name}[{at}] are kept"
                return Problem("V414", f"{told}, expected {keep:.4g}", _CHANCE)
    return None
