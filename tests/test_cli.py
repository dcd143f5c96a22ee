"""The command line from outside: exit codes, flags, where the course is found, what is printed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import (
    AT_COURSE,
    COURSE,
    RETURNS,
    RIGHT,
    ROOT,
    environment,
    grade,
    interruptible,
    messages,
    run,
)

from grader.report import FORMAT_OF_ENDING

PERFECT = ROOT / "examples" / "perfect"
MISTAKES = ROOT / "examples" / "typical_mistakes"
LATER = ("audit",)

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals, pseudo-terminals, pipes")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of its own, to be changed."""
    return Path(shutil.copytree(COURSE, tmp_path / "course"))


def without_seconds(value: Any) -> Any:
    """Return a document without its timings."""
    if isinstance(value, dict):
        return {k: without_seconds(v) for k, v in value.items() if k != "seconds"}
    if isinstance(value, list):
        return [without_seconds(item) for item in value]
    return value


@pytest.mark.parametrize(
    ("words", "code", "fragment"),
    [
        ((RIGHT, *AT_COURSE), 0, ""),
        ((RETURNS, *AT_COURSE, "--task", "a"), 1, ""),
        ((RIGHT, *AT_COURSE, "--assignment", "pairs"), 1, ""),
        ((), 2, "SUBMISSION"),
        ((RIGHT, *AT_COURSE, "--sed", "1x"), 2, "--help"),
        ((RIGHT, *AT_COURSE, "--bogus"), 2, "unrecognized arguments: --bogus"),
        ((RIGHT, *AT_COURSE, "--seed", "one"), 2, "invalid int value: 'one'"),
        ((RIGHT, *AT_COURSE, "--assignment", "gate"), 2, "did you mean `gates`?"),
        ((RIGHT, *AT_COURSE, "--assignment", "no.yaml"), 2, "no assignment `no.yaml`"),
        ((RIGHT, *AT_COURSE, "--task", "z"), 2, "no task `z`"),
        (
            (RIGHT, *AT_COURSE, "--assignment", "gates", "--rubric", "no.yaml"),
            2,
            "no.yaml: cannot be read",
        ),
        ((RIGHT, *AT_COURSE, "--rubric", "no.yaml"), 2, "--rubric needs --assignment"),
        ((RIGHT, *AT_COURSE, "--isolation", "jail"), 2, "no isolation is called 'jail'"),
        ((RIGHT, *AT_COURSE, "--format", "word"), 2, "invalid choice: 'word'"),
        ((RIGHT, *AT_COURSE, "--replay", "a"), 2, "is not TASK:KIND:INDEX"),
        ((RIGHT, *AT_COURSE, "--replay", "a:rondom:0"), 2, "did you mean `random`?"),
        ((RIGHT / "gates.py", *AT_COURSE, "--replay", "a:random:99"), 2, "0 to 3"),
        ((RIGHT, *AT_COURSE, "--replay", "z:random:0"), 2, "no task `z`"),
        ((RIGHT, *AT_COURSE, "--task", "b", "--replay", "a:random:0"), 2, "different tasks"),
        ((RIGHT, *AT_COURSE, "--report", "r.doc"), 2, "the ending must be one of"),
        ((RIGHT, *AT_COURSE, "--report", "report"), 2, "the ending must be one of"),
        ((RIGHT, *AT_COURSE, "--report", "no/where.json"), 2, "there is no folder no"),
        ((RIGHT, "--course", "nowhere"), 2, "--course: nowhere is not a course"),
        (("nobody", *AT_COURSE), 2, "nobody: no such file or folder"),
        (("check", "gates", *AT_COURSE), 0, ""),
        (("check", *AT_COURSE), 0, ""),
        (("check", "gate", *AT_COURSE), 2, "did you mean `gates`?"),
        (("list", *AT_COURSE), 0, ""),
        (("list", "gates", *AT_COURSE), 2, "unrecognized arguments: gates"),
        (("--help",), 0, ""),
        (("--version",), 0, ""),
        *(((word, "x"), 2, f"`grade {word}` is not part of this version") for word in LATER),
    ],
)
def test_exit_code(words: tuple[str | Path, ...], code: int, fragment: str) -> None:
    """A wrong word is 2 and a sentence on stderr; a result is on stdout alone."""
    done = run(*words)
    assert done.code == code, done.err
    assert fragment in done.err
    assert bool(done.err) == (code == 2)
    assert bool(done.out) == (code != 2)
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("dz * self.y,", "dz * self.y * 1.001,", "G901"),
        ("return x * y", "raise ValueError('tired')", "G902"),
        ("return x * y", "return None", "G902"),
    ],
)
def test_a_wrong_reference_voids_its_task(
    old: str, new: str, code: str, course: Path, tmp_path: Path
) -> None:
    """A task whose reference is wrong leaves score and maximum, and the exit code is 3."""
    text = (course / "reference" / "gates.py").read_text()
    body = text[text.index("class GateA") : text.index("GateB =")].replace("GateA", "GateF")
    source = text.replace(" = GateF = GateA", " = GateA") + "\n\n" + body.replace(old, new)
    (course / "reference" / "gates.py").write_text(source)
    done = grade(RIGHT / "gates.py", tmp_path / "r.json", "--course", course)
    report = done.reports["gates"]
    assert done.code == 3
    assert report["complete"] is False
    assert (report["score"], report["max_score"]) == (20, 20)
    void = done.task("f")
    assert (void["outcome"], void["score"], void["max_score"]) == ("void", 0, 0)
    assert [finding["code"] for finding in void["findings"]] == [code]
    assert {t["outcome"] for t in report["tasks"] if t["id"] != "f"} == {"passed"}
    assert "VOID: f" in done.out
    assert "NOT COMPLETE" in done.out
    assert "Traceback" not in done.err
    assert run("check", "gates", "--course", course).code == 3


@needs_posix
def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C during an endless loop is 130, at once, and leaves no process and no folder."""
    started = tmp_path / "started"
    (tmp_path / "gates.py").write_text(
        "import os\n\nclass AddGate:\n    def forward(self, x, y):\n"
        f"        open({str(started)!r}, 'w').write(str(os.getpid()) + '.')\n"
        "        while True:\n            pass\n\n"
        "    def backward(self, dz):\n        return dz, dz\n"
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    words = [str(tmp_path / "gates.py"), "--isolation", "process", "--task", "add"]
    process = subprocess.Popen(
        interruptible(*words, "--assignment", "gates"),
        cwd=ROOT,
        env=environment(TMPDIR=str(temporary)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while not (started.exists() and started.read_text().endswith(".")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    before = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)
    assert time.monotonic() - before < 3
    assert (process.returncode, out, err) == (130, "", "grade: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()[:-1]), 0)
    assert not list(temporary.iterdir())


def test_a_folder_named_like_a_command(tmp_path: Path) -> None:
    """A first word that is a command is the command; ``./list`` is the folder."""
    for name in ("list", "batch"):
        shutil.copytree(RIGHT, tmp_path / name)
    folder = run("./list", *AT_COURSE, "--quiet", cwd=tmp_path)
    command = run("list", *AT_COURSE, cwd=tmp_path)
    later = run("./batch", *AT_COURSE, "--quiet", cwd=tmp_path)
    assert (folder.code, command.code, later.code) == (0, 0, 0)
    assert folder.out == later.out == "circuits: 10 / 10, complete\ngates: 24 / 24, complete\n"
    assert "Six gates" in command.out


def test_task_limits_what_is_graded(tmp_path: Path) -> None:
    """``--task`` grades one task, in every assignment that has it."""
    done = grade(RETURNS, tmp_path / "r.json", *AT_COURSE, "--task", "d")
    assert {a: [t["id"] for t in r["tasks"]] for a, r in done.reports.items()} == {
        "gates": ["d"], "losses": ["d"],
    }  # fmt: skip
    assert done.reports["gates"]["max_score"] == 4


def test_the_same_seed_gives_the_same_report(tmp_path: Path) -> None:
    """Equal seeds give equal documents, timings aside; another seed gives other numbers."""
    words = (*AT_COURSE, "--task", "d")
    first, again, other, default = (
        grade(RETURNS, tmp_path / f"{i}.json", *words, *seed)
        for i, seed in enumerate([("--seed", "7"), ("--seed", "7"), ("--seed", "8"), ()])
    )
    assert without_seconds(first.reports) == without_seconds(again.reports)
    assert first.out == again.out
    assert messages(first) != messages(other)
    assert messages(first) != messages(default)
    assert first.reports["gates"]["seed"] == "public, 7"
    assert default.reports["gates"]["seed"] == "public, 0"


def test_one_task_alone_sees_the_same_cases(tmp_path: Path) -> None:
    """The numbers of a task do not depend on which others are graded."""
    words = (MISTAKES / "gates.py", tmp_path / "r.json", "--assignment", "gates")
    alone, among = grade(*words, "--task", "shift"), grade(*words)
    assert alone.task("shift")["findings"] == among.task("shift")["findings"]


def test_replay(tmp_path: Path) -> None:
    """The replay command of a finding runs, and shows the very numbers of its message."""
    done = grade(MISTAKES, tmp_path / "r.json", "--seed", "3", "--assignment", "gates")
    finding = done.task("multiply")["findings"][0]
    command = finding["replay"].split()
    assert command[:2] == ["grade", str(MISTAKES)]
    assert " ".join(command[2:]) == "--seed 3 --assignment gates --replay multiply:random:0"
    replayed = run(*command[1:])
    assert replayed.code == 1
    assert "case multiply:random:0" in replayed.out
    got, due = finding["evidence"]["got"], finding["evidence"]["expected"]
    shown = [float(number) for number in re.findall(r"-?\d+\.\d+", replayed.out)]
    for number in (got, due):
        assert any(abs(number - other) < 1e-6 for other in shown)
    assert finding["message"].split(";")[0] in replayed.out
    assert not re.search(r"case (?!multiply:random:0)", replayed.out)


def test_replay_of_a_named_task_needs_no_assignment(tmp_path: Path) -> None:
    """A case that only some of the tasks of one name have is found."""
    done = grade(PERFECT, tmp_path / "r.json", "--replay", "relu:size:0")
    assert list(done.reports) == ["jacobians", "layers"], done.err


def test_replay_for_programs_stays_json() -> None:
    """With ``--format json`` stdout is one JSON document, replay or not."""
    done = run(RETURNS, *AT_COURSE, "--format", "json", "--replay", "d:random:0")
    assert json.loads(done.out)["schema"] == 1


def test_reports_are_written_in_the_format_of_their_ending(tmp_path: Path) -> None:
    """``--report`` is repeatable and the ending chooses; ``--format`` names one outright."""
    words = [w for ending in FORMAT_OF_ENDING for w in ("--report", tmp_path / f"r{ending}")]
    done = run(RIGHT, *AT_COURSE, *words)
    assert done.code == 0
    assert json.loads((tmp_path / "r.json").read_text())["schema"] == 1
    assert "Course of the tests" in (tmp_path / "r.md").read_text()
    assert run(RIGHT, *AT_COURSE, "--format", "json", "--report", tmp_path / "x.txt").code == 0
    assert json.loads((tmp_path / "x.txt").read_text())["schema"] == 1
    table = (tmp_path / "r.md").read_text()
    assert run(RIGHT, *AT_COURSE, "--format", "markdown").out == table


@needs_posix
def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder in its place, or a full disk, is said in words, and no pieces stay behind."""
    (tmp_path / "r.json").mkdir()
    folder = run(RIGHT, *AT_COURSE, "--report", tmp_path / "r.json")
    assert (folder.code, folder.out) == (2, "")
    assert "r.json: cannot be written" in folder.err
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]
    nowhere = run(RIGHT, *AT_COURSE, "--report", "/proc/r.json")
    if sys.platform == "linux":
        assert nowhere.code == 2
        assert "/proc/r.json: cannot be written" in nowhere.err


def test_quiet_and_the_first_line() -> None:
    """``--quiet`` is one line an assignment; otherwise the first line names the course."""
    quiet = run(RETURNS, *AT_COURSE, "--quiet", "--assignment", "gates")
    assert re.fullmatch(r"gates: [\d.]+ / 24, complete\n", quiet.out)
    full = run(RIGHT, *AT_COURSE)
    assert full.out.startswith("Course of the tests: Two circuits (circuits), submission right\n")
    assert run("list", *AT_COURSE).out.startswith("Course of the tests\n")


def test_no_colour_in_a_pipe() -> None:
    """What is not a terminal gets plain text."""
    assert "\x1b" not in run(RETURNS, *AT_COURSE).out


@needs_posix
@pytest.mark.parametrize(("no_colour", "is_plain"), [("", False), ("1", True)])
def test_no_colour_when_told(no_colour: str, is_plain: bool) -> None:
    """A terminal gets colour, unless ``NO_COLOR`` is set and not empty."""
    import pty

    primary, secondary = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "grader", RETURNS, *map(str, AT_COURSE), "--task", "a"],
        cwd=ROOT,
        env=environment(NO_COLOR=no_colour, TERM="xterm"),
        stdin=subprocess.DEVNULL,
        stdout=secondary,
        stderr=secondary,
    ) as process:
        os.close(secondary)
        shown = b"".join(_chunks(primary))
    os.close(primary)
    assert process.returncode == 1
    assert b"total" in shown
    assert (b"\x1b" not in shown) == is_plain


def _chunks(descriptor: int) -> Iterator[bytes]:
    try:
        while chunk := os.read(descriptor, 1 << 16):
            yield chunk
    except OSError:  # how a pseudo-terminal ends
        return


@needs_posix
def test_a_reader_that_goes_away() -> None:
    """``grade ... | head -1`` says nothing on stderr."""
    done = subprocess.run(
        f"{sys.executable} -m grader {PERFECT} --format json | head -c 1",
        shell=True,
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("{", "")


def test_ascii_terminals() -> None:
    """A terminal without Unicode gets escapes, not an exception."""
    env = environment(PYTHONIOENCODING="ascii")
    done = run(RETURNS, *AT_COURSE, "--replay", "f:random:0", env=env)
    assert done.code == 1
    assert done.out.isascii()
