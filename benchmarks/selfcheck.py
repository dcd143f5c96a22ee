"""What students are told without answers: right work accused, wrong backwards not seen.

    python benchmarks/selfcheck.py --seeds 200                right variants alone
    python benchmarks/selfcheck.py --seeds 0 --wrong-seeds 3  wrong versions alone
    python benchmarks/selfcheck.py --seeds 200 --only float64

Each kit has the public cases of one seed and no answer beyond them. The right ones are the folders
of tests/variants/right; none of those in float64 may be told that something was found, and those
that compute in float32 may also be told that nothing can be known. The wrong ones are all of
tests/variants/wrong whose forward is right and whose backward is not, by the full grading under
the same seed; what self-check does not see is listed by mistake. Tests use seeds below 100; these
start at 1000.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from in_process import (  # noqa: E402  the threads are settled first
    ASSIGNMENTS,
    NETWORKS,
    prepared,
    read_right,
)
from judging import grade  # noqa: E402
from kits import checked, kit_of  # noqa: E402
from test_networks import VARIANTS as OF_NETWORKS  # noqa: E402
from test_no_false_accusation import VARIANTS as OF_LECTURES  # noqa: E402
from variants.wrong import WRONG, text_of  # noqa: E402
from variants.wrong.family import FAMILY  # noqa: E402
from verdicts import upper_bound  # noqa: E402

from grader.checks import is_free  # noqa: E402
from grader.model import Outcome, Severity, TaskResult  # noqa: E402

FIRST_SEED = 1000
EVERY = (*ASSIGNMENTS, *NETWORKS)
_SINGLE = {"single", "mixed"}  # the variants that compute in float32
Line = tuple[str, int, str]  # of what, under which seed, what is amiss


@dataclasses.dataclass
class Tally:
    """How many tasks were checked, what could not be told, and what is amiss."""

    tasks: int = 0
    open: Counter[str] = dataclasses.field(default_factory=Counter)
    lines: list[Line] = dataclasses.field(default_factory=list)

    def merge(self, other: Tally) -> None:
        """Add another one."""
        self.tasks += other.tasks
        self.open += other.open
        self.lines += other.lines


def told(task: TaskResult) -> list[str]:
    """Return what a student would take for a mistake."""
    found = [f"{f.check} {f.code} {f.message}" for f in task.findings
             if f.severity is Severity.ERROR]  # fmt: skip
    quiet = (Outcome.PASSED, Outcome.SKIPPED)
    return found + [f"{c.id} {c.outcome.value}" for c in task.checks if c.outcome not in quiet]


def judge_right(job: tuple[str, int], *, is_single: bool) -> Tally:
    """Check the right variants of one assignment against the kit of one seed."""
    name, seed = job
    kit, tally = kit_of(name, seed), Tally()
    for style, assignment in (*OF_LECTURES, *OF_NETWORKS):
        if assignment != name or (style in _SINGLE) is not is_single:
            continue
        for task in checked(kit, read_right(style, name)).tasks:
            tally.tasks += 1
            tally.open.update(
                f"{name} {task.id} {c.id}: {c.reason}" for c in task.checks
                if c.outcome is Outcome.SKIPPED and not is_free(c.id)
            )  # fmt: skip
            if wrong := told(task):
                tally.lines.append((f"{style}/{name} {task.id}", seed, "; ".join(wrong)))
    prepared.cache_clear()
    return tally


def judge_wrong(job: tuple[str, int]) -> Tally:
    """Check the wrong versions of one assignment whose forward is right against one kit."""
    name, seed = job
    kit, tally = kit_of(name, seed), Tally()
    for version in (*WRONG.get(name, ()), *FAMILY.get(name, ())):
        task, due = grade(name, version, seed)
        if not _is_wrong_backward(due):
            continue
        files = read_right("plain", name)
        targets = tuple(filter(None, (task.call.target, task.call.backward)))
        text = text_of(files[task.file], targets, version)
        found = checked(kit, dict.fromkeys(files, text), task.id).tasks[0]
        tally.tasks += 1
        if not told(found):
            where = ", ".join(c.id for c in due.checks if c.outcome is Outcome.FAILED)
            tally.lines.append((f"{name} {task.id}: {version.label} (fails {where})", seed, ""))
    prepared.cache_clear()
    return tally


def _is_wrong_backward(due: TaskResult) -> bool:
    """Return True where every output is right and some gradient is not."""
    outcomes = {c.id: c.outcome for c in due.checks}
    forward = [o for c, o in outcomes.items() if c.startswith("forward")]
    priced = [o for c, o in outcomes.items() if not c.startswith("forward") and not is_free(c)]
    is_right = all(o is Outcome.PASSED for o in forward)
    return is_right and any(o in (Outcome.FAILED, Outcome.FAULTED) for o in priced)


def tell(title: str, tallies: Iterator[Tally], shown: int) -> Tally:
    """Print the figures of one population."""
    began, whole = time.perf_counter(), Tally()
    for tally in tallies:
        whole.merge(tally)
    count = len(whole.lines)
    print(f"{title}: {whole.tasks:,} tasks in {time.perf_counter() - began:.0f} s, {count} amiss, "
          f"{100 * count / max(whole.tasks, 1):.2f} %, 95 % upper bound "
          f"{upper_bound(count, whole.tasks):.2g}", flush=True)  # fmt: skip
    by_subject = Counter(subject for subject, _, _ in whole.lines)
    for subject, times in by_subject.most_common(shown):
        seed, line = next((s, line) for name, s, line in whole.lines if name == subject)
        print(f"  {times} x {subject}; first under seed {seed}: {line[:300]}")
    for what, times in whole.open.most_common(shown):
        print(f"  open {times} x {what}")
    return whole


def main() -> int:
    """Run every population; return 1 for a false alarm, or fewer than 95 % of mistakes seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=200, help="kits of right variants")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="the first seed")
    parser.add_argument("--wrong-seeds", type=int, default=0, help="kits of wrong versions")
    parser.add_argument("--of", choices=EVERY, action="append", help="assignments; default: all")
    parser.add_argument(
        "--only", choices=("float64", "float32"), help="right ones of one precision"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--shown", type=int, default=60)
    options = parser.parse_args()
    names = options.of or EVERY
    is_good = True
    with ProcessPoolExecutor(options.processes) as pool:
        right = [(n, s) for s in range(options.first, options.first + options.seeds) for n in names]
        for title, is_single in (("float64", False), ("float32", True)):
            if options.only not in (None, title):
                continue
            judge = partial(judge_right, is_single=is_single)
            found = tell(f"right variants in {title}", pool.map(judge, right), options.shown)
            is_good &= not found.lines
        wrong = [(n, s) for s in range(options.first, options.first + options.wrong_seeds)
                 for n in names]  # fmt: skip
        found = tell("wrong backwards of right forwards", pool.map(judge_wrong, wrong),
                     options.shown)  # fmt: skip
        is_good &= 20 * len(found.lines) <= found.tasks
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
