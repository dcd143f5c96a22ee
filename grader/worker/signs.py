"""Signs in a source that gradients were not derived by hand; what they mean is up to a human.

``libraries_in``  the imports of libraries that differentiate.
``signs_in``      what the function that returns the gradients does besides arithmetic.

The student's code is read, never run, and read before it is run.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Mapping

from .stubs import definition, parse

LIBRARIES = (
    "aesara", "algopy", "autograd", "caffe2", "casadi", "chainer", "cntk", "dynet", "flax", "jax",
    "jaxlib", "keras", "micrograd", "mindspore", "minitorch", "mxnet", "needle", "numdifftools",
    "paddle", "pytensor", "sympy", "tangent", "tensorflow", "theano", "tinygrad", "torch",
)  # fmt: skip
# It goes through forward, which it might differentiate; it subtracts one result of forward from
# another; it takes the imaginary part, and no real one, of what a tiny imaginary number gave.
FORWARD, DIFFERENCE, COMPLEX = "forward", "difference", "complex"
SIGNS = (FORWARD, DIFFERENCE, COMPLEX)

_IMPORTERS = {"__import__", "import_module"}
_TINY = 1e-5
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def libraries_in(source: str, own: Container[str] = ()) -> list[tuple[str, int]]:
    """Return each library that is imported, with the line; ``own`` are modules of the student."""
    if not any(name in source for name in LIBRARIES):  # a walk through the tree is dear
        return []
    found: dict[str, int] = {}
    for node in ast.walk(parse(source)):
        for name in _imported(node):
            top = name.partition(".")[0]
            if top in LIBRARIES and top not in own:
                found.setdefault(top, getattr(node, "lineno", 0))
    return list(found.items())


def signs_in(source: str, definitions: Mapping[str, str]) -> list[str]:
    """Return the signs of the stage that returns the gradients, the last of ``definitions``."""
    *_, name = definitions.values()
    forward = next(iter(definitions.values())).rpartition(".")[2]
    tree = parse(source)
    known = _known(tree, name)
    start = known.pop(name.rpartition(".")[2], None)
    if start is None:
        return []
    text = "\n".join(source.splitlines()[start.lineno : start.end_lineno])
    if not any(word in text for word in (*known, start.name, "imag")):
        return []
    reached = [f for f in _reached(start, known) if f is start or f.name != forward]
    # In a single method `loss` is a variable, `self.loss` the method.
    spelled = (ast.Attribute,) if "." in name and len(definitions) == 1 else (ast.AST,)
    nodes = [node for function in reached for node in ast.walk(function)]
    found = {
        FORWARD: any(_name(node) == forward for node in nodes if isinstance(node, spelled)),
        DIFFERENCE: any(_subtracts(function, forward) for function in reached),
        COMPLEX: _is_complex_step([*reached, *_constants(tree)]),
    }
    return [sign for sign in SIGNS if found[sign]]


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level:
        yield node.module or ""
    elif isinstance(node, ast.Call) and node.args and _called(node) in _IMPORTERS:
        name = node.args[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield name.value


def _called(call: ast.Call) -> str:
    """Return the last part of the name that is called."""
    return _name(call.func)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _known(tree: ast.Module, name: str) -> dict[str, _Function]:
    """Return the functions of the file, and the methods beside ``Class.method``, by name."""
    owner = definition(tree, name.partition(".")[0]) if "." in name else None
    bodies = (*tree.body, *getattr(owner, "body", ()))
    return {node.name: node for node in bodies if isinstance(node, _FUNCTIONS)}


def _reached(start: _Function, known: Mapping[str, _Function]) -> list[_Function]:
    """Return a function and those that it can reach by their names."""
    reached = {start.name: start}
    pending = [start]
    while pending:
        names = {_name(node) for node in ast.walk(pending.pop())}
        new = [known[name] for name in names & known.keys() - reached.keys()]
        reached |= {function.name: function for function in new}
        pending += new
    return list(reached.values())


def _constants(tree: ast.Module) -> list[ast.stmt]:
    return [statement for statement in tree.body if isinstance(statement, ast.Assign)]


def _is_complex_step(parts: Iterable[ast.AST]) -> bool:
    """Return True where a tiny imaginary number goes in and only an imaginary part comes out.

    Points of a plane written as complex numbers use both parts and no tiny number.
    """
    nodes = [node for part in parts for node in ast.walk(part)]
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    numbers = [value for value in constants if isinstance(value, (int, float, complex))]
    names = {_name(node) for node in nodes}
    is_complex = "complex" in names or any(isinstance(number, complex) for number in numbers)
    is_tiny = any(0 < abs(number) < _TINY for number in numbers)
    return is_complex and is_tiny and "imag" in names and "real" not in names


def _subtracts(function: _Function, forward: str) -> bool:
    """Return True where one forward is subtracted from another, of arguments moved in between.

    ``s - s * s`` with ``s = forward(x)`` is no such thing, nor is the same written with two calls.
    """
    nodes = list(ast.walk(function))
    results: dict[str, list[ast.Call]] = {}  # the forwards that a variable comes from
    for node in nodes:
        if isinstance(node, ast.Assign) and (calls := _forwards(node.value, forward, results)):
            names = (n for target in node.targets for n in ast.walk(target))
            results |= {n.id: calls for n in names if isinstance(n, ast.Name)}
    moved = _moved(nodes)
    for node in nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            left, right = (_forwards(n, forward, results) for n in (node.left, node.right))
            pairs = [(a, b) for a in left for b in right if a not in right and b not in left]
            if any(_arguments(a) != _arguments(b) or _uses(a, moved) for a, b in pairs):
                return True
    return False


def _forwards(
    value: ast.AST, forward: str, results: Mapping[str, list[ast.Call]]
) -> list[ast.Call]:
    """Return the calls of forward whose results are part of an expression."""
    found: list[ast.Call] = []
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and _called(node) == forward:
            found.append(node)
        elif isinstance(node, ast.Name):
            found += results.get(node.id, ())
    return found


def _moved(nodes: list[ast.AST]) -> set[str]:
    """Return the names of which an entry is assigned."""
    stored = (n for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store))
    return {_name(node.value) for node in stored} - {""}


def _arguments(call: ast.Call) -> list[str]:
    return [ast.dump(argument) for argument in (*call.args, *call.keywords)]


def _uses(call: ast.Call, names: Container[str]) -> bool:
    return any(_name(node) in names for a in call.args for node in ast.walk(a))
