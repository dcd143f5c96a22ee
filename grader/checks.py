"""Which checks a task has; a check is one aspect of a task, the unit that a rubric prices.

``checks_of``      every check id of a task, in the order of a report.
``is_free``        True for a check that is shown but weighs nothing unless priced.
``forward_check``, ``backward_check``, ``check_of_case``   from a name or a case to its check id.
"""

from __future__ import annotations

from grader.model import FORMS, Case, Kind, Task
from grader.styles import STYLES

LOAD = "load"
FOLLOW_THROUGH = "follow_through"
LINEARITY = "linearity"
SEED = "behaviour.seed"
SCALAR = "case.scalar"
# The upstream on which linearity is judged, made of the first ones of a case. The numbers are
# large, so that clipping shows, and of both signs, so that a mask on the upstream does.
COMBINATION = (-6.25, 2.5)
_FREE = {LOAD, FOLLOW_THROUGH, LINEARITY, "ties", "eps", "stress", "size"}

# Kinds with a check of their own; every other kind feeds `forward...` and `backward[...]`.
_OWN_CHECK = {
    Kind.SCALAR: SCALAR,
    Kind.NEAR_KINK: "near_kink",
    Kind.TIES: "ties",
    Kind.EPS: "eps",
    Kind.STRESS: "stress",
    Kind.SIZE: "size",
    **{kind: f"behaviour.{kind.value}" for kind in FORMS},
}
FORM_CHECKS = {_OWN_CHECK[kind]: kind for kind in FORMS}
# Not judged where the ordinary cases are wrong already: nothing could be learnt from them.
DEPENDENT = frozenset({"near_kink", "ties", "eps", "stress", "size", *FORM_CHECKS})


def forward_check(task: Task, output: str) -> str:
    """Return the check that judges one output."""
    return "forward" if len(task.outputs) == 1 else f"forward[{output}]"


def backward_check(gradient: str) -> str:
    """Return the check that judges the gradient of one argument."""
    return f"backward[d{gradient}]"


def check_of_case(task: Task, case: Case) -> str | None:
    """Return the check that a case feeds alone, or None where it feeds forward and backward."""
    if case.kind is Kind.NAMED:
        return named_check(task, case.index)
    return check_of_kind(case.kind)


def check_of_kind(kind: Kind) -> str | None:
    """Return the check that all cases of a kind feed alone; sub-cases have one each."""
    return _OWN_CHECK.get(kind)


def named_check(task: Task, index: int) -> str:
    """Return the check of a named sub-case, for the index of one of its cases."""
    return f"case.{task.named_case(index).name}"


def value_checks(task: Task) -> tuple[str, ...]:
    """Return the forward and backward checks of a task."""
    forward = [forward_check(task, name) for name in task.outputs]
    return (*forward, *(backward_check(name) for name in task.gradients))


def kinds_of(task: Task) -> tuple[Kind, ...]:
    """Return the kinds of cases a task is judged on, the decisive ones first."""
    kinds = [Kind.RANDOM]
    if task.is_elementwise or any(task.batch in i.shape for i in task.inputs):
        kinds.append(Kind.BATCH1)
    kinds.append(Kind.SMALL)
    if task.label_inputs:
        kinds.append(Kind.LABELS)
    if task.examples:
        kinds.append(Kind.EXAMPLE)
    if task.is_elementwise and task.takes_scalars:
        kinds.append(Kind.SCALAR)
    if task.cases:
        kinds.append(Kind.NAMED)
    if task.kinks:
        kinds.append(Kind.NEAR_KINK)
        if task.conventions["ties"] != "skip":
            kinds.append(Kind.TIES)
    if any(h.large is not None for h in task.hyper_parameters):
        kinds.append(Kind.EPS)
    if task.stress:
        kinds.append(Kind.STRESS)
    kinds += map(Kind, task.input_forms)
    if task.size:
        kinds.append(Kind.SIZE)
    return tuple(kinds)


def watches_memory(task: Task) -> bool:
    """Return True where it matters whose memory the results of a task share."""
    return task.conventions["aliasing"] == "copy" or is_in_place_by_flag(task)


def is_in_place_by_flag(task: Task) -> bool:
    """Return True where a flag says whether arguments are to be written into, or not at all."""
    return task.conventions["in_place"] == "by_flag"


def may_change(task: Task) -> frozenset[str]:
    """Return the arguments whose change is asked for, so that it is neither noted nor an error.

    An update step changes its parameters, a layer the entries of a dict it is read back from.
    """
    names = {*task.call.updates, *(place.partition(".")[2] for _, place in task.call.read_back)}
    return frozenset(names | {*task.in_place_arguments} if is_in_place_by_flag(task) else names)


def behaviour_checks(task: Task) -> tuple[str, ...]:
    """Return the behaviour checks that make sense for a task's style."""
    names = ["repeatable", *STYLES[task.call.style].states, "global_state"]
    if task.random is not None:  # whose results are to differ from call to call
        names = [*STYLES[task.call.style].states, *(["seed"] if task.random.seed else [])]
    if task.conventions["aliasing"] == "copy":
        names.append("aliasing")
    if is_in_place_by_flag(task):
        names.append("in_place")
    if task.conventions["mutation"] == "error":
        names.append("pure")
    if len(STYLES[task.call.style].stages) > 1 and task.conventions["second_backward"] != "any":
        names.append("second_backward")
    return tuple(f"behaviour.{name}" for name in names)


def checks_of(task: Task) -> tuple[str, ...]:
    """Return every check id of a task, in the order of a report."""
    own: list[str] = []
    for kind in kinds_of(task):
        if kind is Kind.NAMED:
            own += [f"case.{named.name}" for named in task.cases]
        elif kind in _OWN_CHECK:
            own.append(_OWN_CHECK[kind])
    witnesses = [FOLLOW_THROUGH] if task.gradients else []
    # Two upstreams meet two masks in a random layer.
    witnesses += [LINEARITY] if task.upstream and task.gradients and not task.random else []
    return (LOAD, *value_checks(task), *witnesses, *own, *behaviour_checks(task))


def is_free(check: str) -> bool:
    """Return True for a check that weighs nothing unless the rubric prices it."""
    return check in _FREE or check.startswith("behaviour.")
