"""Two more witnesses of a student's own work, heard only where the ordinary verdict is bad.

In a circuit, stages are judged on the student's own earlier ones; and a backward is judged on the
student's own forward. What is right is not looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.checks import FOLLOW_THROUGH
from grader.compare import (
    CheckVerdict,
    Plan,
    excuse,
    follow,
    follow_mask,
    plan,
    wrong_stages,
)
from grader.isolation import Session
from grader.model import Battery, Case, Limits, Named, Observation
from grader.observe import revisit
from grader.oracle import Reference, own_values, under
from grader.oracle.reference import answer
from grader.styles import STYLES


def hear(
    reference: Reference,
    battery: Battery,
    session: Session,
    limits: Limits,
    observations: tuple[Observation, ...],
    verdicts: Mapping[str, CheckVerdict],
) -> dict[str, CheckVerdict]:
    """Return the verdicts with what the witnesses add to them."""
    task, reference = battery.task, under(reference, battery.task)
    found = dict(verdicts)
    if task.random is not None:
        return {**found, **follow_mask(battery, observations, found)}
    if STYLES[task.call.style].names_intermediates and (wrong := wrong_stages(task, found)):
        own = own_values(reference, battery, observations, wrong)
        found = excuse(battery, observations, own, found) if own else found

    def gradients_of(case: Case) -> Named:
        return answer(reference, case.inputs, case.upstreams[:1]).gradients[0]

    asked = plan(battery, observations, found) if task.gradients and observations else None
    if isinstance(asked, Plan):
        draws = revisit(session, battery, asked.moves, limits.call_seconds)
        found |= follow(task, asked, draws, found, gradients_of)
    elif asked is not None:
        found[FOLLOW_THROUGH] = asked
    return found
