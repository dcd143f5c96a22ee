"""What the probes of behaviour show: state shared, kept too long, or drawn from thin air."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.checks import SEED, behaviour_checks, is_in_place_by_flag, value_checks
from grader.codes import finding
from grader.compare.collect import (
    Collected,
    Leaf,
    Problem,
    Shapes,
    collect_gradients,
    collect_outputs,
    shapes_of,
)
from grader.compare.faults import fault_problem
from grader.compare.in_place import CHECK as IN_PLACE
from grader.compare.in_place import in_place
from grader.compare.judge import judge
from grader.compare.own_mask import for_own_mask, seed_masks, seed_problem
from grader.compare.pure import pure
from grader.compare.verdict import CheckVerdict
from grader.model import (
    Battery,
    Draw,
    Expected,
    Fault,
    Finding,
    Kind,
    Observation,
    Outcome,
    Task,
)
from grader.numeric import largest_difference
from grader.styles import STYLES

# Two runs of the same float64 code differ by less than this part of the scale. Sums of float32
# taken in another order differ by up to 2e-6 of it, which no verdict on their values would notice.
_REPEAT_TOLERANCE = 1e-12
_SINGLE_REPEAT_TOLERANCE = 1e-5
_CODES = {
    "behaviour.repeatable": ("B502", "the same call on the same input gave another result"),
    "behaviour.global_state": ("B503", "another global random seed gave another result"),
    "behaviour.shared_cache": ("B501", "another forward on other inputs spoils the first backward"),
    "behaviour.stale_cache": ("B504", "after two forwards, backward belongs to the first"),
    "behaviour.second_backward": ("B508", "called again"),
    SEED: ("B512", "with a seed"),
}
_AGAIN = {"same": "it must give the same", "adds": "it must add to the first"}


def behaviour(
    battery: Battery,
    observations: Sequence[Observation],
    probes: Mapping[str, tuple[Draw, ...]],
    verdicts: Mapping[str, CheckVerdict],
    *,
    is_replay: bool = False,
) -> tuple[dict[str, CheckVerdict], list[Finding]]:
    """Return verdicts of the behaviour checks and the note of a backward that works once only.

    The caches and the memory of results are judged only where forward and backward are right by
    themselves: a wrong gradient says nothing about where it was kept. In a replay that is known of
    the one case that was run.
    """
    if not observations:
        return {}, []
    task, main = battery.task, observations[0]
    values = [verdicts[check].outcome for check in value_checks(task) if check in verdicts]
    right = {Outcome.PASSED, Outcome.SKIPPED} if is_replay else {Outcome.PASSED}
    is_right = right.issuperset(values)
    with np.errstate(all="ignore"):  # a student's inf and nan are data
        found = _probed(battery, main, probes, is_right=is_right)
        notes = _second_backward_note(battery, main, probes) if is_right else []
    if task.conventions["mutation"] == "error":
        found |= pure(task, observations)
    if is_right and task.conventions["aliasing"] == "copy":
        found["behaviour.aliasing"] = _aliasing(task, observations)
    if is_right and is_in_place_by_flag(task):
        found[IN_PLACE] = in_place(battery, observations, is_replay=is_replay)
    return found, notes


def _probed(
    battery: Battery, main: Observation, probes: Mapping[str, tuple[Draw, ...]], *, is_right: bool
) -> dict[str, CheckVerdict]:
    found: dict[str, CheckVerdict] = {}
    first, second = battery.probed
    for check in behaviour_checks(battery.task):
        draws = probes.get(check)
        if draws is None:
            continue
        is_repeatable = not _failed(found, "behaviour.repeatable")
        if check == "behaviour.repeatable" or (check == "behaviour.global_state" and is_repeatable):
            problem = _differs(battery, main.draws[0], draws[0])
        elif check == SEED:
            faults = [d.forward for d in draws if isinstance(d.forward, Fault)]
            masks = seed_masks(battery.task, first, draws)
            if not faults and len(masks) < len(draws):
                continue  # no mask at all is told elsewhere
            problem = fault_problem(battery.task, faults[0]) if faults else seed_problem(masks)
        elif not (is_right and is_repeatable):
            continue  # it differs anyway
        elif check == "behaviour.shared_cache":
            problem = _wrong(battery, draws[0], first) or _wrong(battery, draws[1], second)
        elif check == "behaviour.second_backward":
            problem = _wrong_again(battery, draws)
        else:
            problem = _wrong(battery, draws[0], first)
        if problem is None:
            found[check] = CheckVerdict(Outcome.PASSED)
        else:
            code, what = _CODES[check]
            told = finding(code, check, f"{what}: {problem.message}", case=main.case.id)
            found[check] = CheckVerdict(Outcome.FAILED, (told,))
    return found


def _wrong_again(battery: Battery, draws: Sequence[Draw]) -> Problem | None:
    """Return what is wrong with a second backward, by the convention of the task.

    The second draw is another forward and backward of an object that was used before. Where
    gradients add up, it is judged only if somebody clears them in between.
    """
    task, first = battery.task, battery.probed[0]
    convention = task.conventions["second_backward"]
    adds = convention == "adds"
    # Where gradients are kept as attributes, these add up, and what is returned does not.
    kept = [f"d{name}" for name, _ in task.call.gradient_attributes]
    summed = (kept or list(first.gradients[0])) if adds else []
    problem = _wrong(battery, draws[0], first, summed)
    if problem:
        return replace(problem, message=f"{_AGAIN[convention]}; {problem.message}")
    if adds and not STYLES[task.call.style].clears_gradients:
        return None
    problem = _wrong(battery, draws[1], first)
    before = "after a forward and a backward of other inputs"
    return problem and replace(problem, message=f"{before}; {problem.message}")


def _second_backward_note(
    battery: Battery, main: Observation, probes: Mapping[str, tuple[Draw, ...]]
) -> list[Finding]:
    """Return the note of a backward that works once only, where the spec leaves that open."""
    draws = probes.get("behaviour.second_backward")
    call = battery.task.call
    adds_by_contract = call.gradient_attributes and STYLES[call.style].clears_gradients
    if not draws or battery.task.conventions["second_backward"] != "any" or adds_by_contract:
        return []
    problem = _wrong(battery, draws[0], battery.probed[0])
    check = f"backward[d{battery.task.gradients[0]}]"
    message = problem and f"called again: {problem.message}"
    return [finding("N703", check, message, case=main.case.id)] if message else []


def _aliasing(task: Task, observations: Sequence[Observation]) -> CheckVerdict:
    """Return the verdict on the memory of the results, by the first case in which it is shared."""
    given = {i.name for i in task.inputs} | {f"d{output}" for output in task.upstream}
    for observation in observations:
        for draw in observation.draws:
            names = [name for name in dict.fromkeys(draw.shared) if name in given]
            if not given.issuperset(draw.shared):
                names.append("another result")
            if names:
                message = f"a result shares its memory with {' and '.join(names)}"
                check = "behaviour.aliasing"
                told = finding("B507", check, message, case=observation.case.id)
                return CheckVerdict(Outcome.FAILED, (told,))
    return CheckVerdict(Outcome.PASSED)


def _failed(found: Mapping[str, CheckVerdict], check: str) -> bool:
    return check in found and found[check].outcome is Outcome.FAILED


def _collected(battery: Battery, draw: Draw, shapes: Shapes) -> dict[str, Leaf | Problem]:
    """Return outputs and gradients by name; a fault stands in the place of each."""
    task = battery.task
    parts: dict[str, Leaf | Problem] = {}
    if isinstance(draw.forward, Fault):
        return dict.fromkeys(task.outputs, fault_problem(task, draw.forward))
    parts.update(collect_outputs(task, draw.forward, shapes))
    if isinstance(draw.backward, Fault):
        names = [f"d{name}" for name in task.gradients]
        parts.update(dict.fromkeys(names, fault_problem(task, draw.backward)))
        return parts
    returned = draw.backward if draw.backward is not None else draw.forward
    gradients: Collected = collect_gradients(task, returned, shapes)
    parts.update(gradients)
    return parts


def _differs(battery: Battery, before: Draw, after: Draw) -> Problem | None:
    """Return the first array in which two runs of the same call differ."""
    old, new = _collected(battery, before, {}), _collected(battery, after, {})
    for name, was in old.items():
        now = new.get(name)
        if isinstance(was, Problem):
            continue
        if not isinstance(now, Leaf):
            return now or Problem("B502", f"{name} is missing the second time")
        if was.array.shape != now.array.shape:
            return Problem("B502", f"{name} has shape {now.array.shape} after {was.array.shape}")
        scale = battery.scale[Kind.RANDOM].get(name) or 1.0
        difference = largest_difference(was.array, now.array)
        # Written so that a nan in the place of a number is a change; what was no number is V403.
        is_same = difference <= _repeat_tolerance(was, now) * scale
        if not is_same and np.isfinite(was.array).all():
            return Problem("B502", f"{name} changes by {difference:.3g}")
    return None


def _repeat_tolerance(was: Leaf, now: Leaf) -> float:
    is_single = np.float32 in (was.array.dtype, now.array.dtype)
    return _SINGLE_REPEAT_TOLERANCE if is_single else _REPEAT_TOLERANCE


def _wrong(
    battery: Battery, draw: Draw, expected: Expected, summed: Collection[str] = ()
) -> Problem | None:
    """Return the first gradient that is not the reference's; twice that where it was summed."""
    collected = _collected(battery, draw, shapes_of(expected))
    expected = for_own_mask(battery.task, expected, draw)
    for name, answer in expected.gradients[0].items():
        times = 2.0 if name in summed else 1.0
        leaf = collected.get(name)
        if not isinstance(leaf, Leaf):
            return leaf or next(p for p in collected.values() if isinstance(p, Problem))
        problem, _ = judge(
            name, leaf, times * answer, times * battery.scale[Kind.RANDOM].get(name, 0.0),
            battery.task.tolerance, is_output=False,
        )  # fmt: skip
        if problem is not None:
            return problem
    return None
