"""The proof that an attack works somewhere: it is put to a naive grader in its own process."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import re
import select
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from attack import CREDIT, HANG, LOST, TEXT, TOLD, Attack, Effect
from world import RIGHT, SECRET, World

NAIVE = Path(__file__).parent / "naive.py"
HANG_SECONDS = 3.0
LONGEST = 40.0
LONGEST_REPORT = 1 << 20
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff]"
# What must not be in a text of each kind; in any other, markup and formulas too.
OBEYED = {
    "json": re.compile(_CONTROLS),
    "table": re.compile(_CONTROLS),
    "markdown": re.compile(_CONTROLS + r"|(?<!\\)<(script|img)|(?<!\\)\]\(|^=", re.MULTILINE),
    "": re.compile(_CONTROLS + r"|<script|<img|^=|^@|\]\(http", re.MULTILINE),
}


@dataclass(frozen=True)
class Proof:
    """What an attack did to a naive grader."""

    effects: frozenset[Effect]
    text: str

    @property
    def is_absent(self) -> bool:
        """True when this system refuses what the attack needs, to everybody."""
        return "absent" in self.text


class Server:
    """A process with naive graders in it, which forks one for each job."""

    def __init__(self) -> None:
        """Start it."""
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-B", NAIVE, "serve"],
            env={
                **os.environ,
                "PYTHONUTF8": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "HOSTILE_SECRET": SECRET,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def start(self, arguments: list[str], log: Path, environment: dict[str, str]) -> int:
        """Start a job; returns its process."""
        job = {"arguments": arguments, "log": str(log), "environment": environment}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


@functools.cache
def server() -> Server:
    """Return the one server."""
    made = Server()
    atexit.register(made.close)
    return made


def _ends(pid: int, seconds: float) -> bool:
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], seconds)[0])
    finally:
        os.close(watched)


def prove(attack: Attack) -> Proof:
    """Let a naive grader grade the attack and, after it, the right submission."""
    world = World()
    try:
        return _prove(attack, world)
    finally:
        world.close()


def lay_out(attack: Attack, world: World, place: Path) -> Path:
    """Write a submission; returns its folder."""
    name = os.fsdecode(attack.folder)
    folder = place / name
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    if isinstance(attack.source, str):
        (folder / "gates.py").write_text(world.fill(attack.source), encoding="utf-8")
    elif attack.source is not None:
        (folder / "gates.py").write_bytes(attack.source)
    if attack.prepare:
        attack.prepare(folder, world.canary)
    return folder


def _prove(attack: Attack, world: World) -> Proof:
    hostile = lay_out(attack, world, world.submissions)
    right = world.submissions / "right"
    right.mkdir()
    (right / "gates.py").write_text(RIGHT)
    out, log = world.home / "out.json", world.home / "log"
    arguments = [attack.beats, out, world.canary / "secret.txt", world.canary / "reference"]
    pid = server().start(
        [*map(str, arguments), str(hostile), str(right)],
        log,
        {"HOME": str(world.canary / "home")},
    )
    effects = set()
    if not _ends(pid, HANG_SECONDS if attack.gains is HANG else LONGEST):
        effects.add(HANG)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        _ends(pid, LONGEST)
    text = log.read_bytes().decode("utf-8", "replace")
    effects |= _of_report(out, HANG in effects)
    report = out.read_text("utf-8", "surrogatepass") if out.exists() else ""
    effects |= world.effects(text + report)
    if attack.gains is not TOLD:
        effects.discard(TOLD)
    return Proof(frozenset(effects), text + report)


def _of_report(out: Path, was_killed: bool) -> set[Effect]:
    try:
        told = json.loads(out.read_text("utf-8"))
        hostile, right = told["scores"]
    except (OSError, ValueError, KeyError):
        return set() if was_killed else {LOST}
    effects = set()
    if hostile:
        effects.add(CREDIT)
    if right != 4:
        effects.add(LOST)
    if OBEYED[""].search(told["report"]) or len(told["report"]) > LONGEST_REPORT:
        effects.add(TEXT)
    return effects
