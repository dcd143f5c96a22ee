"""Building the battery of a task: draw, answer, redraw what cannot be judged fairly."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.cases import (
    approach_kinks,
    case_count,
    case_rng,
    draw_upstreams,
    is_single_tie,
    kink_margin,
)
from grader.checks import kinds_of
from grader.errors import GraderFault
from grader.model import Array, Battery, Case, Expected, Kind, Named, Task
from grader.numeric import largest, largest_difference
from grader.oracle.drawing import drawn_inputs, placed
from grader.oracle.proof import CENTRAL, prove
from grader.oracle.reference import Reference, answer, outputs_of
from grader.styles import STYLES

_ATTEMPTS = {Kind.TIES: 2000, Kind.INTEGERS: 1000}
_DEFAULT_ATTEMPTS = 100
_MARGIN = 1e-4
_WIDE_MARGIN = 1e-6  # where there are too many kink arguments to keep all of them far
_WIDE = 300
# Half the smallest size a kink argument is moved to; float32 rounds at 1e-7.
_NEAR_MARGIN = 5e-6
# A case whose own float32 rounding is this large would be unfair to float32 students.
_SINGLE_ERROR = 1e-6
_REDRAWS = {Kind.NEAR_KINK: 2}  # drawing these is dear
_OTHER_REDRAWS = 10
_ANY = "any_subgradient"
_TIE_MARGIN = 1e-9
_TIE_NUDGES = 8
# Saturated inputs leave a derivative no digits to prove, and real size costs too much.
_UNPROVEN = {Kind.SIZE, Kind.STRESS}
# A scale never falls below this share of the random cases' scale: where everything saturates,
# rounding is all that is left. Stress multiplies inputs, and their rounding, by thousands; the
# branches of a tie are seen 1e-9 beside it, which shows where an input of 0 makes all else 0.
_FLOOR = {Kind.STRESS: 1e-6, Kind.TIES: 1e-2}
_OTHER_FLOOR = 1e-12
_TIE_NUDGE = 2.0**-30


def build_battery(
    reference: Reference, run_seed: bytes, *, directions: int = 1, every_case: bool = False
) -> Battery:
    """Draw and answer every case of the task, and prove the reference on them.

    Proven is the first case of each kind, or with ``every_case`` each case; not where a derivative
    does not exist or has no digits to prove: ties, stress, real size. Raises ``Disproven``,
    ``GraderFault`` where no case can be drawn, or whatever the reference raises.
    """
    task = reference.task
    expected: dict[Kind, tuple[Expected, ...]] = {}
    scale: dict[Kind, dict[str, float]] = {}
    no_ties = ""
    for kind in kinds_of(task):
        cases = _cases(reference, kind, run_seed)
        if cases is not None:
            expected[kind], scale[kind] = cases, _scale(cases)
            if kind is Kind.NAMED:
                expected[kind] = _with_own_scales(cases)
        elif kind is Kind.TIES:
            no_ties = f"no exact tie was found in {_ATTEMPTS[kind]} draws; say `ties: skip`"
        else:
            raise _no_case(kind)
    scale = {kind: _floored(named, scale[Kind.RANDOM], kind) for kind, named in scale.items()}
    rng = case_rng(run_seed, task.id, Kind.RANDOM, -1)
    first = expected[Kind.RANDOM][0]
    proof = prove(reference, first, rng, directions)
    for kind, cases in expected.items():
        if not has_proof(kind, proof):
            continue
        every = every_case or kind is Kind.NAMED
        for each in cases if every else cases[:1]:
            if each is first or each.raises or _is_on_kink(reference, each.case.inputs):
                continue
            witness = prove(reference, each, rng, directions, every_draw=every_case)
            proof = CENTRAL if witness == CENTRAL else proof
    return Battery(task, expected, scale, no_ties, proof)


def has_proof(kind: Kind, proof: str) -> bool:
    """Return True for a kind of cases that is proven by a witness, ties aside."""
    # Differences of code that is not complex-safe would step across a kink that is near.
    return kind not in _UNPROVEN and not (kind is Kind.NEAR_KINK and proof == CENTRAL)


def random_cases(reference: Reference, run_seed: bytes) -> tuple[Expected, ...]:
    """Return answered random cases alone: draws that are independent of a battery's."""
    cases = _cases(reference, Kind.RANDOM, run_seed)
    if cases is None:
        raise _no_case(Kind.RANDOM)
    return cases


def _no_case(kind: Kind) -> GraderFault:
    return GraderFault(f"no case of kind {kind.value} keeps away from the kinks")


def clear_share(reference: Reference, run_seed: bytes, draws: int) -> float:
    """Return how often random inputs keep away from the kinks, of small or mid size."""
    task, kinks = reference.task, reference.kinks
    if kinks is None:
        return 1.0
    shares = []
    for index in (0, case_count(task, Kind.RANDOM) - 1):  # the last one is of mid size
        rng = case_rng(run_seed, task.id, Kind.RANDOM, index)
        drawn = [drawn_inputs(reference, Kind.RANDOM, index, rng) for _ in range(draws)]
        margins = [kink_margin(kinks, values) for values in drawn]
        needed = [_margin(reference, Kind.RANDOM, values) for values in drawn]
        shares.append(sum(m > n for m, n in zip(margins, needed, strict=True)) / draws)
    return min(shares)


def _cases(reference: Reference, kind: Kind, run_seed: bytes) -> tuple[Expected, ...] | None:
    """Return every case of a kind, or None where one cannot be found.

    Cases whose float32 rounding would be held against honest float32 work are drawn anew.
    """
    count = case_count(reference.task, kind)
    rngs = [case_rng(run_seed, reference.task.id, kind, index) for index in range(count)]
    at_place = placed(reference, kind, count, run_seed)
    drawn = [_draw(at_place[index], kind, index, rng) for index, rng in enumerate(rngs)]
    cases = [expected for expected in drawn if expected is not None]
    if len(cases) < count:
        return None
    for _ in range(_REDRAWS.get(kind, _OTHER_REDRAWS)):
        scale = _scale(cases)
        judged = _with_own_scales(cases) if kind is Kind.NAMED else cases
        unfair = [i for i, e in enumerate(judged) if not _is_fair(reference, e, e.scale or scale)]
        for index in unfair:
            cases[index] = _draw(at_place[index], kind, index, rngs[index]) or cases[index]
        if not unfair:
            break
    return tuple(cases)


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
    if kind is Kind.NAMED and task.named_case(index).raises:
        return _raising(reference, index, values, rng)
    # Upstreams have the shapes of the outputs, which only the reference knows.
    outputs = outputs_of(reference, values) if task.upstream else {}
    upstreams = draw_upstreams(task, kind, index, outputs, rng)
    got = answer(reference, values, upstreams)
    for named in (got.outputs, *got.gradients):
        for name, array in named.items():
            if not math.isfinite(largest(array)):
                raise GraderFault(f"{name} of the reference is not finite in a {kind.value} case")
    label = _label(task, kind, index)
    case = Case(task.id, kind, index, values, upstreams, label)
    ties = task.conventions["ties"]
    hulls = _hulls(reference, case, rng) if kind is Kind.TIES and ties == _ANY else ()
    is_on_kink = kind is Kind.EXAMPLE and ties != "exact" and _is_on_kink(reference, values)
    return Expected(case, got.outputs, got.gradients, hulls, is_on_kink)


def _label(task: Task, kind: Kind, index: int) -> str:
    if kind is Kind.EXAMPLE:
        return task.examples[index].label
    return task.named_case(index).name if kind is Kind.NAMED else ""


def _raising(
    reference: Reference, index: int, values: dict[str, Any], rng: np.random.Generator
) -> Expected:
    """Return a case that must raise, after the reference has shown that it does.

    An upstream gradient has the shape of an output: where forward raises there is none, and the
    case ends with forward.
    """
    task = reference.task
    named = task.named_case(index)
    is_pair = len(STYLES[task.call.style].stages) == 2
    upstreams: tuple[Mapping[str, Any], ...] = (
        {} if is_pair else {f"d{name}": 1.0 for name in task.upstream},
    )
    try:
        outputs = outputs_of(reference, values, upstreams[0])
        upstreams = draw_upstreams(task, Kind.NAMED, index, outputs, rng)[:1]
        answer(reference, values, upstreams)
    except Exception as error:
        if type(error).__name__ not in named.raises:
            raise
        case = Case(task.id, Kind.NAMED, index, values, upstreams, named.name)
        return Expected(case, {}, ({},), raises=named.raises)
    raise GraderFault(f"the reference accepts {named.name}; expected {' or '.join(named.raises)}")


def _is_on_kink(reference: Reference, values: Mapping[str, Any]) -> bool:
    """Return True at a tie, or so near that another order of summation would land on it."""
    kinks = reference.kinks
    return kinks is not None and kink_margin(kinks, values) < _TIE_MARGIN


def _settled_inputs(
    reference: Reference, kind: Kind, index: int, rng: np.random.Generator
) -> dict[str, Any] | None:
    task, kinks = reference.task, reference.kinks
    for _ in range(_ATTEMPTS.get(kind, _DEFAULT_ATTEMPTS)):
        values = drawn_inputs(reference, kind, index, rng)
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


def _with_own_scales(cases: Sequence[Expected]) -> tuple[Expected, ...]:
    """Give each named sub-case a scale of its own: they may differ in size and in kind."""
    groups = [tuple(group) for _, group in itertools.groupby(cases, lambda e: e.case.label)]
    return tuple(
        dataclasses.replace(each, scale=_scale(group)) for group in groups for each in group
    )


def _floored(own: Mapping[str, float], random: Mapping[str, float], kind: Kind) -> dict[str, float]:
    floor = _FLOOR.get(kind, _OTHER_FLOOR)
    return {name: max(value, floor * random.get(name, 0.0)) for name, value in own.items()}


def _is_fair(reference: Reference, expected: Expected, scale: Mapping[str, float]) -> bool:
    if expected.case.kind in (Kind.EXAMPLE, Kind.SIZE) or expected.raises:
        return True
    return _single_error(reference, expected, scale) <= _SINGLE_ERROR


def _single_error(reference: Reference, expected: Expected, scale: Mapping[str, float]) -> float:
    """Return the largest error of the reference itself when it runs in float32."""

    def single(value: Any) -> Any:
        is_float = np.asarray(value).dtype == np.float64
        return np.asarray(value, np.float32)[()] if is_float else value

    values = {n: single(v) for n, v in expected.case.inputs.items()}
    upstreams = tuple({n: single(v) for n, v in u.items()} for u in expected.case.upstreams)
    got = answer(reference, values, upstreams)
    pairs = [(got.outputs, expected.outputs)]
    pairs += zip(got.gradients, expected.gradients, strict=True)
    return max(
        largest_difference(mine[n], _as64(named[n])) / (scale[n] or 1.0)
        for mine, named in pairs
        for n in named
    )


def _as64(array: Array) -> Array:
    return np.asarray(array, dtype=np.float64)
