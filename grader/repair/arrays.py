"""Code for an older NumPy as the present one understands it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.repair.age import AGE
from grader.repair.edits import Edits
from grader.repair.tokens import Kind, Token, statements

# What is gone, and what is called in its place; {np} is the name that numpy goes by.
GONE = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "object": "object",
    "complex": "complex",
    "str": "str",
    "unicode": "str",
    "long": "int",
    "product": "{np}.prod",
    "cumproduct": "{np}.cumprod",
    "alltrue": "{np}.all",
    "sometrue": "{np}.any",
    "mat": "{np}.asmatrix",
    "in1d": "{np}.isin",
    "row_stack": "{np}.vstack",
    "trapz": "{np}.trapezoid",
    "Inf": "{np}.inf",
    "Infinity": "{np}.inf",
    "infty": "{np}.inf",
    "PINF": "{np}.inf",
    "NINF": "(-{np}.inf)",
    "NaN": "{np}.nan",
    "NAN": "{np}.nan",
    "float_": "{np}.float64",
    "complex_": "{np}.complex128",
    "round_": "{np}.round",
    "rank": "{np}.ndim",
    "asscalar": f"{AGE}.item",
}
_THERE = frozenset(dir(np))
_MAX_SUBSCRIPTS = 20  # of one line
_ASSIGNMENTS = {"=", "+=", "-=", "*=", "/="}


def with_new_numpy(tokens: Sequence[Token]) -> Edits:
    """Return the source with functions and names of NumPy that are gone replaced."""
    edits = Edits(tokens)
    modules = {"np", "numpy", *_aliases(tokens)}
    for index, token in enumerate(tokens):
        words = [t.text for t in tokens[index : index + 5]] + [""] * 5
        if token.kind is Kind.NAME and words[:2] == ["newshape", "="] and token.depth:
            edits.replace(index, "shape", "shape= for newshape=")
        elif words[:2] == [".", "itemset"]:
            edits.replace(index + 1, "__setitem__", "x[i] = v for itemset")
        elif token.text not in modules or _is_attribute(tokens, index):
            continue
        elif words[1:5] == [".", "lib", ".", "pad"]:
            _put(edits, index, 5, f"{token.text}.pad", f"{token.text}.lib.pad")
        elif words[1:2] == ["."] and words[2] in GONE.keys() - _THERE:
            new = GONE[words[2]].format(np=token.text)
            _put(edits, index, 3, new, f"{token.text}.{words[2]}")
    return edits


def with_tuple_index(tokens: Sequence[Token], line: int) -> Edits:
    """Return the source with each ``x[i]`` of a line taking a list of indices for a tuple."""
    edits = Edits(tokens)
    what = "a tuple for a list of indices"
    for start, stop in _subscripts(tokens, line)[:_MAX_SUBSCRIPTS]:
        depth = tokens[start].depth
        inner = {t.text for t in tokens[start:stop] if t.depth == depth}
        if stop > start and not {",", ":"} & inner:
            edits.wrap(start, stop, f"{AGE}.index(", ")", what)
    return edits


def with_single_entries(tokens: Sequence[Token], line: int) -> Edits:
    """Return the source with arrays of size 1 as numbers where a line wants a number."""
    edits = Edits(tokens)
    what = "the number in an array of size 1"
    for start, stop in statements(tokens):
        if not tokens[start].line <= line <= tokens[stop - 1].line:
            continue
        for index in range(start, stop):
            token = tokens[index]
            if token.text in _ASSIGNMENTS and token.depth == tokens[start].depth:
                if index + 1 < stop:
                    edits.wrap(index + 1, stop, f"{AGE}.scalar(", ")", what)
            elif token.text in ("float", "int") and tokens[index + 1 : index + 2]:
                is_called = tokens[index + 1].text == "(" and not _is_attribute(tokens, index)
                if is_called:
                    edits.replace(index, f"{AGE}.{token.text}", what)
    return edits


def _aliases(tokens: Sequence[Token]) -> set[str]:
    found = set()
    for start, stop in statements(tokens):
        words = [t.text for t in tokens[start:stop] if not t.is_blank]
        if words[:3] == ["import", "numpy", "as"] and len(words) > 3:
            found.add(words[3])
    return found


def _put(edits: Edits, index: int, count: int, new: str, old: str) -> None:
    for extra in range(index + 1, index + count):
        edits.replace(extra, "")
    shown = new if AGE not in new else "x.item()"
    edits.replace(index, new, f"{shown} for {old}")


def _is_attribute(tokens: Sequence[Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].text == "."


def _subscripts(tokens: Sequence[Token], line: int) -> list[tuple[int, int]]:
    """Return what stands between the brackets of each ``x[...]`` that begins in a line."""
    found, opened = [], []
    for index, token in enumerate(tokens):
        if token.text in ("(", "[", "{"):
            opened.append(index)
        elif token.text in (")", "]", "}") and opened:
            start = opened.pop()
            before = tokens[start - 1] if start else None
            is_after = before and (before.kind is Kind.NAME or before.text in (")", "]"))
            if tokens[start].text == "[" and tokens[start].line == line and is_after:
                found.append((start + 1, index))
    return found
