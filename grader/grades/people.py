"""Who is who: names of files that any id gives, and pseudonyms for what leaves the course.

``file_name``         a name that every file system takes, different for different ids.
``pseudonym``         a keyed digest of an id.
``under_pseudonyms``  rows without ids and names.
``restored``          rows that were made under pseudonyms, with ids and names.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import replace

from grader.errors import CourseError
from grader.grades.lateness import Member
from grader.grades.rows import AttemptScore, Row, Status

_KEY_BYTES = 16
_DIGITS = 16
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


def file_name(student: str) -> str:
    """Return a folder name for a student; ids that it cannot show get a digest."""
    if _PLAIN.fullmatch(student):
        return student
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{re.sub(r'[^a-z0-9_-]+', '_', student.lower()).strip('_')[:50]}.{digest}".strip(".")


def pseudonym(key: bytes, student: str) -> str:
    """Return what stands for an id wherever the key's owner alone may know whose it is."""
    if len(key) < _KEY_BYTES:
        raise CourseError(f"the key of pseudonyms is too short; {_KEY_BYTES} characters at least")
    text = student.encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:_DIGITS]


def under_pseudonyms(rows: Iterable[Row], key: bytes) -> tuple[Row, ...]:
    """Return the rows, sorted by pseudonym, without a name, an id, or a remark by a human.

    The order of a roster would tell who is who, and a key of an attempt is made from an id.
    """
    hidden = (_hidden(row, key) for row in rows)
    return tuple(sorted(hidden, key=lambda row: row.id))


def restored(rows: Iterable[Row], members: Iterable[Member], key: bytes) -> tuple[Row, ...]:
    """Return the rows of reports under pseudonyms with the ids and names of the roster.

    Keys of attempts stay: by them the reports are found. Who is not on the roster stays unnamed.
    """
    names = {pseudonym(key, member.id): member for member in members}
    return tuple(_restored(row, names[row.id]) if row.id in names else row for row in rows)


def _restored(row: Row, member: Member) -> Row:
    tasks = (
        replace(t, override=replace(t.override, student=member.id)) if t.override else t
        for t in row.tasks
    )
    return replace(row, id=member.id, name=member.name, aliases=member.aliases, tasks=tuple(tasks))


def _hidden(row: Row, key: bytes) -> Row:
    own = pseudonym(key, row.id)
    tasks = (
        replace(t, override=replace(t.override, student=own, reason="", by="")) if t.override else t
        for t in row.tasks
    )
    attempts = (
        AttemptScore(pseudonym(key, a.key), a.submitted_at, a.score, a.max_score)
        for a in row.attempts
    )
    return replace(
        row,
        id=own,
        name="",
        aliases=(),
        tasks=tuple(tasks),
        attempt=pseudonym(key, row.attempt) if row.attempt else "",
        attempts=tuple(attempts),
        notes=(),
        # Why something could not be read may name a file, and files are named after students.
        needs_human=tuple(map(_without_detail, row.needs_human)),
    )


def _without_detail(reason: str) -> str:
    kind = Status.UNREADABLE.value
    return kind if reason.startswith(kind) else reason
