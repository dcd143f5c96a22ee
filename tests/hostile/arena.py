"""Our own grader, put to the attacks: one course prepared once, canaries around it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from attack import CREDIT, HANG, LOST, TEXT, Attack, Effect
from proof import OBEYED, lay_out
from world import RIGHT, SECRET, World

from grader.cases import secret_seed
from grader.course import Course, load
from grader.grade import Run, grade_submission, is_full_marks
from grader.isolation import LADDER, NOTES, SANDBOXES, Session, choose
from grader.model import Limits, Report
from grader.prepare import Prepared, prepare
from grader.report import WRITERS
from grader.submission import read_submission

SLACK_SECONDS = 5.0  # beyond the limits of the course, for starting and ending processes
_CODE = re.compile(r"(`+).*?\1")  # where Markdown shows everything as it is
_LONGEST_REPORT = 64 << 10
_HOST_MEMORY_KB = 200 << 10  # that one attack may add to the host's largest size


def offered() -> list[str]:
    """Return the rungs that this machine offers, strongest first."""
    found = []
    for rung in LADDER:
        with contextlib.suppress(Exception):
            if choose(rung)[0] == rung:
                found.append(rung)
    return found


@dataclass(frozen=True)
class Bout:
    """What an attack did to our grader, and the lines that tell it."""

    effects: frozenset[Effect]
    told: tuple[str, ...]
    seconds: float


class Arena:
    """A grader on one rung, with a world of canaries."""

    def __init__(self, rung: str) -> None:
        """Prepare the course once, and grade the right submission."""
        self.rung = rung
        self.world = World()
        os.environ["HOSTILE_SECRET"] = SECRET
        self._text = ""
        self._of_threads: list[str] = []
        threading.excepthook = self._hear
        self._prepared = self._prepare()
        self._right = self.world.submissions / "right"
        self._right.mkdir()
        (self._right / "gates.py").write_text(RIGHT)
        self.limits = self._prepared.assignment.limits
        problems = self._right_is_right()
        if problems:
            self.close()
            raise AssertionError(problems)

    def close(self) -> None:
        """Remove the world."""
        threading.excepthook = threading.__excepthook__
        os.environ.pop("HOSTILE_SECRET", None)
        self.world.close()

    def may_run(self, attack: Attack) -> bool:
        """Return True if a success of the attack could not end the test itself."""
        return LADDER.index(self.rung) <= LADDER.index(attack.needs)

    def breaches(self, attack: Attack, bout: Bout) -> frozenset[Effect]:
        """Return what the attack did and must not do on this rung."""
        is_weak = LADDER.index(self.rung) > LADDER.index("confined")
        return bout.effects - (attack.weak if is_weak else frozenset())

    def fight(self, attack: Attack) -> Bout:
        """Grade an attack, then the right submission, and see what happened."""
        folder = lay_out(attack, self.world, self.world.submissions)
        before = _listing(folder)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.monotonic()
        self._of_threads.clear()
        effects: set[Effect] = set()
        told: list[str] = []
        try:
            with warnings.catch_warnings(), _alarm(self.limits.total_seconds + SLACK_SECONDS):
                warnings.simplefilter("error")  # an instructor would see it
                report = self._grade(folder)
                effects |= self._of_report(attack, report, told)
        except TimeoutError:
            effects.add(HANG)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
            effects.add(LOST)
            told.append(f"the grader raised {type(error).__name__}: {error}")
        seconds = time.monotonic() - started
        told += self._of_threads
        effects |= {LOST} if self._of_threads else set()
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory > _HOST_MEMORY_KB:
            effects.add(LOST)
            told.append("the host grew by more than 200 MiB")
        if _listing(folder) != before:
            effects.add(Effect.FILES)
            told.append("the submission was changed")
        effects |= self.world.effects(self._text)
        shutil.rmtree(folder)
        problems = self._right_is_right()
        if problems:
            effects.add(LOST)
            told.append(problems)
        return Bout(frozenset(effects), tuple(told), seconds)

    def _hear(self, died: threading.ExceptHookArgs) -> None:
        name = died.exc_type.__name__
        self._of_threads.append(f"a thread of the grader raised {name}: {died.exc_value}")

    def _prepare(self) -> Prepared:
        course = Course(self.world.home / "course", "hostile")
        assignment, rubric = load(course, "gates")
        return prepare(
            course, assignment, rubric, secret_seed(os.urandom(16), assignment), "secret"
        )

    def _grade(self, folder: Path) -> Report:
        """Grade a folder and keep what its code printed."""
        opened: list[Session] = []

        def open_session(files: Mapping[str, str], limits: Limits) -> Session:
            opened.append(SANDBOXES[self.rung](files, limits))
            return opened[0]

        submission = read_submission(folder, self._prepared.assignment.files)
        run = Run(open_session, self.rung, NOTES.get(self.rung, ""))
        report = grade_submission(self._prepared, submission, run)
        written = [WRITERS[name]([report]) for name in WRITERS]
        self._text = "".join([*written, *(session.text for session in opened)])
        return report

    def _of_report(self, attack: Attack, report: Report, told: list[str]) -> set[Effect]:
        effects = set()
        (task,) = report.tasks
        if task.score > attack.honest or is_full_marks(report):
            effects.add(CREDIT)
            told.append(f"{task.score} points")
        if not report.complete:
            effects.add(LOST)
            told.append("the report is not complete")
        for name, write in WRITERS.items():
            text = write([report])
            if name == "json":
                json.loads(text, parse_constant=_refuse)
            shown = _CODE.sub("", text) if name == "markdown" else text
            found = OBEYED.get(name, OBEYED[""]).search(shown)
            if found or len(text) > _LONGEST_REPORT:
                effects.add(TEXT)
                told.append(f"{name}: {found and found[0]!r}, {len(text)} characters")
        return effects

    def _right_is_right(self) -> str:
        with _alarm(60):
            report = self._grade(self._right)
        return "" if is_full_marks(report) else f"the right submission: {report.tasks[0].findings}"


def _listing(folder: Path) -> list[tuple[str, int, int]]:
    paths = [path for path in (folder, *sorted(folder.rglob("*"))) if path.name != "__pycache__"]
    return [(os.fsdecode(p), p.lstat().st_mode, p.lstat().st_size) for p in paths]


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise ``TimeoutError`` in the main thread if the grader itself hangs."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"no report after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
