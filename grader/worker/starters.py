"""What is left of the starter code: bodies that compute nothing, results that nobody filled in.

Starter code may unpack its arguments, look at a mode and return what it began with: None, or
zeros. That source alone calls nothing unwritten: what was returned must be None, or zeros, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef

_ZEROS = frozenset({"zeros", "zeros_like"})
# Calls by which starter code prepares what is still to be written.
_PREPARING = _ZEROS | {"get", "seed", "astype", "len", "print"}
_PLAIN = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.Dict,
          ast.Call, ast.expr_context, ast.keyword, ast.Slice)  # fmt: skip
_ASKING = (*_PLAIN, ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.Not)


def is_starter(function: Function) -> bool:
    """Return True for a body that computes nothing and returns None or zeros it began with."""
    blank = _blank_names(function)
    raises = any(isinstance(statement, ast.Raise) for statement in function.body)
    if raises or not _only_prepares(function.body, blank):
        return False
    returns = [node.value for node in _own_nodes(function) if isinstance(node, ast.Return)]
    return all(value is None or _is_blank(value, blank) for value in returns)


def untouched(function: Function) -> list[int]:
    """Return the places of the results that are zeros as they were made, whatever else is done.

    The name is assigned once and then occurs in `return` alone.
    """
    nodes = list(_own_nodes(function))
    returned = [_parts(node.value) for node in nodes if isinstance(node, ast.Return)]
    if not returned or len({len(parts) for parts in returned}) > 1:
        return []
    given = {id(part) for parts in returned for part in parts}
    names = [n for n in ast.walk(function) if isinstance(n, ast.Name) and id(n) not in given]
    used = {name.id for name in names if isinstance(name.ctx, ast.Load)}
    stored = [name.id for name in names if name.id not in used]
    zeros = {
        name
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name, value in _pairs(target, node.value)
        if _is_zeros(value) and stored.count(name) == 1
    }
    return [
        place
        for place, parts in enumerate(zip(*returned, strict=True))
        if all(isinstance(part, ast.Name) and part.id in zeros for part in parts)
    ]


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """Yield the nodes of a body, but none of functions or classes inside it."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            pending += ast.iter_child_nodes(node)


def _only_prepares(body: Sequence[ast.stmt], blank: set[str]) -> bool:
    return all(_prepares(statement, blank) for statement in body)


def _prepares(statement: ast.stmt, blank: set[str]) -> bool:
    match statement:
        case ast.Pass() | ast.Raise() | ast.Return():
            return True
        case ast.Expr(value=ast.Call() | ast.Constant() as value):  # not results without `return`
            return _is_made_of(value, _PLAIN)
        case ast.Assign(targets=targets, value=value):
            return _is_made_of(value, _PLAIN) and not any(_fills(t, blank) for t in targets)
        case ast.If(test=test, body=body, orelse=rest):
            return _is_made_of(test, _ASKING) and _only_prepares([*body, *rest], blank)
    return False


def _is_made_of(value: ast.expr, kinds: tuple[type[ast.AST], ...]) -> bool:
    return all(
        isinstance(node, kinds) and not (isinstance(node, ast.Call) and not _is_preparing(node))
        for node in ast.walk(value)
    )


def _is_preparing(call: ast.Call) -> bool:
    return _called(call) in _PREPARING


def _called(value: ast.expr) -> str:
    """Return the last name of what is called: `zeros` for `np.zeros(...)`."""
    function = value.func if isinstance(value, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _fills(target: ast.expr, blank: set[str]) -> bool:
    """Return True for an assignment into a result: `dx[mask] = 0`."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return any(_fills(each, blank) for each in target.elts)
    return isinstance(target, ast.Subscript) and any(
        isinstance(node, ast.Name) and node.id in blank for node in ast.walk(target.value)
    )


def _blank_names(function: Function) -> set[str]:
    """Return the names that begin as None, as zeros or as an empty dict."""
    return {
        name
        for node in _own_nodes(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name, value in _pairs(target, node.value)
        if _is_none(value) or _called(value) in _ZEROS or _is_empty(value)
    }


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name with the value it is given; several at once, one by one."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for each, part in zip(target.elts, value.elts, strict=False):
            yield from _pairs(each, part)


def _is_blank(value: ast.expr, blank: set[str]) -> bool:
    """Return True for results of which one at least is None or zeros, and none is computed."""
    parts = _parts(value)
    if isinstance(value, ast.Dict):
        parts = value.values
    return all(_is_made_of(part, _PLAIN) for part in parts) and any(
        _is_none(part)
        or _called(part) in _ZEROS
        or any(isinstance(node, ast.Name) and node.id in blank for node in ast.walk(part))
        for part in parts
    )


def _parts(value: ast.expr | None) -> list[ast.expr]:
    if value is None:
        return []
    return value.elts if isinstance(value, ast.Tuple) else [value]


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_empty(value: ast.expr) -> bool:
    return isinstance(value, ast.Dict) and not value.keys


def _is_zeros(value: ast.expr) -> bool:
    is_number = isinstance(value, ast.Constant) and type(value.value) in (int, float)
    return _called(value) in _ZEROS or (is_number and ast.literal_eval(value) == 0)
