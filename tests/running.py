"""Running the real command, and reading what it leaves, for the tests of the whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
COURSE = ROOT / "tests" / "course"
RIGHT = ROOT / "tests" / "submissions" / "right"
RETURNS = ROOT / "tests" / "submissions" / "returns"
AT_COURSE = ("--course", COURSE)
# What changes the words of the grader or of a tool: CI services set some of these, and then
# pytest, for one, no longer shortens its summary.
_SPEAKING = ("GRADER_", "CI", "BUILD_NUMBER", "GITHUB_", "PYTEST_", "PYTHON", "COLUMNS", "LINES",
             "NO_COLOR", "FORCE_COLOR", "PY_COLORS")  # fmt: skip
# What is started in the background of a script is deaf to SIGINT, the tests too.
_INTERRUPTIBLE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from grader.cli import main; sys.exit(main(sys.argv[1:]))"
)


@dataclass(frozen=True)
class Outcome:
    """What one run of the command left: exit code, texts, and its JSON report."""

    code: int
    out: str
    err: str
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)

    def task(self, name: str) -> dict[str, Any]:
        """Return one task, named ``assignment.task``, or ``task`` where that is enough."""
        assignment, _, task = name.rpartition(".")
        for report in self.reports.values():
            for found in report["tasks"]:
                if found["id"] == task and assignment in ("", report["assignment"]):
                    return dict(found)
        raise KeyError(name)


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which this source tree is the grader, and nothing else is set."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_SPEAKING)}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def command(*words: str | Path) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-m", "grader", *map(str, words)]


def interruptible(*words: str | Path) -> list[str]:
    """Return a command line that listens to SIGINT wherever the tests run."""
    return [sys.executable, "-c", _INTERRUPTIBLE, *map(str, words)]


def run(
    *words: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None, seconds: float = 60
) -> Outcome:
    """Run ``grade`` with these words."""
    done = subprocess.run(
        command(*words),
        cwd=cwd,
        env=environment() if env is None else env,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def grade(submission: str | Path, report: Path, *words: str | Path, **settings: Any) -> Outcome:
    """Grade a submission and read its JSON report, written to ``report``."""
    done = run(submission, "--report", report, *words, **settings)
    reports = {}
    if report.exists():
        document = json.loads(report.read_text("ascii"), parse_constant=_refuse)
        reports = {r["assignment"]: r for r in document["reports"]}
    return Outcome(done.code, done.out, done.err, reports)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def errors_of(task: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return check, code and argument of every finding of a task that may cost points."""
    return [
        (f["check"], f["code"], f["argument"]) for f in task["findings"] if f["severity"] == "error"
    ]


def notes_of(owner: Mapping[str, Any]) -> set[str]:
    """Return the codes of the notes of a task or a report."""
    return {f["code"] for f in owner["findings"] if f["severity"] == "note"}


def messages(done: Outcome) -> list[str]:
    """Return the messages of all findings of all tasks."""
    return [
        finding["message"]
        for report in done.reports.values()
        for task in report["tasks"]
        for finding in task["findings"]
    ]
