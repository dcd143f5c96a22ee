"""The student's own results in the place of the answers that a kit does not have.

What is compared with itself shows nothing about values: these are left to the witnesses. But
containers, counts, shapes and finiteness are judged as ever, and so is what calls in another
order change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from grader.compare import leaves_of, shapes_of
from grader.kit import is_known
from grader.model import Array, Battery, Draw, Expected, Kind, Named, Observation, Task
from grader.numeric import largest
from grader.styles import STYLES


def with_own_answers(battery: Battery, observations: Sequence[Observation]) -> Battery:
    """Return the battery with the student's results where the answer is unknown.

    One of another shape, or that is not finite, stays unknown: it is judged wrong for that.
    """
    draws = {o.case.id: o.draws for o in observations}
    expected = {
        kind: tuple(_filled(battery.task, e, draws.get(e.case.id, ())) for e in cases)
        for kind, cases in battery.expected.items()
    }
    scale = {kind: _sizes(cases, battery.scale[kind]) for kind, cases in expected.items()}
    if Kind.NAMED in expected:
        expected[Kind.NAMED] = _with_own_sizes(expected[Kind.NAMED])
    accepted = tuple(with_own_answers(other, observations) for other in battery.accepted)
    return dataclasses.replace(battery, expected=expected, scale=scale, accepted=accepted)


def with_differences(battery: Battery, numerical: Mapping[tuple[str, str], Array]) -> Battery:
    """Return the battery with what differences come to in the place of unknown gradients.

    ``numerical`` has them by case and gradient: [components, *shape of the argument]. Answers that
    stay unknown are left out.
    """

    def shown(expected: Expected) -> Expected:
        outputs = {n: a for n, a in expected.outputs.items() if is_known(a)}
        gradients = tuple(
            {
                name: _known_or_by_differences(
                    battery.task, answer, draw, numerical.get((expected.case.id, name))
                )
                for name, answer in named.items()
            }
            for draw, named in enumerate(expected.gradients)
        )
        told = tuple({n: a for n, a in named.items() if is_known(a)} for named in gradients)
        return dataclasses.replace(expected, outputs=outputs, gradients=told)

    expected = {kind: tuple(map(shown, cases)) for kind, cases in battery.expected.items()}
    return dataclasses.replace(battery, expected=expected)


def _known_or_by_differences(task: Task, answer: Array, draw: int, found: Array | None) -> Array:
    if is_known(answer) or found is None:
        return answer
    if not STYLES[task.call.style].is_jacobian:
        return np.asarray(found[draw])
    if task.conventions["layout"] == "numerator":
        return np.reshape(found, answer.shape)
    return np.reshape(np.moveaxis(found, 0, -1), answer.shape)


def _filled(task: Task, expected: Expected, draws: Sequence[Draw]) -> Expected:
    shapes = shapes_of(expected)
    returned = [
        # Zeros that nothing was written into are no answer, and judged as such.
        {
            n: leaf.array
            for n, leaf in leaves_of(task, draw, shapes).items()
            if not leaf.is_untouched
        }
        for draw in draws
    ]
    gradients = tuple(
        _known_or_own(named, returned[index] if index < len(returned) else {})
        for index, named in enumerate(expected.gradients)
    )
    outputs = _known_or_own(expected.outputs, returned[0] if returned else {})
    return dataclasses.replace(expected, outputs=outputs, gradients=gradients)


def _known_or_own(answers: Named, own: Named) -> dict[str, Array]:
    return {
        name: answer if is_known(answer) or not _can_stand_for(answer, own.get(name)) else own[name]
        for name, answer in answers.items()
    }


def _can_stand_for(answer: Array, own: Array | None) -> bool:
    return own is not None and own.shape == answer.shape and bool(np.isfinite(own).all())


def _sizes(cases: Sequence[Expected], stated: Mapping[str, float]) -> dict[str, float]:
    """Return the scales of what is known, and of the rest the largest entry there is."""
    sizes: dict[str, float] = {}
    for each in cases:
        for named in (each.outputs, *each.gradients):
            for name, array in named.items():
                if is_known(array):
                    sizes[name] = max(sizes.get(name, 0.0), largest(np.asarray(array, dtype=float)))
                else:
                    sizes.setdefault(name, 1.0)
    return {**sizes, **stated}


def _with_own_sizes(cases: Sequence[Expected]) -> tuple[Expected, ...]:
    groups: dict[str, list[Expected]] = {}
    for each in cases:
        groups.setdefault(each.case.label, []).append(each)
    return tuple(
        dataclasses.replace(each, scale=_sizes(groups[each.case.label], each.scale))
        for each in cases
    )
