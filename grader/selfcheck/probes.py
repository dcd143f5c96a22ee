"""What to ask of a student's own forward, so that its differences show what backward must be.

``ask``, ``ask_closer``   a task -> questions along random directions, then entry by entry.
``moves_of``              what must be run to answer questions.
``slopes_by_forward``, ``slopes_by_backward``   both answers to a question, as numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.checks import backward_check, check_of_case
from grader.compare import leaves_of, shapes_of, weighted, weighted_outputs
from grader.model import Array, Battery, Draw, Expected, Kind, Move, Observation, Task
from grader.selfcheck.slopes import SHORT_STEPS, STEPS
from grader.styles import STYLES

PATIENCE = 3.0  # seconds that a task's differences may take of the student's own time
_DIRECTIONS = 3  # at random: along them every entry counts
_WHOLE = 48  # entries: what is wrong in a smaller array is looked for in each of them
_SAMPLE = 12  # entries of a larger one
_CASES = {
    Kind.RANDOM: 2,
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
    """One argument of one case, along some directions: all of it at random, or entry by entry.

    ``entries`` are the indices of the entries, none where the directions are random. The moves of
    direction i start at ``first`` + 2 i len(STEPS): forth and back for each step.
    """

    expected: Expected
    argument: str
    check: str
    entries: tuple[tuple[int, ...], ...]
    directions: Array  # [directions, *shape of the argument]
    first: int = 0

    @property
    def name(self) -> str:
        """The gradient."""
        return f"d{self.argument}"

    @property
    def key(self) -> tuple[str, str]:
        """The case and the gradient."""
        return self.expected.case.id, self.name

    @property
    def steps(self) -> tuple[float, ...]:
        """The steps of its differences."""
        return steps_of(self.expected)

    @property
    def is_whole(self) -> bool:
        """True where every entry is asked for."""
        return len(self.entries) == int(self.directions[0].size)


def ask(battery: Battery, observations: Sequence[Observation]) -> tuple[tuple[Question, ...], bool]:
    """Return questions along random directions, and whether some are left out: slow code."""
    task = battery.task
    seen = {o.case.id: o.draws for o in observations if _is_answered(o)}
    room = PATIENCE
    questions: list[Question] = []
    is_cut = False
    for expected in _chosen(battery, seen):
        check = check_of_case(task, expected.case)
        seconds = min(d.seconds for d in seen[expected.case.id])
        for argument in _arguments(task, expected):
            value = np.asarray(expected.case.inputs[argument], dtype=float)
            asked = Question(expected, argument, check or backward_check(argument),
                             *_directions(expected, argument, value))  # fmt: skip
            needed = _MOVES * len(asked.directions) * seconds
            if needed > room:  # a smaller case may still be within it
                is_cut = True
                continue
            room -= needed
            questions.append(asked)
    return _numbered(questions), is_cut


def ask_closer(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return the same questions entry by entry, for a sample of entries where there are many."""
    return _numbered([replace(q, entries=e, directions=d) for q in questions
                      for e, d in (_by_entry(q),)])  # fmt: skip


def moves_of(questions: Sequence[Question]) -> list[Move]:
    """Return the moves that the questions need."""
    return [
        Move(question.expected.case, {question.argument: value + sign * step * along})
        for question in questions
        for value in (question.expected.case.inputs[question.argument],)
        for direction in question.directions
        for along in (direction if isinstance(value, np.ndarray) else float(direction),)
        for step in question.steps
        for sign in (1.0, -1.0)
    ]


def _numbered(questions: Sequence[Question]) -> tuple[Question, ...]:
    first, numbered = 0, []
    for question in questions:
        numbered.append(replace(question, first=first))
        first += _MOVES * len(question.directions)
    return tuple(numbered)


def steps_of(expected: Expected) -> tuple[float, ...]:
    """Return the steps in a case: there are as many of them in each."""
    return SHORT_STEPS if expected.case.kind is Kind.NEAR_KINK else STEPS


def _is_answered(observation: Observation) -> bool:
    return bool(observation.draws) and len(observation.draws) == len(observation.case.upstreams)


def _chosen(battery: Battery, seen: Mapping[str, Any]) -> Iterator[Expected]:
    """Yield the cases to ask in, small ones first, and one of each named sub-case."""
    for kind, count in _CASES.items():
        cases = [e for e in battery.expected.get(kind, ()) if _is_fit(e) and e.case.id in seen]
        cases.sort(key=_entries)
        yield from (*cases[: count - 1], *cases[-1:]) if len(cases) > count else cases
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
    expected: Expected, argument: str, value: Array
) -> tuple[tuple[tuple[int, ...], ...], Array]:
    """Return random directions; where there are as few entries, these instead."""
    if value.size <= _DIRECTIONS:
        return _unit(range(value.size), value.shape)
    return (), _rng(expected, argument).standard_normal((_DIRECTIONS, *value.shape))


def _by_entry(question: Question) -> tuple[tuple[tuple[int, ...], ...], Array]:
    shape = question.directions.shape[1:]
    size = int(np.prod(shape))
    if size <= _WHOLE:
        return _unit(range(size), shape)
    rng = _rng(question.expected, question.argument)
    return _unit(sorted(rng.choice(size, _SAMPLE, replace=False)), shape)


def _unit(flat: Sequence[int], shape: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], ...], Array]:
    entries = tuple(tuple(int(i) for i in np.unravel_index(index, shape)) for index in flat)
    directions = np.zeros((len(entries), int(np.prod(shape))))
    directions[np.arange(len(entries)), list(flat)] = 1.0
    return entries, directions.reshape(len(entries), *shape)


def _rng(expected: Expected, argument: str) -> np.random.Generator:
    digest = hashlib.sha256(f"{expected.case.id} {argument}".encode()).digest()
    return np.random.default_rng(list(digest))


def slopes_by_forward(task: Task, question: Question, draws: Sequence[Draw | None]) -> Array:
    """Return what was differenced, [directions, steps, 2, components]; nan where there is none.

    The components are the upstreams of the case, or the entries of the output of a Jacobian.
    """
    count = len(question.directions)
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
    flat = question.directions.reshape(len(question.directions), size)
    return flat @ rows.T, np.linalg.norm(rows, axis=1), is_single
