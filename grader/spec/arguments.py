"""Reading what a task is called with: inputs, hyper-parameters, sizes, examples, sub-cases."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from grader.model import ANY_SHAPE, Domain, Example, HyperParameter, Input, NamedCase
from grader.spec.yaml_cursor import Cursor, nearest

Sizes = Mapping[str, tuple[int, int]]
_SOURCE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*")
_COUNTED = {Domain.LABELS, Domain.INTEGERS, Domain.OBJECT}
_FLAGS = {"true": True, "false": False}


def read_sizes(
    cursor: Cursor | None, known: Collection[str] | None = None
) -> dict[str, tuple[int, int]]:
    """Read ``{D: [3, 6], C: 4}`` as bounds of dimensions, which must be ``known``."""
    bounds: dict[str, tuple[int, int]] = {}
    for name, entry in (cursor.mapping() if cursor else {}).items():
        if known is not None and name not in known:
            entry.problem(f"`{name}` is no dimension{nearest(name, known)}")
        if entry.is_list:
            pair = [item.whole(1, 10**6) for item in entry.items()]
            if len(pair) == 2 and pair[0] <= pair[1]:
                bounds[name] = (pair[0], pair[1])
            else:
                entry.problem("expected one size, or [smallest, largest]")
        else:
            bounds[name] = (entry.whole(1, 10**6),) * 2
    return bounds


def read_inputs(cursor: Cursor, modules: Collection[str]) -> tuple[Input, ...]:
    """Read the inputs; ``modules`` are the support files that an object may come from."""
    inputs = []
    for name, entry in cursor.mapping().items():
        if not name.isidentifier():
            entry.problem(f"`{name}` is not a name")
        inputs.append(
            _input(name, entry, modules) if entry.is_mapping else Input(name, _shape(entry))
        )
    return tuple(inputs)


def _input(name: str, entry: Cursor, modules: Collection[str]) -> Input:
    fields = entry.mapping(["shape", "domain", "classes", "from"], ["shape"])
    domain = (
        Domain(fields["domain"].choice([d.value for d in Domain]))
        if "domain" in fields
        else Domain.REAL
    )
    shape = _shape(fields["shape"]) if "shape" in fields else ()
    classes = fields["classes"].text() if "classes" in fields else None
    source = fields["from"].text() if "from" in fields else None
    if (domain in _COUNTED) != (classes is not None):
        entry.problem(
            f"`classes:` goes with `domain: {', '.join(sorted(d.value for d in _COUNTED))}`"
        )
    if (domain is Domain.OBJECT) != (source is not None):
        entry.problem("`domain: object` and `from:` go together")
    elif source is not None and not _SOURCE.fullmatch(source):
        fields["from"].problem(f"`{source}` is not a file and a list in it, like `checked.CASES`")
    elif source is not None and source.partition(".")[0] not in modules:
        module = source.partition(".")[0]
        fields["from"].problem(f"`{module}.py` is no support file{nearest(module, modules)}")
    return Input(name, shape, domain, classes, source)


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


def read_hyper_parameters(cursor: Cursor | None) -> tuple[HyperParameter, ...]:
    """Read the hyper-parameters: numbers, ranges, or flags."""
    hypers = []
    for name, entry in (cursor.mapping() if cursor else {}).items():
        if (flag := _flag(entry)) is not None:
            hypers.append(HyperParameter(name, 0.0, 0.0, flag=flag))
            continue
        if not entry.is_mapping:
            value = entry.number()
            hypers.append(HyperParameter(name, value, value))
            continue
        fields = entry.mapping(["range", "signed", "value", "large", "whole"])
        bounds = [item.number() for item in fields["range"].items()] if "range" in fields else []
        if "value" in fields:
            bounds = [fields["value"].number()] * 2
        if len(bounds) != 2 or bounds[0] > bounds[1] or {"value", "range"} <= fields.keys():
            entry.problem("expected `range: [low, high]`, or `value: number`")
            bounds = [1.0, 1.0]
        signed = "signed" in fields and fields["signed"].choice(["false", "true"]) == "true"
        large = fields["large"].number() if "large" in fields else None
        whole = "whole" in fields and fields["whole"].choice(["false", "true"]) == "true"
        if whole and not all(bound == int(bound) for bound in bounds):
            entry.problem("a whole number has whole bounds")
        hypers.append(HyperParameter(name, bounds[0], bounds[1], signed, large, is_whole=whole))
    return tuple(hypers)


def _flag(cursor: Cursor) -> bool | None:
    if cursor.is_mapping or cursor.is_list:
        return None
    return _FLAGS.get(str(cursor.node.value).strip())


def read_cases(
    cursor: Cursor | None,
    inputs: tuple[Input, ...],
    hypers: tuple[HyperParameter, ...],
    dimensions: Collection[str],
    constants: Collection[str],
) -> tuple[NamedCase, ...]:
    """Read the named sub-cases: what each of them fixes, and what it must raise."""
    cases = []
    known = [i.name for i in inputs] + [h.name for h in hypers] + [*constants]
    floats = [i.name for i in inputs if i.is_float]
    for name, entry in (cursor.mapping() if cursor else {}).items():
        if not name.isidentifier() or name == "scalar":
            entry.problem(f"`{name}` cannot be the name of a sub-case")
        fields = entry.mapping(["sizes", "shapes", "set", "raises", "draws"])
        fixed = read_sizes(fields.get("sizes"), dimensions)
        stated = fields["shapes"].mapping(floats) if "shapes" in fields else {}
        shapes = {key: _sizes_of(value) for key, value in stated.items()}
        given = fields["set"].mapping(known) if "set" in fields else {}
        values: dict[str, object] = {
            key: value.text() if key in constants else _given(value) for key, value in given.items()
        }
        raises = fields["raises"].names() if "raises" in fields else ()
        if not raises:  # what is to be refused may be of any kind
            for key, value in given.items():
                if key in constants:
                    continue
                _check_given(value, values[key], key, inputs, hypers)
        draws = fields["draws"].whole(1, 50) if "draws" in fields else NamedCase.draws
        cases.append(NamedCase(name, fixed, values, raises, draws, shapes))
    return tuple(cases)


def _sizes_of(cursor: Cursor) -> tuple[int, ...]:
    sizes = tuple(item.whole(1, 10**6) for item in cursor.items())
    if not sizes:
        cursor.problem("expected at least one size")
    return sizes


def _given(cursor: Cursor) -> object:
    flag = _flag(cursor)
    return cursor.numbers() if flag is None else flag


def _check_given(
    cursor: Cursor,
    value: object,
    name: str,
    inputs: tuple[Input, ...],
    hypers: tuple[HyperParameter, ...],
) -> None:
    is_flag = name in {h.name for h in hypers if h.flag is not None}
    if isinstance(value, bool) != is_flag:
        wanted, found = ("a flag", "a number") if is_flag else ("a number", "a flag")
        cursor.problem(f"expected {wanted}, found {found}")
        return
    shape = {i.name: i.shape for i in inputs}.get(name, ())
    rank = 0
    while isinstance(value, list) and value:
        rank, value = rank + 1, value[0]
    if shape != (ANY_SHAPE,) and rank != len(shape):
        cursor.problem(f"expected {len(shape)} dimensions, found {rank}")


def read_examples(
    cursor: Cursor | None,
    inputs: tuple[Input, ...],
    hypers: tuple[HyperParameter, ...],
    outputs: tuple[str, ...],
    upstream: tuple[str, ...],
    gradients: tuple[str, ...],
) -> tuple[Example, ...]:
    """Read the worked examples: inputs, upstream, and the numbers they print."""
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
