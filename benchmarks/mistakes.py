"""The fifty mistakes and the conventions of the lectures, each under many seeds, as two tables.

    python benchmarks/mistakes.py --seeds 200 [--at-most 4]

One grading is one version of one task under one seed. Every verdict is compared with the one that
is due: a finding's check, code and argument for a wrong version, full marks and the notes that are
stated for a right one. What is amiss is listed. Tests use seeds below 100; these start at 1000.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from in_process import ASSIGNMENTS, prepared  # noqa: E402  the threads are settled first
from judging import amiss, grade, grade_child, prepared_as  # noqa: E402
from variants.conventions import FORMS  # noqa: E402
from variants.harmless import HARMLESS  # noqa: E402
from variants.in_child import ROWS  # noqa: E402
from variants.mistakes import MISTAKES, WRITTEN  # noqa: E402
from variants.wrong import WRONG, Right, Wrong  # noqa: E402
from verdicts import upper_bound  # noqa: E402

FIRST_SEED = 1000
OTHER = "other"
_SHOWN = 40
Subject = tuple[tuple[str, ...], bool]  # the rows of a table it counts in, and whether it is right
Line = tuple[str, int, str]  # of what, under which seed, what is amiss


@dataclass
class Tally:
    """How many gradings of each subject were made, and which verdicts were not as due."""

    versions: Counter[Subject] = field(default_factory=Counter)
    gradings: Counter[Subject] = field(default_factory=Counter)
    amiss: Counter[Subject] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)

    def add(self, subject: Subject, name: str, seed: int, told: list[str]) -> None:
        """Count one grading and what is amiss with it."""
        self.versions[subject] += 1
        self.gradings[subject] += 1
        if told:
            self.amiss[subject] += 1
            self.lines.append((name, seed, "; ".join(told)))

    def merge(self, other: Tally) -> None:
        """Add the gradings under another seed, whose versions are the same ones."""
        self.versions |= other.versions
        self.gradings += other.gradings
        self.amiss += other.amiss
        self.lines += other.lines


Job = tuple[Subject, str, Callable[[int], list[str]]]  # of what, its name, what is amiss by seed


def jobs_of_mistakes() -> list[Job]:
    """Return a job for every version of every mistake."""
    jobs: list[Job] = []
    for assignment in ASSIGNMENTS:
        versions: list[Wrong | Right] = [*WRONG[assignment], *HARMLESS[assignment]]
        for version in versions:
            subject = (version.numbers or (OTHER,), isinstance(version, Right))
            name = f"{assignment} {version.task}, {version.label}"
            jobs.append((subject, name, partial(_amiss, assignment, version, ())))
    for row in ROWS:
        name = f"{row.assignment}, {row.label}"
        jobs.append(((row.numbers, not row.told), name, partial(grade_child, row)))
    return jobs


def jobs_of_forms() -> list[Job]:
    """Return a job for every form of every convention."""
    return [
        (
            ((form.convention,), isinstance(form.version, Right)),
            f"{form.convention}: {form.version.task}, {form.version.label} {form.stated or ''}",
            partial(_amiss, form.assignment, form.version, form.stated),
        )
        for form in FORMS
    ]


def _amiss(
    assignment: str, version: Wrong | Right, stated: tuple[tuple[str, str], ...], seed: int
) -> list[str]:
    task, result = grade(assignment, version, seed, stated)
    return amiss(task, version, result)


def judge(word: str, seed: int, *, at_most: int) -> Tally:
    """Do the jobs of one table under one seed; ``at_most`` so many of a subject, in turn."""
    tally = Tally()
    groups: dict[Subject, list[Job]] = {}
    for job in HALVES[word][0]():
        groups.setdefault(job[0], []).append(job)
    for subject, jobs in groups.items():
        count = min(len(jobs), at_most or len(jobs))
        for _, name, told in [jobs[(seed * count + k) % len(jobs)] for k in range(count)]:
            tally.add(subject, name, seed, told(seed))
        tally.versions[subject] = len(jobs)
    prepared.cache_clear()
    prepared_as.cache_clear()
    return tally


def counted(tally: Tally, row: str, *, right: bool) -> tuple[int, int, int]:
    """Return the versions, the gradings and the verdicts amiss of one side of a row."""
    subjects = [s for s in tally.versions if row in s[0] and s[1] is right]
    return (
        sum(tally.versions[s] for s in subjects),
        sum(tally.gradings[s] for s in subjects),
        sum(tally.amiss[s] for s in subjects),
    )


def cells(tally: Tally, row: str) -> str:
    """Return the figures of one row: both sides, and what is amiss on either."""
    shown, wrong_verdicts = [], 0
    for right in (False, True):
        versions, gradings, amiss_count = counted(tally, row, right=right)
        wrong_verdicts += amiss_count
        as_due = f"{gradings - amiss_count:,} of {gradings:,}"
        shown += [str(versions), as_due] if versions else ["", ""]
    return f"{' | '.join(shown)} | {wrong_verdicts} |"


def table_of_mistakes(tally: Tally) -> Iterator[str]:
    """Yield the table of the mistakes that a shipped task invites, and of those none does."""
    yield ("| | mistake | how it is told | tasks | wrong versions | rejected as due "
           "| right versions | accepted as due | amiss |")  # fmt: skip
    yield "|---" * 9 + "|"
    for mistake in MISTAKES:
        if mistake.tasks:
            tasks = len(WRITTEN[mistake.number])
            yield (f"| {mistake.number} | {mistake.what} | {mistake.told} | {tasks} "
                   f"| {cells(tally, mistake.number)}")  # fmt: skip
    yield f"| | any other | | | {cells(tally, OTHER)}"
    yield ""
    yield "| | mistake | where it is graded, or why not |"
    yield "|---|---|---|"
    yield from (f"| {m.number} | {m.what} | {m.absent} |" for m in MISTAKES if m.absent)


def table_of_conventions(tally: Tally) -> Iterator[str]:
    """Yield the table of the conventions."""
    yield ("| convention | forms ruled out | rejected as due | forms allowed | accepted as due "
           "| amiss |")  # fmt: skip
    yield "|---" * 6 + "|"
    for name in dict.fromkeys(form.convention for form in FORMS):
        yield f"| {name} | {cells(tally, name)}"


HALVES = {
    "mistakes": (jobs_of_mistakes, table_of_mistakes),
    "conventions": (jobs_of_forms, table_of_conventions),
}


def tell(tally: Tally, word: str, seconds: float) -> int:
    """Print the sum of one half and what is amiss; returns how many verdicts are."""
    gradings, wrong = sum(tally.gradings.values()), sum(tally.amiss.values())
    print(f"{word}: {gradings:,} gradings of {sum(tally.versions.values())} versions in "
          f"{seconds:.0f} s, {wrong} amiss, 95 % upper bound {upper_bound(wrong, gradings):.2g}",
          file=sys.stderr)  # fmt: skip
    for name, times in Counter(name for name, _, _ in tally.lines).most_common(_SHOWN):
        seed, line = next((seed, line) for other, seed, line in tally.lines if other == name)
        print(f"  {times} x {name}; first under seed {seed}: {line[:300]}", file=sys.stderr)
    return wrong


def main() -> int:
    """Print both tables and return 1 if any verdict was not as due."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", choices=HALVES, help="one of the two tables")
    parser.add_argument(
        "--at-most", type=int, default=0, metavar="N",
        help="N versions of each mistake or form a seed, in turn; default: all of them",
    )  # fmt: skip
    options = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + options.seeds)
    wrong = 0
    with ProcessPoolExecutor(options.processes) as pool:
        for word in [options.only] if options.only else HALVES:
            table = HALVES[word][1]
            started, tally = time.perf_counter(), Tally()
            for part in pool.map(partial(judge, word, at_most=options.at_most), seeds):
                tally.merge(part)
            print("\n".join(table(tally)), end="\n\n")
            wrong += tell(tally, word, time.perf_counter() - started)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
