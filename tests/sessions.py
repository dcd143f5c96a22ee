"""Submissions and sessions for the tests of isolation."""

from __future__ import annotations

import os
import textwrap
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.isolation import SANDBOXES
from grader.isolation.child_process import ProcessSession
from grader.isolation.session import Loaded, Returned
from grader.model import Call, Fault, Limits

GATE = Call("gate_class", "gates", "Gate", None, (), ("x",), ("dz",))
OTHER = Call("loss_function", "other", "loss", None, (), ("x",), ())
VALUES: list[dict[str, Any]] = [{"x": np.ones((2, 3))}, {"dz": np.full((2, 3), 2.0)}]
STEPS = [(0, "forward", (0,)), (0, "backward", (0, 1))]
PATIENT = Limits(call_seconds=10, total_seconds=20, memory_mb=512, output_kb=4)
QUICK = replace(PATIENT, call_seconds=0.4)

RIGHT = """
class Gate:
    def forward(self, x):
        return x * 3
    def backward(self, dz):
        return dz * 3
"""
LOSS = "def loss(x):\n    return (x ** 2).sum(), 2 * x\n"

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals and process groups")


def gate(forward: str = "return x", backward: str = "return dz", before: str = "") -> str:
    """Write a gate with these bodies."""

    def indented(text: str) -> str:
        return textwrap.indent(text, " " * 8)

    return (
        f"{before}\nclass Gate:\n    def forward(self, x):\n{indented(forward)}\n"
        f"    def backward(self, dz):\n{indented(backward)}\n"
    )


chosen = ["process"]  # the rung of the running test; the fixture `rung` sets it


def is_locked() -> bool:
    """Return True when the rung of this test has walls."""
    return chosen[-1] != "process"


def open_files(files: Mapping[str, str], limits: Limits = PATIENT) -> ProcessSession:
    """Open a session on the rung of this test."""
    opened = SANDBOXES[chosen[-1]](files, limits)
    assert isinstance(opened, ProcessSession)
    return opened


def session(
    source: str, limits: Limits = PATIENT, more: Mapping[str, str] | None = None
) -> ProcessSession:
    """Open a session with gates.py and other.py."""
    return open_files({"gates.py": source, "other.py": LOSS, **(more or {})}, limits)


def first_fault(opened: ProcessSession, seconds: float = 10) -> Fault:
    """Load and run, and return the first fault."""
    loaded = opened.load(GATE)
    if isinstance(loaded, Fault):
        return loaded
    answers = opened.run(GATE, VALUES, STEPS, seconds=seconds)
    return next(answer for answer in answers if isinstance(answer, Fault))


def returned(answer: Any) -> Any:
    """Return the array of an answer."""
    assert isinstance(answer, Returned), answer
    return answer.value.array


def works(opened: ProcessSession) -> bool:
    """Return True when the other file of the submission is still graded."""
    assert opened.load(OTHER) == Loaded(frozenset())
    (answer,) = opened.run(OTHER, VALUES, [(0, "forward", (0,))], seconds=5)
    assert isinstance(answer, Returned), answer
    return [item.form for item in answer.value.items] == ["array", "array"]


def is_gone(pid: int) -> bool:
    """Return True as soon as a process has ended."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False


def descendants(pid: int) -> list[int]:
    """Return the processes that a process started, and theirs."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for parent in found:  # it grows meanwhile
        found += [child for child, its_parent in parents.items() if its_parent == parent]
    return found[1:]
