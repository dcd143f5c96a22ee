"""What isolation costs, as ratios to ``python -c "import numpy"`` measured side by side.

    python benchmarks/isolation.py                  all figures
    python benchmarks/isolation.py --count 10000    as many submissions for throughput and memory

Figures: the time of one submission on each rung that this machine has; trivial submissions in the
time of an import of numpy, through the warm pool on two cores; the memory of host and warm
processes on the way; the CPU of a whole ``grade``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
# Bytecode is cached in every real installation.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import numpy as np  # noqa: E402  the threads are settled first
from cost import whole_command  # noqa: E402

from grader.isolation import SANDBOXES, Returned, available, choose  # noqa: E402
from grader.model import Call, Limits  # noqa: E402

GATE = Call("gate_class", "gates", "Gate", None, (), ("x", "y"), ("dz",))
SOURCE = """
import numpy as np
class Gate:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y
    def backward(self, dz):
        return dz * self.y, dz * self.x
"""
VALUES = [{"x": np.ones((5, 3)), "y": np.ones((5, 3))}, {"dz": np.ones((5, 3))}]
STEPS = [(n, stage, (0, 1)) for n in range(10) for stage in ("forward", "backward")]
CORES = 2


def submission(rung: str) -> None:
    """Load one trivial submission and make twenty calls, as the smallest task does."""
    with SANDBOXES[rung]({"gates.py": SOURCE}, Limits()) as session:
        answers = session.run(GATE, VALUES, STEPS, seconds=10)
    assert all(isinstance(answer, Returned) for answer in answers), answers


def import_numpy() -> None:
    """Start Python and import numpy."""
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)


def seconds_of(work: object, *arguments: str) -> float:
    """Return the time that a function takes."""
    assert callable(work)
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def each_rung(runs: int) -> None:
    """Print the price of a submission on each rung, in turn with an import of numpy."""
    rungs = available()
    ratios: dict[str, list[float]] = {rung: [] for rung in rungs}
    bare = []
    for rung in rungs:
        submission(rung)  # its warm process, which a class pays for once
    for _ in range(runs):
        bare.append(seconds_of(import_numpy))
        for rung in rungs:
            ratios[rung].append(seconds_of(submission, rung) / bare[-1])
    for rung, values in ratios.items():
        milliseconds = 1000 * statistics.median(bare) * statistics.median(values)
        print(f"{rung}: {statistics.median(values):.3f} x import numpy ({milliseconds:.1f} ms)")


def throughput(rung: str, count: int) -> None:
    """Print how many submissions go through in the time of an import, and memory on the way."""
    share = count // CORES
    shown = max(share // 5, 1)
    bare = [seconds_of(import_numpy) for _ in range(5)]

    def work(is_first: bool) -> None:
        for done in range(share):
            submission(rung)
            if is_first and done % shown == shown - 1:
                print(f"  after {CORES * (done + 1)}: {_memory()}", flush=True)

    threads = [threading.Thread(target=work, args=(n == 0,)) for n in range(CORES)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    bare += [seconds_of(import_numpy) for _ in range(5)]
    rate = CORES * share / seconds
    print(
        f"{rung}: {rate * statistics.median(bare):.1f} submissions in an import of numpy "
        f"({rate:.0f} a second, {CORES * share} of them)"
    )


def _memory() -> str:
    """Return the resident memory of this process and of all it started, in MiB."""
    own, others = 0.0, 0.0
    parents: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = (int(fields[1]), int(fields[21]) * 4096 / 2**20)
    own = parents[os.getpid()][1]
    ours = {os.getpid()}
    for _ in range(4):
        ours |= {pid for pid, (parent, _) in parents.items() if parent in ours}
    others = sum(parents[pid][1] for pid in ours) - own
    return f"host {own:.0f} MiB, its processes {others:.0f} MiB"


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--count", type=int, default=600)
    arguments = parser.parse_args()
    each_rung(arguments.runs)
    throughput(choose()[0], arguments.count)
    whole_command(max(arguments.runs // 4, 3))


if __name__ == "__main__":
    main()
