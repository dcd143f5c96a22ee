"""`grade batch` killed and interrupted on its way, and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import running
from tiny_class import (
    SLOW,
    WRONG,
    Here,
    descendants,
    graded_now,
    is_running,
    made,
    words,
)

from grader.cli import batching, main
from grader.isolation import problem_of


class Running:
    """The command in a process group of its own."""

    def __init__(self, home: Path, out: str) -> None:
        """Start it."""
        self.out = home / out
        self._process = subprocess.Popen(
            running.interruptible(*words(home, out, "--jobs", "2", "--allow-weak-spec")),
            env=running.environment(), cwd=running.ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def stop(self, after: int, how: Callable[[int], None]) -> tuple[int, str, list[int]]:
        """Stop it when so much is graded; return exit code, stderr and what still runs."""
        journal = self.out / "journal.jsonl"
        deadline = time.monotonic() + 30
        while not journal.exists() or journal.read_text().count("\n") < after:
            assert self._process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        started = descendants([self._process.pid])
        assert len(started) >= 3, "its workers, and what is warm"
        how(self._process.pid)
        _, err = self._process.communicate(timeout=20)
        deadline = time.monotonic() + 5
        while any(map(is_running, started)) and time.monotonic() < deadline:
            time.sleep(0.02)
        return self._process.returncode, err, [pid for pid in started if is_running(pid)]


@pytest.mark.skipif(bool(problem_of("confined")), reason="a class is graded from `confined` up")
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_stopped_and_gone_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, then interrupted, then finished: the gradebook of an undisturbed run, no orphans."""
    count = 16
    sources: dict[str, str | bytes] = {f"s{n:02d}": SLOW if n % 3 else WRONG for n in range(count)}
    home = made(tmp_path, sources)
    code, _, left = Running(home, "out").stop(3, lambda pid: os.kill(pid, signal.SIGKILL))
    assert (code, left) == (-signal.SIGKILL, [])
    code, err, left = Running(home, "out").stop(7, lambda pid: os.killpg(pid, signal.SIGINT))
    assert (code, left) == (130, [])
    assert err.splitlines()[-1] == "grade: interrupted"
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    assert not list((home / "out").rglob("*.part"))
    kept = [json.loads(path.read_text()) for path in (home / "out").rglob("report.json")]
    assert len(kept) >= 7
    monkeypatch.setattr(batching, "local", lambda _jobs: Here)
    assert main(words(home, "out", "--allow-weak-spec")) == 0
    assert graded_now(capsys.readouterr().out) == count - len(kept)
    assert main(words(home, "undisturbed", "--allow-weak-spec")) == 0
    for name in ("grades.csv", "grades.jsonl"):
        assert (home / "out" / name).read_bytes() == (home / "undisturbed" / name).read_bytes()
