"""Proving one task: its reference, its cases, its prices, and that wrong versions are rejected."""

from __future__ import annotations

from collections.abc import Iterator

from grader.codes import finding
from grader.errors import GraderFault
from grader.model import Battery, Finding, Rubric, TaskSoundness
from grader.oracle import Disproven, Reference, build_battery, has_proof
from grader.soundness.accepted import idle_forms, prove_form, unheard
from grader.soundness.conduct import accepts_itself, conduct, unproven, wrong_examples
from grader.soundness.dimensions import weak_dimensions
from grader.soundness.hyper_parameters import weak_hyper_parameters
from grader.soundness.kinks import near_kinks, weak_kinks
from grader.soundness.magnitudes import constant_outputs, flat_gradients
from grader.soundness.mutants import (
    Tried,
    blind_spots,
    idle_upstreams,
    survivors_told,
    try_mutants,
)
from grader.soundness.prices import unpriced_backward
from grader.soundness.settings import weak_settings

_DIRECTIONS = 3
_DISAGREE = "mend the reference: its backward is not the derivative of its forward"
_RAISES = "mend the reference, or the inputs that the spec lets it receive"


def prove_task(
    reference: Reference, rubric: Rubric, run_seed: bytes
) -> tuple[TaskSoundness, Battery | None]:
    """Return what is known about a task, and its battery unless the reference is disproven."""
    task = reference.task
    told: list[Finding] = []
    try:
        told += conduct(reference, run_seed)
        if any(weakness.code == "W801" for weakness in told):
            return TaskSoundness(task.id, weaknesses=tuple(told)), None
        told += near_kinks(reference, run_seed)
        battery = build_battery(reference, run_seed, directions=_DIRECTIONS, every_case=True)
    except Disproven as error:
        told.append(finding("G901", "", str(error), help_line=_DISAGREE))
    except GraderFault as error:
        told.append(finding("G902", "", str(error), help_line=_RAISES))
    except Exception as error:  # noqa: BLE001  a reference may raise anything
        reason = f"the reference raised {type(error).__name__}: {error}"
        told.append(finding("G902", "", reason, help_line=_RAISES))
    else:
        tried = try_mutants(reference, battery, run_seed, battery.accepted)
        told += _weaknesses(reference, battery, rubric, tried, run_seed)
        for other in battery.accepted:
            more, weaknesses = prove_form(reference, battery, other, run_seed)
            tried = tried.and_(more)
            told += unheard(weaknesses, told)
        return _summary(battery, tried, told), battery
    return TaskSoundness(task.id, weaknesses=tuple(told)), None


def _weaknesses(
    reference: Reference, battery: Battery, rubric: Rubric, tried: Tried, run_seed: bytes
) -> Iterator[Finding]:
    yield from accepts_itself(battery)
    yield from wrong_examples(battery)
    yield from unproven(battery)
    yield from flat_gradients(battery)
    yield from constant_outputs(battery)
    yield from idle_upstreams(battery, tried)
    yield from weak_dimensions(battery)
    yield from weak_hyper_parameters(reference, battery)
    yield from weak_kinks(reference, battery, run_seed)
    yield from unpriced_backward(reference, battery, rubric)
    yield from weak_settings(battery)
    yield from survivors_told(battery, tried)
    yield from idle_forms(battery)


def _summary(battery: Battery, tried: Tried, told: list[Finding]) -> TaskSoundness:
    hulls = {kind for kind, cases in battery.expected.items() if any(e.hulls for e in cases)}
    return TaskSoundness(
        id=battery.task.id,
        proof=battery.proof,
        kinds={kind.value: len(cases) for kind, cases in battery.expected.items()},
        unproven=tuple(
            kind.value
            for kind in battery.expected
            if kind in hulls or not has_proof(kind, battery.proof)
        ),
        mutants=len(tried.rejected) + len(tried.survivors),
        equal=tuple(mutant.label for mutant in tried.equal),
        survivors=tuple(mutant.label for mutant in tried.survivors),
        accepted=tuple(other.task.accepted_form for other in battery.accepted),
        blind=blind_spots(battery, tried),
        weaknesses=tuple(told),
    )
