"""A backward is linear in its upstream: a witness that needs no reference.

The gradient for a combination of two upstreams must be the same combination of the student's own
gradients for each. What ignores the upstream, adds it, clips it, squares it or lets its sign pick
a branch is not, whatever else is right or wrong about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks import COMBINATION, LINEARITY
from grader.codes import finding
from grader.compare.judge import place, tolerance_for
from grader.compare.leaves import leaves_of, shapes_of
from grader.compare.verdict import CheckVerdict
from grader.model import Array, Battery, Draw, Finding, Observation, Outcome
from grader.numeric import largest, largest_difference


def linearity(
    battery: Battery,
    observations: Sequence[Observation],
    probes: Mapping[str, tuple[Draw, ...]],
    verdicts: Mapping[str, CheckVerdict],
) -> dict[str, CheckVerdict]:
    """Return the verdict of the check, if there is something to judge.

    Asked after behaviour: code that is not repeatable would not look linear either.
    """
    combined, second = probes.get(LINEARITY), battery.probed[1].case.id
    main = next((o for o in observations if o.case.id == second), None)
    if main is None or not combined:
        return {}
    repeated = verdicts.get("behaviour.repeatable")
    if repeated is not None and repeated.outcome is Outcome.FAILED:
        return {LINEARITY: CheckVerdict(Outcome.SKIPPED, reason="behaviour.repeatable comes first")}
    shapes = shapes_of(battery.probed[1])
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        gradients = [leaves_of(battery.task, draw, shapes) for draw in (*main.draws, *combined)]
        found, missing = [], []
        for name in (f"d{name}" for name in battery.task.gradients):
            arrays = [leaves[name].array for leaves in gradients if name in leaves]
            if len(arrays) < len(gradients) or not _are_comparable(arrays):
                missing.append(name)
            elif (bend := _bend(battery, main, name, arrays)) is not None:
                found.append(bend)
    if found:
        return {LINEARITY: CheckVerdict(Outcome.FAILED, (_finding(main, found),))}
    if missing:
        reason = f"no finite {', '.join(missing)} to judge"
        return {LINEARITY: CheckVerdict(Outcome.SKIPPED, reason=reason)}
    return {LINEARITY: CheckVerdict(Outcome.PASSED)}


@dataclass(frozen=True)
class _Bend:
    """A gradient that is not linear: what explains it, and the entry that shows it best."""

    name: str
    why: str
    evidence: Mapping[str, Any]


def _are_comparable(arrays: list[Array]) -> bool:
    return len({a.shape for a in arrays}) == 1 and all(np.isfinite(a).all() for a in arrays[:-1])


def _bend(battery: Battery, main: Observation, name: str, arrays: list[Array]) -> _Bend | None:
    """Return what is wrong with one gradient: ``arrays`` are its draws, the combination last."""
    *own, got = (np.asarray(a, dtype=np.float64) for a in arrays)
    pairs = list(zip(COMBINATION, own, strict=False))
    due = np.asarray(sum(factor * array for factor, array in pairs))
    tolerance = max(tolerance_for(a, battery.task.tolerance) for a in arrays)
    # The scale of any gradient of the task, times what the combination does to it.
    size = max(battery.scale_of(battery.probed[1]).get(name, 0.0), *(largest(a) for a in own))
    unit = size * sum(abs(factor) for factor, _ in pairs)
    error = largest_difference(got, due)
    if error <= tolerance * unit:
        return None
    index = np.unravel_index(int(np.argmax(np.abs(got - due))), got.shape)
    evidence = {
        "index": tuple(int(i) for i in index),
        "got": float(got[index]) + 0.0,  # -0 reads like a mistake
        "expected": float(due[index]) + 0.0,
        "relative_error": error / unit,
    }
    return _Bend(name, _why(main, own, got), evidence)


def _why(main: Observation, own: list[Array], got: Array) -> str:
    """Say which of the usual mistakes explains every entry."""
    first = own[0]
    near = 1e-5 * max(largest(first), largest(got))
    if all(largest_difference(first, other) <= near for other in (*own[1:], got)):
        return "the upstream is ignored"
    upstream, *others = (np.asarray(d) for d in main.case.upstreams[0].values())
    if not others and upstream.shape == first.shape:
        pairs = zip(COMBINATION, main.case.upstreams, strict=False)
        combined = sum(factor * np.asarray(*d.values()) for factor, d in pairs)
        if largest_difference(got - first, combined - upstream) <= near:
            return "the upstream is added, not multiplied"
        if largest_difference(got * upstream**2, first * combined**2) <= 100 * near:
            return "the upstream is applied twice"
    return "not linear in the upstream"


def _finding(main: Observation, found: list[_Bend]) -> Finding:
    first = found[0]
    names = ", ".join(bend.name for bend in found)
    whys = {bend.why for bend in found}
    why = first.why if len(whys) == 1 else "not linear in the upstream"
    pairs = zip(COMBINATION, main.draws, strict=False)
    words = " + ".join(f"{factor:g} d{i}" for i, (factor, _) in enumerate(pairs, start=1))
    numbers = (
        f"{place(first.name, first.evidence['index'])} is {first.evidence['got']:.6g} where "
        f"{first.evidence['expected']:.6g} would be linear"
    )
    return finding(
        "V405", LINEARITY, f"{names}: {why}; for the upstream {words}, {numbers}",
        argument=first.name, case=main.case.id, evidence=first.evidence,
    )  # fmt: skip
