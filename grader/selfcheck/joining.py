"""Joining what each witness says of a check, so that the report claims no more than is known.

``with_counts``      how many public values an output matches.
``witnessed``        comparing and differences, in one verdict.
``without_demands``  what no points hang on, as a note.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from grader.checks import FORM_CHECKS, backward_check, check_of_case, forward_check
from grader.compare import CheckVerdict
from grader.kit import is_known
from grader.model import Array, Battery, Kind, Outcome, Rubric, Severity, Task
from grader.selfcheck.verdicts import NO_WITNESS, SLOW, UNCLEAR

# Outcomes with which something was found, the worst first.
WRONG = (Outcome.VOID, Outcome.TIMED_OUT, Outcome.FAULTED, Outcome.FAILED)

_BY_MASK = "right for the entries you kept"
_BY_EXAMPLE = "right in the worked example"
_FORWARD_ALONE = "forward alone"
_STRESS = Kind.STRESS.value
_SHARE = re.compile(r" \(wrong in \d+ of \d+ cases.*?\)")

Verdicts = Mapping[str, CheckVerdict]


def with_counts(battery: Battery, verdicts: Verdicts) -> dict[str, CheckVerdict]:
    """Say of each output how many public values it matches."""
    told = dict(verdicts)
    for name in battery.task.outputs:
        check = forward_check(battery.task, name)
        own = told.get(check)
        if own is None or own.outcome is not Outcome.PASSED:
            continue
        known = sum(map(is_known, _main_outputs(battery, name)))
        if known:
            told[check] = dataclasses.replace(own, reason=f"{known} of {known} public values")
        else:
            told[check] = CheckVerdict(Outcome.SKIPPED, reason="its values are not public")
    return told


def _main_outputs(battery: Battery, name: str) -> Iterator[Array]:
    for cases in battery.expected.values():
        for each in cases:
            if name in each.outputs and check_of_case(battery.task, each.case) is None:
                yield each.outputs[name]


def witnessed(
    battery: Battery, verdicts: Verdicts, heard: Verdicts, *, is_cut: bool
) -> dict[str, CheckVerdict]:
    """Join what comparing showed, of which own values tell nothing, with what differences tell."""
    joined = dict(verdicts)
    for check, own in verdicts.items():
        told = heard.get(check)
        is_gradient = check.startswith("backward")
        if own.outcome not in (Outcome.PASSED, Outcome.SKIPPED):
            joined[check] = _best_told(own, told) if is_gradient else own
        elif told is None or told.outcome is own.outcome is Outcome.SKIPPED:
            joined[check] = _unheard(battery, check, own, is_cut=is_cut)
        elif told.outcome is Outcome.PASSED:
            joined[check] = dataclasses.replace(own, reason=told.reason)
        else:
            joined[check] = told if is_gradient else _told_once(told, heard)
    return joined


def without_demands(rubric: Rubric, task: Task, verdicts: Verdicts) -> dict[str, CheckVerdict]:
    """Turn what no points hang on, and is a demand of its own, into a note."""
    own = verdicts.get(_STRESS)
    is_priced = rubric.points[task.id].get(_STRESS, Fraction(0)) > 0
    if own is None or is_priced or own.outcome not in WRONG:
        return dict(verdicts)
    told = tuple(dataclasses.replace(f, severity=Severity.NOTE) for f in own.findings)
    demand = CheckVerdict(Outcome.SKIPPED, told, "no points hang on it: see the notes")
    return {**verdicts, _STRESS: demand}


def _best_told(own: CheckVerdict, told: CheckVerdict | None) -> CheckVerdict:
    """Return what tells more of a wrong gradient: differences, or else the worked example.

    Only the example was compared with an answer, so that nothing is said of the other cases.
    """
    if {f.code for f in own.findings} != {"V402"}:
        return own
    if told is not None and told.outcome is Outcome.FAILED:
        return told
    findings = (dataclasses.replace(f, message=_SHARE.sub("", f.message)) for f in own.findings)
    return dataclasses.replace(own, findings=tuple(findings))


def _told_once(told: CheckVerdict, heard: Verdicts) -> CheckVerdict:
    """Return the verdict of a sub-case without what is told of the same gradient elsewhere."""
    before = {f.argument: f.check for check in heard if check.startswith("backward")
              for f in heard[check].findings}  # fmt: skip
    again = [f for f in told.findings if f.argument in before]
    if not again:
        return told
    left = tuple(f for f in told.findings if f not in again)
    return dataclasses.replace(told, findings=left, reason=f"as in {before[again[0].argument]}")


def _unheard(battery: Battery, check: str, own: CheckVerdict, *, is_cut: bool) -> CheckVerdict:
    """Return the verdict on what no differences tell anything of."""
    task = battery.task
    name = next((n for n in task.gradients if backward_check(n) == check), None)
    if own.outcome is Outcome.SKIPPED:
        return own
    if name is None:
        is_vacuous = check in (_STRESS, *FORM_CHECKS) and task.gradients
        return dataclasses.replace(own, reason=_FORWARD_ALONE) if is_vacuous else own
    if task.random is not None:
        return dataclasses.replace(own, reason=_BY_MASK)
    examples = battery.expected.get(Kind.EXAMPLE, ())
    if any(is_known(named[f"d{name}"]) for each in examples for named in each.gradients):
        return dataclasses.replace(own, reason=_BY_EXAMPLE)
    if name not in {i.name for i in task.inputs}:
        return CheckVerdict(Outcome.SKIPPED, reason=NO_WITNESS)
    return CheckVerdict(Outcome.SKIPPED, reason=SLOW if is_cut else UNCLEAR)
