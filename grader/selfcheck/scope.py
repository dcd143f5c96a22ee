"""Which checks a self-check can come to, before anything is run."""

from __future__ import annotations

from grader.checks import (
    LINEARITY,
    LOAD,
    behaviour_checks,
    check_of_case,
    checks_of,
    value_checks,
)
from grader.kit import Kit
from grader.model import Task, is_public


def checks_in(kit: Kit, task: Task) -> tuple[str, ...]:
    """Return the public checks of a task for which a kit has cases, in the order of a report."""
    cases = [e.case for each in kit.batteries[task.id].expected.values() for e in each]
    own = {check_of_case(task, case) for case in cases}
    known = own | {LOAD, LINEARITY, *value_checks(task), *behaviour_checks(task)}
    return tuple(c for c in checks_of(task) if c in known and is_public(kit.rubric, task.id, c))
