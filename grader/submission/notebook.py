"""A notebook as text: its code cells one below the other, without what only IPython understands.

Nothing is executed, and no line moves inside its cell: what is left out becomes an empty line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from grader.escape import printable
from grader.worker.cells import mark, unmarked

MAX_NOTEBOOK_BYTES = 8 << 20
_MAX_CELLS = 2000
_MAX_CODE = 1 << 20  # characters of all code cells together, as of a module
_PYTHON_CELL = re.compile(r"%%(?:time|timeit|capture|prun|python3?)\b")
_MAGIC = re.compile(r"[ \t]*(?:[%!]|\?|(?:\w+[ \t]*(?:,[ \t]*\w+[ \t]*)*=[ \t]*)[%!])")
_HELP = re.compile(r"[ \t]*[\w.]+[ \t]*\?{1,2}[ \t]*$")
# What tells whether the next line begins a statement: strings, comments, brackets, line ends.
_PIECE = re.compile(r"\"\"\"|'''|\"|'|#[^\n]*|[()\[\]{}]|\\\n|\n")
_ENDS = {
    "'": re.compile(r"(?:[^'\\\n]|\\.)*(?:'|\n|\Z)", re.DOTALL),
    '"': re.compile(r"(?:[^\"\\\n]|\\.)*(?:\"|\n|\Z)", re.DOTALL),
    "'''": re.compile(r"(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)", re.DOTALL),
    '"""': re.compile(r"(?:[^\"\\]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z)", re.DOTALL),
}


class _Number(NamedTuple):
    """A number as it is written: converting a long one can take very long."""

    text: str


@dataclass(frozen=True)
class Notebook:
    """The text of the code cells and how many lines of it were left out, or why there is none."""

    text: str = ""
    cells: int = 0
    skipped: int = 0
    problem: str = ""


def read_notebook(data: bytes) -> Notebook:
    """Return the code of a notebook of format 3 or 4."""
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text, parse_int=_Number, parse_float=_Number)
    except UnicodeDecodeError as error:
        return Notebook(problem=f"is not UTF-8 text (byte {error.start})")
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return Notebook(problem=f"is not a notebook: it is not JSON ({printable(what, 60)}{line})")
    if not isinstance(document, dict):
        return Notebook(problem="is not a notebook: there is no object in it")
    if problem := _problem(document):
        return Notebook(problem=problem)
    sources = list(_sources(document))
    if not sources:
        return Notebook(problem="has no code cells")
    pieces, skipped = [], 0
    for number, source in sources:
        code, left_out = _without_magics(source)
        pieces.append(f"{mark(number)}\n{unmarked(code)}\n")
        skipped += left_out
    text = "".join(pieces)
    if len(sources) > _MAX_CELLS or len(text) > _MAX_CODE:
        return Notebook(problem="holds more code than a module may")
    if "\0" in text:
        return Notebook(problem="contains a NUL character in its code")
    return Notebook(text, len(sources), skipped)


def _problem(document: dict[str, Any]) -> str:
    version = document.get("nbformat")
    if version not in (_Number("3"), _Number("4")):
        shown = version.text if isinstance(version, _Number) else "none is stated"
        return f"is not a notebook of format 3 or 4 ({printable(shown, 20)})"
    metadata = document.get("metadata")
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        about = metadata.get(key) if isinstance(metadata, dict) else None
        language = about.get(name) if isinstance(about, dict) else None
        if isinstance(language, str) and "python" not in language.lower():
            return f"is a notebook of {printable(language, 30)}, not of Python"
    return ""


def _sources(document: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the code cells with their numbers among all cells, as an editor counts them."""
    sheets = document.get("worksheets") if document["nbformat"].text == "3" else [document]
    number = 0
    for sheet in sheets if isinstance(sheets, list) else ():
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        for cell in cells if isinstance(cells, list) else ():
            number += 1
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                source = cell.get("source", cell.get("input"))
                if isinstance(source, list):
                    source = "".join(line for line in source if isinstance(line, str))
                if isinstance(source, str):
                    yield number, source.replace("\r\n", "\n").replace("\r", "\n")


def _without_magics(source: str) -> tuple[str, int]:
    """Return a cell with magics, shell lines and questions emptied, and how many lines that are."""
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%") and not _PYTHON_CELL.match(lines[first]):
        return "\n" * (len(lines) - 1), sum(1 for line in lines if line.strip())
    kept: list[str] = []
    skipped, at = 0, 0
    while at <= len(source):
        end = source.find("\n", at)
        line = source[at : end if end >= 0 else len(source)]
        if _MAGIC.match(line) or _HELP.match(line):
            stop = at + len(line)
            kept.append("")
            skipped += 1
        else:
            stop = _end_of_statement(source, at)
            kept.append(source[at:stop])
        at = stop + 1
    return "\n".join(kept), skipped


def _end_of_statement(source: str, at: int) -> int:
    """Return where the line ends that ends the statement which begins at ``at``."""
    depth = 0
    while found := _PIECE.search(source, at):
        piece, at = found[0], found.end()
        if piece in _ENDS:
            closed = _ENDS[piece].match(source, at)
            at = closed.end() if closed else len(source)
            if len(piece) == 1 and source[at - 1 : at] == "\n":
                at -= 1  # a string that nobody closed ends with its line
        elif piece == "\n" and depth <= 0:
            return found.start()
        elif piece in "([{":
            depth += 1
        elif piece in ")]}":
            depth -= 1
    return len(source)
