"""How often a verdict is false: right variants accused, wrong versions that escape.

    python benchmarks/verdicts.py --right 10000 --seeds 200

``--right`` is the least number of gradings of right variants, ``--seeds`` how many seeds each
wrong version is graded under. One grading is one task of one submission under one seed. Tests
use seeds below 100; these start at 1000.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from in_process import ASSIGNMENTS, complaints, grade_texts, prepared, read_right
from test_no_escape import grade_wrong, judgement
from test_no_false_accusation import VARIANTS
from variants.wrong import WRONG

FIRST_SEED = 1000
_SHOWN = 40
Line = tuple[str, int, str]  # of what, under which seed, what is amiss
Told = tuple[int, list[Line]]  # gradings, and each that is amiss with its details


def upper_bound(events: int, gradings: int) -> float:
    """Return the 95 % upper bound of a rate: Wilson's, and 3 / n where nothing happened."""
    if not gradings:
        return 1.0
    if not events:
        return min(1.0, 3.0 / gradings)
    z, rate = 1.645, events / gradings
    middle = rate + z * z / (2 * gradings)
    spread = z * ((rate * (1 - rate) + z * z / (4 * gradings)) / gradings) ** 0.5
    return float((middle + spread) / (1 + z * z / gradings))


def judge_right(job: tuple[str, int]) -> Told:
    """Grade every right variant of one assignment under one seed."""
    assignment, seed = job
    gradings, amiss = 0, []
    for name, other in VARIANTS:
        if other == assignment:
            report = grade_texts(prepared(assignment, seed), read_right(name, assignment))
            for task in report.tasks:
                gradings += 1
                told = complaints(task)
                if told:
                    amiss.append((f"{name}/{assignment} {task.id}", seed, "; ".join(told)))
    prepared.cache_clear()
    return gradings, amiss


def judge_wrong(job: tuple[str, int]) -> Told:
    """Grade every wrong version of one assignment under one seed."""
    assignment, seed = job
    amiss = []
    for wrong in WRONG[assignment]:
        task, result = grade_wrong(assignment, wrong, seed)
        lines = list(judgement(task, wrong, result))
        if lines:
            amiss.append((f"{assignment} {wrong.task}, {wrong.mistake}", seed, "; ".join(lines)))
    prepared.cache_clear()
    return len(WRONG[assignment]), amiss


def right_gradings(count: int) -> Iterator[tuple[str, int]]:
    """Yield jobs for at least ``count`` gradings of right variants."""
    tasks = {a: len(prepared(a, 0).assignment.tasks) for a in ASSIGNMENTS}
    left = count
    for seed in itertools.count(FIRST_SEED):
        for assignment in ASSIGNMENTS:
            if left <= 0:
                return
            left -= tasks[assignment] * sum(other == assignment for _, other in VARIANTS)
            yield assignment, seed


def tell(title: str, word: str, results: Iterable[Told]) -> int:
    """Print the figures of one half; returns how many verdicts were false."""
    started, gradings = time.perf_counter(), 0
    amiss: list[Line] = []
    for count, found in results:
        gradings += count
        amiss += found
    seconds = time.perf_counter() - started
    print(f"{title}: {gradings} gradings in {seconds:.0f} s, {len(amiss)} {word}, "
          f"95 % upper bound {upper_bound(len(amiss), gradings):.2g}")  # fmt: skip
    by_subject = Counter(subject for subject, _, _ in amiss)
    for subject, times in by_subject.most_common(_SHOWN):
        seed, line = next((seed, line) for name, seed, line in amiss if name == subject)
        print(f"  {times} x {subject}; first under seed {seed}: {line[:300]}")
    return len(amiss)


def main() -> int:
    """Run both halves and return 1 if any verdict was false."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--right", type=int, default=10_000, help="gradings of right variants")
    parser.add_argument("--seeds", type=int, default=200, help="seeds for each wrong version")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + options.seeds)
    wrong_jobs = [(assignment, seed) for seed in seeds for assignment in ASSIGNMENTS]
    with ProcessPoolExecutor(options.processes) as pool:
        right = pool.map(judge_right, right_gradings(options.right), chunksize=4)
        false = tell("right variants", "accused", right)
        wrong = pool.map(judge_wrong, wrong_jobs, chunksize=4)
        false += tell("wrong versions", "amiss (an escape, or a false word)", wrong)
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main())
