"""How often a verdict is false: right variants accused, automatic mutants that pass.

    python benchmarks/verdicts.py --right 10000 --mutant-seeds 50
    python benchmarks/verdicts.py --of networks

``--right`` is the least number of gradings of right variants in float64, and again of those that
compute in float32. One grading is one task of one submission under one seed. ``--mutant-seeds`` is
under how many seeds every automatic mutant of every task must be rejected. Wrong versions written
by hand are in benchmarks/mistakes.py. Tests use seeds below 100; these start at 1000.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from in_process import (  # noqa: E402  the threads are settled first
    ASSIGNMENTS,
    COURSE,
    NETWORKS,
    complaints,
    grade_texts,
    prepared,
    read_right,
)
from test_networks import VARIANTS as OF_NETWORKS  # noqa: E402
from test_no_false_accusation import VARIANTS as OF_LECTURES  # noqa: E402

from grader.cases import public_seed  # noqa: E402
from grader.course import load, support_texts  # noqa: E402
from grader.oracle import load_references  # noqa: E402
from grader.soundness import prove_task  # noqa: E402

FIRST_SEED = 1000
_SHOWN = 40
POPULATIONS = {"lectures": (ASSIGNMENTS, OF_LECTURES), "networks": (NETWORKS, OF_NETWORKS)}
_SINGLE = {"single", "mixed"}  # the variants that compute in float32
Line = tuple[str, int, str]  # of what, under which seed, what is amiss
Told = tuple[int, list[Line]]  # verdicts, and each that is amiss with its details
Job = tuple[str, int, tuple[str, ...]]  # assignment, seed, variants


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


def judge_right(job: Job) -> Told:
    """Grade some right variants of one assignment under one seed."""
    assignment, seed, names = job
    gradings, amiss = 0, []
    for name in names:
        report = grade_texts(prepared(assignment, seed), read_right(name, assignment))
        for task in report.tasks:
            gradings += 1
            told = complaints(task)
            if told:
                amiss.append((f"{name}/{assignment} {task.id}", seed, "; ".join(told)))
    prepared.cache_clear()
    return gradings, amiss


def judge_mutants(job: Job) -> Told:
    """Put every automatic mutant of one assignment to its battery under one seed."""
    name, seed, _ = job
    assignment, rubric = load(COURSE, name)
    support = support_texts(COURSE, assignment)
    references = load_references(COURSE.reference_of(name), assignment, support)
    seeded = public_seed(seed, assignment)
    proven = [prove_task(references[t.id], rubric, seeded)[0] for t in assignment.tasks]
    amiss = [
        (f"{name} {p.id}", seed, f"{f.code} {f.message}") for p in proven for f in p.weaknesses
    ]
    return sum(task.mutants for task in proven), amiss


def right_gradings(count: int, of: str, *, single: bool) -> Iterator[Job]:
    """Yield jobs for at least ``count`` gradings of right variants in one precision."""
    assignments, variants = POPULATIONS[of]
    tasks = {a: len(prepared(a, 0).assignment.tasks) for a in assignments}
    left = count
    for seed in itertools.count(FIRST_SEED):
        for assignment in assignments:
            if left <= 0:
                return
            chosen = [v for v, other in variants if other == assignment]
            names = tuple(name for name in chosen if (name in _SINGLE) is single)
            left -= tasks[assignment] * len(names)
            yield assignment, seed, names


def tell(title: str, word: str, results: Iterable[Told]) -> int:
    """Print the figures of one population; returns how many verdicts were false."""
    started, gradings = time.perf_counter(), 0
    amiss: list[Line] = []
    for count, found in results:
        gradings += count
        amiss += found
    seconds = time.perf_counter() - started
    print(f"{title}: {gradings:,} verdicts in {seconds:.0f} s, {len(amiss)} {word}, "
          f"95 % upper bound {upper_bound(len(amiss), gradings):.2g}")  # fmt: skip
    by_subject = Counter(subject for subject, _, _ in amiss)
    for subject, times in by_subject.most_common(_SHOWN):
        seed, line = next((seed, line) for name, seed, line in amiss if name == subject)
        print(f"  {times} x {subject}; first under seed {seed}: {line[:300]}")
    return len(amiss)


def main() -> int:
    """Run every population and return 1 if any verdict was false."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--right", type=int, default=10_000, help="gradings in each precision")
    parser.add_argument("--mutant-seeds", type=int, default=50, help="seeds for every mutant")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--of", choices=POPULATIONS, default="lectures")
    options = parser.parse_args()
    mutants = [
        (assignment, seed, ())
        for seed in range(FIRST_SEED, FIRST_SEED + options.mutant_seeds)
        for assignment in POPULATIONS[options.of][0]
    ]
    false = 0
    with ProcessPoolExecutor(options.processes) as pool:
        for precision, single in (("float64", False), ("float32", True)):
            right = pool.map(
                judge_right, right_gradings(options.right, options.of, single=single), chunksize=4
            )
            false += tell(f"right variants in {precision}", "accused", right)
        told = pool.map(judge_mutants, mutants, chunksize=4)
        false += tell("automatic mutants", "not rejected", told)
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main())
