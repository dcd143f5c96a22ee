"""From what was handed in to orders: reading one attempt, and what its verdict rests on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.batch.journal import Journal
from grader.batch.kit import Kit
from grader.batch.order import Graded, Order, Status
from grader.errors import CourseError
from grader.escape import printable
from grader.intake import Attempt, opened
from grader.model import Assignment
from grader.report import to_json
from grader.submission import read_submission


@dataclass
class Gathering:
    """The attempts of a batch, read one by one when their turn comes."""

    attempts: Mapping[str, Attempt]  # by key
    assignments: Sequence[Assignment]
    kit: Kit
    journal: Journal
    is_forced: bool = False
    factors: Mapping[str, float] = field(default_factory=dict)  # of time, by key
    kept: int = 0  # attempts that were graded before and have not changed
    unreadable: int = 0

    def orders(self) -> Iterator[Order]:
        """Yield what is to be graded; what cannot be read is stored at once, with the reason."""
        for key in self.attempts:
            order = self._read(key)
            if not self.is_forced and self.journal.holds(key, order.digest):
                self.kept += 1
            elif order.attempt.get("problem"):
                self.unreadable += 1
                self.journal.store(_unreadable(order))
            else:
                yield order

    def read_again(self, key: str) -> Order:
        """Return the order of an attempt."""
        return self._read(key)

    def _read(self, key: str) -> Order:
        attempt = self.attempts[key]
        told = {
            "key": key,
            "students": list(attempt.students),
            "number": attempt.number,
            "submitted_at": attempt.submitted_at,
            "is_late": attempt.is_late,
            "note": attempt.note,
        }
        name = printable("+".join(attempt.students), 100)
        try:
            with opened(attempt) as path:
                read = tuple(
                    (asked.id, read_submission(path, asked.files, is_tree=asked.is_tree))
                    for asked in self.assignments
                )
        except (CourseError, OSError) as error:
            problem = printable(str(error), 300)
            digest = _digest(self.kit, [problem], 1.0)
            return Order(key, digest, (), {**told, "problem": problem})
        factor = self.factors.get(key, 1.0)
        # The path would tell a name, or a folder of this machine.
        named = tuple((a, dataclasses.replace(s, name=name)) for a, s in read)
        return Order(
            key, _digest(self.kit, (s.digest for _, s in read), factor), named, told, factor
        )


def _digest(kit: Kit, submissions: Iterable[str], factor: float) -> str:
    """Return one digest over everything that a verdict rests on."""
    facts = "\0".join([kit.digest, *submissions, repr(factor)])
    return hashlib.sha256(facts.encode()).hexdigest()


def _unreadable(order: Order) -> Graded:
    problem = order.attempt["problem"]
    markdown = f"# Not graded\n\nThis submission could not be read: {problem}\n"
    text = to_json.write([], attempt=order.attempt)
    return Graded(order.key, order.digest, Status.UNREADABLE, text, markdown, note=str(problem))
