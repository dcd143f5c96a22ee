"""Reading one task of an assignment: its call, its arguments, what is wanted, its battery."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from grader.model import (
    ANY_SHAPE,
    Call,
    Domain,
    Example,
    HyperParameter,
    Input,
    Task,
)
from grader.spec.yaml_cursor import Cursor, nearest

STYLES = ("gate_class", "function_pair", "loss_function", "circuit")
CONVENTIONS: Mapping[str, tuple[str, ...]] = {
    "ties": ("any_subgradient", "exact", "skip"),
    "container": ("any", "tuple", "dict"),
    "regulariser": ("full", "half"),
    "reduction": ("mean", "sum"),
    "orientation": ("XW", "WX"),
}
_KEYS = (
    "id", "title", "statement", "lecture", "style", "target", "file", "inputs",
    "hyper_parameters", "outputs", "gradients", "upstream", "constructor_args", "forward_args",
    "backward_args", "sizes", "batch", "kinks", "conventions", "tolerance", "random_cases",
    "stress", "size", "examples",
)  # fmt: skip
_TWO_STAGES = ("gate_class", "function_pair")

Sizes = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Defaults:
    """What the head of the file says for every task."""

    style: Cursor | None
    files: tuple[str, ...]
    sizes: Sizes
    conventions: Mapping[str, str]
    tolerance: float | None


def sizes(cursor: Cursor | None) -> dict[str, tuple[int, int]]:
    """Read ``{D: [3, 6], C: 4}`` as bounds of dimensions."""
    bounds: dict[str, tuple[int, int]] = {}
    for name, entry in (cursor.mapping() if cursor else {}).items():
        if entry.is_list:
            pair = [item.whole(1, 10**6) for item in entry.items()]
            if len(pair) == 2 and pair[0] <= pair[1]:
                bounds[name] = (pair[0], pair[1])
            else:
                entry.problem("expected one size, or [smallest, largest]")
        else:
            bounds[name] = (entry.whole(1, 10**6),) * 2
    return bounds


def conventions(cursor: Cursor | None, inherited: Mapping[str, str]) -> dict[str, str]:
    """Read the stated conventions; the rest is inherited, then the first value of each."""
    stated = {key: values[0] for key, values in CONVENTIONS.items()} | dict(inherited)
    for key, entry in (cursor.mapping(CONVENTIONS) if cursor else {}).items():
        stated[key] = entry.choice(CONVENTIONS[key])
    return stated


def read_task(cursor: Cursor, defaults: Defaults) -> Task | None:
    """Read one task; None when it is too broken to go on, with the problems noted."""
    fields = cursor.mapping(_KEYS, ["id", "target", "inputs", "outputs"])
    style = _style(cursor, fields.get("style"), defaults.style)
    if not {"id", "target", "inputs", "outputs"} <= fields.keys() or style is None:
        return None
    task_id = fields["id"].text()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", task_id):
        fields["id"].problem("an id is lower-case letters, digits and `_`")
    inputs = _inputs(fields["inputs"])
    hypers = _hyper_parameters(fields.get("hyper_parameters"))
    outputs = fields["outputs"].names()
    if not inputs or not outputs:
        cursor.problem("a task needs at least one input and one output")
        return None
    upstream = _upstream(fields.get("upstream"), outputs, style)
    gradients = _gradients(cursor, fields.get("gradients"), inputs, outputs, style)
    if style == "loss_function" and len(outputs) != 1:
        fields["outputs"].problem("a `loss_function` has one output, the loss")
    if style in _TWO_STAGES and not upstream:
        fields["upstream"].problem(f"a `{style}` receives at least one upstream gradient")
    given = [i.name for i in inputs] + [h.name for h in hypers] + [f"d{name}" for name in upstream]
    answers = [*outputs, *(f"d{name}" for name in gradients)]
    _distinct(cursor, given, list(outputs))
    _distinct(cursor, answers)
    file = _file(fields, defaults)
    call = _call(fields, style, inputs, hypers, upstream, file)
    own_sizes = sizes(fields.get("sizes"))
    dimensions = {d for i in inputs for d in i.shape if isinstance(d, str)}
    if "batch" in fields and fields["batch"].text() not in dimensions:
        fields["batch"].problem("no input has this dimension")
    for name in own_sizes:
        if name not in dimensions:
            fields["sizes"].problem(f"`{name}` is no dimension{nearest(name, dimensions)}")
    for item in inputs:
        classes = item.classes
        if classes is not None and classes not in dimensions and not classes.isdigit():
            fields["inputs"].problem(
                f"{item.name}: `classes` must be a number or a dimension of an input"
            )
    floats = {i.name for i in inputs if i.domain is not Domain.LABELS}
    scalar_only = all(i.shape == () for i in inputs)
    return Task(
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
        size={k: v.whole(1, 10**6) for k, v in _keyed(fields.get("size"), dimensions).items()},
        examples=_examples(fields.get("examples"), inputs, hypers, outputs, upstream, gradients),
    )


def _style(cursor: Cursor, own: Cursor | None, inherited: Cursor | None) -> str | None:
    stated = own or inherited
    if stated is None:
        cursor.problem("the key `style` is missing, here and at the top of the file")
        return None
    return stated.choice(STYLES)


def _file(fields: Mapping[str, Cursor], defaults: Defaults) -> str:
    if "file" in fields:
        return fields["file"].choice(defaults.files or ("",))
    return defaults.files[0] if defaults.files else ""


def _inputs(cursor: Cursor) -> tuple[Input, ...]:
    inputs = []
    for name, entry in cursor.mapping().items():
        if not name.isidentifier():
            entry.problem(f"`{name}` is not a name")
        if entry.is_mapping:
            fields = entry.mapping(["shape", "domain", "classes"], ["shape"])
            domain = (
                Domain(fields["domain"].choice([d.value for d in Domain]))
                if ("domain" in fields)
                else Domain.REAL
            )
            shape = _shape(fields["shape"]) if "shape" in fields else ()
            classes = fields["classes"].text() if "classes" in fields else None
            if (domain is Domain.LABELS) != (classes is not None):
                entry.problem("`domain: labels` and `classes:` go together")
            inputs.append(Input(name, shape, domain, classes))
        else:
            inputs.append(Input(name, _shape(entry)))
    return tuple(inputs)


def _shape(cursor: Cursor) -> tuple[str | int, ...]:
    shape: list[str | int] = []
    for item in cursor.items():
        text = item.text()
        if text.isdigit() and int(text) > 0:
            shape.append(int(text))
        elif text == ANY_SHAPE or text.isidentifier():
            shape.append(text)
        else:
            item.problem(f"`{text}` is neither a dimension, a size, nor `...`")
    if ANY_SHAPE in shape and len(shape) > 1:
        cursor.problem("`...` stands for the whole shape and must be alone")
    return tuple(shape)


def _hyper_parameters(cursor: Cursor | None) -> tuple[HyperParameter, ...]:
    hypers = []
    for name, entry in (cursor.mapping() if cursor else {}).items():
        if not entry.is_mapping:
            value = entry.number()
            hypers.append(HyperParameter(name, value, value))
            continue
        fields = entry.mapping(["range", "signed", "value", "large"])
        bounds = [item.number() for item in fields["range"].items()] if "range" in fields else []
        if "value" in fields:
            bounds = [fields["value"].number()] * 2
        if len(bounds) != 2 or bounds[0] > bounds[1] or {"value", "range"} <= fields.keys():
            entry.problem("expected `range: [low, high]`, or `value: number`")
            bounds = [1.0, 1.0]
        signed = "signed" in fields and fields["signed"].choice(["false", "true"]) == "true"
        large = fields["large"].number() if "large" in fields else None
        hypers.append(HyperParameter(name, bounds[0], bounds[1], signed, large))
    return tuple(hypers)


def _distinct(cursor: Cursor, *groups: list[str]) -> None:
    names = [name for group in groups for name in group]
    for name in sorted({n for n in names if names.count(n) > 1}):
        cursor.problem(f"the name `{name}` is given to two things")


def _upstream(cursor: Cursor | None, outputs: tuple[str, ...], style: str) -> tuple[str, ...]:
    if cursor is None:
        return outputs if style in _TWO_STAGES else ()
    upstream = cursor.names()
    for name in upstream:
        if name not in outputs:
            cursor.problem(f"`{name}` is not an output{nearest(name, outputs)}")
    return upstream


def _gradients(
    cursor: Cursor,
    own: Cursor | None,
    inputs: tuple[Input, ...],
    outputs: tuple[str, ...],
    style: str,
) -> tuple[str, ...]:
    floats = tuple(i.name for i in inputs if i.domain is not Domain.LABELS)
    if own is None:
        return floats
    allowed = floats + (outputs[:-1] if style == "circuit" else ())
    gradients = own.names()
    for name in gradients:
        if name not in allowed:
            own.problem(f"`{name}` has no gradient to ask for{nearest(name, allowed)}")
    if not gradients:
        cursor.problem("a task needs at least one gradient")
    return gradients


def _call(
    fields: Mapping[str, Cursor],
    style: str,
    inputs: tuple[Input, ...],
    hypers: tuple[HyperParameter, ...],
    upstream: tuple[str, ...],
    file: str,
) -> Call:
    target, backward = _targets(fields["target"], style)
    ups = tuple(f"d{name}" for name in upstream)
    names = tuple(i.name for i in inputs) + tuple(h.name for h in hypers)
    constructor = _arguments(fields.get("constructor_args"), names, ())
    rest = tuple(name for name in names if name not in constructor)
    if style in _TWO_STAGES:
        cache = ("cache",) if style == "function_pair" else ()
        forward = _arguments(fields.get("forward_args"), names, rest)
        back = _arguments(fields.get("backward_args"), names + ups + cache, ups + cache)
    else:
        forward = _arguments(fields.get("forward_args"), names + ups, rest + ups)
        back = ()
    if constructor and style != "gate_class":
        fields["constructor_args"].problem("only a `gate_class` has a constructor")
    if style not in _TWO_STAGES and "backward_args" in fields:
        fields["backward_args"].problem(f"a `{style}` has no backward call")
    return Call(style, file.removesuffix(".py"), target, backward, constructor, forward, back)


def _targets(cursor: Cursor, style: str) -> tuple[str, str | None]:
    if style != "function_pair":
        return cursor.name(), None
    if not cursor.is_list:
        stem = cursor.name()
        return f"{stem}_forward", f"{stem}_backward"
    pair = cursor.names()
    if len(pair) != 2:
        cursor.problem("expected a stem, or [forward, backward]")
        return "", ""
    return pair[0], pair[1]


def _arguments(
    cursor: Cursor | None, known: tuple[str, ...], default: tuple[str, ...]
) -> tuple[str, ...]:
    if cursor is None:
        return default
    names = cursor.names()
    for name in names:
        if name not in known:
            cursor.problem(f"`{name}` is unknown here{nearest(name, known)}")
    return names


def _keyed(cursor: Cursor | None, known: set[str]) -> dict[str, Cursor]:
    return cursor.mapping(sorted(known)) if cursor else {}


def _examples(
    cursor: Cursor | None,
    inputs: tuple[Input, ...],
    hypers: tuple[HyperParameter, ...],
    outputs: tuple[str, ...],
    upstream: tuple[str, ...],
    gradients: tuple[str, ...],
) -> tuple[Example, ...]:
    needed = [i.name for i in inputs] + [h.name for h in hypers]
    ups = [f"d{name}" for name in upstream]
    answers = [*outputs, *(f"d{name}" for name in gradients)]
    examples = []
    for item in cursor.items() if cursor else ():
        known = ["label", "inputs", "upstream", "expected", "digits"]
        fields = item.mapping(known, ["label", "inputs"] + (["upstream"] if ups else []))
        parts = {
            "inputs": _keyed_numbers(fields.get("inputs"), needed, needed),
            "upstream": _keyed_numbers(fields.get("upstream"), ups, ups),
            "expected": _keyed_numbers(fields.get("expected"), answers, []),
        }
        label = fields["label"].text() if "label" in fields else ""
        digits = fields["digits"].whole(1, 15) if "digits" in fields else 6
        examples.append(Example(label=label, digits=digits, **parts))
    return tuple(examples)


def _keyed_numbers(
    cursor: Cursor | None, known: list[str], required: list[str]
) -> dict[str, object]:
    entries = cursor.mapping(known, required) if cursor else {}
    return {name: entry.numbers() for name, entry in entries.items()}
