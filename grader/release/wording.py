"""What a starter says of a task, from its spec alone: arguments, results, shapes, what to write."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence

from grader.model import ANY_SHAPE, Domain, Input, Task
from grader.styles import BACKWARD, FORWARD, STYLES, Results

_WIDTH = 100
CONSTRUCTOR = "__init__"
Shapes = Mapping[str, str]  # of the outputs of a task, in words

_DOMAINS = {
    Domain.NONZERO: "never 0",
    Domain.POSITIVE: "positive",
    Domain.UNIT: "between 0 and 1",
    Domain.BOOLEANS: "True or False",
}

# Methods that a style calls beside its stages, and what they do with the gradients' attributes.
_BESIDE = {"accGradParameters": "Add to {}.", "zeroGradParameters": "Set {} to 0."}


def arguments_of(task: Task, stage: str) -> tuple[str, ...]:
    """Return what a stage, or the constructor, is given, by the names of the spec."""
    if stage == CONSTRUCTOR:
        return task.call.constructor_args
    if task.call.style == "torch7_module" and stage != FORWARD:
        return (*task.call.forward_args, *task.call.backward_args)
    return task.call.forward_args if stage == FORWARD else task.call.backward_args


def results_of(task: Task, stage: str) -> tuple[str, ...]:
    """Return the names of what a stage returns, as it is written behind ``return``."""
    style = STYLES[task.call.style]
    if stage not in (FORWARD, BACKWARD):
        return ()
    if task.call.style == "computational_graph" and stage == BACKWARD:
        return ("a dict with the gradient of every leaf",)
    left = dict(task.call.gradient_attributes)
    gradients = tuple(f"d{name}" for name in task.gradients if name not in left)
    if stage == BACKWARD:
        return gradients
    if style.results is Results.BY_NAME:
        names = [*task.outputs, *(f"d{name}" for name in task.gradients)]
        return (f"a dict with {_listed(names)}",)
    if style.results is Results.LOSS_FIRST:
        return (*task.outputs, "grads") if style.sets_entries else (*task.outputs, *gradients)
    results = task.call.results
    is_cached = style.has_cache or task.call.style == "cached_forward"
    return (*results, "cache") if is_cached else results


def to_write(task: Task, stage: str, name: str) -> str:
    """Return what an unwritten function says: its name and what it must return."""
    results = results_of(task, stage)
    return f"write {name}" + (f": return {', '.join(results)}" if results else "")


def unwritten(says: str, indent: str) -> list[str]:
    """Return the statement that stands in the place of a body; ``says`` is what to write."""
    line = f'{indent}raise NotImplementedError("{says}")'
    if len(line) <= _WIDTH:
        return [line]
    parts = textwrap.wrap(says, _WIDTH - len(indent) - 8, drop_whitespace=False)
    shown = [f'{indent}    "{part}"' for part in parts]
    return [f"{indent}raise NotImplementedError(", *shown, f"{indent})"]


def about_tasks(tasks: Sequence[Task]) -> str:
    """Return the titles and statements of the tasks that a function or class is for."""
    distinct = {task.id: task for task in tasks}.values()
    return "\n\n".join(f"{_sentence(task.title)}\n\n{task.statement}" for task in distinct)


def about_function(
    calls: Sequence[tuple[Task, str]], parameters: Collection[str], shapes: Mapping[str, Shapes]
) -> str:
    """Return the text of a docstring: what it is for, arguments and results with their shapes.

    ``calls`` are the tasks it is called by, and as which stage. A class has the statement already.
    """
    arguments: dict[str, list[str]] = {}
    results: dict[str, list[str]] = {}
    for task, stage in calls:
        of = shapes.get(task.id, {})
        for name in arguments_of(task, stage):
            if name in parameters and (words := _argument(task, name, of)):
                arguments.setdefault(name, []).append(words)
        for name in results_of(task, stage):
            if words := _result(task, name, of):
                results.setdefault(name, []).append(words)
    task, stage = calls[0]
    parts = [_heading(task, stage, [task for task, _ in calls])]
    for title, named in (("Arguments:", arguments), ("Returns:", results)):
        lines = [
            f"    {name}: {' or '.join(dict.fromkeys(words))}" for name, words in named.items()
        ]
        parts += ["\n".join([title, *lines])] if lines else []
    return "\n\n".join(part for part in parts if part)


def _heading(task: Task, stage: str, tasks: Sequence[Task]) -> str:
    style = STYLES[task.call.style]
    if stage == FORWARD and not style.is_class:
        return about_tasks(tasks)
    if stage == BACKWARD and not style.is_class:
        what = "The Jacobian" if style.is_jacobian else "The gradient"
        what = what if style.sees_inputs_twice else "The backward pass"
        return f"{what} of {task.call.target}."
    if stage == CONSTRUCTOR:
        given = arguments_of(task, stage)
        return f"Receive {_listed(given)}." if given else ""
    results = results_of(task, stage)
    left = _listed([f"self.{place}" for _, place in task.call.gradient_attributes])
    if stage in _BESIDE:
        return _BESIDE[stage].format(left)
    if stage == BACKWARD and left and task.call.style != "torch7_module":
        return f"Return {', '.join(results)}, and leave {left}."
    return f"Return {', '.join(results)}." if results else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _argument(task: Task, name: str, shapes: Shapes) -> str:
    given = {i.name: i for i in task.inputs}
    if name in given:
        return _input(task, given[name])
    if name == "cache":
        return f"what {task.call.target} returned last"
    dicts = dict(task.call.dicts)
    if name in dicts:
        return f"a dict with {_listed(dicts[name])}"
    for hyper in task.hyper_parameters:
        if hyper.name == name:
            if hyper.flag is not None:
                return "True or False"
            return "a whole number" if hyper.is_whole else "a number"
    if name in {f"d{output}" for output in task.upstream}:
        shape = shapes.get(name[1:], "")
        return f"the upstream gradient{f', {shape}' if shape else ''}"
    return ""


def _input(task: Task, given: Input) -> str:
    if given.domain is Domain.OBJECT:
        return "a function" if given.shape == () else ""
    words = [_shape(given.shape, is_scalar_too=task.takes_scalars)]
    if given.domain in (Domain.LABELS, Domain.INTEGERS):
        last = given.classes or "1"
        words.append(f"integers 0 .. {int(last) - 1 if last.isdigit() else f'{last}-1'}")
        if given.shape == ():
            words = ["a whole number"]
    elif given.domain in _DOMAINS:
        words.append(_DOMAINS[given.domain])
    return ", ".join(words)


def _shape(shape: Sequence[str | int], *, is_scalar_too: bool) -> str:
    if tuple(shape) == (ANY_SHAPE,):
        return f"{'a number or ' if is_scalar_too else ''}an array of any shape"
    return f"[{', '.join(map(str, shape))}]" if shape else "a number"


def _result(task: Task, name: str, shapes: Shapes) -> str:
    if name == "cache":
        return "whatever the backward pass needs"
    if name == "grads":
        return f"a dict with the gradients of {_listed(task.gradients)} by these names"
    if name in task.outputs:
        return shapes.get(name, "")
    of = next((i for i in task.inputs if f"d{i.name}" == name), None)
    if of is None:
        return ""
    if STYLES[task.call.style].is_jacobian:
        return f"the Jacobian by {of.name}"
    return f"the gradient of {of.name}, " + (
        f"of the shape of {of.name}" if of.is_elementwise else _shape(of.shape, is_scalar_too=False)
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def reflowed(text: str, indent: str) -> Iterator[str]:
    """Yield the lines of a text that fit a docstring; those that do, and formulas, stay as is."""
    for number, paragraph in enumerate(text.strip("\n").split("\n\n")):
        if number:
            yield ""
        lines = paragraph.strip("\n").splitlines()
        if all(len(indent + line) <= _WIDTH for line in lines) or any(
            line[:1].isspace() for line in lines
        ):
            yield from (line.rstrip() for line in lines)
        else:
            yield from textwrap.wrap(
                " ".join(lines),
                _WIDTH - len(indent),
                break_long_words=False,
                break_on_hyphens=False,
            )


def docstring(text: str, indent: str) -> list[str]:
    """Return the lines of a docstring: one line, or several with the quotes on a line below."""
    lines = list(reflowed(text, indent))
    quotes = 'r"""' if "\\" in text else '"""'
    safe = [line.replace('"""', "'''") for line in lines]
    if len(safe) == 1 and not safe[0].endswith('"'):
        return [f'{indent}{quotes}{safe[0]}"""']
    shown = [f"{indent}{line}" if line else "" for line in safe[1:]]
    return [f"{indent}{quotes}{safe[0]}", *shown, f'{indent}"""']
