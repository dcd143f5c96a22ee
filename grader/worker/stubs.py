"""Tell a function that was never written from one that is wrong, by reading its source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

parse = lru_cache(maxsize=8)(ast.parse)  # every task of a file asks again

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def find_stubs(source: str, definitions: Mapping[str, str]) -> list[str]:
    """Return the stages whose function (``name`` or ``Class.method``) is still a stub."""
    try:
        tree = parse(source)
    except (RecursionError, MemoryError):  # it compiled, so it is deep; no stub is
        return []
    found = []
    for stage, name in definitions.items():
        node: ast.AST | None = tree
        for part in name.split("."):
            node = node and definition(node, part)
        if isinstance(node, _Function) and is_stub(node):
            found.append(stage)
    return found


def is_stub(function: _Function) -> bool:
    """Return True when the body computes nothing and can only raise or return None.

    Starter code may unpack its arguments (``x, w, b = cache``) and pass them on, but what it
    returns holds a None: ``out = None; return out, cache``. Or it is nothing but what starter code
    begins with: ``loss = 0.0; dW = np.zeros_like(W); return loss, dW``.
    """
    empty: set[str] = set()  # names that hold None
    blank: set[str] = set()  # names that hold None, 0, an array of zeros or an empty dict
    for statement in function.body:
        if isinstance(statement, ast.Assign) and _is_trivial(statement.value):
            for target in statement.targets:
                empty |= _names_set_to(target, statement.value, _is_none)
                blank |= _names_set_to(target, statement.value, _is_blank)
        elif isinstance(statement, ast.Return):
            value = statement.value
            return value is None or _holds_none(value, empty) or _all_blank(value, blank)
        elif isinstance(statement, ast.If):  # `if y is None: return scores`
            if statement.orelse or not _returns_none(statement.body, empty):
                return False
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


def _is_blank(value: ast.expr) -> bool:
    """Return True for what starter code gives a result before there is one."""
    return _is_none(value) or _is_zero(value) or _is_started(value)


def _is_zero(value: ast.expr) -> bool:
    return _is_number(value) and isinstance(value, ast.Constant) and value.value == 0


def _is_started(value: ast.expr) -> bool:
    """Return True for an empty dict or an array of zeros: what is to be filled."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr in ("zeros", "zeros_like")
    return isinstance(value, ast.Dict) and not value.keys


def _is_trivial(value: ast.expr) -> bool:
    if isinstance(value, ast.Tuple):
        return all(map(_is_trivial, value.elts))
    return _is_read(value) or _is_number(value) or _is_blank(value)


def _is_read(value: ast.expr) -> bool:
    """Return True for ``x``, ``self.params["W1"]`` or ``X.shape[0]``."""
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        return _is_read(value.value)
    if isinstance(value, ast.Attribute):
        return _is_read(value.value)
    return isinstance(value, ast.Name)


def _names_set_to(target: ast.expr, value: ast.expr, what: Callable[[ast.expr], bool]) -> set[str]:
    if isinstance(target, ast.Name):
        return {target.id} if what(value) else set()
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
        return set().union(*(_names_set_to(t, v, what) for t, v in pairs))
    return set()


def _returns_none(body: list[ast.stmt], empty: set[str]) -> bool:
    last = body[-1]
    return (
        isinstance(last, ast.Return)
        and all(map(_is_constant, body[:-1]))
        and (last.value is None or _holds_none(last.value, empty))
    )


def _all_blank(value: ast.expr, blank: set[str]) -> bool:
    """Return True for several results of which none was ever worked on."""
    parts = value.elts if isinstance(value, ast.Tuple) else []
    return bool(parts) and all(isinstance(part, ast.Name) and part.id in blank for part in parts)


def _holds_none(value: ast.expr, empty: set[str]) -> bool:
    if isinstance(value, (ast.Tuple, ast.Dict)):
        parts = value.elts if isinstance(value, ast.Tuple) else value.values
        return all(map(_is_trivial, parts)) and any(_holds_none(v, empty) for v in parts)
    return _is_none(value) or (isinstance(value, ast.Name) and value.id in empty)


def _raises_not_implemented(statement: ast.Raise) -> bool:
    error = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(error, ast.Name) and error.id == "NotImplementedError"
