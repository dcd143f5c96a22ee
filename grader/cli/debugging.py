"""``grade SUBMISSION --replay CASE --debugger``: pdb in the student's own process, in that case."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.cli.grading import grade
from grader.cli.kept import Kept
from grader.cli.output import emit
from grader.cli.showing import Graded, code_of, show
from grader.errors import CourseError, ExitCode
from grader.isolation import Debugger, Stop, choose, find_packages, place_of
from grader.model import (
    ENDING,
    Array,
    Battery,
    Draw,
    Expected,
    Fault,
    Finding,
    Observation,
    Severity,
    Task,
    Value,
)
from grader.observe import observe_cases
from grader.styles import BACKWARD, FORWARD, STYLES

_KEYS = "n: next line, s: into a call, p NAME: show, c: go on, q: end"
_LAST_KEYS = "l: the lines around it, p NAME: show, u: the caller, q: end"


def debug(arguments: argparse.Namespace) -> ExitCode:
    """Replay the case, say what is wrong in it, and open pdb in the call that it is wrong in."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise CourseError("--debugger needs a terminal to talk to: run it without pipes")
    if arguments.isolation not in ("auto", "process"):
        raise CourseError(
            f"--debugger works on the rung `process` alone, where it shares the code's process: "
            f"leave --isolation {arguments.isolation} out"
        )
    if choose()[0] != "process":
        note = "grade: --debugger runs this code on `process`: it can read and change your files"
        print(note, file=sys.stderr)
    arguments.isolation = "process"
    graded = grade(arguments, Kept())
    show(graded, arguments)
    for each in graded:
        for battery, observed in each.replayed[-1:]:
            for observation in observed.cases:
                _open(each, battery, observation, Path(arguments.submission))
                return code_of(graded, arguments)
    raise CourseError(
        "--debugger: the code was not called in this case, so there is no place to stop in"
    )


def _open(graded: Graded, battery: Battery, observation: Observation, path: Path) -> None:
    task, case = battery.task, observation.case
    found = [f for each in graded.report.tasks for f in each.findings if f.case == case.id]
    stop = stop_in(task, observation, [f for f in found if f.severity is Severity.ERROR])
    (expected,) = (e for e in battery.expected[case.kind] if e.case.id == case.id)
    emit("\n" + "".join(f"{line}\n" for line in _banner(task, expected, stop)))
    asked = graded.assignment
    debugger = Debugger(
        graded.texts,
        find_packages(asked),
        path if path.is_dir() else path.parent,
        stop,
    )
    observe_cases(debugger, battery, [case], asked.limits)


def stop_in(task: Task, observation: Observation, found: Sequence[Finding]) -> Stop:
    """Return the call that a case goes wrong in: what raised first, else what gave a wrong value.

    Of a case without mistakes it is the last call of the first draw.
    """
    for number, draw in enumerate(observation.draws):
        for stage, part in ((FORWARD, draw.forward), (BACKWARD, draw.backward)):
            if isinstance(part, Fault):
                # Without a line to stop at the call is entered from its beginning.
                return Stop(number, stage, has_raised=part.kind not in ENDING)
    stages = STYLES[task.call.style].stages
    told = next(iter(found), None)
    is_output = told is not None and (told.code == "V401" or told.check.startswith(FORWARD))
    stage = stages[0] if is_output else stages[-1]
    draws = observation.draws if told else ()
    shows = (n for n, draw in enumerate(draws) if told and _shows(draw, stage, told.evidence))
    return Stop(next(shows, 0), stage)


def _shows(draw: Draw, stage: str, evidence: Mapping[str, Any]) -> bool:
    """Return True where a draw has the very number that a finding tells."""
    part = draw.backward if stage == BACKWARD else draw.forward
    index, got = evidence.get("index"), evidence.get("got", evidence.get("by_backward"))
    if not isinstance(part, Value) or not isinstance(index, tuple) or got is None:
        return False
    fitting = (a for a in _arrays(part) if a.ndim == len(index))
    return any(
        all(i < n for i, n in zip(index, a.shape, strict=True))
        and bool(np.array_equal(float(a[index]), got, equal_nan=True))
        for a in fitting
    )


def _arrays(value: Value) -> Iterator[Array]:
    if value.array is not None:
        yield value.array
    for item in value.items:
        yield from _arrays(item)


def _banner(task: Task, expected: Expected, stop: Stop) -> Iterator[str]:
    """Say which call it is, what it is given and what is due, by shapes alone."""
    case, call = expected.case, task.call
    names = call.backward_args if stop.stage == BACKWARD else call.forward_args
    known = {**case.inputs, **case.upstreams[stop.draw]}
    given = ", ".join(f"{name}{_shape(known[name])}" if name in known else name for name in names)
    due = [f"{name}{_shape(array)}" for name, array in _due(task, expected, stop).items()]
    yield f"debugger   {case.id}, draw {stop.draw}: {place_of(call, stop.stage)}({given})"
    raised = f"an exception: {' or '.join(expected.raises)}"
    yield f"due        {raised if expected.raises else ', '.join(due)}"
    if stop.has_raised:
        yield f"           stops at the line that raised; {_LAST_KEYS}"
    else:
        yield f"           stops at the first line; {_KEYS}"


def _due(task: Task, expected: Expected, stop: Stop) -> dict[str, Any]:
    inputs = {} if STYLES[task.call.style].is_jacobian else expected.case.inputs
    # Where answers are unknown, each gradient has at least the shape of its argument.
    shapes = {f"d{name}": inputs[name] for name in task.gradients if name in inputs}
    gradients = {**shapes, **expected.gradients[stop.draw]}
    if stop.stage == BACKWARD:
        return gradients
    is_one_call = len(STYLES[task.call.style].stages) == 1
    return {**expected.outputs, **(gradients if is_one_call else {})}


def _shape(value: Any) -> str:
    shape = np.shape(value)
    return f" {shape}" if shape else ""
