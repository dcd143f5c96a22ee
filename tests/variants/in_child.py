"""Mistakes that only a process of its own can survive: right/plain with a line put into it.

``ROWS``   what is put where, in which tasks, and what must be said.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from in_process import ASSIGNMENTS, COURSE, read_right
from variants.wrong.record import numbers_of

from grader.course import load


class Row(NamedTuple):
    """A line put at the top of the file, or first into every function of some tasks.

    ``told`` is the code of the error each task earns, none where it is right; ``notes`` are those
    of the submission. ``rung`` is the sandbox that must be taken, where not any will do.
    """

    assignment: str
    label: str
    line: str
    told: str = ""
    notes: tuple[str, ...] = ()
    is_top: bool = False
    tasks: tuple[str, ...] = ()  # all, where none is named
    rung: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the mistakes it is a version of."""
        return numbers_of(self.label)


def text_of_row(row: Row) -> dict[str, str]:
    """Return the submission of a row."""
    ((name, source),) = read_right("plain", row.assignment).items()
    if row.is_top:
        return {name: f"{row.line}\n{source}"}
    return {name: re.sub(r"^( *)def .*:\n", rf"\g<0>\1    {row.line}\n", source, flags=re.M)}


# An endless loop costs its time limit, and sleep its time: one task stands for all of a file.
_ONE = {
    "checkers": ("relative_error",), "circuits": ("add_multiply",),
    "descent": ("gradient_descent",), "functions": ("product",), "gates": ("multiply",),
    "graphs": ("graph",), "jacobians": ("mixed",), "layers": ("affine",),
    "losses": ("svm_loss",), "modules": ("linear",),
}  # fmt: skip


def _rows(assignment: str) -> tuple[Row, ...]:
    one = _ONE.get(assignment) or (load(COURSE, assignment)[0].tasks[0].id,)
    return (
        Row(assignment, "M48 prints", 'print("here")', notes=("N705",)),
        Row(assignment, "M48 writes a file", 'open("seen.txt", "w").close()',
            notes=("N706", "N712"), rung="process"),
        Row(assignment, "M48 asks for input", "input()", "R207"),
        Row(assignment, "M48 sleeps", "__import__('time').sleep(0.0002)", tasks=one),
        Row(assignment, "M48 loops", "while True: pass", "R202", tasks=one),
        Row(assignment, "M50 imports the reference", f"from reference.{assignment} import *",
            is_top=True),
        Row(assignment, "M50 calls the reference",
            f"import reference.{assignment} as known; known.answer()", "L105"),
        Row(assignment, "M50 calls the grader", "import grader.oracle as o; o.Reference()", "L105"),
        Row(assignment, "M50 imports an autodiff package", "import torch", notes=("D602",),
            is_top=True),
        Row(assignment, "M50 calls an autodiff package", "import torch; torch.ones(3)", "L105",
            notes=("D602",)),
    )  # fmt: skip


ROWS = tuple(row for assignment in ASSIGNMENTS for row in _rows(assignment))
