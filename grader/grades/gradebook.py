"""From attempts to rows: which attempt counts, what a human decided, who needs to be looked at.

``prices``      the most points of each task, by the name the gradebook has for it.
``gradebook``   attempts, rubrics, roster and overrides -> one ``Row`` for every student.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from fractions import Fraction

from grader.grades.documents import Handed, Judged
from grader.grades.lateness import Late, Member, effective_due, is_extension, lateness
from grader.grades.overrides import Override
from grader.grades.rows import (
    MANUAL,
    MISSING,
    PENDING,
    UNREADABLE,
    VOID,
    AttemptScore,
    Row,
    Status,
    TaskGrade,
)
from grader.model import Rubric, Severity

LATEST, BEST = "latest", "best"
# Columns that a task must not hide.
FIXED = (
    "id", "name", "status", "score", "max_score", "raw_score", "days_late", "late_penalty",
    "submitted_at", "attempt", "attempts", "overrides", "needs_human",
)  # fmt: skip
_BEGINNING = datetime.min.replace(tzinfo=timezone.utc)
_ZERO = Fraction(0)
_FOR_HUMANS = {"faulted": "raised or died", "timed_out": "timed out"}


@dataclass(frozen=True)
class _Entry:
    """One thing that earns points: a task, or what a human grades."""

    label: str
    assignment: str
    task: str
    price: Fraction
    is_manual: bool


@dataclass(frozen=True)
class _Desk:
    """What is the same for every student."""

    entries: tuple[_Entry, ...]
    rubrics: Mapping[str, Rubric]
    overrides: Mapping[tuple[str, str], Override]
    decided: frozenset[str]  # the students of the overrides
    due: datetime | None  # of a flag: in the place of the rubrics' own


def prices(rubrics: Mapping[str, Rubric]) -> dict[str, Fraction]:
    """Return the most points of every task, manual ones included, in the order of the columns."""
    return {entry.label: entry.price for entry in _entries(rubrics)}


def gradebook(
    handed: Iterable[Handed],
    rubrics: Mapping[str, Rubric],
    members: Mapping[str, Member] | None = None,
    overrides: Sequence[Override] = (),
    attempt: str = LATEST,
    due: datetime | None = None,
) -> tuple[Row, ...]:
    """Return a row for every student of the roster, in its order, then for all others by id."""
    by_place = {(o.student, o.task): o for o in overrides}
    decided = frozenset(o.student for o in overrides)
    desk = _Desk(_entries(rubrics), rubrics, by_place, decided, due)
    attempts = _by_student(handed, members or {})
    others = sorted(attempts.keys() - (members or {}).keys())
    rows = []
    for student in [*(members or {}), *others]:
        member = (members or {}).get(student)
        own = _in_time(attempts.get(student, ()))
        row = _row(desk, student, member, own, attempt)
        if members is not None and member is None:
            row = replace(row, needs_human=("not on the roster", *row.needs_human))
        rows.append(row)
    return tuple(rows)


def _entries(rubrics: Mapping[str, Rubric]) -> tuple[_Entry, ...]:
    found = []
    for name, rubric in rubrics.items():
        priced = [(t, sum(p.values(), Fraction(0)), False) for t, p in rubric.points.items()]
        by_hand = [(t, p, True) for t, p in rubric.manual.items()]
        for task, price, is_manual in [*priced, *by_hand]:
            is_plain = len(rubrics) == 1 and task not in FIXED
            found.append(
                _Entry(task if is_plain else f"{name}.{task}", name, task, price, is_manual)
            )
    return tuple(found)


def _by_student(handed: Iterable[Handed], members: Mapping[str, Member]) -> dict[str, list[Handed]]:
    """Return every student's attempts; those of a group are everybody's in it."""
    groups: dict[str, list[str]] = defaultdict(list)
    for named in members.values():
        if named.group:
            groups[named.group].append(named.id)
    found: dict[str, list[Handed]] = defaultdict(list)
    for attempt in handed:
        sharing = dict.fromkeys(attempt.students)
        for student in attempt.students:
            member = members.get(student)
            if member is not None and member.group:
                sharing.update(dict.fromkeys(groups[member.group]))
        for student in sharing:
            found[student].append(attempt)
    return found


def _in_time(attempts: Sequence[Handed]) -> list[Handed]:
    """Return attempts as they followed each other; members of a group each count their own."""
    if all(attempt.moment for attempt in attempts):
        return sorted(attempts, key=lambda a: (a.moment or _BEGINNING, a.number, a.key))
    return sorted(attempts, key=lambda a: (a.number, a.key))


def _row(
    desk: _Desk, student: str, member: Member | None, own: Sequence[Handed], which: str
) -> Row:
    granted = member.extension if member else ""
    plain = [_marked(desk, attempt, "", granted) for attempt in own]
    place = len(own) - 1
    if which == BEST and own:
        worth = [(a.is_readable, m.score) for a, m in zip(own, plain, strict=True)]
        place = max((*rank, late) for late, rank in enumerate(worth))[2]  # of equals the latest
    chosen = own[place] if own else None
    is_plain = own and student not in desk.decided
    marked = plain[place] if is_plain else _marked(desk, chosen, student, granted)
    status = _status(marked, chosen)
    listed = (
        AttemptScore(a.key, a.submitted_at, m.score, m.max_score)
        for a, m in zip(own, plain, strict=True)
    )
    notes = [f"{g.label}: {g.override.text}" for g in marked.grades if g.override]
    if chosen is not None and chosen.note:
        notes.append(chosen.note)
    return Row(
        id=student,
        name=member.name if member else "",
        aliases=member.aliases if member else (),
        status=status,
        raw_score=marked.raw_score,
        max_score=marked.max_score,
        tasks=marked.grades,
        late=marked.late,
        attempt=chosen.key if chosen else "",
        submitted_at=chosen.submitted_at if chosen else "",
        attempts=tuple(listed),
        needs_human=tuple(_reasons(marked, chosen, status, granted)),
        notes=tuple(notes),
        circumstances=chosen.circumstances if chosen else {},
    )


@dataclass(frozen=True)
class _Marked:
    """What one attempt is worth to one student."""

    grades: tuple[TaskGrade, ...]
    raw_score: Fraction
    max_score: Fraction
    late: tuple[Late, ...]

    @property
    def score(self) -> Fraction:
        return self.raw_score - sum((late.penalty for late in self.late), _ZERO)


def _marked(desk: _Desk, attempt: Handed | None, student: str, granted: str) -> _Marked:
    """Return the marks of an attempt; overrides count for the named student alone."""
    judged = {(j.assignment, j.task): j for j in attempt.judged} if attempt else {}
    nothing = UNREADABLE if attempt and not attempt.is_readable else MISSING
    points, most = (_sums(attempt, place) for place in (0, 1))
    grades = []
    for entry in desk.entries:
        found = judged.pop((entry.assignment, entry.task), None)
        override = desk.overrides.get((student, entry.label))
        grade = _grade(entry, found, override, nothing)
        grades.append(grade)
        if found is None or override is not None:
            points[entry.assignment] += grade.score - (found.score if found else 0)
            most[entry.assignment] += grade.max_score - (found.max_score if found else 0)
    for stray in judged.values():  # of a rubric that is no longer the course's
        points[stray.assignment] -= stray.score
        most[stray.assignment] -= stray.max_score
    late = []
    for name, rubric in desk.rubrics.items():
        if attempt is not None and name in attempt.totals:
            due = effective_due(desk.due or rubric.due, granted)
            told = lateness(attempt, rubric, points[name], due)
            late += [told] if told else []
    known = desk.rubrics
    return _Marked(
        tuple(grades),
        sum((points[name] for name in known), _ZERO),
        sum((most[name] for name in known), _ZERO),
        tuple(late),
    )


def _sums(attempt: Handed | None, place: int) -> dict[str, Fraction]:
    """Return the reports' own totals by assignment: rounded once, where their tasks each were."""
    stated = {name: both[place] for name, both in attempt.totals.items()} if attempt else {}
    return defaultdict(Fraction, stated)


def _grade(
    entry: _Entry, judged: Judged | None, override: Override | None, nothing: str
) -> TaskGrade:
    if judged is None:
        outcome, score, most = PENDING if entry.is_manual else nothing, _ZERO, entry.price
    else:
        outcome, score, most = judged.outcome, judged.score, judged.max_score
    machine = score
    if override is not None:
        # A human's points bring a void task back with all it was worth.
        outcome, score, most = MANUAL, override.points, most or entry.price
    return TaskGrade(
        entry.label, entry.assignment, entry.task, outcome, score, most, machine, override
    )


def _status(marked: _Marked, attempt: Handed | None) -> Status:
    is_by_hand = any(grade.override for grade in marked.grades)
    is_settled = all(grade.is_settled for grade in marked.grades)
    if attempt is None and not is_by_hand:
        return Status.MISSING
    if attempt is not None and not attempt.is_readable:
        is_whole = all(grade.override for grade in marked.grades)
        return Status.GRADED if is_whole else Status.UNREADABLE
    if any(grade.outcome == VOID for grade in marked.grades):
        return Status.PARTIAL
    return Status.GRADED if is_settled else Status.PENDING


def _reasons(
    marked: _Marked, attempt: Handed | None, status: Status, granted: str
) -> Iterator[str]:
    """Yield why a human should look, the graver first; what was decided by hand is settled."""
    if attempt is None:
        return
    if status is Status.UNREADABLE:
        yield f"unreadable: {attempt.problem or 'nothing could be graded'}"
    open_tasks = {(g.assignment, g.task): g.label for g in marked.grades if not g.override}
    for judged in attempt.judged:
        label = open_tasks.get((judged.assignment, judged.task))
        if label is None:
            continue
        if judged.outcome == VOID:
            codes = ", ".join(code for _, code in judged.codes if code.startswith("G"))
            yield f"void: {label}" + (f" ({codes})" if codes else "")
        if judged.outcome in _FOR_HUMANS:
            yield f"{_FOR_HUMANS[judged.outcome]}: {label}"
        for severity, code in judged.codes:
            if severity == Severity.REVIEW.value:
                yield f"{code}: {label}"
    yield from (code for severity, code in attempt.about if severity == Severity.REVIEW.value)
    yield from (f"to be graded by hand: {g.label}" for g in marked.grades if g.outcome == PENDING)
    yield from (late.text for late in marked.late if late.days is None)
    if not is_extension(granted):
        yield f"the extension `{granted}` is neither days nor a date"
