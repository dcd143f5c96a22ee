"""Building the battery of a task: draw, answer, redraw what cannot be judged fairly."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from grader.model import Battery, Case, Expected, Kind, Named, Task
from grader.numeric import largest, largest_difference
from grader.oracle.drawing import drawn_inputs, placed
from grader.oracle.noise import noise_of
from grader.oracle.proof import CENTRAL, Disproven, prove
from grader.oracle.reference import Answer, Reference, accepted_references, answer, outputs_of
from grader.oracle.scales import floored, is_fair, scale_of, with_own_scales
from grader.styles import STYLES

_ATTEMPTS = {Kind.TIES: 2000, Kind.INTEGERS: 1000}
_DEFAULT_ATTEMPTS = 100
_MARGIN = 1e-4
_WIDE_MARGIN = 1e-6  # where there are too many kink arguments to keep all of them far
_WIDE = 300
# Half the smallest size a kink argument is moved to; float32 rounds at 1e-7.
_NEAR_MARGIN = 5e-6
_REDRAWS = {Kind.NEAR_KINK: 2}  # drawing these is dear
_OTHER_REDRAWS = 10
_ANY = "any_subgradient"
_TIE_MARGIN = 1e-9
_TIE_NUDGES = 8
# Saturated inputs leave a derivative no digits to prove, and real size costs too much.
_UNPROVEN = {Kind.SIZE, Kind.STRESS}
_TIE_NUDGE = 2.0**-30


def build_battery(
    reference: Reference, run_seed: bytes, *, directions: int = 1, every_case: bool = False
) -> Battery:
    """Draw and answer every case of the task, and prove the reference on them.

    Proven is the first case of each kind, or with ``every_case`` each case; not where a derivative
    does not exist or has no digits to prove: ties, stress, real size. Raises ``Disproven``,
    ``GraderFault`` where no case can be drawn, or whatever the reference raises.
    """
    expected: dict[Kind, tuple[Expected, ...]] = {}
    no_ties = ""
    for kind in kinds_of(reference.task):
        cases = _cases(reference, kind, run_seed)
        if cases is not None:
            expected[kind] = cases
        elif kind is Kind.TIES:
            no_ties = f"no exact tie was found in {_ATTEMPTS[kind]} draws; say `ties: skip`"
        else:
            raise _no_case(kind)
    prover = _Prover(run_seed, directions, every_case=every_case)
    stated = prover.battery(reference, expected, no_ties)
    accepted = []
    for other in accepted_references(reference):
        try:
            again = {kind: answers_of(other, cases) for kind, cases in expected.items()}
            accepted.append(prover.battery(other, again, no_ties))
        except Disproven as error:
            raise Disproven(f"with {other.task.accepted_form}: {error}") from error
    return dataclasses.replace(stated, accepted=tuple(accepted))


@dataclass(frozen=True)
class _Prover:
    """How answered cases become a battery: which of them are proven, and along what."""

    run_seed: bytes
    directions: int
    every_case: bool

    def battery(
        self, reference: Reference, answered: Mapping[Kind, tuple[Expected, ...]], no_ties: str
    ) -> Battery:
        """Return the cases with their scales, after the reference is proven on them."""
        expected = dict(answered)
        own = {kind: scale_of(cases) for kind, cases in expected.items()}
        scale = {kind: floored(named, own[Kind.RANDOM], kind) for kind, named in own.items()}
        if Kind.NAMED in expected:
            expected[Kind.NAMED] = with_own_scales(expected[Kind.NAMED])
        proof = self._proof(reference, expected)
        return Battery(reference.task, expected, scale, no_ties, proof)

    def _proof(self, reference: Reference, expected: Mapping[Kind, tuple[Expected, ...]]) -> str:
        rng = case_rng(self.run_seed, reference.task.id, Kind.RANDOM, -1)
        first = expected[Kind.RANDOM][0]
        proof = prove(reference, first, rng, self.directions)
        for kind, cases in expected.items():
            if not has_proof(kind, proof):
                continue
            every = self.every_case or kind is Kind.NAMED
            for each in cases if every else cases[:1]:
                if each is first or each.raises or _is_on_kink(reference, each.case.inputs):
                    continue
                witness = prove(reference, each, rng, self.directions, every_draw=self.every_case)
                proof = CENTRAL if witness == CENTRAL else proof
        return proof


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
        unfair = _unfair(reference, kind, cases)
        for other in accepted_references(reference):
            unfair |= _unfair(other, kind, answers_of(other, cases))
        for index in sorted(unfair):
            cases[index] = _draw(at_place[index], kind, index, rngs[index]) or cases[index]
        if not unfair:
            break
    return tuple(cases)


def _unfair(reference: Reference, kind: Kind, cases: Sequence[Expected]) -> set[int]:
    """Return the places of the cases that would be held against honest float32 work."""
    scale = scale_of(cases)
    judged = with_own_scales(cases) if kind is Kind.NAMED else cases
    return {i for i, e in enumerate(judged) if not is_fair(reference, e, e.scale or scale)}


def answers_of(reference: Reference, cases: Sequence[Expected]) -> tuple[Expected, ...]:
    """Return the same cases, inputs and upstreams alike, as another reference answers them."""
    return tuple(_answer_again(reference, each) for each in cases)


def _answer_again(reference: Reference, expected: Expected) -> Expected:
    case = expected.case
    if expected.raises:
        try:
            answer(reference, case.inputs, case.upstreams)
        except Exception as error:
            if type(error).__name__ not in expected.raises:
                raise
            return expected
        raise GraderFault(f"the reference accepts {case.label} with {reference.task.accepted_form}")
    got = _finite(answer(reference, case.inputs, case.upstreams), case.kind)
    rng = np.random.default_rng(case.index)
    hulls = _hulls(reference, case, rng) if expected.hulls else ()
    return dataclasses.replace(expected, outputs=got.outputs, gradients=got.gradients, hulls=hulls)


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
    got = _finite(answer(reference, values, upstreams), kind)
    label = _label(task, kind, index)
    case = Case(task.id, kind, index, values, upstreams, label)
    ties = task.conventions["ties"]
    hulls = _hulls(reference, case, rng) if kind is Kind.TIES and ties == _ANY else ()
    is_on_kink = kind is Kind.EXAMPLE and ties != "exact" and _is_on_kink(reference, values)
    keep = noise_of(task, case, got.outputs)
    return Expected(case, got.outputs, got.gradients, hulls, is_on_kink, keep=keep)


def _finite(got: Answer, kind: Kind) -> Answer:
    for named in (got.outputs, *got.gradients):
        for name, array in named.items():
            if not math.isfinite(largest(array)):
                raise GraderFault(f"{name} of the reference is not finite in a {kind.value} case")
    return got


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
