"""The README of a student kit: what to do, what it is worth, and the commands to know."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from grader.model import Assignment, Public, Rubric, Task
from grader.report.to_markdown import code, escape

_COMMANDS = """\
## Three commands

With Python 3.10 or newer, in this folder:

    pip install backgrade    once, or the wheel that your course gives you
    grade .                  check yourself, as often as you like
    grade . --task {task:<10}the same for one task
    grade pack .             check that all is there, and make the file to hand in
"""
_CHECK = """\
`grade .` runs your functions. What they return is compared with the values that came with this
kit{values}; gradients are compared with numerical gradients of your own forward pass. There is no
solution here: gradients can be right for your forward pass and still not be what is asked for. So
no points are shown. The grading gives them, for other numbers{more}.
"""
_WIDTH = 92
_PUBLIC = {
    Public.WORKED_EXAMPLES: "forward, worked examples",
    Public.FORWARD_VALUES: "forward",
    Public.NOTHING: "none",
}


def readme(assignment: Assignment, public: Rubric, due: datetime | None, *, has_more: bool) -> str:
    """Return the text; ``has_more`` if the rubric has checks that are not public."""
    more = " and by further checks" if has_more else ""
    with_answers = any(t.public is Public.WORKED_EXAMPLES for t in assignment.tasks)
    values = " (for the worked examples gradients, too)" if with_answers else ""
    parts = [
        f"# {escape(assignment.title)}",
        assignment.statement,
        "## What is here",
        "\n".join(_files(assignment)),
        _COMMANDS.format(task=assignment.tasks[0].id),
        textwrap.fill(_CHECK.format(values=values, more=more), _WIDTH, break_on_hyphens=False),
        "## Tasks",
        "\n".join(_table(assignment, public)),
    ]
    if due:
        parts.append(f"Due {due.isoformat(sep=' ', timespec='minutes')}.")
    for task in assignment.tasks:
        parts += [f"### {escape(task.title)}", task.statement]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _files(assignment: Assignment) -> Iterator[str]:
    """Yield a line for each file and folder of the kit."""
    for file in assignment.files:
        yield f"- `{file}`: write your solution here, where it says `NotImplementedError`"
    for file in assignment.support:
        yield f"- `{file}`: given; you may import it, and leave it as it is"
    yield "- `kit.yaml`, `public/`: what `grade .` checks with; leave them as they are"


def _table(assignment: Assignment, public: Rubric) -> Iterator[str]:
    yield "| task | write | public values | points |"
    yield "| :-- | :-- | :-- | --: |"
    for task in assignment.tasks:
        points = sum(public.points[task.id].values(), Fraction(0))
        row = (code(task.id), _targets(task), _PUBLIC[task.public], f"{float(points):g}")
        yield f"| {' | '.join(row)} |"
    for name, points in public.manual.items():
        yield f"| {code(name)} | graded by hand |  | {float(points):g} |"


def _targets(task: Task) -> str:
    names = [code(name) for name in (task.call.target, task.call.backward) if name]
    return f"{', '.join(names)} in {code(task.file)}"
