"""Reading how a task is called: its target, the arguments of each call, its attributes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from grader.model import Call, HyperParameter, Input
from grader.spec.yaml_cursor import Cursor, nearest
from grader.styles import STYLES, Style

Fields = Mapping[str, Cursor]


def read_call(
    fields: Fields,
    style: str,
    inputs: tuple[Input, ...],
    hypers: tuple[HyperParameter, ...],
    outputs: tuple[str, ...],
    upstream: tuple[str, ...],
    gradients: tuple[str, ...],
    file: str,
    seed: str | None = None,
) -> Call:
    """Read how the student's code is called; ``seed`` is an entry of a dict that may be absent."""
    traits = STYLES[style]
    target, backward = _targets(fields["target"], traits)
    ups = tuple(f"d{name}" for name in upstream)
    names = tuple(i.name for i in inputs) + tuple(h.name for h in hypers)
    given = _attributes(fields, "parameter_attributes", names, traits)
    read = _attributes(fields, "gradient_attributes", gradients, traits)
    optional = (seed,) if seed else ()
    constants = _constants(fields.get("constants"), (*names, *optional))
    named = (*names, *(name for name, _ in constants), *optional)
    dicts = _dicts(fields.get("dicts"), named)
    names += tuple(name for name, _ in dicts)
    constructor = _arguments(fields.get("constructor_args"), names, _objects_first(style, inputs))
    held = {*constructor, *(name for name, _ in given), *(key for _, keys in dicts for key in keys)}
    read_back = _read_back(fields.get("read_back"), outputs, dict(dicts))
    rest = tuple(name for name in names if name not in held)
    if len(traits.stages) == 2:
        cache = ("cache",) if traits.has_cache else ()
        forward = _arguments(fields.get("forward_args"), names, rest)
        again = rest if traits.sees_inputs_twice else ()
        back = _arguments(fields.get("backward_args"), names + ups + cache, again + ups + cache)
    else:
        forward = _arguments(fields.get("forward_args"), names + ups, rest + ups)
        back = ()
    if constructor and not traits.is_class:
        fields["constructor_args"].problem(f"a `{style}` has no constructor")
    if len(traits.stages) == 1 and "backward_args" in fields:
        fields["backward_args"].problem(f"a `{style}` has no backward call")
    return Call(
        style=style,
        module=file.rpartition(".")[0],
        target=target,
        backward=backward,
        constructor_args=constructor,
        forward_args=forward,
        backward_args=back,
        objects=tuple((i.name, i.source) for i in inputs if i.source),
        parameter_attributes=given,
        gradient_attributes=read,
        updates=forward[: len(outputs)] if style == "update_step" else (),
        results=tuple(name for name in outputs if name not in dict(read_back)),
        constants=constants,
        dicts=dicts,
        read_back=read_back,
        optional=optional,
    )


def _objects_first(style: str, inputs: tuple[Input, ...]) -> tuple[str, ...]:
    """A graph is built of its gates, then run forward on its leaves."""
    return tuple(i.name for i in inputs if i.source) if style == "computational_graph" else ()


def _targets(cursor: Cursor, style: Style) -> tuple[str, str | None]:
    if style.functions is None:
        return cursor.name(), None
    if not cursor.is_list:
        stem = cursor.name()
        return stem + style.functions[0], stem + style.functions[1]
    pair = cursor.names()
    if len(pair) != 2:
        cursor.problem("expected a stem, or the names of two functions")
        return "", ""
    return pair[0], pair[1]


def _attributes(
    fields: Fields, key: str, known: Collection[str], style: Style
) -> tuple[tuple[str, str], ...]:
    if key not in fields:
        return ()
    if not style.is_class:
        fields[key].problem("only a class has attributes")
    elif key == "gradient_attributes" and len(style.stages) == 1:
        fields[key].problem("gradients are left in attributes by a backward call; here is none")
    may_be_entry = style.sets_entries and key == "parameter_attributes"
    entries = fields[key].mapping(known).items()
    return tuple((n, _place(e) if may_be_entry else e.name()) for n, e in entries)


def _place(cursor: Cursor) -> str:
    """Read an attribute, or an entry of one that is a dict: ``params.W1``."""
    place = cursor.text()
    attribute, dot, key = place.partition(".")
    if attribute.isidentifier() and (key.isidentifier() or not dot):
        return place
    cursor.problem(f"`{place}` is no attribute, nor an entry of a dict like `params.W1`")
    return ""


def _constants(cursor: Cursor | None, taken: Collection[str]) -> tuple[tuple[str, str], ...]:
    entries = cursor.mapping() if cursor else {}
    for name, entry in entries.items():
        if not name.isidentifier() or name in taken:
            entry.problem(f"`{name}` cannot be the name of a constant")
    return tuple((name, entry.text()) for name, entry in entries.items())


def _dicts(
    cursor: Cursor | None, known: Collection[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    dicts = []
    for name, entry in (cursor.mapping() if cursor else {}).items():
        if not name.isidentifier() or name in known:
            entry.problem(f"`{name}` cannot be the name of a dict")
        keys = entry.names()
        for key in keys:
            if key not in known:
                entry.problem(f"`{key}` is unknown here{nearest(key, known)}")
        dicts.append((name, keys))
    return tuple(dicts)


def _read_back(
    cursor: Cursor | None, outputs: Collection[str], dicts: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, str], ...]:
    pairs = []
    for name, entry in (cursor.mapping(outputs) if cursor else {}).items():
        place = entry.text()
        if place.partition(".")[0] not in dicts or not place.partition(".")[2].isidentifier():
            entry.problem(f"`{place}` is not an entry of a dict, like `bn_param.running_mean`")
        pairs.append((name, place))
    return tuple(pairs)


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
