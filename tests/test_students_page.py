"""The page for students: its transcripts, in a kit, are what the commands print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from kit_folder import write_kit
from running import ROOT, environment, run
from terminal import talking
from test_pytest_plugin import QUIET

PAGE = (ROOT / "docs" / "students.md").read_text()
TRANSCRIPTS = re.findall(r"```console\n\$ ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and pseudo-terminals")
PROMPT = "(Pdb) "


def transcript(start: str, number: int = 0) -> tuple[list[str], str]:
    """Return the words of a command of the page, and what it prints."""
    words, told = [found for found in TRANSCRIPTS if found[0].startswith(start)][number]
    return re.findall(r'"[^"]*"|\S+', words)[1:], told


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """Return the kit of the page."""
    return write_kit(tmp_path / "gates")


def test_no_transcript_is_left_out() -> None:
    """Each is one of those below."""
    starts = [words.split(" --")[0] for words, _ in TRANSCRIPTS]
    in_pytest = 'pytest -q -k "multiply and not case and not behaviour"'
    assert starts == ["grade .", "grade", "grade .", in_pytest, "grade pack", "grade pack"]


def test_checking(kit: Path) -> None:
    """A wrong gradient is told without an answer."""
    words, told = transcript("grade . --task")
    isolation = re.compile(r"^isolation  .*?(?=^seed)", re.DOTALL | re.MULTILINE)  # the machine's
    shown = run(*words, cwd=kit, seconds=120).out
    assert isolation.sub("", shown) == isolation.sub("", told)


def test_watching(kit: Path) -> None:
    """The first result, and the one after the save of a right gradient."""
    words, told = transcript("grade --watch")
    file = kit / "gates.py"
    with talking(*words, cwd=kit, is_terminal=False) as talk:
        talk.wait_for("Ctrl-C ends it\n")
        text = file.read_text().replace("dx = self.x * dz", "dx = self.y * dz", 1)
        file.write_text(text.replace("dy = self.y * dz", "dy = self.x * dz", 1))
        talk.wait_for("--- ")
        talk.wait_for("nothing was found in 1 task\n")
        talk.interrupt()
        assert talk.end() == 0
        clock = re.compile(r"\d\d:\d\d:\d\d")
        assert clock.sub("", talk.shown.rstrip()) == clock.sub("", told.rstrip())


def test_debugging(kit: Path) -> None:
    """What is typed at each prompt of the page gives what stands below it."""
    words, told = transcript("grade . --replay")
    typed = re.findall(rf"^{re.escape(PROMPT)}(.*)$", told, re.MULTILINE)
    assert len(typed) == 4
    with talking(*words, cwd=kit) as talk:
        for line in typed:
            talk.wait_for(PROMPT)
            talk.send(line)
        assert talk.end() == 1
    shown = talk.shown[talk.shown.index("debugger   ") :].replace(f"{kit}/", "")
    assert shown.rstrip() == told.rstrip()


def test_in_pytest(kit: Path) -> None:
    """The failures of the page are those of its kit; how long it took is left out."""
    words, told = transcript("pytest")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *QUIET, *(word.strip('"') for word in words)],
        cwd=kit, env=environment(COLUMNS="80"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    shown = re.sub(r"(, \d+ deselected)? in [\d.]+s", "", done.stdout)
    assert shown.rstrip() == told.rstrip()


def test_handing_in(kit: Path) -> None:
    """The zip is made, and is not where a file does not load."""
    words, told = transcript("grade pack")
    done = run(*words, cwd=kit)
    assert (done.out.rstrip(), done.code) == (told.rstrip(), 0)
    (kit / "gates.py").write_text("import numpy as np\n\nclass\n")
    words, told = transcript("grade pack", 1)
    done = run(*words, cwd=kit)
    assert (done.out.rstrip(), done.code) == (told.rstrip(), 1)
