"""Reading one task of an assignment: its call, its arguments, what is wanted, its battery."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from grader.model import Example, Input, Public, Task
from grader.spec.arguments import (
    Sizes,
    read_cases,
    read_examples,
    read_hyper_parameters,
    read_inputs,
    read_sizes,
)
from grader.spec.calls import read_call
from grader.spec.files import read_module
from grader.spec.forms import input_forms
from grader.spec.noise import check_random, read_mask, seed_of
from grader.spec.yaml_cursor import Cursor, nearest
from grader.styles import STYLES, Style

CONVENTIONS: Mapping[str, tuple[str, ...]] = {
    "ties": ("any_subgradient", "exact", "skip"),
    "container": ("any", "tuple", "dict"),
    "regulariser": ("full", "half"),
    "reduction": ("mean", "sum"),
    "orientation": ("XW", "WX"),
    "layout": ("numerator", "denominator"),
    "aliasing": ("any", "copy"),
    "second_backward": ("any", "same", "adds"),
    "in_place": ("note", "by_flag"),
    "mutation": ("note", "error"),
}
_KEYS = (
    "id", "title", "statement", "lecture", "style", "target", "module", "file", "inputs",
    "hyper_parameters", "outputs", "gradients", "upstream", "constructor_args", "forward_args",
    "backward_args", "parameter_attributes", "gradient_attributes", "constants", "dicts",
    "read_back", "sizes", "batch", "kinks", "draw", "scalars", "conventions", "accept_any",
    "tolerance", "random", "random_cases", "stress", "input_forms", "size", "cases", "examples",
    "leans_on", "public",
)  # fmt: skip
# Conventions that say what is computed, not how it is judged; the shapes of `inputs` fix others.
_COMPUTED = ("regulariser", "reduction", "layout")
_ONE_OUTPUT = ("loss_function", "network_class", "jacobian_function")


@dataclass(frozen=True)
class Defaults:
    """What the head of the file says for every task."""

    style: Cursor | None
    module: str  # the file of a task that names none
    files: tuple[str, ...] | None  # None where they follow from the tasks
    support: tuple[str, ...]
    sizes: Sizes
    conventions: Mapping[str, str]
    tolerance: float | None
    input_forms: tuple[str, ...]
    public: Public


def conventions(cursor: Cursor | None, inherited: Mapping[str, str]) -> dict[str, str]:
    """Read the stated conventions; the rest is inherited, then the first value of each."""
    stated = {key: values[0] for key, values in CONVENTIONS.items()} | dict(inherited)
    for key, entry in (cursor.mapping(CONVENTIONS) if cursor else {}).items():
        stated[key] = entry.choice(CONVENTIONS[key])
    return stated


def read_public(cursor: Cursor | None, inherited: Public) -> Public:
    """Read what students are told of the public cases of a task, or of every task."""
    return Public(cursor.choice([p.value for p in Public])) if cursor else inherited


def read_task(cursor: Cursor, defaults: Defaults) -> Task | None:
    """Read one task; None when it is too broken to go on, with the problems noted."""
    fields = cursor.mapping(_KEYS, ["id", "target", "inputs", "outputs"])
    style = _style(cursor, fields.get("style"), defaults.style)
    if not {"id", "target", "inputs", "outputs"} <= fields.keys() or style is None:
        return None
    task_id = fields["id"].text()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", task_id):
        fields["id"].problem("an id is lower-case letters, digits and `_`")
    modules = [name.removesuffix(".py") for name in defaults.support]
    inputs = read_inputs(fields["inputs"], modules)
    hypers = read_hyper_parameters(fields.get("hyper_parameters"))
    outputs = fields["outputs"].names()
    if not inputs or not outputs:
        cursor.problem("a task needs at least one input and one output")
        return None
    upstream = _upstream(fields.get("upstream"), outputs, style)
    gradients = _gradients(cursor, fields.get("gradients"), inputs, outputs, STYLES[style], style)
    if style in _ONE_OUTPUT and len(outputs) != 1:
        fields["outputs"].problem(f"a `{style}` has one output")
    if STYLES[style].needs_upstream and not upstream:
        fields["upstream"].problem(f"a `{style}` receives at least one upstream gradient")
    given = [i.name for i in inputs] + [h.name for h in hypers] + [f"d{name}" for name in upstream]
    answers = [*outputs, *(f"d{name}" for name in gradients)]
    _distinct(cursor, given, list(outputs))
    _distinct(cursor, answers)
    if "kinks" in fields and not gradients:
        fields["kinks"].problem("without gradients there is nothing that jumps at a kink")
    file = read_module(fields, defaults.files, defaults.module)
    seed = seed_of(fields.get("random"))
    call = read_call(fields, style, inputs, hypers, outputs, upstream, gradients, file, seed)
    dimensions = {d for i in inputs for d in i.shape if isinstance(d, str)}
    own_sizes = read_sizes(fields.get("sizes"), dimensions)
    if "batch" in fields and fields["batch"].text() not in dimensions:
        fields["batch"].problem("no input has this dimension")
    for item in inputs:
        classes = item.classes
        if classes is not None and classes not in dimensions and not classes.isdigit():
            fields["inputs"].problem(
                f"{item.name}: `classes` must be a number or a dimension of an input"
            )
    floats = {i.name for i in inputs if i.is_float}
    scalar_only = all(i.shape == () for i in inputs)
    examples = read_examples(fields.get("examples"), inputs, hypers, outputs, upstream, gradients)
    task = Task(
        id=task_id,
        title=fields["title"].text() if "title" in fields else task_id,
        statement=fields["statement"].text() if "statement" in fields else "",
        lecture=tuple(c.text() for c in fields["lecture"].items()) if "lecture" in fields else (),
        call=call,
        file=file,
        inputs=inputs,
        hyper_parameters=hypers,
        outputs=outputs,
        upstream=upstream,
        gradients=gradients,
        sizes={k: v for k, v in {**defaults.sizes, **own_sizes}.items() if k in dimensions},
        batch=fields["batch"].name() if "batch" in fields else "N",
        kinks=fields["kinks"].name() if "kinks" in fields else None,
        conventions=conventions(fields.get("conventions"), defaults.conventions),
        tolerance=(
            fields["tolerance"].number(1e-12, 0.5) if "tolerance" in fields else defaults.tolerance
        ),
        random_cases=(
            fields["random_cases"].whole(2, 100)
            if "random_cases" in fields
            else (12 if scalar_only else 4)
        ),
        stress={k: v.number(1) for k, v in _keyed(fields.get("stress"), floats).items()},
        input_forms=input_forms(
            fields.get("input_forms"), defaults.input_forms, inputs, _excluded(fields, style)
        ),
        size={k: v.whole(1, 10**6) for k, v in _keyed(fields.get("size"), dimensions).items()},
        examples=examples,
        cases=read_cases(
            fields.get("cases"), inputs, hypers, dimensions, [name for name, _ in call.constants]
        ),
        draw=fields["draw"].name() if "draw" in fields else None,
        takes_scalars=_takes_scalars(fields.get("scalars"), inputs),
        leans_on=fields["leans_on"].names() if "leans_on" in fields else (),
        random=read_mask(fields.get("random"), inputs, hypers, dict(call.dicts)),
        public=_public(fields.get("public"), defaults.public, examples, gradients),
    )
    _check_in_place(cursor, task)
    check_random(fields.get("random", cursor), task)
    return dataclasses.replace(task, accept_any=_accepted(fields.get("accept_any"), task))


def _public(
    own: Cursor | None,
    inherited: Public,
    examples: tuple[Example, ...],
    gradients: tuple[str, ...],
) -> Public:
    """Return what is public of a task; its own must say something that the task has."""
    public = read_public(own, inherited)
    answers = {f"d{name}" for name in gradients}
    has_answers = any(answers & example.expected.keys() for example in examples)
    if public is not Public.WORKED_EXAMPLES or has_answers:
        return public
    if own is not None:
        own.problem("no example of this task has an `expected` gradient to make public")
    return Public.FORWARD_VALUES


def _accepted(cursor: Cursor | None, task: Task) -> dict[str, tuple[str, ...]]:
    """Read which conventions are left open, each with all of its values, the stated one first."""
    names = cursor.names() if cursor else ()
    for name in names:
        if cursor and name not in _COMPUTED:
            cursor.problem(f"`{name}` cannot be left open{nearest(name, _COMPUTED)}")
    stated = {name: task.conventions[name] for name in names if name in _COMPUTED}
    return {
        name: (value, *(v for v in CONVENTIONS[name] if v != value))
        for name, value in stated.items()
    }


def _check_in_place(cursor: Cursor, task: Task) -> None:
    """Refuse `in_place: by_flag` where it is not clear what is to be written into what."""
    if task.conventions["in_place"] != "by_flag":
        return
    flags = [h.name for h in task.hyper_parameters if h.flag is not None]
    arrays = [i.name for i in task.inputs if i.is_float and i.shape]
    traits = STYLES[task.call.style]
    if (
        not (traits.may_write and traits.is_class)
        or "in_place" not in flags
        or task.call.forward_args[:1] not in [(name,) for name in arrays]
        or len(task.outputs) != 1
        or len(task.gradients) != 1
    ):
        cursor.problem(
            "`in_place: by_flag` needs a `torch7_module` with a flag `in_place`, one output, one "
            "gradient, and an array as the first argument of forward"
        )
    if task.conventions["aliasing"] == "copy":
        cursor.problem("`in_place: by_flag` and `aliasing: copy` exclude each other")
    if task.conventions["mutation"] == "error":
        cursor.problem("`in_place: by_flag` and `mutation: error` exclude each other")


def _excluded(fields: Mapping[str, Cursor], style: str) -> tuple[str, ...]:
    """Return the forms of input that cannot be had: of numbers that the reference draws, say."""
    drawn = ("integers",) if "draw" in fields else ()
    return (*drawn, "read_only") if STYLES[style].may_write else drawn


def _style(cursor: Cursor, own: Cursor | None, inherited: Cursor | None) -> str | None:
    stated = own or inherited
    if stated is None:
        cursor.problem("the key `style` is missing, here and at the top of the file")
        return None
    return stated.choice(STYLES)


def _takes_scalars(cursor: Cursor | None, inputs: tuple[Input, ...]) -> bool:
    if cursor is None:
        return True
    if not any(i.is_elementwise for i in inputs):
        cursor.problem("no input has the shape `[...]`, so there is no scalar case")
    return cursor.choice(("true", "false")) == "true"


def _distinct(cursor: Cursor, *groups: list[str]) -> None:
    names = [name for group in groups for name in group]
    for name in sorted({n for n in names if names.count(n) > 1}):
        cursor.problem(f"the name `{name}` is given to two things")


def _upstream(cursor: Cursor | None, outputs: tuple[str, ...], style: str) -> tuple[str, ...]:
    if cursor is None:
        return outputs if STYLES[style].needs_upstream else ()
    upstream = cursor.names()
    if upstream and not STYLES[style].takes_upstream:
        cursor.problem(f"a `{style}` receives no upstream gradient")
    for name in upstream:
        if name not in outputs:
            cursor.problem(f"`{name}` is not an output{nearest(name, outputs)}")
    return upstream


def _gradients(
    cursor: Cursor,
    own: Cursor | None,
    inputs: tuple[Input, ...],
    outputs: tuple[str, ...],
    style: Style,
    name: str,
) -> tuple[str, ...]:
    floats = tuple(i.name for i in inputs if i.is_float)
    if not style.has_gradients:
        if own is not None:
            own.problem(f"a `{name}` has no gradients")
        return ()
    if own is None:
        return floats
    allowed = floats + (outputs[:-1] if style.names_intermediates else ())
    gradients = own.names()
    for gradient in gradients:
        if gradient not in allowed:
            own.problem(f"`{gradient}` has no gradient to ask for{nearest(gradient, allowed)}")
    if not gradients:
        cursor.problem("a task needs at least one gradient")
    return gradients


def _keyed(cursor: Cursor | None, known: set[str]) -> dict[str, Cursor]:
    return cursor.mapping(sorted(known)) if cursor else {}
