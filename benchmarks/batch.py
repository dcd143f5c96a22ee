"""A whole class: speed on two jobs, the cost of a submission, memory, and a very large class.

    python benchmarks/batch.py                                      a quick look
    python benchmarks/batch.py --count 1000 --simulated 100000      the figures of README.md
    python benchmarks/batch.py --only cost                          one part

The class hands in four small tasks and is graded by the real command, on the strongest isolation.
`jobs`      how much faster two jobs are than one; also where a student's own code takes 20 ms. How
            many cores each keeps busy says what is possible: a child computes while its answers are
            read, so one job takes more than one core.
`cost`      CPU of everything but the student's own code, per submission, against that of
            `python -c "import numpy"`: what a larger class costs more than a smaller one.
`memory`    of the batch after the 100th and after the last submission, and what it left open.
`simulated` reports a second, and seconds to resume, with an executor that answers at once; and what
            the bare system calls of a report allow in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once, not each time

from in_process import InProcess  # noqa: E402 - found beside the tests
from tiny_class import FILE, descendants, is_running, words, write_course  # noqa: E402

from grader.batch import Graded, Journal, Kit, Order, Status, carry_out  # noqa: E402
from grader.batch.papers import Settings, rows_of, write_papers  # noqa: E402
from grader.cases import public_seed  # noqa: E402
from grader.course import Course, load  # noqa: E402
from grader.grade import Run, grade_submission  # noqa: E402
from grader.isolation import Returned  # noqa: E402
from grader.prepare import prepare  # noqa: E402
from grader.submission import Submission  # noqa: E402

_TASKS = {"Square": ("x * x", "2 * self.x * dz"), "Cube": ("x**3", "3 * self.x**2 * dz"),
          "Sine": ("np.sin(x)", "np.cos(self.x) * dz"), "Double": ("2 * x", "2 * dz")}  # fmt: skip
_SPIN = """import time
_end = time.process_time() + {seconds}
while time.process_time() < _end:
    pass
"""


def source(spin_ms: float = 0.0) -> str:
    """Return a right submission, which takes so much CPU of its own when it is loaded."""
    spin = _SPIN.format(seconds=spin_ms / 1000) if spin_ms else ""
    gates = [
        f"class {name}Gate:\n    def forward(self, x):\n        self.x = x\n"
        f"        return {forward}\n    def backward(self, dz):\n        return {backward}\n"
        for name, (forward, backward) in _TASKS.items()
    ]
    return "\n".join([spin, "import numpy as np", *gates])


def course_of_four(root: Path) -> Path:
    """Write a course of four small tasks."""
    write_course(root)
    tasks = "\n".join(
        f"  - {{id: {name.lower()}, target: {name}Gate, inputs: {{x: [N, D]}}, outputs: [z]}}"
        for name in _TASKS
    )
    spec = f"assignment: gates\nfiles: [{FILE}]\nstyle: gate_class\ntasks:\n{tasks}\n"
    (root / "assignments" / "gates.yaml").write_text(spec)
    (root / "rubrics" / "gates.yaml").unlink()
    (root / "reference" / FILE).write_text(source())
    return root


def class_of(home: Path, count: int, spin_ms: float = 0.0) -> None:
    """Write a class in the place of the last one; no two hand in the same."""
    shutil.rmtree(home / "class", ignore_errors=True)
    for number in range(count):
        place = home / "class" / f"s{number:06d}" / FILE
        place.parent.mkdir(parents=True)
        place.write_text(f"{source(spin_ms)}\n# {number}\n")


def started(home: Path, jobs: int) -> subprocess.Popen[bytes]:
    """Start grading the class into a fresh folder."""
    shutil.rmtree(home / "out", ignore_errors=True)
    line = words(home, "out", "--jobs", str(jobs), "--allow-weak-spec", "--quiet")
    return subprocess.Popen([sys.executable, "-m", "grader", *line], cwd=ROOT,
                            stdout=subprocess.DEVNULL)  # fmt: skip


def graded(home: Path, jobs: int) -> tuple[float, float]:
    """Grade the class; return the seconds, and those of CPU with all processes below."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    if code := started(home, jobs).wait():
        raise SystemExit(f"the batch ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu


def measure_jobs(home: Path, asked: argparse.Namespace) -> None:
    """Print how much faster two jobs are than one."""
    for spin_ms, must in ((0.0, 1.5), (20.0, 1.7)):
        class_of(home, asked.count, spin_ms)
        ratios, rates, costs, busy = [], [], [], []
        for _ in range(asked.runs):  # in turn, so that both see the same machine
            (one, cpu_of_one), (two, cpu_of_two) = graded(home, 1), graded(home, 2)
            ratios.append(one / two)
            rates.append(asked.count / two)
            costs.append(cpu_of_two / cpu_of_one)
            busy.append((cpu_of_one / one, cpu_of_two / two))
        print(f"{asked.count} submissions, own code {spin_ms:g} ms: two jobs are "
              f"{statistics.median(ratios):.2f} x as fast as one (must be at least {must}), "
              f"{statistics.median(rates):.0f} a second, starting included, and take "
              f"{statistics.median(costs):.2f} x the CPU; cores kept busy by one and by two: "
              f"{', '.join(f'{one:.2f} and {two:.2f}' for one, two in busy)}; each ratio: "
              f"{', '.join(f'{ratio:.2f}' for ratio in ratios)}")  # fmt: skip


def own_seconds(home: Path) -> float:
    """Return the seconds of the student's own code in one submission."""
    spent = [0.0]

    class Timed(InProcess):
        def run(self, *args: Any, **options: Any) -> list[Any]:
            replies = super().run(*args, **options)
            spent[0] += sum(r.seconds for r in replies if isinstance(r, Returned))
            return replies

    course = Course(home / "course", "")
    assignment, rubric = load(course, "gates")
    ready = prepare(course, assignment, rubric, public_seed(0, assignment), "public, 0")
    handed = Submission("own", {FILE: source()}, {}, (), "")
    grade_submission(ready, handed, Run(Timed, "none", ""))
    return spent[0]


def measure_cost(home: Path, asked: argparse.Namespace) -> None:
    """Print the CPU of a submission beyond its own code, against an import of numpy."""
    own, few = own_seconds(home), max(asked.count // 10, 10)
    ratios, costs = [], []
    for _ in range(asked.runs):
        class_of(home, few)
        start = graded(home, 2)[1]
        class_of(home, few + asked.count)
        cost = (graded(home, 2)[1] - start) / asked.count - own
        costs.append(1000 * cost)
        ratios.append(cost / statistics.median(cpu_of_numpy() for _ in range(9)))
    print(f"CPU of a submission of four tasks beyond its own {1000 * own:.1f} ms: "
          f"{statistics.median(costs):.1f} ms, {statistics.median(ratios):.2f} x import numpy "
          "(must be under 0.4)")  # fmt: skip


def cpu_of_numpy() -> float:
    """Return the CPU seconds of a bare import of numpy."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_memory(home: Path, asked: argparse.Namespace) -> None:
    """Print what the batch holds after the 100th and near its last submission."""
    class_of(home, asked.count)
    process = started(home, 2)
    seen: set[int] = set()
    for at in (min(100, asked.count // 2), asked.count - 5):
        journal = home / "out" / "journal.jsonl"
        while process.poll() is None and (
            not journal.exists() or journal.read_bytes().count(b"\n") < at
        ):
            time.sleep(0.05)
        below = descendants([process.pid])
        seen |= set(below)
        print(f"after {at}: {resident(process.pid)} MiB in the batch, "
              f"{sum(map(resident, below))} MiB in {len(below)} processes below, "
              f"{opened(process.pid)} and {sum(map(opened, below))} file descriptors")  # fmt: skip
    process.wait()
    time.sleep(0.5)
    print(f"left over at the end: {sum(map(is_running, seen))} processes")


def resident(pid: int) -> int:
    """Return the MiB of memory of a process; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) >> 10


def opened(pid: int) -> int:
    """Return how many file descriptors a process has; 0 for one that has ended."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - names are all that is needed
    except OSError:
        return 0


class AtOnce(Executor):
    """An executor that answers at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """Call it."""
        done: Future[Any] = Future()
        done.set_result(fn(*args))
        return done


def bare(home: Path, count: int, report: str, readable: str) -> float:
    """Return how many reports a second the system calls of a report allow, on four threads."""

    def keep(number: int) -> None:
        place = home / str(number)
        place.mkdir()
        for name, text in (("report.md", readable), ("report.json", report)):
            with (place / f".{name}").open("wb", buffering=0) as file:
                file.write(text.encode())
                if text is report:
                    os.fsync(file.fileno())
            (place / f".{name}").rename(place / name)

    began = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(count)))
    return count / (time.perf_counter() - began)


def measure_simulated(home: Path, asked: argparse.Namespace) -> None:
    """Print how the host's side keeps up with a very large class, and how soon it resumes."""
    class_of(home, 1)
    graded(home, 1)
    report = (home / "out" / "submissions" / "s000000" / "report.json").read_text()
    readable = (home / "out" / "submissions" / "s000000" / "report.md").read_text()
    document = json.loads(report)
    document.pop("digest")
    texts = json.dumps(document, indent=2), readable
    kit = Kit("Simulated", b"", (), "auto", allow_weak=False, digest="kit")
    count, out = asked.simulated, home / "simulated"

    def unit(order: Order, _kit: Kit) -> Graded:
        own = texts[0].replace("s000000", order.key)
        return Graded(order.key, order.digest, Status.GRADED, own, texts[1], 4, 4)

    def orders() -> Iterator[Order]:
        return (Order(f"s{number:06d}", str(number), ()) for number in range(count))

    def again(key: str) -> Order:
        raise AssertionError(f"{key} did not time out")

    (home / "bare").mkdir()
    allowed = bare(home / "bare", min(count, 5000), *texts)
    began = time.perf_counter()
    with Journal(out) as journal:
        carry_out(orders(), again, kit, AtOnce, 2, journal.store, unit=unit)
    rate = count / (time.perf_counter() - began)
    print(f"{count} simulated: {rate:.0f} reports of {len(texts[0]) >> 10} KiB a second "
          f"(must be at least 1000; the bare system calls: {allowed:.0f})")  # fmt: skip
    began = time.perf_counter()
    with Journal(out) as journal:
        kept = sum(journal.holds(order.key, order.digest) for order in orders())
    assert kept == count
    print(f"{count} resumed in {time.perf_counter() - began:.1f} s (must be under 30)")
    began = time.perf_counter()
    settings = Settings(("gates",), "plain", "latest", tuple(order.key for order in orders()))
    assignment, rubric = load(Course(home / "course", ""), "gates")
    rows, handed = rows_of(out, settings, {assignment.id: rubric})
    write_papers(out, rows, handed)
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"grades.csv, grades.jsonl and summary.md of {len(rows)} in "
          f"{time.perf_counter() - began:.1f} s; {largest} MiB at most")  # fmt: skip


PARTS = {"jobs": measure_jobs, "cost": measure_cost, "memory": measure_memory,
         "simulated": measure_simulated}  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="submissions that are graded")
    parser.add_argument("--simulated", type=int, default=5000, help="submissions that are not")
    parser.add_argument("--runs", type=int, default=1, help="repetitions of `jobs` and `cost`")
    parser.add_argument("--only", choices=sorted(PARTS))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="batch-") as folder:
        home = Path(folder)
        course_of_four(home / "course")
        for name, measure in PARTS.items():
            if asked.only in (None, name):
                measure(home, asked)


if __name__ == "__main__":
    main()
