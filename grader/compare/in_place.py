"""Whether arguments are written into exactly where a flag of the task asks for it.

With the flag the output is the first argument of forward itself and the gradient is the upstream
gradient itself; backward leaves in that argument what was there before. Without it nothing is
written into and nothing is shared.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.codes import finding
from grader.compare.collect import Leaf
from grader.compare.judge import judge
from grader.compare.verdict import CheckVerdict
from grader.model import Battery, Case, Draw, Fault, Observation, Outcome, Task
from grader.numeric import largest

FLAG = "in_place"
CHECK = "behaviour.in_place"


def in_place(
    battery: Battery, observations: Sequence[Observation], *, is_replay: bool
) -> CheckVerdict:
    """Return the verdict on every case that forward and backward got through."""
    task = battery.task
    wanted = {e.case.id for kind in battery.expected.values() for e in kind if not e.raises}
    for observation in observations:
        if observation.case.id not in wanted:
            continue
        if any(isinstance(p, Fault) for d in observation.draws for p in (d.forward, d.backward)):
            continue
        wanted.remove(observation.case.id)
        for draw in observation.draws:
            if problem := _broken(task, observation.case, draw):
                told = finding("B509", CHECK, problem, case=observation.case.id)
                return CheckVerdict(Outcome.FAILED, (told,))
    if wanted and not is_replay:  # what nobody saw is never right
        return CheckVerdict(Outcome.SKIPPED, reason="not every case was run")
    return CheckVerdict(Outcome.PASSED)


def _broken(task: Task, case: Case, draw: Draw) -> str:
    """Return in which way one draw breaks the contract, or nothing."""
    argument, upstream = task.in_place_arguments
    results = {argument: task.outputs[0], upstream: f"d{task.gradients[0]}"}
    if not case.inputs[FLAG]:
        for name in results:
            if name in draw.mutated:
                return f"{FLAG} is False, but {name} is changed"
            if name in draw.shared:
                return f"{FLAG} is False, but a result shares its memory with {name}"
        return ""
    for name, result in results.items():
        if name not in draw.shared:
            return f"{FLAG} is True, but {result} is not {name} itself: it has memory of its own"
    if argument not in draw.seen:  # the very bytes are back
        return ""
    before = case.inputs[argument]
    problem, _ = judge(
        argument, Leaf(draw.seen[argument], "ndarray"), before, largest(before), task.tolerance,
        is_output=False,
    )  # fmt: skip
    return f"{FLAG} is True, but backward does not restore: {problem.message}" if problem else ""
