"""The roster: who is in the class, read from a CSV file as a platform or a spreadsheet writes it.

Headers are recognised in many spellings. Ids are texts, never numbers: leading zeros stay.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from grader.errors import CourseError
from grader.escape import printable
from grader.spec.yaml_cursor import nearest

MAX_BYTES = 64 << 20
MAX_DAYS = 366
MAX_FACTOR = 100.0
# The first of these columns that is there is the id; the others are further names of a student.
_IDS = (
    "id", "studentid", "sid", "studentnumber", "idnumber", "matriculationnumber", "sisuserid",
    "orgdefinedid", "rosteridentifier", "identifier", "username", "userid", "login", "loginid",
    "sisloginid", "netid", "githubusername", "email", "emailaddress",
)  # fmt: skip
_NAMES = ("name", "fullname", "studentname", "displayname", "student")
_FIRST_NAMES = ("firstname", "givenname")
_LAST_NAMES = ("lastname", "surname", "familyname")
_GROUPS = ("group", "groupname", "groupid", "team", "teamname")
_EXTENSIONS = ("extension", "extensiondays", "extendeduntil", "extendedto")
_FACTORS = ("timefactor", "timemultiplier", "timemultiple")
_PARTICIPANT = re.compile(r"Participant (\d+)")  # how a Moodle worksheet writes the number


@dataclass(frozen=True)
class Member:
    """One student of the class.

    ``extension`` is a number of days (``"2"``, ``"0.5"``) or a date or time in ISO 8601, or
    nothing. ``time_factor`` multiplies the limits of the assignment. ``aliases`` are what else
    platforms call the student: address, login, number.
    """

    id: str
    name: str = ""
    group: str = ""
    extension: str = ""
    time_factor: float = 1.0
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """The members of a class in the order of the file."""

    members: tuple[Member, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Member]:
        """The members by their ids."""
        return {member.id: member for member in self.members}

    @cached_property
    def by_group(self) -> Mapping[str, tuple[Member, ...]]:
        """The members of each group."""
        groups: dict[str, list[Member]] = {}
        for member in self.members:
            if member.group:
                groups.setdefault(member.group, []).append(member)
        return {group: tuple(members) for group, members in groups.items()}

    def find(self, word: str) -> Member | None:
        """Return the member with an id or another name of theirs, in whatever case, if only one."""
        return self.by_id.get(word) or self._by_alias.get(_folded(word))

    def find_name(self, name: str) -> Member | None:
        """Return the member with a full name, however it is ordered and written, if only one."""
        return self._by_name.get(_letters(name)) if name else None

    @cached_property
    def _by_alias(self) -> Mapping[str, Member]:
        # An id goes before another student's alias of the same letters.
        ids = _unique([(_folded(member.id), member) for member in self.members])
        words = [(_folded(word), member) for member in self.members for word in member.aliases]
        return {**_unique(words), **ids}

    @cached_property
    def _by_name(self) -> Mapping[str, Member]:
        return _unique(
            [(order, member) for member in self.members for order in _orders(member.name)]
        )


def read_roster(path: Path) -> Roster:
    """Read a roster; every problem in it at once is a ``CourseError`` with its line."""
    shown = printable(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such file"
        raise CourseError(f"{shown}: cannot be read: {reason}") from error
    if len(data) > MAX_BYTES:
        raise CourseError(f"{shown}: is larger than {MAX_BYTES >> 20} MiB")
    problems: list[str] = []
    members = _members(_decoded(data, shown), shown, problems)
    if problems:
        raise CourseError(*problems)
    return Roster(tuple(members))


def _decoded(data: bytes, shown: str) -> str:
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        told = "is not UTF-8 text: save it as `CSV UTF-8`"
        raise CourseError(f"{shown}:{line}: {told}") from error


def _members(text: str, shown: str, problems: list[str]) -> list[Member]:
    rows = _rows(text, shown, problems)
    _, header = next(rows, (1, []))
    columns = _Columns(header)
    problems += [f"{shown}:1: {problem}" for problem in columns.problems]
    if problems:
        return []
    members: list[Member] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        if not columns.holds_anything(row):
            continue  # empty lines, and the line of a gradebook that holds maximum points
        told, member = columns.member(row)
        if member.id in lines:
            first = lines[member.id]
            told.append(f"the id `{printable(member.id, 80)}` was on line {first} already")
        lines.setdefault(member.id, line)
        problems += [f"{shown}:{line}: {problem}" for problem in told]
        members.append(member)
    if not members and not problems:
        problems.append(f"{shown}: there is no student in it")
    return members


def _rows(text: str, shown: str, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line it begins on."""
    first = re.sub(r'"[^"]*"', "", text[:10_000].partition("\n")[0])
    delimiter = max(",;\t", key=first.count)
    # newline="": a line end within quotes is part of the value.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(f"{shown}:{line}: not valid CSV: {printable(str(error), 100)}")


class _Columns:
    """Which column of a roster is what."""

    def __init__(self, header: Sequence[str]) -> None:
        self._places: dict[str, int] = {}
        self.problems: list[str] = []
        known = {*_IDS, *_NAMES, *_FIRST_NAMES, *_LAST_NAMES, *_GROUPS, *_EXTENSIONS, *_FACTORS}
        for place, title in enumerate(header):
            word = _letters(title)
            if word in known and word in self._places:
                self.problems.append(f"two columns are named `{printable(title, 60)}`")
            self._places.setdefault(word, place)
        self._ids = [self._places[word] for word in _IDS if word in self._places]
        if not self._ids:
            titles = [printable(title, 40) for title in header[:20]]
            told = f"there is no column of ids{nearest('id', titles)}"
            self.problems.append(f"{told}; there is: {', '.join(titles) or 'nothing'}")

    def holds_anything(self, row: Sequence[str]) -> bool:
        """Return False for a row without a word that could name a student."""
        name = _cell(row, self._place(_NAMES))
        return any(_cell(row, place) for place in self._ids) or name not in ("", "Points Possible")

    def member(self, row: Sequence[str]) -> tuple[list[str], Member]:
        """Return the student of a row, and what is wrong with it."""
        told: list[str] = []
        own, *others = (_cell(row, place) for place in self._ids)
        if not own:
            told.append("there is no id")
        told += [
            f"`{printable(text, 80)}` has a control character in it"
            for text in (own, *others)
            if any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
        ]
        name = _cell(row, self._place(_NAMES))
        if not name:
            halves = (_cell(row, self._place(_FIRST_NAMES)), _cell(row, self._place(_LAST_NAMES)))
            name = " ".join(half for half in halves if half)
        extension, problem = _extension(_cell(row, self._place(_EXTENSIONS)))
        told += [problem] if problem else []
        factor, problem = _factor(_cell(row, self._place(_FACTORS)))
        told += [problem] if problem else []
        words = [*others, *(found[1] for w in (own, *others) if (found := _PARTICIPANT.match(w)))]
        aliases = tuple(dict.fromkeys(word for word in words if word))
        group = _cell(row, self._place(_GROUPS))
        return told, Member(own, name, group, extension, factor, aliases)

    def _place(self, words: Sequence[str]) -> int:
        return next((self._places[word] for word in words if word in self._places), -1)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if 0 <= place < len(row) else ""


def _extension(text: str) -> tuple[str, str]:
    days = text.lower().removesuffix("days").removesuffix("day").strip().replace(",", ".")
    if re.fullmatch(r"\d{1,4}(\.\d{1,4})?", days):
        told = f"an extension of {days} days is more than {MAX_DAYS}"
        return (days, "") if float(days) <= MAX_DAYS else ("", told)
    try:
        if text and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text).isoformat(), ""
        zoned = re.sub("Z$", "+00:00", text)
        return (datetime.fromisoformat(zoned).isoformat() if text else ""), ""
    except ValueError:
        shown = printable(text, 60)
        return "", f"the extension `{shown}` is no number of days and no date (2026-03-31)"


def _factor(text: str) -> tuple[float, str]:
    if not text:
        return 1.0, ""
    number = text.lower().removesuffix("x").removesuffix("%").strip().replace(",", ".")
    if re.fullmatch(r"\d{1,5}(\.\d{1,6})?", number):
        factor = float(number) / (100 if text.endswith("%") else 1)
        if 1 <= factor <= MAX_FACTOR:
            return factor, ""
    shown = printable(text, 60)
    return 1.0, f"the time factor `{shown}` is no number from 1 to {MAX_FACTOR:g}"


def _unique(pairs: Sequence[tuple[str, Member]]) -> dict[str, Member]:
    found: dict[str, Member | None] = {}
    for word, member in pairs:
        found[word] = member if found.get(word, member) is member else None
    return {word: member for word, member in found.items() if word and member}


def _orders(name: str) -> set[str]:
    """Return a name in both orders, letters alone: platforms drop blanks, commas and accents."""
    family, comma, given = name.partition(",")
    if not comma:
        *first, family = name.split() or [""]
        given = " ".join(first)
    return {_letters(name), _letters(given + family), _letters(family + given)}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
