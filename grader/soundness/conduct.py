"""How a reference behaves, before its numbers are looked at, and whether it passes itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.cases import case_rng, draw_upstreams
from grader.codes import finding
from grader.compare import compare
from grader.model import Battery, Finding, Kind, Outcome
from grader.numeric import largest, largest_difference
from grader.oracle import (
    Answer,
    Reference,
    answer,
    changed_arguments,
    drawn_inputs,
    outputs_of,
)
from grader.soundness.answers import every_case, observed

# Another order of summation would stay below; numpy repeats its own to the bit.
_REPEATABLE = 1e-12
_Values = tuple[dict[str, Any], tuple[Mapping[str, Any], ...]]


def conduct(reference: Reference, run_seed: bytes) -> Iterator[Finding]:
    """Yield what is wrong with how a reference works: other numbers each time, changed arguments.

    Raises whatever the reference raises.
    """
    task = reference.task
    first, other = (_values(reference, run_seed, index) for index in (0, 1))
    before = answer(reference, *first)
    answer(reference, *other)
    name, error = _difference(before, answer(reference, *first))
    if not error <= _REPEATABLE:
        message = f"{name} differs by {error:.2g} of its size between two calls on the same input"
        yield finding("W801", "", message, argument=name, evidence={"difference": error})
        return
    values, upstreams = first
    for argument in changed_arguments(reference, values, upstreams[0]):
        message = f"the reference writes into {argument} (case {task.id}:random:0)"
        yield finding("W802", "", message, argument=argument, evidence={"argument": argument})


def accepts_itself(battery: Battery) -> Iterator[Finding]:
    """Yield a finding for each check that the reference's own answers do not pass."""
    verdicts = compare(battery, observed(battery.task, every_case(battery)))
    for check, verdict in verdicts.items():
        if verdict.outcome is not Outcome.PASSED and not verdict.reason:
            told = verdict.findings[0].message if verdict.findings else verdict.outcome.value
            yield finding("W803", check, f"the reference does not pass its own battery: {told}")


def wrong_examples(battery: Battery) -> Iterator[Finding]:
    """Compare the lecture's printed numbers with the reference, to the digits they have."""
    for expected in battery.expected.get(Kind.EXAMPLE, ()):
        example = battery.task.examples[expected.case.index]
        answers = {**expected.outputs, **expected.gradients[0]}
        for name, stated in example.expected.items():
            printed = np.asarray(stated, dtype=np.float64)
            allowed = 0.5 * 10.0**-example.digits * (1 + 1e-6)
            right = answers[name]
            if printed.shape != right.shape or not (np.abs(printed - right) <= allowed).all():
                rounded = np.round(right, example.digits).tolist()
                yield finding(
                    "W804",
                    "",
                    f"example `{example.label}`: {name} is {stated} there, but {rounded} by the "
                    "reference",
                    argument=name,
                    case=expected.case.id,
                    evidence={"stated": stated, "reference": rounded, "digits": example.digits},
                )


def unproven(battery: Battery) -> Iterator[Finding]:
    """Yield a finding when no gradient is wanted and no example says what is right either."""
    task = battery.task
    if not task.gradients and not any(example.expected for example in task.examples):
        message = "0 gradients and 0 examples with `expected`: nothing proves the reference"
        yield finding("W805", "", message, evidence={"gradients": 0, "examples": 0})


def _values(reference: Reference, run_seed: bytes, index: int) -> _Values:
    task = reference.task
    rng = case_rng(run_seed, task.id, Kind.RANDOM, index)
    values = drawn_inputs(reference, Kind.RANDOM, index, rng)
    outputs = outputs_of(reference, values) if task.upstream else {}
    return values, draw_upstreams(task, Kind.RANDOM, index, outputs, rng)


def _difference(first: Answer, second: Answer) -> tuple[str, float]:
    """Return the array that differs most between two answers, and by how much of its size."""
    pairs = [(first.outputs, second.outputs)]
    pairs += zip(first.gradients, second.gradients, strict=True)
    found = [("", 0.0)]
    for one, two in pairs:
        for name, array in one.items():
            if array.shape != two[name].shape:
                return name, float("inf")
            size = largest(np.asarray(array, dtype=np.float64)) or 1.0
            found.append((name, largest_difference(array, two[name]) / size))
    return max(found, key=lambda pair: (not pair[1] <= _REPEATABLE, pair[1]))
