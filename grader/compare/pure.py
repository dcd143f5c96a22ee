"""Whether arguments are left as they were, where the spec asks for it: `mutation: error`."""

from __future__ import annotations

from collections.abc import Sequence

from grader.checks import may_change
from grader.codes import finding
from grader.compare.remarks import changed_in_place
from grader.compare.verdict import CheckVerdict
from grader.model import Draw, Fault, Kind, Observation, Outcome, Task

CHECK = "behaviour.pure"


def pure(task: Task, observations: Sequence[Observation]) -> dict[str, CheckVerdict]:
    """Return the verdict, by the first case that shows each changed argument.

    A change shows whatever else is wrong; that there is none takes a call that came to its end.
    """
    changed: dict[str, str] = {}
    for observation in observations:
        for draw in observation.draws:
            for name in draw.mutated:
                if name not in may_change(task):
                    changed.setdefault(name, observation.case.id)
    if changed:
        told = tuple(
            finding("B510", CHECK, changed_in_place(task, name), argument=name, case=case)
            for name, case in changed.items()
        )
        return {CHECK: CheckVerdict(Outcome.FAILED, told)}
    draws = [d for o in observations if o.case.kind is Kind.RANDOM for d in o.draws]
    if not draws or any(map(_is_faulty, draws)):
        return {}
    return {CHECK: CheckVerdict(Outcome.PASSED)}


def _is_faulty(draw: Draw) -> bool:
    return isinstance(draw.forward, Fault) or isinstance(draw.backward, Fault)
