"""Batches that are killed, starved and attacked: no result may be lost, none come twice.

    python benchmarks/faults.py                     50 rounds of each kind, ten minutes of a mix
    python benchmarks/faults.py --rounds 5 --minutes 0.2

Each round grades a class of a tiny course by the real command while something goes wrong, again and
again until it is done, and compares the gradebook, byte by byte, with that of an undisturbed run:
`batch` is killed, `child` is any process below it, `disk` is a small one that fills (where one can
be mounted), `dask` is a worker of a cluster. The mix is the attacks of tests/hostile
among good submissions. Exit code 1 where anything differs.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tiny_class import (  # noqa: E402 - found beside the tests
    BROKEN,
    CRASHING,
    RAISING,
    RIGHT,
    SLOW,
    WRONG,
    descendants,
    is_running,
    scores,
    words,
    write_class,
    write_course,
)

_LONGEST = 300.0  # seconds of one run
_TRIES = 12  # runs until a class must be done
_ROOM_KB = 16  # that a full disk gets more of, at least
_MOUNT = ("mount", "-t", "tmpfs", "-o", "size=4k", "faults")
DONE: Counter[str] = Counter()  # how often what was done
Disturb = Callable[[subprocess.Popen[str], random.Random], None]


@dataclass
class Home:
    """A course, a class, and what an undisturbed run makes of it."""

    path: Path
    expected: bytes = b""

    def start(self, out: str, *more: str) -> subprocess.Popen[str]:
        """Start the command."""
        command = [sys.executable, "-m", "grader",
                   *words(self.path, out, "--quiet", "--allow-weak-spec", *more)]  # fmt: skip
        return subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def wrong_with(self, out: str) -> list[str]:
        """Return what differs from the undisturbed run, and what is there twice or by half."""
        place = self.path / out
        problems = []
        got = (place / "grades.csv").read_bytes()
        if got != self.expected:
            lines = zip(
                self.expected.decode().splitlines(), got.decode().splitlines(), strict=False
            )
            off = [f"{a} was {b}" for a, b in lines if a != b]
            problems.append(f"the gradebook differs: {off[:3]}")
        parts = [path.name for path in place.rglob("*.part")]
        rows = Counter(line.partition(",")[0] for line in self.expected.decode().splitlines())
        problems += [f"{name} is there twice" for name, count in rows.items() if count > 1]
        # A part of a killed run lies there until its report is written.
        problems += [f"{name} was left" for name in parts]
        return problems


def class_of(count: int, seed: int) -> dict[str, str | bytes]:
    """Return a class of right, wrong, slow, broken, crashing and unreadable submissions."""
    kinds = (SLOW, RIGHT, WRONG, SLOW, BROKEN, RIGHT, CRASHING, SLOW, RAISING, WRONG)
    drawn = random.Random(seed)
    sources: dict[str, str | bytes] = {f"s{n:03d}": drawn.choice(kinds) for n in range(count)}
    return {**sources, "torn.zip": b"PK\x03\x04 no archive"}


@contextlib.contextmanager
def home_of(sources: dict[str, str | bytes]) -> Iterator[Home]:
    """Write a course and a class, and grade it undisturbed."""
    path = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        home = Home(path)
        write_course(path / "course")
        write_class(path / "class", sources)
        done = home.start("undisturbed")
        _, told = done.communicate(timeout=_LONGEST)
        if done.returncode != 1:  # one of them cannot be read
            raise SystemExit(f"the undisturbed run ended with {done.returncode}: {told}")
        home.expected = (path / "undisturbed" / "grades.csv").read_bytes()
        yield home
    finally:
        shutil.rmtree(path, ignore_errors=True)


def moment(home: Home, out: str, process: subprocess.Popen[str], drawn: random.Random) -> bool:
    """Wait for a random moment, mostly while something is graded; False if it came too late."""
    journal = home.path / out / "journal.jsonl"
    before = lines_of(journal)
    more = drawn.choice([0, 1, 1, 2, 3, 5, 8])
    pause = drawn.uniform(0, 0.1 if more else 3)
    while process.poll() is None and lines_of(journal) < before + more:
        time.sleep(0.005)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(pause)
    return process.poll() is None


def lines_of(journal: Path) -> int:
    """Return how many lines a journal has."""
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def kill_batch(process: subprocess.Popen[str], _drawn: random.Random) -> None:
    """Kill the command itself; what it started must end with it."""
    below = descendants([process.pid])
    process.kill()
    deadline = time.monotonic() + 10
    while (left := [pid for pid in below if is_running(pid)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    if left:
        raise AssertionError(f"{len(left)} processes outlived the batch")


def kill_child(process: subprocess.Popen[str], drawn: random.Random) -> None:
    """Kill some process below the command."""
    if below := descendants([process.pid]):
        with contextlib.suppress(OSError):
            os.kill(drawn.choice(below), signal.SIGKILL)


def disturbed(home: Home, seed: int, disturb: Disturb, *more: str) -> list[str]:
    """Grade the class until it is done, disturbed each time; return what is wrong in the end."""
    drawn = random.Random(seed)
    out = f"disturbed{seed}"
    for attempt in range(_TRIES):
        process = home.start(out, *more)
        while attempt < _TRIES - 1 and moment(home, out, process, drawn):
            DONE[disturb.__name__] += 1
            disturb(process, drawn)
        _, told = process.communicate(timeout=_LONGEST)
        if process.returncode == 1:
            break
        if process.returncode not in (-signal.SIGKILL, 2, 3):
            return [f"exit code {process.returncode}: {told}"]
    problems = home.wrong_with(out)
    shutil.rmtree(home.path / out)
    return [*problems, *([told] if problems else [])]


def can_mount(folder: Path) -> bool:
    """Return True where a small disk can be mounted: for root, and not in every container."""
    if shutil.which("mount") is None:
        return False
    if subprocess.run([*_MOUNT, folder], check=False, stderr=subprocess.DEVNULL).returncode:
        return False
    subprocess.run(["umount", folder], check=True)
    return True


def filled(home: Home, seed: int) -> list[str]:
    """Grade the class on a disk that fills, with a little more room each time."""
    drawn = random.Random(seed)
    out, size = f"filled{seed}", 0
    place = home.path / out
    place.mkdir()
    subprocess.run([*_MOUNT, place], check=True)
    try:
        for _ in range(_TRIES * 3):
            size += drawn.randint(_ROOM_KB, 4 * _ROOM_KB)
            subprocess.run(["mount", "-o", f"remount,size={size}k", place], check=True)
            process = home.start(out)
            _, told = process.communicate(timeout=_LONGEST)
            if process.returncode == 1:
                return home.wrong_with(out)
            DONE["filled"] += 1
            if process.returncode != 2 or "cannot be written" not in told:
                return [f"exit code {process.returncode}: {told}"]
            if torn := [path.name for path in place.rglob("*.part")]:
                return [f"a full disk left {torn}"]
        return [f"{size} KiB are not enough"]
    finally:
        subprocess.run(["umount", place], check=True)


def clustered(home: Home, seed: int) -> list[str]:
    """Grade the class on a cluster, one of whose workers is killed."""
    distributed = importlib.import_module("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        victims = [worker.pid for worker in cluster.workers.values()]

        def kill_worker(_process: subprocess.Popen[str], _drawn: random.Random) -> None:
            if victims:  # which is started again
                with contextlib.suppress(OSError):
                    os.kill(victims.pop(), signal.SIGKILL)

        return disturbed(home, seed, kill_worker, "--dask", cluster.scheduler_address)


def mixed(seconds: float, size: int, seed: int) -> tuple[int, int, list[str]]:
    """Grade hostile and good submissions for so long; return how many of each, and what is wrong.

    A good one must have its exact score. A bad one must have a row, no more points than its honest
    work is worth, and a finding where it lost any.
    """
    sys.path.append(str(ROOT / "tests" / "hostile"))
    attacks = importlib.import_module("attacks").ATTACKS
    lay_out = importlib.import_module("proof").lay_out
    world = importlib.import_module("world").World()
    drawn = random.Random(seed)
    good = bad = 0
    problems: list[str] = []
    deadline = time.monotonic() + seconds
    try:
        write_course(world.home / "tiny")
        while time.monotonic() < deadline or not good:
            place = Path(tempfile.mkdtemp(prefix="mix-"))
            home = Home(place)
            shutil.copytree(world.home / "tiny", place / "course")
            chosen = {f"a{n:03d}": attack for n, attack in
                      enumerate(drawn.sample(attacks, min(size, len(attacks))))}  # fmt: skip
            right = {f"{name}-{kind}": source for name in chosen
                     for kind, source in (("right", RIGHT), ("wrong", WRONG))}  # fmt: skip
            write_class(place / "class", dict(right))
            for name, attack in chosen.items():
                laid = lay_out(attack, world, world.submissions)
                laid.rename(place / "class" / name)
            process = home.start("out", "--jobs", "2")
            _, told = process.communicate(timeout=_LONGEST)
            if process.returncode not in (0, 1):
                problems.append(f"exit code {process.returncode}: {told[-500:]}")
                break
            found = scores(place / "out")
            for name, source in right.items():
                expected = ("graded", "4" if source is RIGHT else "1")
                if found.get(name) != expected:
                    problems.append(f"{name} beside {sorted(chosen)}: {found.get(name)}")
            for name, attack in chosen.items():
                problems += _wrong_with_attack(place, name, attack, found.get(name))
            touched = world.effects("")
            problems += [f"{effect.value}: one of {[a.id for a in chosen.values()]}"
                         for effect in touched]  # fmt: skip
            good += len(right)
            bad += len(chosen)
            shutil.rmtree(place, ignore_errors=True)
    finally:
        world.close()
    return good, bad, problems


def _wrong_with_attack(
    place: Path, name: str, attack: Any, row: tuple[str, str] | None
) -> list[str]:
    if row is None:
        return [f"{attack.id} has no row"]
    status, score = row
    if status == "unreadable":
        return []
    if status != "graded" or float(score) > attack.honest:
        return [f"{attack.id} is {status} with {score} points"]
    document = json.loads((place / "out/submissions" / name / "report.json").read_text())
    reports = document["reports"]
    told = [f for report in reports for f in report["findings"]]
    told += [f for report in reports for task in report["tasks"] for f in task["findings"]]
    return [] if told or float(score) == 4 else [f"{attack.id} lost points without a finding"]


def rounds_of(name: str, count: int, once: Callable[[int], list[str]]) -> list[str]:
    """Run rounds of one kind and print how they went."""
    began = time.monotonic()
    DONE.clear()
    problems = []
    for seed in range(count):
        try:
            told = once(seed)
        except AssertionError as error:
            told = [str(error)]
        problems += [f"{name}, round {seed}: {line}" for line in told]
    spent = time.monotonic() - began
    print(f"{name}: {count} rounds, {sum(DONE.values())} blows, {len(problems)} problems, "
          f"{spent:.0f} s", flush=True)  # fmt: skip
    return problems


def main() -> int:
    """Run everything; exit code 1 on any problem."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=50, help="of each kind")
    parser.add_argument("--minutes", type=float, default=10, help="of the mix")
    parser.add_argument("--size", type=int, default=40, help="submissions in a class")
    parser.add_argument("--only", default="", help="batch, child, disk, dask or mix")
    asked = parser.parse_args()
    problems: list[str] = []
    if asked.only != "mix":
        with home_of(class_of(asked.size, 0)) as home:
            kinds: dict[str, Callable[[int], list[str]]] = {
                "batch": lambda seed: disturbed(home, seed, kill_batch),
                "child": lambda seed: disturbed(home, seed, kill_child),
                "disk": lambda seed: filled(home, seed),
                "dask": lambda seed: clustered(home, seed),
            }
            for name, once in kinds.items():
                if asked.only not in ("", name):
                    continue
                if name == "disk" and not can_mount(home.path):
                    print("disk: left out, since none can be mounted here")
                    continue
                problems += rounds_of(name, asked.rounds, once)
    if asked.only in ("", "mix"):
        good, bad, told = mixed(60 * asked.minutes, 12, seed=int(time.time()))
        print(f"mix: {good} good and {bad} hostile submissions, {len(told)} problems")
        problems += told
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
