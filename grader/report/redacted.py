"""A report as its student may see it: of hidden checks whether they passed, and their points.

Whatever leaves for students goes through ``for_student``. The hidden checks of a task become one
line with the sum of their points; their names go too, for they may give the test away.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from grader.checks import SCALAR, check_of_kind
from grader.model import (
    CheckResult,
    Finding,
    Kind,
    Outcome,
    Report,
    Rubric,
    TaskResult,
    Visibility,
    visibility_of,
)

FOLDED = {
    Visibility.HIDDEN: "hidden checks",
    Visibility.AFTER_DUE_DATE: "checks shown after the due date",
}
NOT_SHOWN = "not shown: there are hidden checks"
_ELSEWHERE = "what there is to say would tell of hidden checks"
_NOT_PASSED = "not every one passed"
_UNJUDGED = (Outcome.SKIPPED, Outcome.NOT_ATTEMPTED)
_WHOLE = (Outcome.PASSED, Outcome.NOT_ATTEMPTED, Outcome.SKIPPED, Outcome.VOID)
_STRICTNESS = tuple(Visibility)
_Closed = Mapping[str, Visibility]  # the checks that are not shown, by id


def for_student(report: Report, rubric: Rubric | None, now: datetime | None) -> Report:
    """Return what the student may see; without ``now`` it is before every due date.

    A check is as hidden as the stricter of report and rubric says: the report may be older.
    """
    closed = {task.id: _closed(task, rubric, now) for task in report.tasks}
    others = rubric.visibility.values() if rubric else ()
    is_any = any(closed.values()) or any(
        not _is_shown(each, rubric, now) for checks in others for each in checks.values()
    )
    if not is_any:
        return report
    return dataclasses.replace(
        report,
        seed=NOT_SHOWN,
        tasks=tuple(_task(task, closed[task.id]) for task in report.tasks),
        findings=tuple(map(_without_seed, report.findings)),
        digests={name: digest for name, digest in report.digests.items() if name != "seed"},
        seconds=0.0,  # code can wait, and so count out what it was given
    )


def _is_shown(visibility: Visibility, rubric: Rubric | None, now: datetime | None) -> bool:
    if visibility is not Visibility.AFTER_DUE_DATE:
        return visibility is Visibility.PUBLIC
    due = rubric.due if rubric else None
    return due is not None and now is not None and now >= due


def _closed(task: TaskResult, rubric: Rubric | None, now: datetime | None) -> _Closed:
    found = dict(rubric.visibility.get(task.id, {})) if rubric else {}
    for check in task.checks:
        stated = visibility_of(rubric, task.id, check.id) if rubric else Visibility.PUBLIC
        found[check.id] = max(stated, check.visibility, key=_STRICTNESS.index)
    return {check: each for check, each in found.items() if not _is_shown(each, rubric, now)}


def _task(task: TaskResult, closed: _Closed) -> TaskResult:
    if not closed:
        return dataclasses.replace(task, findings=tuple(map(_without_seed, task.findings)))
    findings = () if task.outcome is Outcome.VOID else tuple(_findings(task, closed))
    told = {finding.check for finding in findings}
    shown = [
        _without_names(check, closed, is_told=check.id in told)
        for check in task.checks
        if check.id not in closed
    ]
    folded = [_folded(task, closed, each) for each in FOLDED if each in closed.values()]
    checks = (*shown, *(check for check in folded if check is not None))
    outcome = task.outcome
    if outcome not in (*_WHOLE, *(c.outcome for c in shown if c.max_score)):
        outcome = Outcome.FAILED  # how it ended shows in hidden checks alone
    return dataclasses.replace(task, outcome=outcome, checks=checks, findings=findings, seconds=0.0)


def _folded(task: TaskResult, closed: _Closed, kind: Visibility) -> CheckResult | None:
    """Return the checks of one visibility as a line, None where the report has none."""
    own = [check for check in task.checks if closed.get(check.id) is kind]
    if not own:
        return None
    score, most = (
        sum((getattr(check, name) for check in own), Fraction(0)) for name in ("score", "max_score")
    )
    outcome = _outcome_of(task, own)
    reason = _NOT_PASSED if outcome is Outcome.FAILED else ""
    return CheckResult(FOLDED[kind], outcome, score, most, reason, kind)


def _outcome_of(task: TaskResult, own: Sequence[CheckResult]) -> Outcome:
    """Return whether they passed, and no more than that; of a whole task what everybody sees."""
    if task.outcome in (Outcome.VOID, Outcome.NOT_ATTEMPTED):
        return task.outcome
    counting = [c for c in own if c.max_score] or [c for c in own if c.outcome not in _UNJUDGED]
    if not counting:
        return Outcome.SKIPPED
    is_passed = all(check.outcome is Outcome.PASSED for check in counting)
    return Outcome.PASSED if is_passed else Outcome.FAILED


def _without_names(check: CheckResult, closed: _Closed, *, is_told: bool) -> CheckResult:
    """Return a check that is shown, with a reason that names no hidden one."""
    is_bare = not check.reason and not is_told and check.outcome not in _WHOLE
    if not is_bare and not _names(check.reason, closed):
        return check
    reason = "" if check.outcome is Outcome.PASSED else _ELSEWHERE
    return dataclasses.replace(check, reason=reason)


def _findings(task: TaskResult, closed: _Closed) -> Iterator[Finding]:
    for finding in task.findings:
        is_hidden = finding.check in closed or _is_hidden_case(finding, task, closed)
        if not is_hidden and not _names(f"{finding.message} {finding.help}", closed):
            yield _without_seed(finding)


def _is_hidden_case(finding: Finding, task: TaskResult, closed: _Closed) -> bool:
    """Return True where no check that is shown is judged by the case."""
    if not finding.case:
        return False
    try:
        kind = Kind(finding.case.split(":")[1])
    except (IndexError, ValueError):
        return True
    own = check_of_kind(kind)
    if own is not None:
        return own in closed
    ids = {check.id for check in task.checks} | closed.keys()
    if kind is Kind.NAMED:  # a finding beside the checks of sub-cases does not say of which it is
        named = {check for check in ids if check.startswith("case.") and check != SCALAR}
        return finding.check not in named and not named.isdisjoint(closed)
    values = {check for check in ids if re.match(r"(forward|backward)(\[|$)", check)}
    return values <= closed.keys()


def _names(text: str, closed: _Closed) -> bool:
    """Return True where a text names one of the checks."""
    ids = "|".join(map(re.escape, closed))
    return re.search(rf"(?<![\w.])(?:{ids})(?![\w\[])", text) is not None


def _without_seed(finding: Finding) -> Finding:
    """Return a finding without a command that tells the seed of hidden cases."""
    return dataclasses.replace(finding, replay="") if " --seed " in finding.replay else finding
