"""Python 2 source as Python 3 reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.repair.age import AGE
from grader.repair.edits import Edits
from grader.repair.tokens import Kind, Token, statements

_TAB = 8  # columns, as Python 2 counted them
_NAMES = {
    "xrange": "range",
    "raw_input": "input",
    "unicode": "str",
    "basestring": "str",
    "long": "int",
    "unichr": "chr",
    "reduce": f"{AGE}.reduce",
}
_METHODS = {
    "has_key": "__contains__",
    "iteritems": "items",
    "itervalues": "values",
    "iterkeys": "keys",
}
_LISTS = ("map", "zip", "filter", "range")
_NO_LIST = (".", "def", "in")  # before a name: a method, a definition, a loop that takes either
_LONG = re.compile(r"(\d+|0[xX][\da-fA-F]+)[lL]")
_OCTAL = re.compile(r"0([0-7]+)")


def modernised(tokens: Sequence[Token]) -> Edits:
    """Return the source with statements, literals and names of Python 2 replaced."""
    edits = Edits(tokens)
    has_print_function = _imports_from_the_future(tokens, "print_function")
    for start, stop in statements(tokens):
        word = tokens[start].text
        if word == "print" and not has_print_function:
            _print(edits, start, stop)
        elif word == "exec" and stop - start > 1 and not _is_call(tokens, start, stop):
            edits.wrap(_next(tokens, start), stop, "(", ")", "exec(...)")
        elif word == "except":
            comma = _comma(tokens, start, stop)
            if comma and not any(token.text == "as" for token in tokens[start:stop]):
                edits.replace(comma, " as", "`except X as e`")
        elif word == "raise" and (comma := _comma(tokens, start, stop)):
            edits.replace(comma, "(", "`raise X(...)`")
            edits.wrap(stop - 1, stop, "", ")", "`raise X(...)`")
    _replace_tokens(edits)
    _replace_tabs(edits)
    with_new_names(tokens, edits)
    return edits


def with_new_names(tokens: Sequence[Token], edits: Edits | None = None) -> Edits:
    """Return the source with the names and methods that Python 3 calls otherwise."""
    edits = edits or Edits(tokens)
    for index, token in enumerate(tokens):
        if token.text not in _NAMES and token.text not in _METHODS:
            continue
        is_attribute = _before(tokens, index) == "."
        is_keyword = token.depth > 0 and _after(tokens, index) == "="
        if token.text in (_METHODS if is_attribute else _NAMES) and not is_keyword:
            new = (_METHODS if is_attribute else _NAMES)[token.text]
            shown = {"has_key": "`in`", "reduce": "functools.reduce"}.get(token.text, new)
            edits.replace(index, new, f"{shown} for {token.text}")
    return edits


def with_lists(tokens: Sequence[Token]) -> Edits:
    """Return the source with map, zip, filter and range giving lists."""
    edits = Edits(tokens)
    for index, token in enumerate(tokens):
        is_called = _after(tokens, index) == "(" and _before(tokens, index) not in _NO_LIST
        if token.kind is Kind.NAME and token.text in (*_LISTS, "xrange") and is_called:
            name = token.text.removeprefix("x")
            edits.replace(index, f"{AGE}.{name}", f"list({name}(...))")
    return edits


def _print(edits: Edits, start: int, stop: int) -> None:
    tokens = edits.tokens
    if stop - start == 1 or _is_call(tokens, start, stop):
        return
    first = _next(tokens, start)
    if tokens[first].text in ("=", ".", ",", ")") or tokens[first].depth < tokens[start].depth:
        return  # a variable of this name
    if tokens[first].text == ">>":
        edits.replace(first, "")  # to whatever stream, it is only text
    edits.wrap(first, stop, "(", ")", "print(...)")


def _is_call(tokens: Sequence[Token], start: int, stop: int) -> bool:
    """Return True for ``word(...)`` and nothing more."""
    first = _next(tokens, start)
    if tokens[first].text != "(":
        return False
    depth = tokens[first].depth
    closing = next(
        (i for i in range(first + 1, stop) if tokens[i].text == ")" and tokens[i].depth == depth),
        stop,
    )
    return closing == stop - 1


def _comma(tokens: Sequence[Token], start: int, stop: int) -> int:
    """Return the index of the first comma outside brackets, or 0."""
    depth = tokens[start].depth
    return next(
        (i for i in range(start, stop) if tokens[i].text == "," and tokens[i].depth == depth), 0
    )


def _replace_tokens(edits: Edits) -> None:
    is_open = False
    for index, token in enumerate(edits.tokens):
        if token.text == "<>":
            edits.replace(index, "!=", "`!=`")
        elif token.text == "`":
            edits.replace(index, ")" if is_open else "repr(", "repr(...)")
            is_open = not is_open
        elif token.kind is Kind.NUMBER and (found := _LONG.fullmatch(token.text)):
            edits.replace(index, found[1], "number without L")
        elif token.kind is Kind.NUMBER and (found := _OCTAL.fullmatch(token.text)):
            if found[1].strip("0"):
                edits.replace(index, f"0o{found[1]}", "octal number")
        elif token.kind is Kind.STRING and token.text[:2].lower() == "ur":
            edits.replace(index, token.text[1:], "string without u")
        elif token.kind is Kind.NEWLINE and token.depth == 0:
            is_open = False


def _replace_tabs(edits: Edits) -> None:
    tokens = edits.tokens
    leading = [
        i
        for i, token in enumerate(tokens)
        if token.kind is Kind.SPACE and (i == 0 or tokens[i - 1].kind is Kind.NEWLINE)
    ]
    if len({"\t" in tokens[i].text for i in leading}) < 2 and not any(
        " \t" in tokens[i].text or "\t " in tokens[i].text for i in leading
    ):
        return  # one kind alone is as good in Python 3
    for i in leading:
        if "\t" in tokens[i].text and "\n" not in tokens[i].text:
            edits.replace(i, tokens[i].text.expandtabs(_TAB), "spaces for tabs")


def _imports_from_the_future(tokens: Sequence[Token], name: str) -> bool:
    for start, stop in statements(tokens):
        words = [token.text for token in tokens[start:stop] if token.kind is Kind.NAME]
        if words[:3] == ["from", "__future__", "import"] and name in words:
            return True
    return False


def has_true_division(tokens: Sequence[Token]) -> bool:
    """Return True where ``from __future__ import division`` asks for Python 3's division."""
    return _imports_from_the_future(tokens, "division")


def _next(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the next token that is not blank; the last one at the end."""
    index += 1
    while index < len(tokens) - 1 and tokens[index].is_blank:
        index += 1
    return min(index, len(tokens) - 1)


def _after(tokens: Sequence[Token], index: int) -> str:
    following = _next(tokens, index)
    return tokens[following].text if following > index else ""


def _before(tokens: Sequence[Token], index: int) -> str:
    index -= 1
    while index >= 0 and tokens[index].is_blank:
        index -= 1
    return tokens[index].text if index >= 0 else ""
