"""Words for a call that returned nothing: which function, what happened, where in the file."""

from __future__ import annotations

from typing import Any

from grader.codes import LOAD_CODES, RUN_CODES
from grader.compare.collect import Problem
from grader.model import Fault, FaultKind, Outcome, Task
from grader.styles import BACKWARD, STYLES

_WHAT = {
    FaultKind.TIMED_OUT: "did not return in time",
    FaultKind.TOTAL_TIME: "was not run: the time for the whole submission is used up",
    FaultKind.DIED: "crashed the Python process",
    FaultKind.EXITED: "ended the Python process",
    FaultKind.MEMORY: "ran out of memory",
    FaultKind.RECURSION: "called itself too deeply",
    FaultKind.GARBLED: "sent something that is no answer",
    FaultKind.INPUT: "asked for input",
    FaultKind.FORBIDDEN: "needs what the isolation forbids",
    FaultKind.STUB: "is not written yet",
    FaultKind.NO_MODULE: "needs a module that is not available",
}


def fault_problem(task: Task, fault: Fault) -> Problem:
    """Return the code and the message for a fault."""
    at_load = fault.stage == "load"
    code = (LOAD_CODES if at_load else RUN_CODES)[fault.kind]
    place = f"{fault.file or task.file}:{fault.line}" if fault.line else task.file
    if at_load:
        what = _WHAT.get(fault.kind) if fault.kind in (FaultKind.STUB, FaultKind.INPUT) else None
        what = what or _IMPORT.get(fault.kind, "")
        return Problem(code, _joined(f"{place}: {what}".rstrip(": "), fault.detail))
    if fault.kind in _NAMED and fault.detail:
        return Problem(code, f"{place}: {fault.detail}")
    subject = f"{place}: {_function(task, fault)}"
    if fault.kind is FaultKind.RAISED:
        kind = fault.detail.partition(":")[0]  # the rest may name what differs from case to case
        return Problem(code, f"{subject} raised {fault.detail}", f"{subject} raised {kind}")
    what = _WHAT.get(fault.kind, "")
    return Problem(code, _joined(f"{subject} {what}".rstrip(), fault.detail))


def place_evidence(fault: Fault) -> dict[str, Any]:
    """Return the file and line of a fault, where it has them."""
    return {"file": fault.file, "line": fault.line} if fault.line and fault.file else {}


# Faults whose detail already says which function they are about.
_NAMED = {FaultKind.NAME, FaultKind.NOT_CALLABLE, FaultKind.SIGNATURE, FaultKind.CONTAINER}
_IMPORT = {
    FaultKind.RAISED: "the file raises when it is imported",
    FaultKind.IMPORT: "the file raises when it is imported",
    FaultKind.TIMED_OUT: "importing the file did not end in time",
    FaultKind.DIED: "importing the file crashed the Python process",
    FaultKind.EXITED: "importing the file ended the Python process",
    FaultKind.MEMORY: "importing the file ran out of memory",
    FaultKind.RECURSION: "the file raises when it is imported",
    FaultKind.TOTAL_TIME: _WHAT[FaultKind.TOTAL_TIME],
    FaultKind.FORBIDDEN: "importing the file needs what the isolation forbids",
}


def fault_outcome(fault: Fault) -> Outcome:
    """Return the outcome of a check whose call ended in this fault."""
    if fault.kind is FaultKind.STUB:
        return Outcome.NOT_ATTEMPTED
    if fault.kind in (FaultKind.TIMED_OUT, FaultKind.TOTAL_TIME):
        return Outcome.TIMED_OUT
    return Outcome.FAULTED


def _function(task: Task, fault: Fault) -> str:
    call = task.call
    methods = STYLES[call.style].methods
    if methods and fault.in_constructor:
        return f"{call.target}.__init__"
    if methods:
        return f"{call.target}.{methods[fault.stage == BACKWARD]}"
    return call.backward if fault.stage == BACKWARD and call.backward else call.target


def _joined(start: str, detail: str) -> str:
    return f"{start}: {detail}" if detail else start
