"""What ``grade check`` found, for the terminal: one table, then each weakness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tabulate import tabulate

from grader.model import Declared, Soundness, TaskSoundness
from grader.report.row import line
from grader.report.to_table import wrap

_HEADERS = (
    "task", "proven by", "cases", "mutants rejected", "no mistake", "mistakes", "alternatives",
    "result",
)  # fmt: skip


def write(
    course: str, found: Sequence[Soundness], *, width: int = 80, verbose: bool = False
) -> str:
    """Return the assignments that are not malformed as text; ``verbose`` adds what was proven."""
    texts = (
        "\n".join(_assignment(course, each, width, verbose)) + "\n"
        for each in found
        if not each.problems
    )
    return "\n\n".join(texts)


def _assignment(course: str, found: Soundness, width: int, verbose: bool) -> Iterator[str]:
    yield wrap(line(f"{course}: {found.title} ({found.assignment})"), width)
    yield ""
    yield _table(found.tasks)
    if verbose:
        yield "\nwhat was proven"
        for task in found.tasks:
            yield ""
            yield f"  {task.id}"
            for each in _proven(task):
                yield wrap(line(each), width, "    ")
    weak = [(task, weakness) for task in found.tasks for weakness in task.weaknesses]
    if weak:
        yield "\nweaknesses"
    for task, weakness in weak:
        yield ""
        yield wrap(f"{task.id} {weakness.check}".strip() + f"  {weakness.code}", width, "  ")
        yield wrap(line(weakness.message), width, "    ")
        yield wrap(weakness.help, width, "    help: ")
        if verbose:
            for name, value in weakness.evidence.items():
                yield wrap(line(f"{value}"), width, f"    {name}: ")
    yield ""
    yield f"{found.assignment} is {found.standing.value}"


def _table(tasks: Sequence[TaskSoundness]) -> str:
    rows = [
        (task.id, task.proof, task.cases, f"{task.rejected} of {task.mutants}", len(task.equal),
         _as_declared(task, "mistake"), _as_declared(task, "alternative"), task.standing.value)
        for task in tasks
    ]  # fmt: skip
    # A column that would be empty for every task is left out.
    shown = [i for i in range(len(_HEADERS)) if any(row[i] not in ("", 0) for row in rows)]
    text = tabulate(
        [[row[i] or "" for i in shown] for row in rows],
        [_HEADERS[i] for i in shown],
        disable_numparse=True,
    )
    return "\n".join(each.rstrip() for each in text.splitlines())


def _as_declared(task: TaskSoundness, kind: str) -> str:
    kept = [d.as_declared for d in task.declared if d.kind == kind]
    return f"{sum(kept)} of {len(kept)}" if kept else ""


def _proven(task: TaskSoundness) -> Iterator[str]:
    if not task.proof:
        yield "nothing: see the weaknesses"
        return
    counted = ", ".join(f"{count} {kind}" for kind, count in task.kinds.items())
    yield f"proven by {task.proof}, for every upstream of {task.cases} cases: {counted}"
    if task.accepted:
        yield f"accepted as well, and proven alike: {'; '.join(task.accepted)}"
    if task.unproven:
        yield f"not proven, for want of a derivative or of digits: {', '.join(task.unproven)}"
    if task.equal:
        yield f"equal to the reference, so no mistake: {_grouped(task.equal)}"
    for label, mutants in task.blind.items():
        if mutants:
            yield f"the example `{label}` alone could not tell: {_grouped(mutants)}"
    yield from map(_declared, task.declared)


def _grouped(labels: Sequence[str]) -> str:
    """Return mutants with the arrays they are in: `doubled (dx, dy); zero (dy)`."""
    arguments: dict[str, list[str]] = {}
    for label in labels:
        argument, _, name = label.partition(": ")
        arguments.setdefault(name, []).append(argument)
    return "; ".join(f"{name} ({', '.join(held)})" for name, held in arguments.items())


def _declared(declared: Declared) -> str:
    seen = f" at {declared.check} {declared.code}" if declared.check else ""
    return (
        f"{declared.kind} `{declared.name}` gets `{declared.outcome.value}`{seen}: "
        f"{declared.explanation}"
    )
