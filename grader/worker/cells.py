"""A notebook as a module: of its code cells, what defines something is run and the rest is not.

The host joins the code cells to one text, each below a line of ``mark``. Imports, functions,
classes and plain values are kept; a statement that fails, or a cell that does not even parse,
costs nobody anything but what it would have defined.
"""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

ENDING = ".ipynb"
_MARK = "# --- code cell {} ---"
_MARKED = re.compile(r"^# --- code cell (\d{1,6}) ---$", re.MULTILINE)
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CONTAINERS = (ast.Tuple, ast.List, ast.Set)


def mark(number: int) -> str:
    """Return the line that stands above a cell."""
    return _MARK.format(number)


def unmarked(text: str) -> str:
    """Return the text of a cell without lines that could be taken for a mark."""
    return _MARKED.sub("#", text)


def split(file: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield each cell's name, as messages give it, and its text."""
    pieces = _MARKED.split(text)
    for number, cell in zip(pieces[1::2], pieces[2::2], strict=True):
        yield f"{file} cell {number}", cell.removeprefix("\n")


def place_of(stated: str, line: int, texts: Mapping[str, str]) -> tuple[str, int]:
    """Return the file, and the line in its text, of what a message calls a line of a cell."""
    file, _, number = stated.rpartition(" cell ")
    if file not in texts or not number.isdigit():
        return stated, line
    before, found, _ = texts[file].partition(f"{mark(int(number))}\n")
    return file, line + before.count("\n") + 1 if found else line


def cell_of(text: str, line: int) -> str:
    """Return the cell and the line in it, as messages give them, of a line of the whole text."""
    above = "\n".join(text.split("\n")[:line])
    marks = list(_MARKED.finditer(above))
    if not marks:
        return str(line)
    return f"cell {marks[-1][1]}:{above.count(chr(10), marks[-1].end())}"


@dataclass
class Notebook:
    """What became of the cells: the statements that failed, and the text that defines things."""

    sources: list[str] = field(default_factory=list)
    faults: list[tuple[str, BaseException]] = field(default_factory=list)  # by text, in order

    @property
    def source(self) -> str:
        """The cells that parse, as one text."""
        return "\n".join(self.sources)

    def fault_behind(self, name: str) -> BaseException | None:
        """Return why ``name`` is not defined, where a cell tried to define it."""
        defines = re.compile(rf"^(?:def|class)\s+{re.escape(name)}\b", re.MULTILINE)
        found = [error for text, error in self.faults if defines.search(text)]
        return found[-1] if found else None


def run(file: str, text: str, names: dict[str, Any]) -> Notebook:
    """Run what the cells define in ``names``; a missing module alone is let through."""
    notebook = Notebook()
    for title, cell in split(file, text):
        linecache.cache[title] = (len(cell), None, cell.splitlines(keepends=True), title)
        try:
            tree = ast.parse(cell, title)
        except Exception as error:  # noqa: BLE001 - besides SyntaxError, whatever a parser can raise
            notebook.faults.append((cell, error))
            continue
        notebook.sources.append(cell)
        for statement in tree.body:
            if not _is_kept(statement):
                continue
            try:
                # One by one: after one that fails, the next is run as in the notebook itself.
                code = compile(ast.Module([statement], []), title, "exec", dont_inherit=True)
                exec(code, names)  # noqa: S102 - running the student's code is what we are for
            except ImportError:
                raise
            except Exception as error:  # noqa: BLE001 - it is the student's
                notebook.faults.append((ast.get_source_segment(cell, statement) or "", error))
    return notebook


def _is_kept(statement: ast.stmt) -> bool:
    if isinstance(statement, _DEFINITIONS):
        return True
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return statement.value is not None and _is_plain(statement.value)
    if isinstance(statement, ast.Try):  # an import that may fail
        blocks = [statement.body, statement.orelse, statement.finalbody]
        blocks += [handler.body for handler in statement.handlers]
        return all(isinstance(s, ast.Pass) or _is_kept(s) for block in blocks for s in block)
    return False


def _is_plain(value: ast.expr) -> bool:
    """Return True for a value that is written down, and for another name of something."""
    if isinstance(value, (ast.Constant, ast.Name)):
        return True
    if isinstance(value, ast.Attribute):
        return _is_plain(value.value)
    if isinstance(value, ast.UnaryOp):
        return _is_plain(value.operand)
    if isinstance(value, ast.BinOp):
        return _is_plain(value.left) and _is_plain(value.right)
    if isinstance(value, _CONTAINERS):
        return all(map(_is_plain, value.elts))
    if isinstance(value, ast.Dict):
        return all(key is not None and _is_plain(key) for key in value.keys) and all(
            map(_is_plain, value.values)
        )
    return False
