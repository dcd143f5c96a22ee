"""How soon `grade --watch` answers a save: from the file's rename to the result on the screen.

    python benchmarks/watch.py             twenty saves in a kit and in a course
    python benchmarks/watch.py --saves 50

Figures: seconds from a save to the end of its result, and how much of that was spent waiting for
the student's code, in a kit of ten tasks and against a reference; the same work as a fresh `grade`;
memory after the first and after the last save. The criterion: under 0.5 s beyond the student's own
time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from kit_folder import EXAMPLES, write_kit
from running import ROOT, command, environment

CRITERION = 0.5  # seconds, beyond the student's own time
PROGRAM = """
import sys
from grader.isolation.child_process import ProcessSession
close = ProcessSession.close
def told(self):
    with open(sys.argv[1], "a") as file:
        print(self.student_seconds, file=file)
    close(self)
ProcessSession.close = told
from grader.cli import main
sys.exit(main(sys.argv[2:]))
"""


def memory_of(pid: int) -> float:
    """Return the MiB that a process holds, on Linux."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    (line,) = (one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def reactions(
    folder: Path, words: list[str], saves: int
) -> tuple[list[float], list[float], float, float]:
    """Return the seconds of each save, all and the student's own, and the memory before and after.

    The grader is the real command; all that is added is a line in a file for each session's time.
    """
    file, times = folder / "gates.py", folder / "times"
    text = file.read_text()
    taken, own = [], []
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(times), *words, "--watch", "--quiet"], cwd=folder,
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        read_result(process.stdout.fileno())
        time.sleep(0.3)
        first = memory_of(process.pid)
        for number in range(saves):
            part = folder / ".gates.py.part"
            part.write_text(f"{text}\n# save {number}\n")
            time.sleep(0.05 + 0.1 * (number % 7) / 7)  # at another moment of the poll each time
            times.write_text("")
            started = time.monotonic()
            part.replace(file)
            read_result(process.stdout.fileno())
            taken.append(time.monotonic() - started)
            own.append(sum(map(float, times.read_text().split())))
        last = memory_of(process.pid)
        process.kill()
    file.write_text(text)
    return taken, own, first, last


def read_result(descriptor: int) -> None:
    """Wait for the end of a result."""
    shown = b""
    while not (b"gates: " in shown and shown.endswith(b"\n")):
        chunk = os.read(descriptor, 1 << 16)
        if not chunk:
            raise SystemExit("the watch ended")
        shown += chunk


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--saves", type=int, default=20)
    saves = parser.parse_args().saves
    is_met = True
    with tempfile.TemporaryDirectory() as outer:
        kit = write_kit(Path(outer) / "kit", of="perfect")
        course = Path(outer) / "mine"
        course.mkdir()
        (course / "gates.py").write_bytes((EXAMPLES / "perfect" / "gates.py").read_bytes())
        for name, folder, words in (
            ("a kit of ten tasks", kit, ["."]),
            ("ten tasks against a reference", course, [".", "--course", str(ROOT)]),
        ):
            started = time.monotonic()
            subprocess.run(command(*words, "--quiet"), cwd=folder, env=environment(),
                           stdout=subprocess.DEVNULL, check=False)  # fmt: skip
            fresh = time.monotonic() - started
            taken, own, first, last = reactions(folder, words, saves)
            beyond = [one - theirs for one, theirs in zip(taken, own, strict=True)]
            print(f"{name}: {statistics.median(taken):.2f} s from a save to its result (median), "
                  f"{statistics.median(beyond):.2f} s beyond the student's own, "
                  f"{max(beyond):.2f} s at most; a fresh `grade` {fresh:.2f} s; "
                  f"memory {first:.0f} MiB, after {saves} saves {last:.0f} MiB")  # fmt: skip
            is_met = is_met and statistics.median(beyond) < CRITERION
    if not is_met:
        raise SystemExit(f"reactions take {CRITERION:g} s or more beyond the student's own time")


if __name__ == "__main__":
    main()
