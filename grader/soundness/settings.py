"""Settings of a spec that weaken the verdict: a loose tolerance, few cases, no upstream."""

from __future__ import annotations

from collections.abc import Iterator

from grader.codes import finding
from grader.model import Battery, Finding, Kind
from grader.styles import STYLES

_LOOSE = 1e-3
_FEW = 3


def weak_settings(battery: Battery) -> Iterator[Finding]:
    """Yield a finding for each setting under which wrong work could pass."""
    task, cases = battery.task, battery.expected[Kind.RANDOM]
    if task.tolerance is not None and task.tolerance > _LOOSE:
        message = f"the tolerance {task.tolerance:g} is loose: wrong work starts at 2e-3"
        yield finding("W861", "", message, evidence={"tolerance": task.tolerance})
    if task.random_cases < _FEW:
        message = f"{task.random_cases} random cases: what is wrong in few draws may be missed"
        yield finding("W862", "", message, evidence={"random_cases": task.random_cases})
    result = task.outputs[-1]
    largest = max(e.outputs[result].size for e in cases)
    has_sum = bool(task.gradients) and not STYLES[task.call.style].is_jacobian
    if has_sum and not task.upstream and largest > 1:
        message = f"{result} has {largest} entries and no upstream: the gradients are of its sum"
        yield finding("W863", "", message, argument=result, evidence={"entries": largest})
