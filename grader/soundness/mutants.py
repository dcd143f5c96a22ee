"""Every automatic mutant against a battery: what it rejects, what survives, what is no mistake."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.checks import is_free
from grader.codes import finding
from grader.compare import compare
from grader.compare.judge import tolerance_for
from grader.model import Array, Battery, Expected, Finding, Kind, Outcome
from grader.numeric import largest_difference
from grader.oracle import (
    Mutant,
    Reference,
    answers_of,
    is_equal,
    mutants_of,
    random_cases,
    under,
    without_upstream,
)
from grader.soundness.answers import every_case, observed


@dataclass(frozen=True)
class Tried:
    """The mutants of a task by what became of them."""

    rejected: tuple[Mutant, ...]
    survivors: tuple[Mutant, ...]
    equal: tuple[Mutant, ...]

    def and_(self, more: Tried) -> Tried:
        """Return all of these and more of them."""
        return Tried(
            (*self.rejected, *more.rejected),
            (*self.survivors, *more.survivors),
            (*self.equal, *more.equal),
        )


def try_mutants(
    reference: Reference, battery: Battery, run_seed: bytes, others: Sequence[Battery] = ()
) -> Tried:
    """Put every mutant to the battery; one that passes is compared on independent draws.

    ``others`` are the batteries of the other forms that the task accepts, any of which a mutant
    may pass, and equal.
    """
    rejected: list[Mutant] = []
    survivors: list[Mutant] = []
    equal: list[Mutant] = []
    independent: Sequence[Expected] = ()
    forms = (battery, *others)
    for mutant in mutants_of(reference, battery.expected[Kind.RANDOM][0]):
        passed = [form for form in forms if not is_rejected(battery, mutant, form)]
        if not passed:
            rejected.append(mutant)
            continue
        independent = independent or random_cases(reference, _other(run_seed))
        answers = [answers_of(under(reference, form.task), independent) for form in passed]
        is_no_mistake = any(is_equal(mutant, independent, right) for right in answers)
        (equal if is_no_mistake else survivors).append(mutant)
    return Tried(tuple(rejected), tuple(survivors), tuple(equal))


def is_rejected(battery: Battery, mutant: Mutant, form: Battery | None = None) -> bool:
    """Return True when a check that counts fails: then the task is not passed.

    ``form`` is the battery that judges, if not the one whose answers are mutated.
    """
    # One case settles nearly all of them: what fails there fails in the whole battery.
    for cases in (battery.expected[Kind.RANDOM][:1], every_case(battery)):
        verdicts = compare(form or battery, observed(battery.task, cases, [mutant]))
        failed = (name for name, v in verdicts.items() if v.outcome is Outcome.FAILED)
        if not all(map(is_free, failed)):
            return True
    return False


def survivors_told(battery: Battery, tried: Tried) -> Iterator[Finding]:
    """Yield a finding for each mutant that passes, with how far it is off."""
    for mutant in tried.survivors:
        error = _error(battery, mutant)
        allowed = tolerance_for(np.zeros(1), battery.task.tolerance)
        yield finding(
            "W871",
            "",
            f"a wrong {mutant.argument} passes: {mutant.name}; it is off by {error:.2g} of the "
            f"scale, and {allowed:.2g} is allowed",
            argument=mutant.argument,
            evidence={"mutant": mutant.name, "error": error, "tolerance": allowed},
        )


def idle_upstreams(battery: Battery, tried: Tried) -> Iterator[Finding]:
    """Yield a finding for each of several upstream gradients that changes no gradient."""
    equal = {(mutant.argument, mutant.name) for mutant in tried.equal}
    names = battery.task.gradients
    for output in battery.task.upstream if len(battery.task.upstream) > 1 else ():
        if all((f"d{name}", without_upstream(output)) in equal for name in names):
            message = f"setting d{output} to 0 changes none of the {len(names)} gradients"
            evidence = {"gradients_changed": 0, "gradients": len(names)}
            yield finding("W815", "", message, argument=f"d{output}", evidence=evidence)


def blind_spots(battery: Battery, tried: Tried) -> dict[str, tuple[str, ...]]:
    """Return for each example of the lecture the mutants that equal the right answer there."""
    mistakes = (*tried.rejected, *tried.survivors)
    return {
        expected.case.label: tuple(
            mutant.label
            for mutant in mistakes
            if not (mutant.is_of_rows and _array(expected, mutant).ndim == 0)
            and is_equal(mutant, [expected])
        )
        for expected in battery.expected.get(Kind.EXAMPLE, ())
    }


def _array(expected: Expected, mutant: Mutant) -> Array:
    return (expected.outputs if mutant.is_output else expected.gradients[0])[mutant.argument]


def _error(battery: Battery, mutant: Mutant) -> float:
    """Return the largest error of a mutant over the whole battery, in units of the scale."""
    name, worst = mutant.argument, 0.0
    for expected in every_case(battery):
        if expected.raises:
            continue
        scale = battery.scale_of(expected).get(name, 0.0) or 1.0
        for draw, gradients in enumerate(expected.gradients):
            right = (expected.outputs if mutant.is_output else gradients)[name]
            got = mutant.wrong(expected, draw)[name]
            if got.shape == right.shape:
                worst = max(worst, largest_difference(got, right) / scale)
    return worst


def _other(run_seed: bytes) -> bytes:
    return hmac.new(run_seed, b"independent draws", hashlib.sha256).digest()
