"""All observations of a task against its battery: one verdict per check, with its findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.checks import (
    DEPENDENT,
    FORM_CHECKS,
    check_of_case,
    checks_of,
    value_checks,
)
from grader.codes import JACOBIAN_HELP, finding
from grader.compare.collect import (
    Problem,
)
from grader.compare.faults import fault_outcome, fault_problem, place_evidence
from grader.compare.forms import tell_form
from grader.compare.marks import Mark, marks_of
from grader.model import (
    Battery,
    Expected,
    Fault,
    Finding,
    Kind,
    Observation,
    Outcome,
    Task,
)
from grader.styles import BACKWARD, STYLES

NOT_RUN = "not every case was run"
AXES = "values right, axes of size 1 differ"
_NUMBER = re.compile(r"(?<![\w:])\d[\d.]*")  # not of a name, nor of a line
_ARRAY_STEPS = ("S305", "S306", "S307", "V403")  # then the value


@dataclass(frozen=True)
class CheckVerdict:
    """What is known about one check, before points."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    follows: bool = False  # wrong, but right for the student's own forward
    is_right_in_value: bool = False  # wrong, but only in axes of size 1


def compare(battery: Battery, observations: Sequence[Observation]) -> dict[str, CheckVerdict]:
    """Return a verdict for every check that the cases feed; behaviour is judged elsewhere.

    Checks of special cases (ties, stress ...) are judged only where the ordinary cases are right.
    """
    answers = {e.case.id: e for kind in battery.expected.values() for e in kind}
    main: list[Observation] = []
    own: list[Observation] = []
    for observation in observations:
        if observation.case.id in answers:
            is_own = check_of_case(battery.task, observation.case) is not None
            (own if is_own else main).append(observation)
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        return _compare(battery, main, own, answers)


def _compare(
    battery: Battery,
    main: Sequence[Observation],
    own: Sequence[Observation],
    answers: Mapping[str, Expected],
) -> dict[str, CheckVerdict]:
    marks = [m for o in main for m in marks_of(battery, o, answers[o.case.id])]
    marks += _unobserved(battery.task, main, own, answers)
    is_right = all(m.outcome is Outcome.PASSED for m in marks)
    is_right_in_value = all(m.is_right_in_value for m in marks)
    for observation in own:
        check = check_of_case(battery.task, observation.case)
        # Axes of size 1 hide no value, but what fails for a form must be right without it.
        is_ready = is_right if check in FORM_CHECKS else is_right_in_value
        if is_ready or check not in DEPENDENT:
            marks += marks_of(battery, observation, answers[observation.case.id])
    verdicts = _verdicts(battery.task, marks)
    if battery.no_ties:
        verdicts["ties"] = CheckVerdict(Outcome.SKIPPED, reason=battery.no_ties)
    return verdicts


def _unobserved(
    task: Task,
    main: Sequence[Observation],
    own: Sequence[Observation],
    answers: Mapping[str, Expected],
) -> Iterator[Mark]:
    """Yield a mark for each case that was not run to its end: what nobody saw is never right."""
    draws = {o.case.id: len(o.draws) for o in (*main, *own)}
    for name, expected in answers.items():
        if draws.get(name, 0) < len(expected.case.upstreams):
            check = check_of_case(task, expected.case)
            for each in (check,) if check else value_checks(task):
                yield Mark(each, "", name, Outcome.SKIPPED, reason=NOT_RUN)


def load_verdicts(task: Task, fault: Fault) -> dict[str, CheckVerdict]:
    """Return the verdicts of a task whose code could not be loaded: told once, at ``load``."""
    problem, outcome = fault_problem(task, fault), fault_outcome(fault)
    told = finding(problem.code, "load", problem.message, evidence=place_evidence(fault))
    rest = CheckVerdict(outcome, reason="see load")
    checks = dict.fromkeys(value_checks(task), rest)
    return {"load": CheckVerdict(outcome, (told,)), **checks}


def missing_file(task: Task) -> dict[str, CheckVerdict]:
    """Return the verdicts of a task whose file is not there; the report's head says so once."""
    gone = CheckVerdict(Outcome.FAULTED, reason=f"{task.file} cannot be read")
    return dict.fromkeys(("load", *value_checks(task)), gone)


def unjudged(task: Task, check: str, verdicts: Mapping[str, CheckVerdict]) -> CheckVerdict:
    """Return the verdict of a check that no observation spoke about, with the reason."""
    failed = [c for c in value_checks(task) if c in verdicts and not _passed(verdicts[c])]
    reason = f"{failed[0]} comes first" if failed else "no case was judged"
    return CheckVerdict(Outcome.SKIPPED, reason=reason if check not in failed else "")


def _passed(verdict: CheckVerdict) -> bool:
    return verdict.outcome is Outcome.PASSED


def _verdicts(task: Task, marks: Sequence[Mark]) -> dict[str, CheckVerdict]:
    by_check: dict[str, list[Mark]] = {}
    for mark in marks:
        by_check.setdefault(mark.check, []).append(mark)
    told: dict[tuple[str, str], str] = {}
    of_cases: dict[tuple[str, str], str] = {}
    verdicts = {}
    # To a checker not even a fault in one sub-case explains another: they are different questions.
    is_apart = not STYLES[task.call.style].has_gradients
    for check in checks_of(task):
        if check in by_check and check in FORM_CHECKS:  # each form is a cause of its own
            verdict = _verdict(task, check, by_check[check], {})
            verdicts[check] = replace(verdict, findings=tell_form(check, verdict.findings))
        elif check in by_check:
            is_case = check.startswith("case.")
            # Large scores as a sub-case say all that stress would say.
            more = of_cases if check == Kind.STRESS.value else {}
            own = {**more, **told}
            verdicts[check] = _verdict(task, check, by_check[check], own)
            # Pad 0 and stride 2 may be wrong for two reasons: a wrong number tells of its own
            # sub-case alone, a fault at one place of the code of all.
            if is_case:
                of_cases |= own
                told |= {} if is_apart else {cause: at for cause, at in own.items() if cause[0]}
            else:
                told = own
    return verdicts


def _verdict(
    task: Task, check: str, marks: list[Mark], told: dict[tuple[str, str], str]
) -> CheckVerdict:
    """Fold the marks of one check. ``told`` keeps one cause from being told under two checks."""
    faulty = [m for m in marks if m.outcome not in (Outcome.PASSED, Outcome.SKIPPED)]
    skipped = [m for m in marks if m.outcome is Outcome.SKIPPED]
    if not faulty:
        if skipped:
            return CheckVerdict(Outcome.SKIPPED, reason=skipped[0].reason)
        return CheckVerdict(Outcome.PASSED)
    unwritten = {m.stage for m in marks if m.outcome is Outcome.NOT_ATTEMPTED}
    written = {m.stage for m in marks if m.outcome is Outcome.PASSED}
    if unwritten and not unwritten & written:
        return CheckVerdict(Outcome.NOT_ATTEMPTED, reason=faulty[0].reason)
    findings, reason = [], ""
    groups: dict[tuple[str, str], list[Mark]] = {}
    for mark in faulty:
        if mark.problem is not None:
            groups.setdefault(_cause(mark.problem, mark.argument), []).append(mark)
    for cause, group in groups.items():
        if cause in told:
            reason = reason or f"as in {told[cause]}"
            continue
        told[cause] = check
        findings.append(_finding(task, check, group, marks))
    outcome = faulty[0].outcome
    if outcome is Outcome.NOT_ATTEMPTED:  # written for some cases, so it was attempted
        outcome = Outcome.FAULTED
    is_right = all(m.is_right_in_value for m in marks)
    return CheckVerdict(
        outcome, tuple(findings), AXES if is_right else reason, is_right_in_value=is_right
    )


def _cause(problem: Problem, argument: str) -> tuple[str, str]:
    """Return what makes two problems one: for a fault its place, for an array its name.

    Without a place it is the words; numbers in them are mostly shapes, which change from case to
    case.
    """
    if _is_of_array(problem):
        return problem.cause, argument
    return problem.code, problem.cause or _NUMBER.sub("#", problem.message)


def _is_of_array(problem: Problem) -> bool:
    return problem.code[0] == "V" or problem.code in _ARRAY_STEPS


def _step(mark: Mark) -> int:
    """Return how early in the order of judgement a problem lies: shape before value."""
    code = mark.problem.code if mark.problem else ""
    return _ARRAY_STEPS.index(code) if code in _ARRAY_STEPS else len(_ARRAY_STEPS)


def _finding(task: Task, check: str, group: list[Mark], marks: list[Mark]) -> Finding:
    first = min(group, key=_step)
    problem = first.problem or Problem("V401", "")
    cases = list(dict.fromkeys(m.case for m in marks))
    wrong = list(dict.fromkeys(m.case for m in group))
    message = problem.message
    if len(cases) > 1 and _is_of_array(problem):
        message += f" ({_where(wrong, cases)})"
    evidence = {**first.evidence, "cases_wrong": len(wrong), "cases": len(cases)}
    is_jacobian = STYLES[task.call.style].is_jacobian and first.stage == BACKWARD
    return finding(
        problem.code, check, message, argument=first.argument, case=first.case, evidence=evidence,
        help_line=JACOBIAN_HELP.get(problem.code, "") if is_jacobian else "",
    )  # fmt: skip


def _where(wrong: list[str], cases: list[str]) -> str:
    if len(wrong) == len(cases):
        return f"wrong in all {len(cases)} cases"
    kinds = {case.split(":")[1] for case in wrong}
    right = {case.split(":")[1] for case in cases} - kinds
    where = f"wrong in {len(wrong)} of {len(cases)} cases"
    return (
        f"{where}, all of kind {', '.join(sorted(kinds))}" if right and len(kinds) == 1 else where
    )
