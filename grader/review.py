"""Gradients that are right but look numerical: a finding for a human, which costs nothing.

Looked into only where something raises suspicion: an error larger than a formula's, helpers in the
source, a case of real size that did not finish. The rest of the class costs a few subtractions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from grader.checks import backward_check, value_checks
from grader.codes import finding
from grader.compare import CheckVerdict
from grader.compare.numerical import (
    ENLARGED,
    NOISE,
    SUSPICIOUS,
    enlarged_error,
    noise,
    pairs,
    unit_error,
)
from grader.isolation import Session
from grader.model import Battery, Finding, Limits, Observation, Outcome
from grader.observe import observe_cases
from grader.oracle import Reference, under

_SIGNS = {
    "difference": "it subtracts one forward from another",
    "complex": "it takes the imaginary part of complex numbers",
}
_STEADY = ("behaviour.repeatable", "behaviour.global_state")


def review(
    reference: Reference,
    battery: Battery,
    session: Session,
    limits: Limits,
    observations: tuple[Observation, ...],
    verdicts: Mapping[str, CheckVerdict],
    signs: Collection[str],
) -> list[Finding]:
    """Return a D601 if the gradients of a right task look as if they were found numerically."""
    task = battery.task
    wanted = {*value_checks(task), *_STEADY}
    if not task.gradients or any(_is_not(Outcome.PASSED, verdicts, check) for check in wanted):
        return []
    is_endless = not _is_not(Outcome.TIMED_OUT, verdicts, "size")
    error = unit_error(battery, observations)
    if not (error > SUSPICIOUS or signs or is_endless):
        return []
    from grader.oracle.variations import variations  # noqa: PLC0415  few submissions come here

    try:
        varied = variations(under(reference, task), battery)
    except Exception:  # noqa: BLE001  a reference that takes no other inputs voids no task
        return []
    seen = observe_cases(session, battery, varied.cases, limits)
    plain = pairs(varied.plain, observations)
    noises = [noise(battery, plain, pairs(nudged, seen)) for nudged in varied.nudged]
    enlarged = enlarged_error(battery, pairs(varied.enlarged, seen), varied.judged)
    reasons = [words for sign, words in _SIGNS.items() if sign in signs]
    if min(noises) > NOISE:
        told = f"its error changes by {min(noises):.1g} when the inputs move by their last digits"
        reasons.append(f"{told} (a formula's by 1e-14)")
    if enlarged > ENLARGED:
        reasons.append(f"with {varied.factor} it is off by {enlarged:.1g} (a formula by 1e-15)")
    if not reasons:
        return []
    if is_endless:
        reasons.append("at real size it did not finish")
    evidence = {"unit_error": error, "noise": min(noises), "enlarged_error": enlarged,
                "enlarged_by": varied.factor, "signs": sorted(signs)}  # fmt: skip
    return [
        finding(
            "D601", backward_check(task.gradients[0]),
            f"the gradient looks numerical: {'; '.join(reasons)}",
            case=varied.plain[0].case.id, evidence=evidence,
        )
    ]  # fmt: skip


def _is_not(outcome: Outcome, verdicts: Mapping[str, CheckVerdict], check: str) -> bool:
    return check not in verdicts or verdicts[check].outcome is not outcome
