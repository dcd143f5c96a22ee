"""``summary.md``: a class by ids alone: distribution, hard checks, who needs a human."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from grader.grades.documents import Handed
from grader.grades.rows import Row, Status, shown
from grader.model import Severity
from grader.report.to_markdown import escape

_MOST = 15  # lines of a ranking
_BINS = 10
_WIDTH = 40  # of the longest bar
Titles = Callable[[str], str]


def write(rows: Sequence[Row], handed: Iterable[Handed], title_of: Titles) -> str:
    """Return the page; ``title_of`` gives the words of a finding code.

    Checks and findings are counted over the attempts that count, a group's once.
    """
    counting = {row.attempt for row in rows if row.attempt}
    chosen = [attempt for attempt in handed if attempt.key in counting]
    parts = [
        _heading(rows),
        _distribution(rows),
        _hardest(chosen),
        _findings(chosen, title_of),
        _listed("Needs a human", ((row, why) for row in rows for why in row.needs_human)),
        _listed("Changed by hand", ((row, note) for row in rows for note in _decisions(row))),
        _listed("Late", ((row, late.text) for row in rows for late in row.late)),
        _listed("Missing", ((row, "") for row in rows if row.status is Status.MISSING)),
        _listed("Unreadable", ((row, "") for row in rows if row.status is Status.UNREADABLE)),
    ]
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def _heading(rows: Sequence[Row]) -> Iterator[str]:
    counts = Counter(row.status for row in rows)
    yield "# Summary"
    yield ""
    told = ", ".join(f"{counts[status]} {status.value}" for status in Status if counts[status])
    yield f"{len(rows)} students: {told or 'none'}."


def _distribution(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the scores of those whose grade stands, in tenths of the maximum."""
    final = [row for row in rows if row.is_final and row.max_score]
    if not final:
        return
    scores = sorted(row.score for row in final)
    mean = sum(scores, Fraction(0)) / len(scores)
    yield "## Distribution"
    yield ""
    yield (
        f"{len(final)} grades: mean {shown(round(mean, 2))}, median {shown(_quantile(scores, 2))}, "
        f"quartiles {shown(_quantile(scores, 1))} and {shown(_quantile(scores, 3))}, "
        f"lowest {shown(scores[0])}, highest {shown(scores[-1])}."
    )
    yield ""
    yield "```"
    bins = Counter(min(int(row.score / row.max_score * _BINS), _BINS - 1) for row in final)
    most = max(bins.values())
    for place in range(_BINS):
        bar = "#" * -(-bins[place] * _WIDTH // most)
        yield f"{place * 10:3} to {place * 10 + 10:3} %  {bins[place]:5}  {bar}".rstrip()
    yield "```"


def _quantile(ordered: Sequence[Fraction], quarters: int) -> Fraction:
    place = Fraction(quarters * (len(ordered) - 1), 4)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low), 2)


def _hardest(chosen: Sequence[Handed]) -> Iterator[str]:
    lost = Counter(
        f"{judged.assignment} {judged.task} {check}"
        for attempt in chosen
        for judged in attempt.judged
        for check in judged.lost
    )
    yield from _ranking("Hardest checks", ("check", "lost points"), lost, len(chosen))


def _findings(chosen: Sequence[Handed], title_of: Titles) -> Iterator[str]:
    counts = Counter(
        code
        for attempt in chosen
        for code in dict.fromkeys(
            code
            for pairs in (*(judged.codes for judged in attempt.judged), attempt.about)
            for severity, code in pairs
            if severity != Severity.NOTE.value
        )
    )
    named = Counter({f"{code} {title_of(code)}".strip(): n for code, n in counts.items()})
    yield from _ranking("Most common findings", ("finding", "submissions"), named, len(chosen))


def _ranking(
    title: str, columns: tuple[str, str], counts: Counter[str], whole: int
) -> Iterator[str]:
    if not counts:
        return
    yield f"## {title}"
    yield ""
    yield f"| {columns[0]} | {columns[1]} | of {whole} |"
    yield "| :-- | --: | --: |"
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST]:
        yield f"| {escape(name)} | {count} | {round(100 * count / whole)} % |"


def _listed(title: str, entries: Iterable[tuple[Row, str]]) -> Iterator[str]:
    lines = [f"- {escape(row.id)}{f': {escape(text)}' if text else ''}" for row, text in entries]
    if lines:
        yield f"## {title} ({len(lines)})"
        yield ""
        yield from lines


def _decisions(row: Row) -> Iterator[str]:
    for grade in row.tasks:
        if grade.override:
            points = f"{shown(grade.machine)} to {shown(grade.score)}"
            yield f"{grade.label} from {points}: {grade.override.text}"
