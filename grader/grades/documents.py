"""What is taken from a report document (``docs/report-format.md``): marks, and why.

``handed_of``   a parsed ``report.json`` -> ``Handed``, small enough to keep a class of them.
``named``       a check as instructors read it.
``exact``       a number of a report -> the fraction it was rounded from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grader.errors import CourseError
from grader.spec.lateness import moment

Document = Mapping[str, Any]
SCHEMA = 1
_DECIMALS = 4  # of the numbers in a report
_PARTS = 64  # two fractions with so small denominators never agree to four decimals


@dataclass(frozen=True)
class Judged:
    """One task of a report: what it earned, and what was found."""

    assignment: str
    task: str
    outcome: str
    score: Fraction
    max_score: Fraction
    lost: tuple[str, ...]  # checks that cost points
    codes: tuple[tuple[str, str], ...]  # severity and code, each once


@dataclass(frozen=True)
class Handed:
    """One attempt, as its report tells it; ``totals`` are score and maximum by assignment."""

    key: str
    students: tuple[str, ...]
    number: int
    submitted_at: str
    is_late: bool | None
    note: str
    problem: str  # why there is no report
    judged: tuple[Judged, ...]
    totals: Mapping[str, tuple[Fraction, Fraction]]
    about: tuple[tuple[str, str], ...]  # severity and code of what concerns the whole submission
    circumstances: Mapping[str, Mapping[str, str]]  # by assignment: what the verdict rests on

    @property
    def moment(self) -> datetime | None:
        """When it was handed in, where that is known."""
        return moment(self.submitted_at)

    @property
    def is_readable(self) -> bool:
        """True when something could be graded."""
        return bool(self.totals)


def handed_of(document: Document) -> Handed:
    """Return what counts of a document; raises ``CourseError`` where it is none of ours."""
    try:
        if document["schema"] != SCHEMA:
            raise CourseError(f"a report of schema {document['schema']}; this reads {SCHEMA}")
        attempt, reports = document["attempt"], document["reports"]
        return Handed(
            key=attempt["key"],
            students=tuple(attempt["students"]),
            number=int(attempt.get("number", 1)),
            submitted_at=attempt.get("submitted_at") or "",
            is_late=attempt.get("late"),
            note=attempt.get("note") or "",
            problem=attempt.get("problem") or "",
            judged=tuple(judged for report in reports for judged in _judged(report)),
            totals={r["assignment"]: (exact(r["score"]), exact(r["max_score"])) for r in reports},
            about=tuple(dict.fromkeys(pair for r in reports for pair in _codes(r["findings"]))),
            circumstances={r["assignment"]: _circumstances(r) for r in reports},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(f"not a report of a batch: {type(error).__name__} {error}") from error


@lru_cache(maxsize=4096)
def exact(number: object) -> Fraction:
    """Return the simplest fraction that a report would round to this number.

    Three checks share a point as thirds, and 0.3333 three times is not 1.
    """
    stated = Fraction(str(number))
    for parts in range(1, _PARTS):
        simple = Fraction(round(stated * parts), parts)
        if round(simple, _DECIMALS) == stated:
            return simple
    return stated


def _judged(report: Mapping[str, Any]) -> Iterator[Judged]:
    for task in report["tasks"]:
        lost = (named(c) for c in task["checks"] if c["score"] < c["max_score"])
        yield Judged(
            report["assignment"],
            task["id"],
            task["outcome"],
            exact(task["score"]),
            exact(task["max_score"]),
            tuple(lost),
            _codes(task["findings"]),
        )


def named(check: Mapping[str, Any]) -> str:
    """Return the id of a check, and that it is hidden from students."""
    seen = check["visibility"]
    return str(check["id"]) if seen == "visible" else f"{check['id']} ({seen.replace('_', ' ')})"


def _codes(findings: Any) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((told["severity"], told["code"]) for told in findings))


def _circumstances(report: Mapping[str, Any]) -> dict[str, str]:
    """Return everything recorded that a verdict may hang on, by a name to tell it by."""
    versions = {f"version of {name}": text for name, text in report["versions"].items()}
    limits = {f"limit {name}": str(value) for name, value in report["limits"].items()}
    return {
        "seed": report["seed"],
        **report["digests"],  # a digest of a secret seed says more
        "isolation": report["isolation"],
        **versions,
        **limits,
    }
