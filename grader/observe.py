"""Putting every case of a battery to the student's process; what comes back is kept, not judged.

``observe``   the cases of one task -> observations, probes of behaviour among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.checks import behaviour_checks
from grader.isolation import Returned, Session
from grader.model import (
    Battery,
    Case,
    Draw,
    Expected,
    Fault,
    FaultKind,
    Kind,
    Limits,
    Observation,
)

# After these the child is gone or slow: further cases of the task would only repeat the wait.
_FATAL = frozenset(
    {
        FaultKind.TIMED_OUT,
        FaultKind.TOTAL_TIME,
        FaultKind.DIED,
        FaultKind.EXITED,
        FaultKind.MEMORY,
        FaultKind.GARBLED,
    }
)
_LOST = Fault(FaultKind.GARBLED, "forward", "no answer")

Step = tuple[int, str, tuple[int, ...]]  # subject, stage, value sets


@dataclass(frozen=True)
class TaskObservations:
    """What one task's code did: in the cases, and in each probe of its behaviour."""

    cases: tuple[Observation, ...]
    probes: Mapping[str, tuple[Draw, ...]] = field(default_factory=dict)


def observe(
    session: Session,
    battery: Battery,
    limits: Limits,
    *,
    replay: str = "",
) -> TaskObservations:
    """Run the cases of a task, the decisive kinds first; stop after a fatal fault.

    ``replay`` names the only case to run; behaviour is then not probed.
    """
    observations = []
    is_alive = True
    for kind, cases in battery.expected.items():
        for expected in cases if is_alive else ():
            if replay and expected.case.id != replay:
                continue
            seconds = limits.size_seconds if kind is Kind.SIZE else limits.call_seconds
            draws = _draws(session, battery, expected.case, seconds)
            observations.append(Observation(expected.case, draws))
            if any(_is_fatal(draw) for draw in draws):
                is_alive = False
                break
    clean = observations and not any(_fault_of(d) for d in observations[0].draws)
    probes = {}
    if not replay and is_alive and clean:
        probes = _probes(session, battery, limits.call_seconds)
    return TaskObservations(tuple(observations), probes)


def _is_two_stage(battery: Battery) -> bool:
    return bool(battery.task.call.backward_args)


def _fault_of(draw: Draw) -> Fault | None:
    for part in (draw.forward, draw.backward):
        if isinstance(part, Fault):
            return part
    return None


def _is_fatal(draw: Draw) -> bool:
    fault = _fault_of(draw)
    return fault is not None and fault.kind in _FATAL


def _draws(
    session: Session, battery: Battery, case: Case, seconds: float, seed: int = 0
) -> tuple[Draw, ...]:
    steps: list[Step] = []
    for index in range(len(case.upstreams)):
        steps.append((index, "forward", (0, index + 1)))
        if _is_two_stage(battery):
            steps.append((index, "backward", (0, index + 1)))
    replies = session.run(
        battery.task.call, [case.inputs, *case.upstreams], steps, seconds=seconds, seed=seed
    )
    return _paired(steps, replies)


def _paired(steps: Sequence[Step], replies: Sequence[Returned | Fault | None]) -> tuple[Draw, ...]:
    """Join the replies of each subject to one draw; what was never reached is left out."""
    draws: dict[int, Draw] = {}
    for (subject, stage, _), reply in zip(steps, replies, strict=True):
        if reply is None:
            continue
        part = reply if isinstance(reply, Fault) else reply.value
        seconds = 0.0 if isinstance(reply, Fault) else reply.seconds
        mutated = () if isinstance(reply, Fault) else reply.mutated
        before = draws.get(subject, Draw(_LOST, None))
        draws[subject] = Draw(
            forward=part if stage == "forward" else before.forward,
            backward=part if stage == "backward" else None,
            seconds=before.seconds + seconds,
            mutated=tuple(dict.fromkeys((*before.mutated, *mutated))),
        )
    return tuple(draws.values())


def _probes(session: Session, battery: Battery, seconds: float) -> dict[str, tuple[Draw, ...]]:
    """Call the code in the ways that reveal state kept in the wrong place."""
    first, second = (expected.case for expected in probed_cases(battery))
    probes = {
        "behaviour.repeatable": _draws(session, battery, _one_draw(first), seconds),
        "behaviour.global_state": _draws(session, battery, _one_draw(first), seconds, seed=1),
    }
    scripts: dict[str, list[Step]] = {
        # Values 0, 1 are the first case and its upstream, 2, 3 those of the second; 4 keeps what
        # the constructor was given when one instance sees both.
        "behaviour.shared_cache": [
            (0, "forward", (0, 1)),
            (1, "forward", (2, 3)),
            (0, "backward", (0, 1)),
            (1, "backward", (2, 3)),
        ],
        "behaviour.stale_cache": [
            (0, "forward", (2, 3, 4)),
            (0, "forward", (0, 1)),
            (0, "backward", (0, 1)),
        ],
        "backward_twice": [
            (0, "forward", (0, 1)),
            (0, "backward", (0, 1)),
            (0, "backward", (0, 1)),
        ],
    }
    kept = {name: first.inputs[name] for name in battery.task.call.constructor_args}
    values = [first.inputs, first.upstreams[0], second.inputs, second.upstreams[0], kept]
    known = (*behaviour_checks(battery.task), "backward_twice")
    for name, steps in scripts.items():
        if name in known and _is_two_stage(battery):
            replies = session.run(battery.task.call, values, steps, seconds=seconds)
            probes[name] = _paired(steps, replies)
    return probes


def _one_draw(case: Case) -> Case:
    return Case(case.task, case.kind, case.index, case.inputs, case.upstreams[:1], case.label)


def probed_cases(battery: Battery) -> tuple[Expected, Expected]:
    """Return the two random cases the probes use."""
    cases = battery.expected[Kind.RANDOM]
    return cases[0], cases[min(1, len(cases) - 1)]
