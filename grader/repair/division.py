"""Whole-number division: where sizes come from, or everywhere as in Python 2."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.repair.age import AGE
from grader.repair.edits import Edits
from grader.repair.tokens import Kind, Token, statements

_ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "//=", "%=", "**="}
_MAX_STEPS = 8  # from a size back to what it is computed by
_WHAT = "integer division"
_ROUNDED = ("floor", "ceil")
_OF_NUMPY = (["np", "."], ["numpy", "."])
_POINT = re.compile(r"\.|^\d+[eE]")


def whole_sizes(tokens: Sequence[Token], line: int) -> Edits:
    """Return the source with ``//`` for ``/`` in what a line needs to be whole.

    These are the divisions inside the brackets of that line, and those in the same function that
    the names in its brackets are computed by.
    """
    edits = Edits(tokens)
    block = _function_around(tokens, line)
    own = [span for span in block if _covers(tokens, span, line)]
    for start, stop in own:
        _divide(edits, start, stop, inside_brackets=True)
    names = {name for span in own for name in _names(tokens, span, inside_brackets=True)}
    names = names or {name for span in own for name in _names(tokens, span)}
    targets = {span: set(_targets(tokens, span)) for span in block}
    for _ in range(_MAX_STEPS):
        used = [span for span, assigned in targets.items() if names & assigned]
        for span in used:
            del targets[span]
            names.update(_names(tokens, span))
            if span not in own:
                _divide(edits, *span)
    return edits


def divided_as_before(tokens: Sequence[Token]) -> Edits:
    """Return the source with every division as in Python 2."""
    edits = Edits(tokens)
    for start, stop in statements(tokens):
        for index in range(start, stop):
            token = tokens[index]
            if token.text == "/":
                edits.replace(index, f"/{AGE}.over/", "Python 2's division")
            elif token.text == "/=" and index + 1 < stop:
                edits.replace(index, f"/={AGE}.by(", "Python 2's division")
                edits.wrap(stop - 1, stop, "", ")", "")
    return edits


def _divide(edits: Edits, start: int, stop: int, *, inside_brackets: bool = False) -> None:
    tokens = edits.tokens
    for index in range(start, stop):
        is_meant = tokens[index].depth > 0 or not inside_brackets
        text = tokens[index].text
        if text in ("/", "/=") and is_meant and not _beside_a_float(tokens, index):
            edits.replace(index, "//" if text == "/" else "//=", _WHAT)
        elif text in _ROUNDED and [t.text for t in tokens[index - 2 : index]] in _OF_NUMPY:
            edits.replace(index - 2, AGE, f"a whole number from {text}")


def _beside_a_float(tokens: Sequence[Token], index: int) -> bool:
    """Return True where an operand is written with a point: that division is meant as it is."""
    around = [t for t in tokens[max(index - 2, 0) : index + 3] if not t.is_blank]
    return any(t.kind is Kind.NUMBER and _POINT.search(t.text) for t in around)


def _function_around(tokens: Sequence[Token], line: int) -> list[tuple[int, int]]:
    """Return the statements of the function that a line is in, or of the whole file."""
    spans = list(statements(tokens))
    indents = _indents(tokens)
    here = indents.get(line, 0)
    head = None
    for number, (start, _) in enumerate(spans):
        token = tokens[start]
        if token.line <= line and token.text == "def" and indents.get(token.line, 0) < max(here, 1):
            head = number
    if head is None:
        return spans
    outer = indents.get(tokens[spans[head][0]].line, 0)
    block: list[tuple[int, int]] = []
    for span in spans[head:]:
        first = tokens[span[0]]
        is_inside = indents.get(first.line, outer + 1) > outer
        if block and not is_inside and first.line > tokens[spans[head][0]].line:
            break
        block.append(span)
    return block if any(_covers(tokens, span, line) for span in block) else spans


def _indents(tokens: Sequence[Token]) -> dict[int, int]:
    """Return the columns at which the lines begin that begin a statement or go on with one."""
    indents: dict[int, int] = {}
    for index, token in enumerate(tokens):
        is_first = index == 0 or tokens[index - 1].kind is Kind.NEWLINE
        if is_first and token.kind is not Kind.NEWLINE:
            is_space = token.kind is Kind.SPACE
            indents[token.line] = len(token.text.expandtabs(8)) if is_space else 0
    return indents


def _covers(tokens: Sequence[Token], span: tuple[int, int], line: int) -> bool:
    first, last = tokens[span[0]], tokens[span[1] - 1]
    return first.line <= line <= last.line + last.text.count("\n")


def _names(
    tokens: Sequence[Token], span: tuple[int, int], *, inside_brackets: bool = False
) -> list[str]:
    return [
        token.text
        for token in tokens[slice(*span)]
        if token.kind is Kind.NAME and (token.depth > 0 or not inside_brackets)
    ]


def _targets(tokens: Sequence[Token], span: tuple[int, int]) -> list[str]:
    """Return the names that a statement assigns; those of a loop too."""
    start, stop = span
    if tokens[start].text == "for":
        ends = [i for i in range(start, stop) if tokens[i].text == "in" and not tokens[i].depth]
        return _names(tokens, (start + 1, ends[0])) if ends else []
    ends = [
        i
        for i in range(start, stop)
        if tokens[i].text in _ASSIGNMENTS and tokens[i].depth == tokens[start].depth
    ]
    return _names(tokens, (start, ends[-1])) if ends else []
