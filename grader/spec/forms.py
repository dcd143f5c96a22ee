"""Reading ``input_forms``: which unusual forms of its arguments a task is tried with."""

from __future__ import annotations

from grader.model import FORMS, Domain, Input
from grader.spec.yaml_cursor import Cursor

_NAMES = tuple(kind.value for kind in FORMS)
_ARRAY = "an input that is an array"
# What a form needs among the inputs; on others it would change nothing.
_NEEDS = {
    "fortran": "an input of two dimensions",
    "strided": _ARRAY,
    "read_only": f"{_ARRAY}, and a style that must not write into it",
    "float32": "an input that is an array of floats",
    "integers": "an input that may hold integers, and no `draw`",
}


def input_forms(
    own: Cursor | None,
    inherited: tuple[str, ...],
    inputs: tuple[Input, ...],
    excluded: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Return the forms of a task; ``excluded`` are those that its style or its numbers exclude.

    Its own must make sense for it; of those stated for the whole file it takes those that do.
    """
    if own is None:
        return tuple(f for f in inherited if f not in excluded and _makes_sense(f, inputs))
    known = len(own.problems)
    stated = stated_forms(own)
    for form in stated if len(own.problems) == known else ():
        if form in excluded or not _makes_sense(form, inputs):
            own.problem(f"`{form}` needs {_NEEDS[form]}")
    return stated


def stated_forms(cursor: Cursor | None) -> tuple[str, ...]:
    """Return the forms of a list; each may stand there once."""
    stated = [item.choice(_NAMES) for item in cursor.items()] if cursor else []
    for form in sorted({f for f in stated if stated.count(f) > 1}):
        assert cursor is not None
        cursor.problem(f"`{form}` stands here twice")
    return tuple(stated)


def _makes_sense(form: str, inputs: tuple[Input, ...]) -> bool:
    floats = [i for i in inputs if i.is_float]
    if form == "integers":
        return any(i.domain is not Domain.UNIT for i in floats)
    if form == "float32":
        return any(i.shape for i in floats)
    if form == "fortran":
        return any(len(i.shape) > 1 or i.is_elementwise for i in inputs)
    return any(i.shape for i in inputs)
