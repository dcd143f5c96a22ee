"""From what was handed in to orders: reading one attempt, and what its verdict rests on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from grader.batch.journal import Journal
from grader.batch.kit import Kit
from grader.batch.order import Graded, Order, Status
from grader.errors import CourseError
from grader.escape import printable
from grader.intake import Attempt, Opened, Roster, opened
from grader.model import Assignment
from grader.report import to_json
from grader.submission import Submission, read_submission

_MOST_LEFT_OUT = 10
_HIDDEN = "something could not be read; `grade batch` without --pseudonyms says what"


@dataclass
class Gathering:
    """The attempts of a batch, read one by one when their turn comes.

    ``factors`` multiply the limits of time, by the key of an attempt. Where it ``is_hidden`` whose
    they are, no name of a file is told, which could tell it. By ``now`` it is decided what students
    see already. ``kept`` counts the attempts that are unchanged since before.
    """

    attempts: Mapping[str, Attempt]  # by key
    assignments: Sequence[Assignment]
    kit: Kit
    journal: Journal
    is_forced: bool = False
    is_hidden: bool = False
    factors: Mapping[str, float] = field(default_factory=dict)
    now: datetime | None = None
    kept: int = 0

    def orders(self) -> Iterator[Order]:
        """Yield what is to be graded; what cannot be read is stored at once, with the reason."""
        for key in self.attempts:
            order = self.read(key)
            if not self.is_forced and self.journal.holds(key, order.digest):
                self.kept += 1
            elif order.attempt["problem"]:
                self.journal.store(unreadable(order))
            else:
                yield order

    def read(self, key: str) -> Order:
        """Return the order of an attempt."""
        return read_order(
            self.attempts[key], self.assignments, self.kit, self.factors.get(key, 1.0),
            is_hidden=self.is_hidden, now=self.now,
        )  # fmt: skip


def read_order(
    attempt: Attempt,
    assignments: Sequence[Assignment],
    kit: Kit,
    factor: float = 1.0,
    *,
    is_hidden: bool = False,
    now: datetime | None = None,
) -> Order:
    """Return what is to be graded of one attempt; the reason where it cannot be read.

    Where it ``is_hidden`` whose it is, no name of a file is told.
    """
    key = attempt.key
    told = {
        "key": key,
        "students": list(attempt.students),
        "number": attempt.number,
        "submitted_at": attempt.submitted_at,
        "late": attempt.is_late,
        "note": attempt.note,
        "problem": "",
    }
    files = [file for asked in assignments for file in asked.files]
    with opened(attempt, files) as found:
        left_out = [printable(name, 100) for name in found.left_out[:_MOST_LEFT_OUT]]
        told["left_out"] = [_HIDDEN] * bool(left_out) if is_hidden else left_out
        read, problem = _read(found, assignments)
    if problem:
        told["problem"] = _HIDDEN if is_hidden else printable(problem, 300)
        return Order(key, _digest(kit, [problem], factor), (), told, factor, now)
    # A path could tell a name; a report carries ids alone.
    named = tuple((a, dataclasses.replace(s, name=key)) for a, s in read)
    digest = _digest(kit, (submission.digest for _, submission in read), factor)
    return Order(key, digest, named, told, factor, now)


def _read(
    found: Opened, assignments: Sequence[Assignment]
) -> tuple[list[tuple[str, Submission]], str]:
    """Return what was handed in for each assignment, or why nothing of it can be read."""
    if found.problem:
        return [], found.problem
    try:
        return [
            (asked.id, read_submission(found.path, asked.files, is_tree=asked.is_tree))
            for asked in assignments
        ], ""
    except CourseError as error:  # of one attempt, which must not end all others
        return [], str(error).replace(str(found.path), found.path.name)


def time_factors(attempts: Iterable[Attempt], roster: Roster | None) -> dict[str, float]:
    """Return by key what limits of time are multiplied by: of a group the largest factor."""
    factors = {}
    for attempt in attempts:
        members = [roster.by_id.get(student) for student in attempt.students] if roster else []
        found = max((member.time_factor for member in members if member), default=1.0)
        if found != 1.0:
            factors[attempt.key] = found
    return factors


def _digest(kit: Kit, submissions: Iterable[str], factor: float) -> str:
    """Return one digest over everything that a verdict rests on."""
    facts = "\0".join([kit.digest, *submissions, repr(factor)])
    return hashlib.sha256(facts.encode()).hexdigest()


def unreadable(order: Order) -> Graded:
    """Return what is kept of an attempt that cannot be read."""
    problem = str(order.attempt["problem"])
    markdown = f"# Not graded\n\nThis submission could not be read: {problem}\n"
    text = to_json.write([], attempt=order.attempt)
    return Graded(order.key, order.digest, Status.UNREADABLE, text, markdown, note=problem)
