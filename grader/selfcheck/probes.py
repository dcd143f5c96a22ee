"""What to ask of a student's own forward, so that its differences show what backward must be.

``ask``      the cases, arguments and directions of a task -> questions and the moves they need.
``slopes_by_forward``, ``slopes_by_backward``   both answers to a question, as numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks import backward_check, check_of_case
from grader.compare import leaves_of, shapes_of, weighted, weighted_outputs
from grader.model import Array, Battery, Draw, Expected, Kind, Move, Observation, Task
from grader.selfcheck.slopes import SHORT_STEPS, STEPS
from grader.styles import STYLES

PATIENCE = 3.0  # seconds that a task's differences may take of the student's own time
_WHOLE = 48  # entries: smaller arrays are asked for entry by entry
_SAMPLE = 12  # entries of a larger one
_DIRECTIONS = 2  # of a larger one: along them every entry counts
_CASES = {
    Kind.RANDOM: 3,
    Kind.BATCH1: 1,
    Kind.LABELS: 1,
    Kind.EXAMPLE: 2,
    Kind.SCALAR: 3,
    Kind.EPS: 1,
    Kind.NEAR_KINK: 3,
}
_MOVES = 2 * len(STEPS)  # of one direction


@dataclass(frozen=True)
class Question:
    """One argument of one case, along some directions: entries, or all of it at random.

    ``places`` has the index of an entry, None for a random direction. The moves of direction i
    start at ``first`` + 2 i len(STEPS): forth and back for each step.
    """

    expected: Expected
    argument: str
    check: str
    places: tuple[tuple[int, ...] | None, ...]
    directions: Array  # [directions, *shape of the argument]
    first: int

    @property
    def name(self) -> str:
        """The gradient."""
        return f"d{self.argument}"

    @property
    def steps(self) -> tuple[float, ...]:
        """The steps of its differences."""
        return steps_of(self.expected)


def ask(
    battery: Battery, observations: Sequence[Observation]
) -> tuple[tuple[Question, ...], tuple[Move, ...], bool]:
    """Return questions, their moves, and whether some were left out because the code is slow."""
    task = battery.task
    seen = {o.case.id: o.draws for o in observations if _is_answered(o)}
    seconds = min((d.seconds for draws in seen.values() for d in draws), default=0.0)
    room = PATIENCE / max(seconds, 1e-9)
    questions: list[Question] = []
    moves: list[Move] = []
    is_cut = False
    for expected in _chosen(battery, seen):
        for argument in _arguments(task, expected):
            own = check_of_case(task, expected.case)
            value = np.asarray(expected.case.inputs[argument], dtype=float)
            places, directions = _directions(expected, argument, value, is_brief=room < 2000)
            if len(moves) + _MOVES * len(places) > room:
                is_cut = True
                continue
            questions.append(
                Question(expected, argument, own or backward_check(argument), places, directions,
                         len(moves))
            )  # fmt: skip
            moves += _moves_of(expected, argument, directions)
    return tuple(questions), tuple(moves), is_cut


def steps_of(expected: Expected) -> tuple[float, ...]:
    """Return the steps in a case: there are as many of them in each."""
    return SHORT_STEPS if expected.case.kind is Kind.NEAR_KINK else STEPS


def _is_answered(observation: Observation) -> bool:
    return bool(observation.draws) and len(observation.draws) == len(observation.case.upstreams)


def _chosen(battery: Battery, seen: Mapping[str, Any]) -> Iterator[Expected]:
    """Yield the cases to ask in, small ones first, and one of each named sub-case."""
    for kind, count in _CASES.items():
        cases = [e for e in battery.expected.get(kind, ()) if _is_fit(e) and e.case.id in seen]
        yield from sorted(cases, key=_entries)[:count]
    named = {e.case.label: e for e in reversed(battery.expected.get(Kind.NAMED, ()))
             if _is_fit(e) and e.case.id in seen}  # fmt: skip
    yield from reversed(named.values())


def _is_fit(expected: Expected) -> bool:
    """Return True for a case whose results have a derivative, and no noise."""
    is_noisy = expected.keep is not None and expected.keep < 1.0
    return not (expected.is_on_kink or expected.raises or is_noisy)


def _entries(expected: Expected) -> int:
    return sum(np.size(value) for value in expected.case.inputs.values())


def _arguments(task: Task, expected: Expected) -> list[str]:
    """Return the arguments whose gradient is wanted; a circuit's intermediates are none."""
    return [name for name in task.gradients if name in expected.case.inputs]


def _directions(
    expected: Expected, argument: str, value: Array, *, is_brief: bool
) -> tuple[tuple[tuple[int, ...] | None, ...], Array]:
    rng = np.random.default_rng(
        list(hashlib.sha256(f"{expected.case.id} {argument}".encode()).digest())
    )
    most = 4 if is_brief else _SAMPLE
    is_whole = value.size <= (most if is_brief else _WHOLE)
    flat = range(value.size) if is_whole else sorted(rng.choice(value.size, most, replace=False))
    places: list[tuple[int, ...] | None] = [
        tuple(int(i) for i in np.unravel_index(index, value.shape)) for index in flat
    ]
    directions = np.zeros((len(places), value.size))
    directions[np.arange(len(places)), list(flat)] = 1.0
    if not is_whole:
        along = rng.standard_normal((_DIRECTIONS, value.size))
        directions = np.vstack([directions, along])
        places += [None] * _DIRECTIONS
    return tuple(places), directions.reshape(len(places), *value.shape)


def _moves_of(expected: Expected, argument: str, directions: Array) -> Iterator[Move]:
    value = expected.case.inputs[argument]
    for direction in directions:
        along = direction if isinstance(value, np.ndarray) else float(direction)
        for step in steps_of(expected):
            for sign in (1.0, -1.0):
                yield Move(expected.case, {argument: value + sign * step * along})


def slopes_by_forward(task: Task, question: Question, draws: Sequence[Draw | None]) -> Array:
    """Return what was differenced, [directions, steps, 2, components]; nan where there is none.

    The components are the upstreams of the case, or the entries of the output of a Jacobian.
    """
    count = len(question.places)
    own = draws[question.first : question.first + _MOVES * count]
    rows = [components_of(task, question.expected, draw) for draw in own]
    return np.array(rows).reshape(count, len(STEPS), 2, -1)


def components_of(task: Task, expected: Expected, draw: Draw | None) -> Array:
    """Return the results of one forward that the gradients are gradients of; nan for none."""
    names = weighted_outputs(task)
    is_jacobian = STYLES[task.call.style].is_jacobian
    count = expected.outputs[names[0]].size if is_jacobian else len(expected.case.upstreams)
    outputs: dict[str, Array] = {}
    leaves = leaves_of(task, draw, shapes_of(expected)) if draw is not None else {}
    for name in names:
        leaf, shape = leaves.get(name), expected.outputs[name].shape
        if leaf is None or (leaf.array.shape != shape and leaf.array.size != int(np.prod(shape))):
            return np.full(count, np.nan)
        outputs[name] = np.asarray(leaf.array, dtype=np.float64).reshape(shape)
    if is_jacobian:
        return outputs[names[0]].ravel()
    return np.array([float(weighted(task, outputs, up)) for up in expected.case.upstreams])


def slopes_by_backward(
    task: Task, question: Question, draws: Sequence[Draw]
) -> tuple[Array, Array, bool] | None:
    """Return what the gradient says, [directions, components], its size, and if it is float32.

    None where a draw has no such array.
    """
    expected, name = question.expected, question.name
    shapes = shapes_of(expected)
    leaves = [leaves_of(task, draw, shapes).get(name) for draw in draws]
    arrays = [
        leaf.array for leaf in leaves if leaf is not None and leaf.array.shape == shapes[name]
    ]
    if len(arrays) < len(draws):
        return None
    is_single = any(array.dtype == np.float32 for array in arrays)
    whole = np.stack([np.asarray(array, dtype=np.float64) for array in arrays])
    size = question.directions[0].size
    if STYLES[task.call.style].is_jacobian:
        layout = task.conventions["layout"]
        rows = whole[0].reshape(-1, size) if layout == "numerator" else whole[0].reshape(size, -1).T
    else:
        rows = whole.reshape(len(arrays), size)
    flat = question.directions.reshape(len(question.places), size)
    return flat @ rows.T, np.linalg.norm(rows, axis=1), is_single
