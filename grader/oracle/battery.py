"""Building the battery of a task: draw, answer, redraw what cannot be judged fairly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.cases import (
    approach_kinks,
    case_count,
    case_rng,
    draw_inputs,
    draw_upstreams,
    is_single_tie,
    kink_margin,
)
from grader.checks import kinds_of
from grader.errors import GraderFault
from grader.model import Array, Battery, Case, Expected, Kind, Named
from grader.numeric import largest, largest_difference
from grader.oracle.proof import CENTRAL, COMPLEX, prove
from grader.oracle.reference import Reference, answer, outputs_of

_ATTEMPTS = {Kind.TIES: 2000}
_DEFAULT_ATTEMPTS = 100
_MARGIN = 1e-4
_WIDE_MARGIN = 1e-6  # where there are too many kink arguments to keep all of them far
_WIDE = 300
# Half the smallest size a kink argument is moved to; float32 rounds at 1e-7.
_NEAR_MARGIN = 5e-6
# A case whose own float32 rounding is this large would be unfair to float32 students.
_SINGLE_ERROR = 1e-6
_SINGLE_REDRAWS = {Kind.NEAR_KINK: 2}  # drawing these is dear
_OTHER_REDRAWS = 10
_TIE_NUDGES = 8
# Saturated or large inputs, and steps across a kink, leave a derivative no digits to prove.
_UNPROVEN = {Kind.SIZE, Kind.STRESS, Kind.NEAR_KINK}
# A scale never falls below this share of the random cases' scale: where everything saturates,
# rounding is all that is left. Stress multiplies inputs, and their rounding, by thousands.
_FLOOR = {Kind.STRESS: 1e-6}
_OTHER_FLOOR = 1e-12
_TIE_NUDGE = 2.0**-30


def build_battery(
    reference: Reference, run_seed: bytes, *, directions: int = 1, every_case: bool = False
) -> Battery:
    """Draw and answer every case of the task, and prove the reference on them.

    Proven is the first random case, or with ``every_case`` each case that is not a tie. Raises
    ``Disproven``, ``GraderFault`` where no case can be drawn, or whatever the reference raises.
    """
    task = reference.task
    expected: dict[Kind, tuple[Expected, ...]] = {}
    scale: dict[Kind, dict[str, float]] = {}
    no_ties = ""
    for kind in kinds_of(task):
        cases = _cases(reference, kind, run_seed)
        if cases is not None:
            expected[kind], scale[kind] = cases, _scale(cases)
        elif kind is Kind.TIES:
            no_ties = "no exact tie was found; say `ties: skip`"
        else:
            raise GraderFault(f"no case of kind {kind.value} keeps away from the kinks")
    scale = {kind: _floored(named, scale[Kind.RANDOM], kind) for kind, named in scale.items()}
    rng = case_rng(run_seed, task.id, Kind.RANDOM, -1)
    unproven = [e for k, cases in expected.items() if k not in _UNPROVEN for e in cases]
    if not every_case:
        unproven = [expected[Kind.RANDOM][0]]
    proofs = {prove(reference, e, rng, directions) for e in unproven if not e.hulls}
    return Battery(task, expected, scale, no_ties, CENTRAL if CENTRAL in proofs else COMPLEX)


def _cases(reference: Reference, kind: Kind, run_seed: bytes) -> tuple[Expected, ...] | None:
    """Return every case of a kind, or None where one cannot be found."""
    drawn = []
    for index in range(case_count(reference.task, kind)):
        rng = case_rng(run_seed, reference.task.id, kind, index)
        expected = _draw(reference, kind, index, rng)
        if expected is None:
            return None
        drawn.append((expected, rng))
    scale = _scale([expected for expected, _ in drawn])
    return tuple(_fair(reference, expected, rng, scale) for expected, rng in drawn)


def _draw(
    reference: Reference, kind: Kind, index: int, rng: np.random.Generator
) -> Expected | None:
    """Draw a case whose kinks lie where its kind wants them, and answer it."""
    values = _settled_inputs(reference, kind, index, rng)
    if values is None:
        return None
    if kind is Kind.EXAMPLE:
        return _draw_example(reference, index, values, rng)
    return _answered(reference, kind, index, values, rng)


def _draw_example(
    reference: Reference, index: int, values: dict[str, Any], rng: np.random.Generator
) -> Expected:
    try:
        return _answered(reference, Kind.EXAMPLE, index, values, rng)
    except Exception as error:
        label = reference.task.examples[index].label
        raise GraderFault(f"the example `{label}` cannot be answered: {error}") from error


def _answered(
    reference: Reference,
    kind: Kind,
    index: int,
    values: dict[str, Any],
    rng: np.random.Generator,
) -> Expected:
    task = reference.task
    # Upstreams have the shapes of the outputs, which only the reference knows.
    outputs = outputs_of(reference, values) if task.upstream else {}
    upstreams = draw_upstreams(task, kind, index, outputs, rng)
    got = answer(reference, values, upstreams)
    label = task.examples[index].label if kind is Kind.EXAMPLE else ""
    case = Case(task.id, kind, index, values, upstreams, label)
    hulls = _hulls(reference, case, rng) if _is_at_tie(reference, case) else ()
    return Expected(case, got.outputs, got.gradients, hulls)


def _settled_inputs(
    reference: Reference, kind: Kind, index: int, rng: np.random.Generator
) -> dict[str, Any] | None:
    task, kinks = reference.task, reference.kinks
    for _ in range(_ATTEMPTS.get(kind, _DEFAULT_ATTEMPTS)):
        values = draw_inputs(task, kind, index, rng)
        if kinks is None or kind is Kind.EXAMPLE:
            return values
        if kind is Kind.NEAR_KINK:
            stratum = (index, case_count(task, kind))
            values = approach_kinks(task, kinks, values, rng, stratum)
        if kind is Kind.TIES:
            if is_single_tie(kinks, values):
                return values
        elif kink_margin(kinks, values) > _margin(reference, kind, values):
            return values
    return None


def _margin(reference: Reference, kind: Kind, values: Mapping[str, Any]) -> float:
    if kind is Kind.NEAR_KINK:
        return _NEAR_MARGIN
    assert reference.kinks is not None
    many = np.size(reference.kinks(**values)) > _WIDE
    return _WIDE_MARGIN if many or kind is Kind.SMALL else _MARGIN


def _is_at_tie(reference: Reference, case: Case) -> bool:
    """Return True where several gradients are right: at a tie, and at an example on a kink."""
    if reference.kinks is None or reference.task.conventions["ties"] != "any_subgradient":
        return False
    is_example = case.kind is Kind.EXAMPLE and kink_margin(reference.kinks, case.inputs) == 0.0
    return case.kind is Kind.TIES or is_example


def _hulls(
    reference: Reference, case: Case, rng: np.random.Generator
) -> tuple[tuple[Named, ...], ...]:
    """Return per draw the gradients on the branches that meet at a tie.

    They are the reference's gradients at tiny nudges of the inputs, in opposite pairs so that
    both sides of a kink are seen; equal ones are kept once.
    """
    floats = [n for n, v in case.inputs.items() if np.asarray(v).dtype == np.float64]
    floats = [n for n in floats if n in {i.name for i in reference.task.inputs}]
    branches: list[list[Named]] = [[] for _ in case.upstreams]
    for _ in range(_TIE_NUDGES // 2):
        nudge = {n: _TIE_NUDGE * rng.standard_normal(np.shape(case.inputs[n])) for n in floats}
        for sign in (1.0, -1.0):
            values = {**case.inputs, **{n: case.inputs[n] + sign * nudge[n] for n in floats}}
            gradients = answer(reference, values, case.upstreams).gradients
            for seen, branch in zip(branches, gradients, strict=True):
                if not any(_same(branch, other) for other in seen):
                    seen.append(branch)
    return tuple(tuple(seen) for seen in branches)


def _same(a: Named, b: Named) -> bool:
    """Return True for the same branch: a nudge alone moves a gradient by 1e-9 of its size."""
    size = max(*(largest(array) for array in (*a.values(), *b.values())), 1e-300)
    return all(largest_difference(a[n], b[n]) <= 1e-7 * size for n in a)


def _scale(cases: Sequence[Expected]) -> dict[str, float]:
    """Pool S: the largest entry of each array over the cases of a kind and their upstreams.

    At a tie the branches count too: the reference may give an argument 0 and another branch all.
    """
    scale: dict[str, float] = {}
    for expected in cases:
        branches = [branch for hull in expected.hulls for branch in hull]
        for named in (expected.outputs, *expected.gradients, *branches):
            for name, array in named.items():
                scale[name] = max(scale.get(name, 0.0), largest(array))
    return scale


def _floored(own: Mapping[str, float], random: Mapping[str, float], kind: Kind) -> dict[str, float]:
    floor = _FLOOR.get(kind, _OTHER_FLOOR)
    return {name: max(value, floor * random.get(name, 0.0)) for name, value in own.items()}


def _fair(
    reference: Reference, expected: Expected, rng: np.random.Generator, scale: Mapping[str, float]
) -> Expected:
    """Redraw a case whose float32 rounding would be held against honest float32 work."""
    kind, index = expected.case.kind, expected.case.index
    if kind in (Kind.EXAMPLE, Kind.SIZE, Kind.STRESS):
        return expected
    best, best_error = expected, _single_error(reference, expected, scale)
    for _ in range(_SINGLE_REDRAWS.get(kind, _OTHER_REDRAWS)):
        if best_error <= _SINGLE_ERROR:
            break
        drawn = _draw(reference, kind, index, rng)
        if drawn is None:
            break
        error = _single_error(reference, drawn, scale)
        if error < best_error:
            best, best_error = drawn, error
    return best


def _single_error(reference: Reference, expected: Expected, scale: Mapping[str, float]) -> float:
    def single(value: Any) -> Any:
        is_float = isinstance(value, float) or value.dtype == np.float64
        return np.asarray(value, np.float32)[()] if is_float else value

    values = {n: single(v) for n, v in expected.case.inputs.items()}
    upstream = {n: single(v) for n, v in expected.case.upstreams[0].items()}
    got = answer(reference, values, (upstream,))
    pairs = [(got.outputs, expected.outputs), (got.gradients[0], expected.gradients[0])]
    return max(
        largest_difference(mine[n], _as64(named[n])) / (scale[n] or 1.0)
        for mine, named in pairs
        for n in named
    )


def _as64(array: Array) -> Array:
    return np.asarray(array, dtype=np.float64)
