"""Plain ``pytest`` in a kit: each check is an item, and a failure is a finding."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from kit_folder import EXAMPLES, write_kit
from running import ROOT, environment

import grader.pytest_plugin.nodes  # noqa: F401 - kept while pytester forgets what it imports
from grader.grade import Run
from grader.kit import Kit
from grader.model import Report
from grader.selfcheck import self_check
from grader.submission import Submission

pytest_plugins = ["pytester"]

UNWRITTEN = """
class MultiplyGate:
    def forward(self, x, y):
        raise NotImplementedError("write it")
    def backward(self, dz):
        raise NotImplementedError("write it")
"""
NAME = "grader.pytest_plugin"
# Installed with this package's metadata it is loaded by itself, else it is named.
LOADED = [] if any(e.value == NAME for e in entry_points(group="pytest11")) else ["-p", NAME]
QUIET = [*LOADED, "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:randomly"]


@pytest.fixture
def kit(pytester: pytest.Pytester) -> Path:
    """Return a kit that is where pytest is called, with the typical mistakes in it."""
    return write_kit(pytester.path / "kit")


def run_in(pytester: pytest.Pytester, folder: Path, *words: str | Path) -> pytest.RunResult:
    """Call pytest in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return pytester.runpytest_inprocess(*QUIET, *words)


def test_checks_are_items(pytester: pytest.Pytester, kit: Path) -> None:
    """They are collected by task without running anything, and have the ids that editors show."""
    (kit / "gates.py").write_text("raise SystemExit\n")
    done = run_in(pytester, kit, "--collect-only", "-q")
    assert "kit.yaml::multiply::backward[dx]" in done.outlines
    assert "kit.yaml::multiply::load" in done.outlines
    assert "kit.yaml::multiply::behaviour.shared_cache" in done.outlines
    assert not [line for line in done.outlines if "::size" in line]
    assert done.ret == 0


def test_a_failure_is_a_finding(pytester: pytest.Pytester, kit: Path) -> None:
    """What failed is told as a report tells it, with a command to replay it, and no traceback."""
    done = run_in(pytester, kit, "-k", "multiply or add", "-v", "-rs")
    text = done.stdout.str()
    done.assert_outcomes(passed=15, failed=3, skipped=2)
    assert "V406  dx[4] is 1.29983, by differences of your own forward" in text
    assert "replay: grade . --replay multiply:random:0" in text
    assert "numerical" in text
    assert "as in backward[dx]" in text
    assert "Traceback" not in text
    assert 'File "' not in text


def test_one_check_can_be_run_again(pytester: pytest.Pytester, kit: Path) -> None:
    """The id of an item selects it, as test explorers do."""
    for check, outcome in (("backward[dx]", "failed"), ("forward", "passed")):
        done = run_in(pytester, kit, f"kit.yaml::multiply::{check}")
        done.assert_outcomes(**{outcome: 1})


def test_a_task_is_graded_once_and_only_if_selected(
    pytester: pytest.Pytester, kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many of its checks are run, and no other task."""
    graded: list[str] = []

    def counting(kit: Kit, submission: Submission, run: Run, only: str) -> Report:
        graded.append(only)
        return self_check(kit, submission, run, only)

    monkeypatch.setattr("grader.pytest_plugin.judging.self_check", counting)
    run_in(pytester, kit, "-k", "multiply or add")
    assert graded == ["add", "multiply"]


@pytest.mark.parametrize(
    ("text", "failed", "fragment"),
    [
        ("class\n", 4, "L103"),
        ("x = 1\n", 4, "L106"),
        (
            UNWRITTEN,
            2,
            "not attempted: ",
        ),
    ],
)
def test_what_does_not_load_or_is_unwritten_fails(
    text: str, failed: int, fragment: str, pytester: pytest.Pytester, kit: Path
) -> None:
    """A task that was never written is not green: what was not judged is skipped, with why."""
    (kit / "gates.py").write_text(text)
    done = run_in(pytester, kit, "-k", "multiply", "-rs")
    assert fragment in done.stdout.str()
    outcomes = done.parseoutcomes()
    assert outcomes["failed"] == failed
    assert outcomes.get("passed", 0) == ("write it" in text)  # it loads
    assert done.ret == 1


def test_a_missing_file_and_a_damaged_kit_are_told(pytester: pytest.Pytester, kit: Path) -> None:
    """Each in a sentence that says what to do."""
    (kit / "gates.py").unlink()
    text = run_in(pytester, kit, "-k", "multiply and load").stdout.str()
    assert "gates.py is not in the submission" in text
    (kit / "public" / "cases.json").unlink()
    text = run_in(pytester, kit).stdout.str()
    assert "cases.json: cannot be read" in text
    assert "Traceback" not in text


def test_grade_collects_the_assignments_of_a_course(pytester: pytest.Pytester) -> None:
    """With ``--grade`` a submission is graded against the references of the course it is in."""
    words = ("--grade", EXAMPLES / "typical_mistakes", "-k", "multiply", "-c", "/dev/null")
    done = run_in(pytester, ROOT, *words, "--rootdir", ROOT, "assignments/gates.yaml")
    text = done.stdout.str()
    assert "V402  dx[0] is 1.36659, expected -2.07464" in text
    assert done.parseoutcomes()["failed"] == 3
    other = run_in(pytester, ROOT, *words, "--rootdir", ROOT, "assignments/checkers.yaml")
    assert other.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    gone = run_in(pytester, ROOT, "--grade", "nowhere", "-c", "/dev/null", "--rootdir", ROOT,
                  "assignments/gates.yaml")  # fmt: skip
    assert "nowhere: no such file or folder" in gone.stdout.str()


def test_items_are_shared_out_by_xdist(kit: Path) -> None:
    """Two workers collect the same items, and find the same."""
    words = [sys.executable, "-m", "pytest", *QUIET, "-n2", "-k", "multiply or add"]
    done = subprocess.run(words, cwd=kit, env=environment(), capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert "3 failed, 15 passed, 2 skipped" in done.stdout, done.stdout + done.stderr


def test_other_projects_pay_nothing(pytester: pytest.Pytester) -> None:
    """Without a kit and without ``--grade`` neither numpy nor more of the grader is imported.

    Not even beside files of these names that are something else's.
    """
    pytester.makefile(".yaml", kit="kit: a tool kit\n")
    inner = pytester.mkdir("vendored")
    write_kit(inner / "kit")
    pytester.makepyfile(
        "import sys\n\ndef test_modules():\n"
        "    ours = {n for n in sys.modules if n.split('.')[0] in ('grader', 'numpy', 'yaml')}\n"
        f"    assert ours == {{'grader', {NAME!r}}}\n"
    )
    words = [sys.executable, "-m", "pytest", *LOADED, "-p", "no:hypothesispytest"]
    done = subprocess.run(words, cwd=pytester.path, env=environment(), capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout + done.stderr
