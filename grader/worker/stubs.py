"""Tell a function that was never written from one that is wrong, by reading its source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache

from .starters import Function, is_starter, untouched

parse = lru_cache(maxsize=8)(ast.parse)  # every task of a file asks again

MAX_PLACES = 16
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def find_stubs(source: str, definitions: Mapping[str, str]) -> list[str]:
    """Return the stages whose function (``name`` or ``Class.method``) is still a stub.

    Of a function that is written in part, ``STAGE:PLACE`` for each result that is still zeros.
    """
    try:
        tree = parse(source)
    except (RecursionError, MemoryError):  # it compiled, so it is deep; no stub is
        return []
    found = []
    for stage, name in definitions.items():
        node: ast.AST | None = tree
        for part in name.split("."):
            node = node and definition(node, part)
        if not isinstance(node, Function):
            continue
        with suppress(RecursionError):  # no starter is so deep
            if is_stub(node) or is_starter(node):
                found.append(stage)
            else:
                found += [f"{stage}:{place}" for place in untouched(node) if place < MAX_PLACES]
    return found


def is_stub(function: Function) -> bool:
    """Return True when the body computes nothing and can only raise or return None.

    Starter code may unpack its arguments (``x, w, b = cache``) and pass them on, but what it
    returns holds a None: ``out = None; return out, cache``.
    """
    empty: set[str] = set()  # names that hold None
    for statement in function.body:
        if isinstance(statement, ast.Assign) and _is_trivial(statement.value):
            for target in statement.targets:
                empty |= _names_set_to_none(target, statement.value)
        elif isinstance(statement, ast.Return):
            return statement.value is None or _holds_none(statement.value, empty)
        elif isinstance(statement, ast.Raise):
            return _raises_not_implemented(statement)
        elif not (isinstance(statement, ast.Pass) or _is_constant(statement)):
            return False
    return True


def definition(node: ast.AST, name: str) -> ast.AST | None:
    """Return the last function or class of that name in the body of a module or class."""
    body: Iterable[ast.stmt] = getattr(node, "body", ())
    named = [s for s in body if isinstance(s, _NAMED)]
    return next((s for s in reversed(named) if s.name == name), None)


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_number(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, (int, float))


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_trivial(value: ast.expr) -> bool:
    if isinstance(value, ast.Tuple):
        return all(map(_is_trivial, value.elts))
    return isinstance(value, ast.Name) or _is_none(value) or _is_number(value)


def _names_set_to_none(target: ast.expr, value: ast.expr) -> set[str]:
    if isinstance(target, ast.Name):
        return {target.id} if _is_none(value) else set()
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
        return set().union(*(_names_set_to_none(t, v) for t, v in pairs))
    return set()


def _holds_none(value: ast.expr, empty: set[str]) -> bool:
    if isinstance(value, (ast.Tuple, ast.Dict)):
        parts = value.elts if isinstance(value, ast.Tuple) else value.values
        return all(map(_is_trivial, parts)) and any(_holds_none(v, empty) for v in parts)
    return _is_none(value) or (isinstance(value, ast.Name) and value.id in empty)


def _raises_not_implemented(statement: ast.Raise) -> bool:
    error = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(error, ast.Name) and error.id == "NotImplementedError"
