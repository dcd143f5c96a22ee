"""A course of one task and a class that hands it in, for tests and benchmarks of batches.

``write_course``  a course whose task `square` is worth 4 points: 1 for its forward, 3 for dx.
``write_class``   a folder of submissions from their sources by name.
``made``          both of them in one folder.
``words``         the words of `grade batch` over both.
``scores``        status and score by id, of what a batch wrote.
``Here``          an executor that grades in this process, and saves the start of a worker.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

FILE = "gates.py"
RIGHT = """import numpy as np
class SquareGate:
    def forward(self, x):
        self.x = x
        return x * x
    def backward(self, dz):
        return 2 * self.x * dz
"""
WRONG = RIGHT.replace("2 * self.x", "3 * self.x")  # its forward is worth 1 of 4 points
SLOW = f"import time\ntime.sleep(0.03)\n{RIGHT}"
ENDLESS = f"while True:\n    pass\n{RIGHT}"
BROKEN = "def forward(:\n"
CRASHING = f"import faulthandler\nfaulthandler._read_null()\n{RIGHT}"
RAISING = "raise SystemExit('no')\n"

_COURSE = {
    "course.yaml": "name: Tiny\n",
    "assignments/gates.yaml": """assignment: gates
title: One gate
files: [gates.py]
style: gate_class
limits: {call_seconds: 1, total_seconds: 4, memory_mb: 512, output_kb: 8}
tasks:
  - {id: square, target: SquareGate, inputs: {x: [N, D]}, outputs: [z], random_cases: 3}
""",
    "rubrics/gates.yaml": """rubric: gates
total: 4
tasks:
  square: {forward: 1, "backward[dx]": 3}
""",
    "reference/gates.py": '''class SquareGate:
    """z = x^2."""

    def forward(self, x):
        """Square."""
        self.x = x
        return x * x

    def backward(self, dz):
        """dz/dx = 2 x."""
        return 2.0 * self.x * dz
''',
}


def write_course(root: Path) -> Path:
    """Write the course."""
    for name, text in _COURSE.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def write_class(root: Path, sources: Mapping[str, str | bytes]) -> Path:
    """Write a folder for each submission; a name with an ending is a file instead."""
    root.mkdir(parents=True, exist_ok=True)
    for name, source in sources.items():
        path = root / name if "." in name else root / name / FILE
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return root


def made(home: Path, sources: Mapping[str, str | bytes]) -> Path:
    """Write the course and a class."""
    write_course(home / "course")
    write_class(home / "class", sources)
    return home


def words(home: Path, out: str | Path = "out", *more: str | Path) -> list[str]:
    """Return what follows `grade`: the course, the class and the results lie in ``home``."""
    return ["batch", str(home / "class"), "--out", str(home / out), "--assignment", "gates",
            "--course", str(home / "course"), *map(str, more)]  # fmt: skip


def table(out: Path) -> list[dict[str, str]]:
    """Return the rows of the gradebook."""
    text = (out / "grades.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def scores(out: Path) -> dict[str, tuple[str, str]]:
    """Return status and score of each student."""
    return {row["id"]: (row["status"], row["score"]) for row in table(out)}


def graded_now(text: str) -> int:
    """Return how many submissions the closing words say were graded."""
    (line,) = [line for line in text.splitlines() if "graded now" in line]
    return int(line.split()[0])


class Here(Executor):
    """Grades in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """Call it at once."""
        done: Future[Any] = Future()
        done.set_result(fn(*args))
        return done


def descendants(pids: Iterable[int]) -> list[int]:
    """Return the processes that these have started, and what those have started."""
    children: dict[int, list[int]] = {}
    for pid, parent in _processes():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    waiting = list(pids)
    while waiting:
        born = children.get(waiting.pop(), [])
        found += born
        waiting += born
    return found


def is_running(pid: int) -> bool:
    """Return True for a process that has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _processes() -> Iterator[tuple[int, int]]:
    for name in os.listdir("/proc"):  # noqa: PTH208 - a name is all that is needed
        if name.isdigit():
            try:
                fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            yield int(name), int(fields[1])
