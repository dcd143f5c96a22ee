"""What a layout says of one submission, before the roster is asked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

_UNSAFE = {"Cc", "Cs", "Zl", "Zp"}  # would break a line or could not be written at all


@dataclass(frozen=True)
class Person:
    """A student as a platform names them: an id, a name, other words the roster may know."""

    id: str
    name: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrival:
    """One submission as it lies there."""

    label: str  # the same in every run; the key is made of it
    persons: tuple[Person, ...]
    place: Path
    files: tuple[tuple[str, str], ...] = ()
    submitted_at: str = ""
    rank: int = 0  # orders the attempts of a student where there are no times
    is_late: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Wanted:
    """What the instructor said of the layout, and the files that the assignments ask for."""

    part: str = ""  # after the colon: `nbgrader:ps1`
    is_named: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What a layout found: submissions, entries that are none of it, and what is odd."""

    arrivals: tuple[Arrival, ...]
    strays: tuple[Arrival, ...] = ()
    problems: tuple[str, ...] = ()


def legible(text: str) -> str:
    r"""Return a name as it is, only that what no line of text can hold becomes ``\xNN``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape", "backslashreplace").decode("ascii")
        if unicodedata.category(character) in _UNSAFE
        else character
        for character in text
    )
