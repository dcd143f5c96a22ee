"""Finding students in a file of another system, and filling in its numbers.

One column of ids serves for everybody: taking the best for each student could give one the grade
of another, whose number in a different column happens to be the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.errors import CourseError
from grader.grades.cells import Sheet
from grader.grades.exporters.record import Export
from grader.grades.rows import Row, shown
from grader.spec.yaml_cursor import nearest

_COMMA = re.compile(r"\d+,\d+")

Lines = Mapping[str, list[int]]  # of the file, by id


def ids_of(sheet: Sheet, column: int, lines: Sequence[int]) -> Lines:
    """Return the lines of each id in a column."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in lines:
        if value := sheet.value(row, column).strip():
            found[value].append(row)
    return found


def place_students(
    export: Export, candidates: Mapping[str, Lines]
) -> tuple[dict[str, int], list[str]]:
    """Return the line of each student, by the column that knows most of them, and who has none.

    Raises ``CourseError`` where two columns know as many and disagree.
    """
    if export.match_on:
        if export.match_on not in candidates:
            raise CourseError(
                f"there is no column of ids `{export.match_on}`"
                f"{nearest(export.match_on, candidates)}; there are {', '.join(candidates)}"
            )
        candidates = {export.match_on: candidates[export.match_on]}
    known = {name: _known(export, lines) for name, lines in candidates.items()}
    most = max((len(found) for found in known.values()), default=0)
    best = [name for name, found in known.items() if len(found) == most]
    if not most:
        raise CourseError(f"no student is found in the columns {', '.join(candidates)}")
    if any(known[name] != known[best[0]] for name in best):
        raise CourseError(f"{' and '.join(best)} know as many ids and disagree; name one of them")
    chosen = known[best[0]]
    taken = Counter(line for lines in chosen.values() for line in lines)
    problems = [f"{row.id}: not in the file" for row in export.rows if row.id not in chosen]
    places: dict[str, int] = {}
    for student, lines in chosen.items():
        if len(lines) > 1:
            problems.append(f"{student}: stands there more than once")
        elif taken[lines[0]] > 1:
            problems.append(f"{student}: shares a line of the file with another student")
        else:
            places[student] = lines[0]
    return places, problems


def _known(export: Export, lines: Lines) -> dict[str, list[int]]:
    """Return the lines of each student, by id or by another name of theirs on the roster."""
    found = {
        row.id: sorted({line for word in (row.id, *row.aliases) for line in lines.get(word, ())})
        for row in export.rows
    }
    return {student: places for student, places in found.items() if places}


def decimal(text: str) -> Fraction | None:
    """Return a number of the file, whichever mark it has for decimals."""
    try:
        return Fraction(text.strip().replace(",", "."))
    except ValueError:
        return None


def written(points: Fraction, beside: str) -> str:
    """Return points with the mark for decimals that a number of the file has."""
    text = shown(points)
    return text.replace(".", ",") if _COMMA.fullmatch(beside.strip()) else text


def scaled(export: Export, row: Row, most: Fraction | None) -> Fraction:
    """Return the score for a maximum that the file states; raises where it is not ours."""
    if most is None or most == row.max_score:
        return row.score
    if not export.is_scaled:
        raise CourseError(
            f"the file has {shown(most)} points for the assignment, and {shown(row.max_score)} "
            "were graded: change one of them, or have the scores scaled"
        )
    return row.score * most / row.max_score
