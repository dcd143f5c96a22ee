"""Reading submissions, and code that only looks unwritten."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import run

from grader.submission import read_submission

ROOT = Path(__file__).parent.parent
RELU = """
import functools

import numpy as np


def written(function):
    @functools.wraps(function)
    def backward(self, dz):
        return dz * (self.x > 0)
    return backward


class ReLUGate:
    def forward(self, x):
        ...

    @written
    def backward(self, dz):
        \"\"\"The decorator writes this.\"\"\"


def _forward(self, x):
    self.x = x
    return np.maximum(x, 0)


ReLUGate.forward = _forward
"""


def test_code_that_looks_unwritten_is_run_all_the_same(tmp_path: Path) -> None:
    """A body supplied by a decorator, or attached later, is judged by what it returns."""
    (tmp_path / "gates.py").write_text(RELU)
    got = run(tmp_path, "--assignment", "gates", "--task", "relu", "--course", ROOT)
    assert got.code == 0, got.out


def test_a_declared_file_is_found_among_thousands(tmp_path: Path) -> None:
    """However many files a folder holds, the declared one is read."""
    for index in range(1500):
        (tmp_path / f"a{index}").touch()
    (tmp_path / "gates.py").write_text("x = 1\n")
    submission = read_submission(tmp_path, ["gates.py"])
    assert submission.texts == {"gates.py": "x = 1\n"}
    assert len(submission.others) <= 1000


@pytest.mark.parametrize(
    ("data", "is_read"),
    [
        (b"# coding: latin-1\nx = 1\n", True),
        (b"# coding: latin-1\nx = '\xe9'\n", False),
        (b"# coding: utf-7\nx = 1\n", False),
        (b"# coding: utf-8\nx = '\xc3\xa9'\n", True),
        (b"\xef\xbb\xbfx = 1\n", True),
        (b"x = '\xff'\n", False),
        (b"x = 1\0\n", False),
        (b"", True),
    ],
)
def test_only_plain_text_is_read(tmp_path: Path, data: bytes, is_read: bool) -> None:
    """UTF-8 and plain ASCII under any harmless cookie are read; nothing else is."""
    (tmp_path / "a.py").write_bytes(data)
    submission = read_submission(tmp_path, ["a.py"])
    assert ("a.py" in submission.texts) is is_read
    assert ("a.py" in submission.broken) is not is_read


def test_a_report_follows_links_and_leaves_devices_alone(tmp_path: Path) -> None:
    """A report through a link changes its target; a FIFO stays a FIFO and gets the text."""
    target, link, fifo = tmp_path / "real.json", tmp_path / "link.json", tmp_path / "pipe.json"
    link.symlink_to(target)
    os.mkfifo(fifo)
    reader = subprocess.Popen(["cat", str(fifo)], stdout=subprocess.PIPE)
    example = ROOT / "examples" / "perfect"
    got = run(example, "--task", "add", "--report", link, "--report", fifo, "--course", ROOT)
    text, _ = reader.communicate(timeout=30)
    assert got.code == 0
    assert link.is_symlink()
    assert fifo.is_fifo()
    assert target.read_bytes() == text


def test_a_closed_stdout_is_a_clear_error() -> None:
    """With nowhere to write the result, the exit code is 2 and nothing is called our fault."""
    command = f"exec '{sys.executable}' -m grader list >&-"
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "stdout is closed" in done.stderr
    assert "fault" not in done.stderr
