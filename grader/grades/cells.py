"""Cells of CSV files: written so that a spreadsheet runs none, read so that none is changed.

``cell``, ``line``   our own files.
``Sheet``            somebody else's file, of which all but some cells stay as they are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.errors import CourseError

END = "\r\n"  # RFC 4180
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CELL = r'(?P<raw>"(?:[^"]|"")*"[^{s}\r\n]*|[^{s}\r\n]*)(?P<stop>{s}|\r\n|\r|\n|\Z)'


def cell(text: str) -> str:
    """Return a text as a cell in quotes; one that a spreadsheet would run gets an apostrophe."""
    safe = f"'{text}" if text.startswith(_FORMULA) else text
    return '"' + safe.replace('"', '""') + '"'


def line(cells: Iterable[str]) -> str:
    """Return finished cells as a line."""
    return ",".join(cells) + END


def encoded(text: str, *, bom: bool) -> bytes:
    """Return a file as UTF-8; what no encoding knows (names of odd files) is escaped."""
    return (codecs.BOM_UTF8 if bom else b"") + text.encode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class Sheet:
    """A CSV file as it came: raw cells with their quotes, and how every line ended."""

    bom: bytes
    separator: str
    lines: tuple[tuple[str, ...], ...]
    ends: tuple[str, ...]

    def value(self, row: int, column: int) -> str:
        """Return the text of a cell; empty where the line is short."""
        cells = self.lines[row]
        return _value(cells[column]) if column < len(cells) else ""

    @property
    def header(self) -> list[str]:
        """The texts of the first line."""
        return [_value(raw).strip() for raw in self.lines[0]]

    def with_cells(self, new: dict[tuple[int, int], str]) -> bytes:
        """Return the file with the texts of some cells, and everything else byte for byte."""
        out = []
        for row, (cells, end) in enumerate(zip(self.lines, self.ends, strict=True)):
            raw = [
                self._raw(new[row, column]) if (row, column) in new else old
                for column, old in enumerate(cells)
            ]
            out.append(self.separator.join(raw) + end)
        return self.bom + "".join(out).encode("utf-8", "surrogateescape")

    def _raw(self, text: str) -> str:
        if any(mark in text for mark in (self.separator, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text


def read_sheet(content: bytes, wanted: Sequence[str], what: str) -> Sheet:
    """Read a downloaded file whose header has a column of the wanted names.

    Raises ``CourseError`` where it is another file. Bytes that are no UTF-8 stay as they are.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        raise CourseError(f"{what}: not a CSV file in UTF-8; take the file as it was downloaded")
    bom = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    text = content[len(bom) :].decode("utf-8", "surrogateescape")
    for separator in (",", ";", "\t"):
        sheet = _split(bom, text, separator)
        if sheet.lines and {name.casefold() for name in sheet.header} & {*wanted}:
            return sheet
    raise CourseError(f"{what}: its first line has no column {' or '.join(wanted)}")


def _split(bom: bytes, text: str, separator: str) -> Sheet:
    lines: list[tuple[str, ...]] = []
    ends: list[str] = []
    cells: list[str] = []
    for found in re.finditer(_CELL.format(s=re.escape(separator)), text):
        cells.append(found["raw"])
        if found["stop"] == separator:
            continue
        if found.end() < len(text) or found["stop"] or cells != [""]:
            lines.append(tuple(cells))
            ends.append(found["stop"])
        cells = []
        if not found["stop"]:
            break
    return Sheet(bom, separator, tuple(lines), tuple(ends))


def _value(raw: str) -> str:
    text = raw.strip(" ")
    if not text.startswith('"'):
        return raw
    return text.removeprefix('"').removesuffix('"').replace('""', '"')
