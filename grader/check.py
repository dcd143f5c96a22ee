"""Proving an assignment before a student does: its reference, its battery, its rubric.

``check_assignment``   every task -> what proved it, what its battery rejects, what is weak.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.checks import backward_check, forward_check
from grader.compare import compare
from grader.errors import GraderFault
from grader.model import (
    Array,
    Assignment,
    Battery,
    Draw,
    Expected,
    Fault,
    FaultKind,
    Kind,
    Named,
    Observation,
    Outcome,
    Task,
    Value,
)
from grader.numeric import largest
from grader.oracle import Disproven, Mutant, Reference, build_battery, is_equal, mutants_of
from grader.styles import STYLES, Results

_DIRECTIONS = 3
_LOOSE = 1e-3


@dataclass(frozen=True)
class TaskCheck:
    """What is known about one task. ``disproven`` and ``weak`` are empty when it is sound."""

    task: str
    proof: str
    cases: int
    rejected: int
    mutants: int
    equal: tuple[str, ...]
    weak: tuple[str, ...]
    disproven: str = ""


def check_assignment(
    assignment: Assignment, references: dict[str, Reference], run_seed: bytes
) -> list[TaskCheck]:
    """Check every task of an assignment."""
    other_seed = hmac.new(run_seed, b"independent draws", hashlib.sha256).digest()
    return [_check_task(references[t.id], run_seed, other_seed) for t in assignment.tasks]


def _check_task(reference: Reference, run_seed: bytes, other_seed: bytes) -> TaskCheck:
    task = reference.task
    try:
        battery = build_battery(reference, run_seed, directions=_DIRECTIONS, every_case=True)
        independent = build_battery(reference, other_seed).expected[Kind.RANDOM]
    except Disproven as error:
        return TaskCheck(task.id, "disproven", 0, 0, 0, (), (), str(error))
    except GraderFault as error:
        return TaskCheck(task.id, "failed", 0, 0, 0, (), (), str(error))
    except Exception as error:  # noqa: BLE001  a reference may raise anything
        reason = f"the reference raised {type(error).__name__}: {error}"
        return TaskCheck(task.id, "failed", 0, 0, 0, (), (), reason)
    weak = [battery.no_ties] if battery.no_ties else []
    weak += _wrong_examples(battery) + _flat_gradients(battery)
    if task.tolerance is not None and task.tolerance > _LOOSE:
        weak.append(f"the tolerance {task.tolerance:g} is loose: wrong work starts at 2e-3")
    rejected, equal = 0, []
    mutants = mutants_of(reference, independent[0])
    for mutant in mutants:
        if is_rejected(battery, mutant):
            rejected += 1
        elif is_equal(mutant, independent):
            equal.append(f"{mutant.argument}: {mutant.name}")
        else:
            weak.append(f"a wrong {mutant.argument} passes: {mutant.name}")
    if not _accepts_reference(battery):
        weak.append("the reference itself does not pass")
    cases = sum(len(cases) for cases in battery.expected.values())
    return TaskCheck(
        task.id, battery.proof, cases, rejected, len(mutants) - len(equal), tuple(equal),
        tuple(weak),
    )  # fmt: skip


def is_rejected(battery: Battery, mutant: Mutant) -> bool:
    """Return True when the check that judges the mutated argument fails, as it must."""
    verdicts = compare(battery, _observed(battery, mutant))
    task = battery.task
    check = (
        forward_check(task, mutant.argument)
        if mutant.is_output
        else (backward_check(mutant.argument.removeprefix("d")))
    )
    return verdicts[check].outcome is Outcome.FAILED


def _accepts_reference(battery: Battery) -> bool:
    verdicts = compare(battery, _observed(battery, None))
    return all(v.outcome is Outcome.PASSED for v in verdicts.values() if not v.reason)


def _observed(battery: Battery, mutant: Mutant | None) -> list[Observation]:
    """Return what a student with this mistake, and no other, would have answered."""
    return [
        Observation(e.case, tuple(_draw(battery.task, e, i, mutant) for i in range(_count(e))))
        for cases in battery.expected.values()
        for e in cases
    ]


def _count(expected: Expected) -> int:
    return len(expected.gradients)


def _draw(task: Task, expected: Expected, index: int, mutant: Mutant | None) -> Draw:
    if expected.raises:
        return Draw(Fault(FaultKind.RAISED, "forward", expected.raises[0]), None)
    outputs, gradients = expected.outputs, expected.gradients[index]
    if mutant is not None and mutant.is_output:
        outputs = mutant.wrong(expected, index)
    elif mutant is not None:
        gradients = mutant.wrong(expected, index)
    results = STYLES[task.call.style].results
    if results is Results.BY_NAME:
        return Draw(_dict({**outputs, **gradients}), None)
    if results is Results.LOSS_FIRST:
        return Draw(Value("tuple", items=(_one(outputs), _one(gradients))), None)
    if results is Results.OUTPUTS:
        return Draw(_one(outputs), None)
    return Draw(_one(outputs), _backward(task, gradients))


def _backward(task: Task, gradients: Named) -> Value:
    """Return what backward would: its results, then those it leaves as attributes."""
    left = {f"d{name}": attribute for name, attribute in task.call.gradient_attributes}
    if not left:
        return _one(gradients)
    returned = _one({name: array for name, array in gradients.items() if name not in left})
    attributes = _dict({attribute: gradients[name] for name, attribute in left.items()})
    return Value("tuple", items=(returned, attributes))


def _dict(arrays: Named) -> Value:
    return Value("dict", items=tuple(map(_leaf, arrays.values())), keys=tuple(arrays))


def _one(arrays: Named) -> Value:
    leaves = tuple(map(_leaf, arrays.values()))
    return leaves[0] if len(leaves) == 1 else Value("tuple", items=leaves)


def _leaf(array: Array) -> Value:
    return Value("array", "ndarray", np.asarray(array))


def _wrong_examples(battery: Battery) -> list[str]:
    """Compare the lecture's printed numbers with the reference, to the digits they have."""
    wrong = []
    for expected in battery.expected.get(Kind.EXAMPLE, ()):
        example = battery.task.examples[expected.case.index]
        answers = {**expected.outputs, **expected.gradients[0]}
        for name, stated in example.expected.items():
            printed = np.asarray(stated, dtype=np.float64)
            allowed = 0.5 * 10.0**-example.digits * (1 + 1e-6)
            if (
                printed.shape != answers[name].shape
                or not (np.abs(printed - answers[name]) <= allowed).all()
            ):
                wrong.append(
                    f"example `{example.label}`: {name} is {stated} there, but "
                    f"{np.round(answers[name], example.digits).tolist()} by the reference"
                )
    return wrong


def _flat_gradients(battery: Battery) -> list[str]:
    """Name the gradients that are zero in every random case: asking for them tests nothing."""
    cases: Sequence[Expected] = battery.expected[Kind.RANDOM]
    return [
        f"d{name} is zero in every random case"
        for name in battery.task.gradients
        if all(largest(g[f"d{name}"]) == 0 for e in cases for g in e.gradients)
    ]
