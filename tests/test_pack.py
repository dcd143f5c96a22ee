"""``grade pack``: what is handed in is all there, loads, and is read again as it was."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from in_process import grade_texts, prepared
from kit_folder import EXAMPLES, write_kit
from running import ROOT, Outcome, run

from grader.cli import commands
from grader.errors import CourseError
from grader.handin.imports import reached
from grader.intake import Attempt, opened
from grader.submission import read_submission

REPORTS = ["self-check.json", "self-check.md"]
NET = "cs231n/classifiers/fc_net.py"


class Pack(Protocol):
    """``grade pack``, in this process."""

    def __call__(self, *words: str | Path, cwd: Path) -> Outcome:
        """Run it in a folder."""


@pytest.fixture
def pack(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Pack:
    """Return the command."""

    def call(*words: str | Path, cwd: Path) -> Outcome:
        monkeypatch.chdir(cwd)
        monkeypatch.delenv("GRADER_COURSE", raising=False)
        try:
            code, told = int(commands.run(["pack", *map(str, words)])), ""
        except CourseError as error:
            code, told = 2, str(error)
        return Outcome(code, capsys.readouterr().out, told)

    return call


def names_in(file: Path) -> list[str]:
    """Return the names in a zip."""
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


def test_the_zip_holds_the_files_and_the_report_on_them(tmp_path: Path, pack: Pack) -> None:
    """The files as they are, what a self-check finds, and nothing else; twice the same bytes."""
    kit = write_kit(tmp_path / "kit")
    (kit / "__pycache__").mkdir()
    (kit / "__pycache__" / "gates.cpython-311.pyc").write_bytes(b"x")
    (kit / "notes.py").write_text("mine = 1\n")
    done = pack(cwd=kit)
    assert (done.code, done.err) == (0, "")
    assert "something was found in" in done.out  # and goes along: whoever hands in decides
    assert names_in(kit / "gates.zip") == ["gates.py", *REPORTS]
    with zipfile.ZipFile(kit / "gates.zip") as archive:
        assert archive.read("gates.py") == (kit / "gates.py").read_bytes()
        (inside,) = json.loads(archive.read("self-check.json"))["reports"]
        assert b"submission kit" in archive.read("self-check.md")
    (checked,) = json.loads(run(".", "--format", "json", cwd=kit).out)["reports"]
    assert [t["outcome"] for t in inside["tasks"]] == [t["outcome"] for t in checked["tasks"]]
    assert inside["digests"] == checked["digests"]
    again = pack(kit, "--out", tmp_path / "again.zip", cwd=tmp_path)
    assert again.code == 0
    assert (tmp_path / "again.zip").read_bytes() == (kit / "gates.zip").read_bytes()


def _missing(kit: Path) -> None:
    (kit / "gates.py").rename(kit / "gate.py")


def _link(kit: Path) -> None:
    (kit / "gates.py").rename(kit.parent / "elsewhere.py")
    (kit / "gates.py").symlink_to(kit.parent / "elsewhere.py")


def _broken(kit: Path) -> None:
    (kit / "gates.py").write_text("x = 1\nclass AddGate\n")


def _half(kit: Path) -> None:
    text = (kit / "gates.py").read_text()
    (kit / "gates.py").write_text(text.replace("class ExpGate", "class ExpGaet"))


def _large(kit: Path) -> None:
    (kit / "gates.py").write_text("#" * (1 << 20) + "\n")


def _import(kit: Path) -> None:
    (kit / "gates.py").write_text("import torch_of_mine\ntorch_of_mine.go()\n")


@pytest.mark.parametrize(
    ("spoil", "code", "fragment"),
    [
        (_missing, 2, "gates.py is not in the submission (did you mean `gate.py`?)"),
        (_link, 2, "gates.py: is a link"),
        (_large, 2, "gates.py: is larger than 1 MiB"),
        (_broken, 1, "gates.py:2"),
        (_half, 1, "no class ExpGate"),
        (_import, 1, "torch_of_mine"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="links")
def test_what_is_missing_or_does_not_load_is_not_packed(
    spoil: Callable[[Path], None], code: int, fragment: str, tmp_path: Path, pack: Pack
) -> None:
    """It is said what and where; ``--anyway`` packs what is there."""
    kit = write_kit(tmp_path / "kit")
    spoil(kit)
    done = pack(".", cwd=kit)
    assert done.code == code
    assert fragment in done.out + done.err
    assert not (kit / "gates.zip").exists()
    anyway = pack(".", "--anyway", cwd=kit)
    assert anyway.code == (0 if code == 1 else 2)
    assert (kit / "gates.zip").exists() == (code == 1)
    if code == 1:
        assert fragment in anyway.out


def test_a_tree_keeps_its_folders_and_what_it_imports(tmp_path: Path, pack: Pack) -> None:
    """Files of one's own come along; support files, tests and other exercises do not."""
    kit = write_kit(tmp_path / "kit", "networks_fc_net", "perfect")
    text = (kit / NET).read_text()
    (kit / NET).write_text(f"from ..mine import deep  # noqa\n{text}")
    (kit / "cs231n" / "mine").mkdir()
    (kit / "cs231n" / "mine" / "deep.py").write_text("from .deeper import x\n")
    (kit / "cs231n" / "mine" / "deeper.py").write_text("x = 1\n")
    (kit / "cs231n" / "unused.py").write_text("y = 1\n")
    layers = kit / "cs231n" / "layers.py"  # which the support file imports
    layers.write_bytes((EXAMPLES / "perfect" / "cs231n" / "layers.py").read_bytes())
    done = pack(cwd=kit)
    assert done.code == 0, done.out + done.err
    own = [NET, "cs231n/layers.py", "cs231n/mine/deep.py", "cs231n/mine/deeper.py"]
    assert names_in(kit / "networks_fc_net.zip") == [*own, *REPORTS]
    assert "nothing was found" in done.out


@pytest.mark.parametrize(
    ("name", "example"), [("gates", "typical_mistakes"), ("networks_fc_net", "perfect")]
)
def test_what_is_packed_is_graded_as_what_lay_there(
    name: str, example: str, tmp_path: Path, pack: Pack
) -> None:
    """The zip, opened as a batch opens it, gets the verdicts of the folder, in full."""
    kit = write_kit(tmp_path / "kit", name, example)
    handed = tmp_path / "class" / "alice.zip"
    handed.parent.mkdir()
    assert pack(kit, "--out", handed, cwd=tmp_path).code == 0
    ready = prepared(name, 0)
    files, is_tree = ready.assignment.files, ready.assignment.is_tree
    with opened(Attempt("alice", ("alice",), handed, 1), files) as found:
        assert not found.problem
        arrived = read_submission(found.path, files, is_tree=is_tree)
    assert not arrived.broken
    here = read_submission(kit, files, is_tree=is_tree)
    assert {n: here.texts[n] for n in arrived.texts} == arrived.texts
    reports = [grade_texts(ready, {**s.texts, **ready.support}) for s in (here, arrived)]
    first, second = ([(t.outcome, t.score, t.findings) for t in r.tasks] for r in reports)
    assert first == second


def test_where_there_is_no_kit(tmp_path: Path, pack: Pack) -> None:
    """It is said that a kit is needed, and that a place must be a zip in a folder there is."""
    (tmp_path / "gates.py").write_text("")
    done = pack(".", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "there is no kit.yaml" in done.err
    kit = write_kit(tmp_path / "kit")
    for out, fragment in (("x.tar", "name a FILE.zip"), ("no/x.zip", "there is no folder no")):
        done = pack(kit, "--out", out, cwd=tmp_path)
        assert done.code == 2
        assert fragment in done.err


def test_more_than_a_course_reads_is_not_packed(
    tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above a size nothing is packed, whatever is said."""
    kit = write_kit(tmp_path / "kit")
    monkeypatch.setattr("grader.cli.packing.MAX_PACKED", 1000)
    done = pack("--anyway", cwd=kit)
    assert done.code == 2
    assert "more than" in done.err
    assert not (kit / "gates.zip").exists()


TREE = {
    "a/start.py": "import near\nfrom . import beside\nfrom .. import above\nimport b.far as far\n",
    "a/near.py": "import numpy\nimport b\n",
    "a/beside.py": "def f():\n    from b.late import x\n",
    "above.py": "",
    "b/far.py": "from .late import y\nfrom .... import too_far\n",
    "b/late.py": "import near\n",
    "b/alone.py": "import a.start\n",
    "too_far.py": "",
}


@pytest.mark.parametrize(
    ("starts", "missing"),
    [
        (["a/start.py"], {"b/alone.py", "too_far.py"}),
        (["a/start.py", "b/alone.py"], {"too_far.py"}),
        (["above.py"], {*TREE} - {"above.py"}),
    ],
)
def test_files_reached_by_imports(starts: list[str], missing: set[str]) -> None:
    """Absolute, relative and late imports are followed, of what is imported too."""
    assert reached(TREE, starts) == {*TREE} - {*starts} - missing


def test_what_cannot_be_parsed_may_import_anything() -> None:
    """Then every file goes along."""
    broken = {**TREE, "above.py": "class\n"}
    assert reached(broken, ["above.py"]) == {*TREE} - {"above.py"}


def test_readme_names_it() -> None:
    """The list of commands of the README has it."""
    assert "grade pack" in (ROOT / "README.md").read_text()
