"""Moodle: a downloaded grading worksheet, filled in place.

Columns differ from site to site and none may be added. Only ``Grade`` is filled, and an empty
``Feedback comments`` beside a grade, never without one: importing that would wipe grades. Grades
that Moodle says cannot be changed are left alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from grader.errors import CourseError
from grader.grades.cells import Sheet, read_sheet
from grader.grades.exporters.items import about
from grader.grades.exporters.matching import Lines, decimal, ids_of, place_students, scaled, written
from grader.grades.exporters.record import Export, Exported, held_of
from grader.grades.rows import Row, shown

_IDS = ("Identifier", "ID number", "Email address", "Username")
_GRADE, _MOST, _FEEDBACK = "grade", "maximum grade", "feedback comments"
_CHANGEABLE = "grade can be changed"
_MODIFIED = "last modified (grade)"
_NUMBER = re.compile(r"\d+$")


def write(export: Export) -> Exported:
    """Return ``worksheet.csv``; raises ``CourseError`` where it is not the worksheet we know."""
    sheet = read_sheet(export.sheet, ("identifier",), "worksheet")
    columns = {name.casefold(): place for place, name in enumerate(sheet.header)}
    missing = [name for name in (_GRADE, _MODIFIED) if name not in columns]
    if missing:
        raise CourseError(f"worksheet: no column {' or '.join(missing)}; Moodle needs it")
    lines = range(1, len(sheet.lines))
    candidates = {
        name: _ids(sheet, name, columns[name.casefold()], lines)
        for name in _IDS
        if name.casefold() in columns
    }
    places, problems = place_students(export, candidates)
    cells: dict[tuple[int, int], str] = {}
    for row in export.rows:
        place = places.get(row.id)
        if place is None or not row.is_final:
            continue
        if _CHANGEABLE in columns and _is_locked(sheet.value(place, columns[_CHANGEABLE])):
            problems.append(f"{row.id}: Moodle says that the grade cannot be changed")
            continue
        if columns[_GRADE] >= len(sheet.lines[place]):
            problems.append(f"{row.id}: the line is too short")
            continue
        stated = sheet.value(place, columns[_MOST]) if _MOST in columns else ""
        points = scaled(export, row, decimal(stated))
        cells[place, columns[_GRADE]] = written(points, stated)
        if _FEEDBACK in columns and not sheet.value(place, columns[_FEEDBACK]):
            cells[place, columns[_FEEDBACK]] = _feedback(row)
    content = sheet.with_cells(cells)
    return Exported({"worksheet.csv": content}, (*problems, *held_of(export.rows)))


def _ids(sheet: Sheet, name: str, column: int, lines: Sequence[int]) -> Lines:
    """Return the lines by id; an identifier is ``Participant 123``, in the site's language."""
    found = ids_of(sheet, column, lines)
    if name != _IDS[0]:
        return found
    numbers = {text: _NUMBER.search(text) for text in found}
    return {m[0] if (m := numbers[text]) else text: rows for text, rows in found.items()}


def _is_locked(text: str) -> bool:
    return text.strip().casefold() == "no"


def _feedback(row: Row) -> str:
    """Return the points of every task and what else there is to say; Moodle reads it as HTML."""
    lines = [f"{g.label}: {shown(g.score)} / {shown(g.max_score)}" for g in row.tasks]
    lines += [f"{o.task}: {o.text}" for o in row.overrides]
    lines += about(row).splitlines()
    return "<br>".join(html.escape(text) for text in lines)
