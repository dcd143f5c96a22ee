"""What stays of a function of the reference: its decorators and its signature, no more.

``for_students``      a function with the parameters that students write.
``header``            the lines of a ``def`` or ``class`` down to its colon.
``names_needed``      the names that decorators, bases, defaults and annotations need.
``kept_at_the_top``   the imports and constants that a starter keeps for them.
"""

from __future__ import annotations

import ast
import builtins
import copy
import textwrap
from collections.abc import Collection, Iterator, Sequence

from grader.errors import CourseError
from grader.model import Assignment
from grader.spec.task import CONVENTIONS

Function = ast.FunctionDef | ast.AsyncFunctionDef

_WIDTH = 100


def for_students(function: Function, arguments: Collection[str]) -> Function:
    """Return the function with the parameters that students write.

    What a reference is told of conventions is not among them, and a leading underscore that only
    said that a parameter is not used goes where the spec has the name without it.
    """
    own = copy.deepcopy(function)
    kept = [
        (parameter, default)
        for parameter, default in zip(own.args.kwonlyargs, own.args.kw_defaults, strict=True)
        if parameter.arg not in CONVENTIONS
    ]
    own.args.kwonlyargs = [parameter for parameter, _ in kept]
    own.args.kw_defaults = [default for _, default in kept]
    for parameter in own.args.args:
        if parameter.arg.lstrip("_") in arguments:
            parameter.arg = parameter.arg.lstrip("_")
    return own


def header(function: Function | ast.ClassDef, indent: str) -> list[str]:
    """Return the lines from the first decorator to the colon."""
    bare = copy.deepcopy(function)
    bare.body = [ast.Pass()]
    *decorators, line, _ = ast.unparse(bare).splitlines()
    lines = [indent + each for each in decorators]
    if len(indent + line) <= _WIDTH:
        return [*lines, indent + line]
    first, last = line.index("(") + 1, line.rindex(")")
    inner = textwrap.wrap(line[first:last], _WIDTH - len(indent) - 4, break_on_hyphens=False)
    lines.append(indent + line[:first])
    lines += [f"{indent}    {part}" for part in inner]
    return [*lines, indent + line[last:]]


def names_needed(node: Function | ast.ClassDef) -> Iterator[ast.Name]:
    """Yield the names outside of a body that must be there when the file is loaded."""
    parts: list[ast.AST | None] = [*node.decorator_list]
    if isinstance(node, ast.ClassDef):
        parts += [*node.bases, *node.keywords]
    else:
        parts += [node.args, node.returns]
    for part in parts:
        for each in ast.walk(part) if part else ():
            if isinstance(each, ast.Name) and not hasattr(builtins, each.id):
                yield each


def kept_at_the_top(
    tree: ast.Module,
    needed: Sequence[ast.Name],
    own: Collection[str],
    assignment: Assignment,
    path: str,
) -> list[str]:
    """Return the imports, and the constants that signatures need; ``own`` are the targets.

    Numpy and what the course gives stay too. Raises ``CourseError`` for what else is needed: a
    decorator of the reference, say, could hold the answer.
    """
    missing = {name.id: name.lineno for name in reversed(needed) if name.id not in own}
    lines = []
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            bound = {(a.asname or a.name).partition(".")[0] for a in statement.names}
            if bound & missing.keys() or _is_given(statement, assignment):
                lines.append(ast.unparse(statement))
                missing = {n: line for n, line in missing.items() if n not in bound}
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            names = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            if names & missing.keys():
                lines.append(ast.unparse(statement))
                missing = {n: line for n, line in missing.items() if n not in names}
    if missing:
        name, line = next(iter(missing.items()))
        raise CourseError(
            f"{path}:{line}: the signature needs `{name}`, which may be part of the answer; mark "
            "what students write with `### BEGIN SOLUTION` and `### END SOLUTION`"
        )
    return lines


def _is_given(statement: ast.Import | ast.ImportFrom, assignment: Assignment) -> bool:
    """Return True for numpy, and for files that every student has."""
    modules = [a.name for a in statement.names]
    if isinstance(statement, ast.ImportFrom):
        modules = [statement.module] if statement.module else modules
    support = {file.removesuffix(".py").replace("/", ".") for file in assignment.support}
    ends = {"numpy", "__future__", *support, *(name.rpartition(".")[2] for name in support)}
    return all(name in ends or name.partition(".")[0] == "numpy" for name in modules)


def is_plain_storing(function: Function, known: Collection[str]) -> bool:
    """Return True for a constructor that does nothing but keep its arguments in attributes."""
    body = [s for s in function.body if not _is_docstring(s)]
    return all(
        isinstance(statement, ast.Assign)
        and all(_is_own_attribute(target) for target in statement.targets)
        and isinstance(statement.value, ast.Name)
        and statement.value.id in known
        for statement in body
    )


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_own_attribute(target: ast.expr) -> bool:
    return (
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and target.value.id == "self"
    )
