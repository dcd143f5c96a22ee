"""A starter as a notebook: a cell of text, one for the imports, one for each function or class."""

from __future__ import annotations

import ast
import json
from typing import Any

_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def as_notebook(text: str) -> str:
    """Return a notebook of format 4 with the code of a module, and its docstring as text."""
    tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    cells = []
    about = ast.get_docstring(tree)
    if about:
        cells.append({"cell_type": "markdown", "metadata": {}, "source": _split(f"# {about}")})
    behind = (tree.body[0].end_lineno or 1) + 1 if about else 1
    starts = [_first_line(node) for node in tree.body[1 if about else 0 :]]
    starts[:1] = [behind] * bool(starts)  # with the comments above the first statement
    is_own = [isinstance(node, _DEFINED) for node in tree.body[1 if about else 0 :]]
    # What stands between two functions, comments too, goes with the one above.
    firsts = [s for n, s in enumerate(starts) if n == 0 or is_own[n] or is_own[n - 1]]
    for first, end in zip(firsts, [*firsts[1:], len(lines) + 1], strict=True):
        cells.append(_code("".join(lines[first - 1 : end - 1]).strip("\n")))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
        "source": _split(source),
    }  # fmt: skip


def _split(source: str) -> list[str]:
    return source.splitlines(keepends=True)


def _first_line(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, _DEFINED) else []
    return min([node.lineno, *(each.lineno for each in decorators)])
