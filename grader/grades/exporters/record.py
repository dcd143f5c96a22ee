"""What every exporter works from, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from grader.grades.documents import Document
from grader.grades.people import file_name
from grader.grades.rows import Row, Status
from grader.grades.showing import for_students
from grader.model import Rubric


@dataclass(frozen=True)
class Export:
    """Rows, and the report of an attempt by its key; for some systems a file that they gave.

    ``sheet`` is the downloaded gradebook or worksheet, ``column`` its column for the assignment,
    ``match_on`` the column of ids where it is not to be guessed. ``is_scaled`` allows another
    maximum than ours. ``rubrics`` and ``now`` say what students may see; without ``now`` it is
    before every due date.
    """

    rows: Sequence[Row]
    load: Callable[[str], Document]
    sheet: bytes = b""
    column: str = ""
    match_on: str = ""
    is_scaled: bool = False
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)
    now: datetime | None = None

    def document(self, row: Row) -> Document | None:
        """Return the report of the attempt that counts, as its student may see it now."""
        return for_students(self.load(row.attempt), self.rubrics, self.now) if row.attempt else None


@dataclass(frozen=True)
class Exported:
    """Files by their path, and what a human must know: whose grade was held back, and why."""

    files: Mapping[str, bytes]
    problems: tuple[str, ...] = ()


def held_back(row: Row) -> str:
    """Return why the score of a row may not leave yet."""
    why = row.needs_human[0] if row.needs_human else row.status.value
    return f"{row.id}: {row.status.value}, left as it was ({why})"


def held_of(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what to say of all rows whose score may not leave yet; missing work is no problem."""
    for row in rows:
        if not row.is_final and row.attempt:
            yield held_back(row)


def one_each(export: Export, name: str, write: Callable[[Row], str]) -> Exported:
    """Return a file of this name for everybody who handed something in, in a folder of their id."""
    files = {
        f"{file_name(row.id)}/{name}": write(row).encode()
        for row in export.rows
        if row.status is not Status.MISSING
    }
    return Exported(files, tuple(held_of(export.rows)))
