"""Putting every case of a battery to the student's process; what comes back is kept, not judged.

``observe``         the cases of one task -> observations, probes of behaviour among them.
``is_alive``        whether more can be asked after them.
``observe_cases``   more cases of it.
``revisit``         cases with some inputs replaced -> a draw of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.cases import as_sent
from grader.checks import (
    COMBINATION,
    LINEARITY,
    behaviour_checks,
    check_of_case,
    checks_of,
    watches_memory,
)
from grader.isolation import Returned, Runs, Session, Step
from grader.model import (
    ENDING,
    Battery,
    Case,
    Draw,
    Fault,
    FaultKind,
    Kind,
    Limits,
    Move,
    Observation,
    Task,
)
from grader.seeding import noise_seeds, seeded
from grader.styles import STYLES
from grader.unwritten import with_stubs, without_blanks

_LAYOUTS = frozenset({Kind.FORTRAN, Kind.STRIDED, Kind.READ_ONLY})
_LOST = Fault(FaultKind.GARBLED, "forward", "no answer")


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
    stubs: frozenset[str] = frozenset(),
    replay: str = "",
    among: Sequence[Case] | None = None,
) -> TaskObservations:
    """Run the cases of a task, the decisive kinds first; stop after a fatal fault.

    ``stubs`` are stages that look unwritten; those that also return nothing are taken for it.
    ``replay`` names the only case to run; behaviour is probed on the first random case alone,
    linearity on the second. ``among`` are the cases to run where others go elsewhere.
    """
    cases = among or [e.case for cases in battery.expected.values() for e in cases]
    cases = [case for case in cases if replay in ("", case.id)]
    quick = [case for case in cases if case.kind is not Kind.SIZE]
    observations = _run_on(session, battery, quick, limits.call_seconds, stubs)
    is_going_on = is_alive(observations)
    probes: dict[str, tuple[Draw, ...]] = {}
    is_probed = {e.case.id for e in battery.probed} & {case.id for case in quick}
    if is_going_on and is_probed and not any(_fault_of(d) for d in observations[0].draws):
        probes = _probes(session, battery, limits.call_seconds, replay)
        probes |= seeded(session, battery, limits.call_seconds, replay)
    if is_going_on:
        # Last, because it may take long and must not cost the verdict anything.
        real = [case for case in cases if case.kind is Kind.SIZE]
        observations += _run(session, battery, real, limits.size_seconds, stubs)
    written = without_blanks(battery, observations, stubs)
    is_same = all(now is was for now, was in zip(written, observations, strict=True))
    return TaskObservations(tuple(written), probes if is_same else {})


def is_alive(observations: Sequence[Observation]) -> bool:
    """Return False after a fatal fault, unless it costs the line of one sub-case alone."""
    decisive = [o for o in observations if o.case.kind is not Kind.NAMED]
    return not any(_is_fatal(draw) for o in decisive for draw in o.draws)


def observe_cases(
    session: Runs, battery: Battery, cases: Sequence[Case], limits: Limits
) -> list[Observation]:
    """Run more cases of a task, which need not be among those of its battery."""
    return _run(session, battery, cases, limits.call_seconds, frozenset())


def _stages(battery: Battery) -> tuple[str, ...]:
    return STYLES[battery.task.call.style].stages


def _stages_of(task: Task, upstream: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the calls of one draw: forward alone where it must raise, so has no upstream."""
    stages = STYLES[task.call.style].stages
    return stages[:1] if task.upstream and not upstream else stages


def _fault_of(draw: Draw) -> Fault | None:
    for part in (draw.forward, draw.backward):
        if isinstance(part, Fault):
            return part
    return None


def _is_fatal(draw: Draw) -> bool:
    """Return True where further cases of the task would only repeat the wait."""
    fault = _fault_of(draw)
    return fault is not None and fault.kind in ENDING


def _run_on(
    session: Session, battery: Battery, cases: Sequence[Case], seconds: float, stubs: frozenset[str]
) -> list[Observation]:
    """Put the cases to the child; one that ends in a sub-case costs the line of that one alone."""
    observations: list[Observation] = []
    while cases:
        found = _run(session, battery, cases, seconds, stubs)
        observations += found
        left = cases[len(found) :]
        if not left or not found or found[-1].case.kind is not Kind.NAMED:
            break
        lost = check_of_case(battery.task, found[-1].case)
        cases = [case for case in left if check_of_case(battery.task, case) != lost]
    return observations


def _run(
    session: Runs, battery: Battery, cases: Sequence[Case], seconds: float, stubs: frozenset[str]
) -> list[Observation]:
    """Put the cases to the child in one request: it never waits for us between them."""
    values: list[Mapping[str, Any]] = []
    steps: list[Step] = []
    owners: list[Case] = []  # of each draw
    task = battery.task
    for case in cases:
        inputs = len(values)
        sent, upstreams = as_sent(task, case)
        values += [sent, *upstreams]
        for index, upstream in enumerate(case.upstreams):
            sets = (inputs, inputs + 1 + index)
            steps += [(len(owners), stage, sets) for stage in _stages_of(battery.task, upstream)]
            owners.append(case)
    layouts = {n: case.kind.value for n, case in enumerate(owners) if case.kind in _LAYOUTS}
    replies = session.run(
        task.call, values, steps, seconds=seconds, layouts=layouts,
        watches_memory=watches_memory(task), seeds=noise_seeds(task, owners),
    )  # fmt: skip
    draws: dict[str, list[Draw]] = {}
    for owner, draw in _paired(steps, replies).items():
        kept = [owners[owner].inputs[name] for name in battery.task.call.updates]
        draws.setdefault(owners[owner].id, []).append(with_stubs(draw, stubs, kept))
    return [Observation(case, tuple(draws[case.id])) for case in cases if case.id in draws]


def _paired(steps: Sequence[Step], replies: Sequence[Returned | Fault | None]) -> dict[int, Draw]:
    """Join the replies of each subject to one draw; what was never reached is left out."""
    draws: dict[int, Draw] = {}
    for (subject, stage, _), reply in zip(steps, replies, strict=True):
        if reply is None:
            continue
        part = reply if isinstance(reply, Fault) else reply.value
        seconds = 0.0 if isinstance(reply, Fault) else reply.seconds
        mutated, shared = ((), ()) if isinstance(reply, Fault) else (reply.mutated, reply.shared)
        before = draws.get(subject, Draw(_LOST, None))
        draws[subject] = Draw(
            forward=part if stage == "forward" else before.forward,
            backward=part if stage == "backward" else None,
            seconds=before.seconds + seconds,
            mutated=tuple(dict.fromkeys((*before.mutated, *mutated))),
            shared=tuple(dict.fromkeys((*before.shared, *shared))),
            seen=before.seen if isinstance(reply, Fault) else reply.seen,
        )
    return draws


def _other_inputs(task: Task, first: Case, second: Case) -> Mapping[str, Any]:
    """Return other inputs for an instance that was made with the first case's parameters.

    Those of the second case where the shapes may differ; else the first case's, in another order.
    """
    made = _made(task)
    if made & {i.name for i in task.inputs if i.shape and not i.source}:
        return _turned(task, first)
    return {n: second.inputs[n] for n in task.call.forward_args if n in first.inputs.keys() - made}


def _turned(task: Task, case: Case) -> Mapping[str, Any]:
    """Return what forward is given in a case as other numbers of the same shapes and domains."""
    names = {i.name for i in task.inputs} & {*task.call.forward_args} - _made(task)
    turned: dict[str, Any] = {}
    for name in sorted(names):
        value = case.inputs[name]
        if isinstance(value, np.ndarray):
            turned[name] = value[::-1].copy()
        elif isinstance(value, float):
            turned[name] = value / 2
    return turned


def _made(task: Task) -> set[str]:
    """Return the names of what an instance is made with."""
    return {*task.call.constructor_args, *(name for name, _ in task.call.parameter_attributes)}


def _probes(
    session: Session, battery: Battery, seconds: float, replay: str
) -> dict[str, tuple[Draw, ...]]:
    """Call the code in the ways that reveal state kept in the wrong place, or a bend."""
    first, second = (expected.case for expected in battery.probed)
    values = [first.inputs, first.upstreams[0], second.inputs, second.upstreams[0]]
    values.append(_other_inputs(battery.task, first, second))
    values.append(_turned(battery.task, first))
    values.append(_combined(second.upstreams))
    # Value sets 0, 1 are the first case and its upstream, 2, 3 those of the second; 4 is what an
    # instance made for the first case can be given instead, 5 that in the shapes of the first; 6
    # combines the second's upstreams.
    one, two, two_in_one, one_turned, combined = (0, 1), (2, 3), (0, 1, 4), (0, 1, 5), (2, 6)
    again: list[Step] = [(0, stage, one) for stage in _stages(battery)]
    is_random = battery.task.random is not None
    scripts: dict[str, list[Step]] = {} if is_random else {"behaviour.repeatable": again}
    if len(_stages(battery)) == 2:
        scripts["behaviour.shared_cache"] = [
            (0, "forward", one),
            (1, "forward", two),
            (0, "backward", one),
            (1, "backward", two),
        ]
        scripts["behaviour.second_backward"] = [
            (0, "forward", one),
            (0, "backward", one),
            (0, "backward", one),
            *([(1, stage, used) for used in (one_turned, one) for stage in _stages(battery)]),
        ]
    if "behaviour.stale_cache" in behaviour_checks(battery.task):
        scripts["behaviour.stale_cache"] = [
            (0, "forward", two_in_one),
            (0, "forward", one),
            (0, "backward", one),
        ]
    if replay not in ("", first.id):
        scripts = {}
    if LINEARITY in checks_of(battery.task) and replay in ("", second.id):
        scripts[LINEARITY] = [(0, stage, combined) for stage in _stages(battery)]
    call = battery.task.call
    joined = _joined(scripts.values())
    seeds = noise_seeds(battery.task, [first] * len(joined))
    replies = session.run(call, values, joined, seconds=seconds, seeds=seeds)
    if again in scripts.values():
        replies += session.run(call, values, again, seconds=seconds, seed=1)
        scripts["behaviour.global_state"] = again
    probes = {}
    for name, script in scripts.items():
        own, replies = replies[: len(script)], replies[len(script) :]
        draws = tuple(_paired(script, own).values())
        # A probe that was cut short shows nothing about where state is kept.
        if own[0] is not None and not any(map(_is_fatal, draws)):
            probes[name] = draws
    return probes


def _joined(scripts: Iterable[Sequence[Step]]) -> list[Step]:
    """Return the steps of all scripts; each script has subjects of its own."""
    steps: list[Step] = []
    for script in scripts:
        base = 1 + max((subject for subject, _, _ in steps), default=-1)
        steps += [(base + subject, stage, sets) for subject, stage, sets in script]
    return steps


def _combined(upstreams: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the upstream that ``linearity`` is judged on."""
    terms = list(zip(COMBINATION, upstreams, strict=False))
    return {name: sum(factor * u[name] for factor, u in terms) for name in upstreams[0]}


def revisit(
    session: Session, battery: Battery, moves: Sequence[Move], seconds: float
) -> list[Draw | None]:
    """Run each move with a subject of its own, all in one request; None where it was not reached.

    Where backward is not wanted, it is not called: a draw without it.
    """
    values: list[Mapping[str, Any]] = []
    bases: dict[str, int] = {}  # where the inputs of a case lie, its upstream behind them
    steps: list[Step] = []
    for subject, move in enumerate(moves):
        if move.case.id not in bases:
            bases[move.case.id] = len(values)
            values += [move.case.inputs, move.case.upstreams[0]]
        base = bases[move.case.id]
        sets = (base, base + 1, len(values))
        values.append(move.changed)
        stages = _stages(battery) if move.is_backward_wanted else ("forward",)
        steps += [(subject, stage, sets) for stage in stages]
    replies = session.run(battery.task.call, values, steps, seconds=seconds)
    draws = _paired(steps, replies)
    return [draws.get(subject) for subject in range(len(moves))]
