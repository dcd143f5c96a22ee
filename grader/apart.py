"""Cases of hidden checks alone go to a process of their own, which nothing public comes out of.

Code could keep what it is given in a hidden case and let it out where its author may look: in the
message of an exception, in a wrong number. A process that never saw the case cannot.

``observe_apart``   the cases of one task, in two processes where some of its checks are hidden.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from grader.asides import session_notes
from grader.checks import check_of_case, checks_of, value_checks
from grader.isolation import Session
from grader.model import (
    Battery,
    Case,
    Draw,
    Fault,
    Finding,
    Limits,
    Observation,
    Rubric,
    Task,
    is_public,
)
from grader.observe import TaskObservations, is_alive, observe


@dataclass(frozen=True)
class Seen:
    """What was observed; the session of the ordinary cases, and what the other one printed."""

    observations: TaskObservations
    session: Session
    notes: tuple[Finding, ...] = ()


def hidden_checks(rubric: Rubric, task: Task) -> tuple[str, ...]:
    """Return the checks of a task that are not public, if only for some time."""
    return tuple(c for c in checks_of(task) if not is_public(rubric, task.id, c))


def observe_apart(
    session: Session,
    open_apart: Callable[[], Session],
    battery: Battery,
    limits: Limits,
    hidden: tuple[str, ...],
    stubs: frozenset[str],
) -> Seen:
    """Put each case to one of two sessions; ``open_apart`` opens the one for hidden checks.

    The ordinary cases come first, wherever they go: after a fatal fault there is no second part.
    """

    def is_hidden(case: Case) -> bool:
        return _is_hidden(battery.task, case, hidden)

    cases = [expected.case for kind in battery.expected.values() for expected in kind]
    if not any(map(is_hidden, cases)):
        return Seen(observe(session, battery, limits, stubs=stubs), session)
    apart = open_apart()
    are_apart = is_hidden(battery.probed[0].case)
    loaded = apart.load(battery.task.call)
    order = (apart, session) if are_apart else (session, apart)
    found: list[TaskObservations] = []
    for each in order:
        is_lost = each is apart and isinstance(loaded, Fault)
        if is_lost or (found and not is_alive(found[0].cases)):
            continue
        here = [case for case in cases if is_hidden(case) is (each is apart)]
        if here:
            found.append(observe(each, battery, limits, stubs=stubs, among=here))
    if isinstance(loaded, Fault) and all(is_alive(part.cases) for part in found):
        # It did load in the other session, which a file that acts by chance may well do.
        draw = Draw(loaded, None)
        lost = [Observation(case, (draw,)) for case in cases if is_hidden(case)]
        found.append(TaskObservations(tuple(lost)))
    notes = (dataclasses.replace(told, check=hidden[0]) for told in session_notes(apart))
    return Seen(_joined(cases, found), order[0], tuple(notes))


def _is_hidden(task: Task, case: Case, hidden: tuple[str, ...]) -> bool:
    """Return True where no public check is judged by the case."""
    own = check_of_case(task, case)
    return {own} <= {*hidden} if own else {*value_checks(task)} <= {*hidden}


def _joined(cases: list[Case], found: list[TaskObservations]) -> TaskObservations:
    """Return the observations in the order of the battery, as one process would give them."""
    places = {case.id: place for place, case in enumerate(cases)}
    every = [observation for part in found for observation in part.cases]
    every.sort(key=lambda observation: places[observation.case.id])
    probes = {name: draws for part in found for name, draws in part.probes.items()}
    return TaskObservations(tuple(every), probes)
