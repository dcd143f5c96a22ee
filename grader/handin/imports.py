"""Which files of a tree others import, found in their text as the worker's importer finds them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping


def reached(texts: Mapping[str, str], starts: Collection[str]) -> set[str]:
    """Return the files that some files import, directly or not, themselves left out.

    Where a text cannot be parsed nobody knows, so that every file counts.
    """
    folders = {start.rpartition("/")[0] for start in starts}
    seen, waiting = {*starts}, [name for name in starts if name in texts]
    while waiting:
        name = waiting.pop()
        try:
            tree = ast.parse(texts[name])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {*texts} - {*starts}
        new = {place for place in _places(tree, name, folders) if place in texts} - seen
        seen |= new
        waiting += new
    return seen - {*starts}


def _places(tree: ast.Module, name: str, folders: Collection[str]) -> Iterator[str]:
    """Yield every file that the imports of a file could mean."""
    own = name.rpartition("/")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _below({own, *folders, ""}, alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            parts = node.module.split(".") if node.module else []
            places = {own, *folders, ""}
            if node.level:
                above = own.split("/") if own else []
                if node.level > len(above) + 1:  # above the tree
                    continue
                places = {"/".join(above[: len(above) - node.level + 1])}
            for alias in node.names:
                yield from _below(places, [*parts, alias.name])


def _below(folders: Collection[str], parts: list[str]) -> Iterator[str]:
    """Yield the files that ``a.b.c`` may stand for: each part may be one, a folder or a name."""
    for folder in folders:
        for count in range(1, len(parts) + 1):
            yield "/".join([*([folder] if folder else []), *parts[:count]]) + ".py"
