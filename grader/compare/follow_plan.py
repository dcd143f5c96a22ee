"""What to ask of a student's own forward, to judge the student's backward against it.

``plan``      the moves of a few cases, or the verdict where there is nothing to ask.
``weighted``  the scalar whose gradient is asked for.
``contracted``  gradients by argument, those of Jacobians among them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks import backward_check, forward_check
from grader.compare.collect import Leaf
from grader.compare.judge import judge
from grader.compare.leaves import leaves_of, shapes_of
from grader.compare.verdict import NOT_RUN, CheckVerdict
from grader.model import Array, Battery, Expected, Kind, Move, Observation, Outcome, Task
from grader.numeric import CENTRAL_STEPS
from grader.styles import STYLES

Leaves = Mapping[str, Leaf]

_CASES = 2
_DIRECTIONS = 2  # one may run along a kink of the student's own
_PATIENCE = 3.0  # seconds that following may take
NOTHING = CheckVerdict(Outcome.SKIPPED, reason="forward is right: nothing to follow")


@dataclass(frozen=True)
class Line:
    """One gradient along one direction: what the student's backward says the forward does."""

    expected: Expected
    argument: str
    weights: Mapping[str, Any]  # of the outputs
    slope: float
    size: float  # Cauchy-Schwarz bounds the slope by it
    first: int  # of its moves: forth and back for each step


@dataclass(frozen=True)
class Swap:
    """A move that changes one argument as a whole, to see which gradients depend on it."""

    expected: Expected
    argument: str
    changed: Any
    index: int  # of its move


@dataclass(frozen=True)
class Plan:
    """What to ask, and what the student returned in the cases it is asked for."""

    is_forward_right: bool
    wrong: tuple[str, ...]  # arguments whose gradient is wrong
    right: tuple[str, ...]
    leaves: Mapping[str, Leaves]  # by case
    lines: tuple[Line, ...]
    swaps: tuple[Swap, ...]
    moves: tuple[Move, ...]


def weighted(task: Task, outputs: Mapping[str, Any], upstream: Mapping[str, Any]) -> Any:
    """Return the scalar whose gradient is asked for: outputs weighted by their upstreams.

    Without upstream it is the last output, a loss.
    """
    if not upstream:
        return np.sum(outputs[task.outputs[-1]])
    return sum(
        np.sum(outputs[name] * upstream[f"d{name}"])
        for name in task.outputs
        if f"d{name}" in upstream
    )


def contracted(
    task: Task, gradients: Mapping[str, Array], weights: Mapping[str, Any]
) -> dict[str, Array]:
    """Return the gradients by argument; of a Jacobian, its rows weighted and added up."""
    named = {name: gradients[f"d{name}"] for name in task.gradients}
    if not STYLES[task.call.style].is_jacobian:
        return named
    (weight,) = (np.asarray(w) for w in weights.values())
    # Numerator layout has the axes of the output first, denominator layout last.
    if task.conventions["layout"] == "numerator":
        return {name: np.tensordot(weight, j, weight.ndim) for name, j in named.items()}
    return {name: np.tensordot(j, weight, weight.ndim) for name, j in named.items()}


def plan(
    battery: Battery, observations: Sequence[Observation], verdicts: Mapping[str, CheckVerdict]
) -> Plan | CheckVerdict:
    """Return what to ask where forward or backward is wrong in value, else a skipped verdict."""
    task = battery.task
    outputs = [verdicts[forward_check(task, name)] for name in weighted_outputs(task)]
    # In a circuit an output may have passed for the student's own values alone.
    own = [v.outcome is Outcome.PASSED or _is_right(v) or _is_wrong(v, "V401") for v in outputs]
    if not all(own):
        return _skipped("forward gives nothing to follow")
    is_forward_right = all(map(_is_right, outputs))
    inputs = {i.name for i in task.inputs}
    checks = {n: verdicts[backward_check(n)] for n in task.gradients if n in inputs}
    wrong = tuple(n for n, v in checks.items() if _is_wrong(v, "V402"))
    right = tuple(n for n, v in checks.items() if _is_right(v))
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        if not is_forward_right:
            return _asked_of_a_wrong_forward(battery, observations, wrong, right)
        asked = _Asked(battery, observations)
        for expected in asked.cases_where_wrong([f"d{n}" for n in wrong])[:1]:
            asked.add_case(expected, wrong, 1)
    if not asked.has_lines() or asked.is_slow():
        return NOTHING
    return asked.plan(wrong, (), is_forward_right=True)


def _asked_of_a_wrong_forward(
    battery: Battery,
    observations: Sequence[Observation],
    wrong: tuple[str, ...],
    right: tuple[str, ...],
) -> Plan | CheckVerdict:
    asked = _Asked(battery, observations)
    cases = asked.cases_where_wrong(weighted_outputs(battery.task))
    if len(cases) < min(_CASES, asked.seen_cases()):
        return _skipped("too few cases with a wrong forward to follow")
    for expected in cases[:_CASES]:
        asked.add_case(expected, (*wrong, *right), _DIRECTIONS)
        if wrong:
            asked.add_swaps(expected)
    # A gradient may be wrong in these for a reason of its own.
    for kind in (Kind.BATCH1, Kind.LABELS):
        for expected in battery.expected.get(kind, ())[:1]:
            asked.add_case(expected, wrong, 1)
    if asked.is_single():
        return _skipped("single precision: differences have too few digits")
    if not asked.has_lines():
        return _skipped("no gradient is wrong in value")
    if asked.is_slow():
        return _skipped("too slow to follow")
    return asked.plan(wrong, right, is_forward_right=False)


def _skipped(reason: str) -> CheckVerdict:
    return CheckVerdict(Outcome.SKIPPED, reason=reason)


def weighted_outputs(task: Task) -> tuple[str, ...]:
    """Return the outputs that the gradients are gradients of."""
    return task.upstream or task.outputs[-1:]


def _is_right(verdict: CheckVerdict) -> bool:
    if verdict.outcome is Outcome.SKIPPED:  # a replay
        return verdict.reason == NOT_RUN
    return verdict.outcome is Outcome.PASSED and not verdict.reason


def _is_wrong(verdict: CheckVerdict, code: str) -> bool:
    return verdict.outcome is Outcome.FAILED and {f.code for f in verdict.findings} == {code}


class _Asked:
    """The moves so far, and what they are for."""

    def __init__(self, battery: Battery, observations: Sequence[Observation]) -> None:
        self._battery = battery
        self._seen = {o.case.id: o.draws[0] for o in observations if o.draws}
        self._leaves: dict[str, Leaves] = {}
        self._lines: list[Line] = []
        self._swaps: list[Swap] = []
        self._moves: list[Move] = []

    def cases_where_wrong(self, names: Sequence[str]) -> list[Expected]:
        """Return the random cases in which one of these outputs or gradients is wrong."""
        return [
            expected
            for expected in self._battery.expected[Kind.RANDOM]
            if expected.case.id in self._seen and self._is_wrong(expected, names)
        ]

    def seen_cases(self) -> int:
        """Return how many random cases were run: one alone in a replay."""
        return sum(e.case.id in self._seen for e in self._battery.expected[Kind.RANDOM])

    def _is_wrong(self, expected: Expected, names: Sequence[str]) -> bool:
        battery, own = self._battery, self._leaves_in(expected)
        answers = {**expected.outputs, **expected.gradients[0]}
        for name in names:
            scale = battery.scale_of(expected).get(name, 0.0)
            is_output = name in expected.outputs
            if (
                name in own
                and judge(
                    name,
                    own[name],
                    answers[name],
                    scale,
                    battery.task.tolerance,
                    is_output=is_output,
                )[0]
            ):
                return True
        return False

    def _leaves_in(self, expected: Expected) -> Leaves:
        draw = self._seen[expected.case.id]
        return leaves_of(self._battery.task, draw, shapes_of(expected))

    def add_case(self, expected: Expected, arguments: Sequence[str], directions: int) -> None:
        """Add lines for the gradients of a case, if it was run."""
        case = expected.case
        if case.id not in self._seen:
            return
        own = self._leaves[case.id] = self._leaves_in(expected)
        for argument in arguments:
            leaf, answer = own.get(f"d{argument}"), expected.gradients[0][f"d{argument}"]
            if leaf is None or leaf.array.shape != answer.shape:
                continue
            rng = _rng(expected, argument)
            weights = _weights(self._battery.task, expected, rng)
            gradients = {**expected.gradients[0], f"d{argument}": np.asarray(leaf.array, float)}
            gradient = contracted(self._battery.task, gradients, weights)[argument]
            for _ in range(directions):
                along = rng.standard_normal(gradient.shape)
                slope = float(np.sum(gradient * along))
                size = float(np.linalg.norm(gradient) * np.linalg.norm(along))
                line = Line(expected, argument, weights, slope, size, len(self._moves))
                self._lines.append(line)
                self._moves += [
                    Move(case, {argument: case.inputs[argument] + sign * step * along})
                    for step in CENTRAL_STEPS
                    for sign in (1.0, -1.0)
                ]

    def add_swaps(self, expected: Expected) -> None:
        """Add a move for each argument of a case whose entries can be exchanged, with backward."""
        task = self._battery.task
        # Not whole numbers that name objects, whose order may mean something, nor flags.
        names = {*task.float_names, *(h.name for h in task.hyper_parameters)}
        names |= {i.name for i in task.label_inputs}
        for argument, value in expected.case.inputs.items():
            if argument not in names or not isinstance(value, (float, np.ndarray)):
                continue
            changed = _swapped(value)
            self._swaps.append(Swap(expected, argument, changed, len(self._moves)))
            self._moves.append(Move(expected.case, {argument: changed}, is_backward_wanted=True))

    def is_single(self) -> bool:
        """Return True where an output that counts, or a gradient, is float32."""
        counts = {*weighted_outputs(self._battery.task)}
        counts |= {f"d{line.argument}" for line in self._lines}
        return any(
            leaf.array.dtype == np.float32
            for own in self._leaves.values()
            for name, leaf in own.items()
            if name in counts
        )

    def has_lines(self) -> bool:
        """Return True where there is something to ask."""
        return bool(self._lines)

    def is_slow(self) -> bool:
        """Return True where the answer would take too long."""
        # The fastest, since a busy machine must not alter a score.
        seconds = min((self._seen[case].seconds for case in self._leaves), default=0.0)
        return len(self._moves) * seconds > _PATIENCE

    def plan(
        self, wrong: tuple[str, ...], right: tuple[str, ...], *, is_forward_right: bool
    ) -> Plan:
        """Return all of it."""
        return Plan(
            is_forward_right=is_forward_right,
            wrong=wrong,
            right=right,
            leaves=self._leaves,
            lines=tuple(self._lines),
            swaps=tuple(self._swaps),
            moves=tuple(self._moves),
        )


def _rng(expected: Expected, argument: str) -> np.random.Generator:
    """Return a generator whose seed is the inputs: nobody knows it beforehand."""
    digest = hashlib.sha256(f"{expected.case.id} {argument}".encode())
    for value in expected.case.inputs.values():
        digest.update(np.ascontiguousarray(value).tobytes())
    return np.random.default_rng(list(digest.digest()))


def _weights(task: Task, expected: Expected, rng: np.random.Generator) -> Mapping[str, Any]:
    """Return what the outputs are weighted by: the upstream, or random rows of a Jacobian."""
    if not STYLES[task.call.style].is_jacobian:
        return expected.case.upstreams[0]
    names = weighted_outputs(task)
    return {f"d{n}": rng.standard_normal(expected.outputs[n].shape) for n in names}


def _swapped(value: Any) -> Any:
    """Return another value of the same shape and domain: the entries in reverse, made smaller."""
    if isinstance(value, float):
        return 0.75 * value
    swapped = np.ascontiguousarray(value.ravel()[::-1].reshape(value.shape))
    return 0.75 * swapped if value.dtype.kind == "f" else swapped
