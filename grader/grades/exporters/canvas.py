"""Canvas: a downloaded gradebook with the scores of one assignment filled in.

Its rows are matched by an id, never by name. Only the assignment's column changes, and there only
the cells of students whose grade stands: excused students (``EX``), those the assignment is not for
(``N/A``), and everything else in the file stay byte for byte.
"""

from __future__ import annotations

import re

from grader.errors import CourseError
from grader.grades.cells import Sheet, read_sheet
from grader.grades.exporters.matching import decimal, ids_of, place_students, scaled, written
from grader.grades.exporters.record import Export, Exported, held_of
from grader.spec.yaml_cursor import nearest

_IDS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_POINTS = "Points Possible"
_KEPT = ("EX", "N/A")
_TITLE = re.compile(r"(.*) \((\d+)\)", re.DOTALL)


def write(export: Export) -> Exported:
    """Return ``gradebook.csv``; raises ``CourseError`` where it is not the gradebook we know."""
    sheet = read_sheet(export.sheet, ("sis login id", "id"), "gradebook")
    column = _column(sheet, export.column)
    first, possible = _points_line(sheet, column)
    lines = range(first + 1, len(sheet.lines))
    header = sheet.header
    candidates = {name: ids_of(sheet, header.index(name), lines) for name in _IDS if name in header}
    places, problems = place_students(export, candidates)
    most = decimal(possible)
    cells: dict[tuple[int, int], str] = {}
    for row in export.rows:
        place = places.get(row.id)
        if place is None or not row.is_final:
            continue
        if (kept := sheet.value(place, column).strip()) in _KEPT:
            problems.append(f"{row.id}: {kept} there, left as it was")
            continue
        if column >= len(sheet.lines[place]):
            problems.append(f"{row.id}: the line is too short")
            continue
        cells[place, column] = written(scaled(export, row, most), possible)
    content = sheet.with_cells(cells)
    return Exported({"gradebook.csv": content}, (*problems, *held_of(export.rows)))


def _column(sheet: Sheet, wanted: str) -> int:
    """Return the column of an assignment, by its title, its number, or both as Canvas writes it."""
    titles: dict[int, tuple[str, ...]] = {}
    for place, name in enumerate(sheet.header):
        if match := _TITLE.fullmatch(name):
            titles[place] = (name, match[1], match[2])
    found = [place for place, names in titles.items() if wanted in names]
    if len(found) == 1:
        return found[0]
    known = [names[0] for names in titles.values()]
    if not found:
        close = nearest(wanted, [name for names in titles.values() for name in names[:2]])
        raise CourseError(
            f"gradebook: no assignment `{wanted}`{close}; it has {', '.join(known) or 'none'}"
        )
    raise CourseError(f"gradebook: `{wanted}` stands there twice; name it by its number")


def _points_line(sheet: Sheet, column: int) -> tuple[int, str]:
    """Return the line of maxima, after which the students come, and the assignment's maximum."""
    for row in range(1, min(4, len(sheet.lines))):
        if sheet.value(row, 0).strip() == _POINTS:
            return row, sheet.value(row, column).strip()
    raise CourseError(f"gradebook: the line `{_POINTS}` is missing")
