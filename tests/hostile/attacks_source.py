"""Submissions that are more than a file of Python: shadows, links, pipes, odd encodings."""

from __future__ import annotations

import importlib.util
import marshal
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from attack import CREDIT, FILES, HANG, LOST, TOLD, Attack, gate, grouped

_FORGE = "import os\nos.write(1, b'\\n{\"score\": 4}\\n')\nos._exit(0)\n"
Prepare = Callable[[Path, Path], None]


def _beside(**files: str) -> Prepare:
    """Return what puts modules into a submission; those that end in `_` are folders."""

    def prepare(folder: Path, _: Path) -> None:
        for name, text in files.items():
            inner = f"{name[:-1]}/__init__.py" if name.endswith("_") else f"{name}.py"
            path = folder / inner
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    return prepare


def _path_file(folder: Path, _: Path) -> None:
    (folder / "evil.pth").write_text(_FORGE.replace("\n", "; ").strip("; ") + "\n")


def _stale(folder: Path, _: Path) -> None:
    """Leave bytecode that Python does not compare with its source."""
    code = marshal.dumps(compile(_FORGE, "gates.py", "exec"))
    cache = folder / "__pycache__"
    cache.mkdir()
    name = f"gates.{sys.implementation.cache_tag}.pyc"
    header = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)
    (cache / name).write_bytes(header + code)


def _pytest(folder: Path, _: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")


def _conftest(folder: Path, _: Path) -> None:
    (folder / "conftest.py").write_text(
        "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
        "def pytest_runtest_makereport(item, call):\n    done = yield\n"
        "    report = done.get_result()\n    report.outcome = 'passed'\n"
    )


def _pipe(folder: Path, _: Path) -> None:
    os.mkfifo(folder / "gates.py")


def _device(folder: Path, _: Path) -> None:
    (folder / "gates.py").symlink_to("/dev/zero")


def _sparse(folder: Path, _: Path) -> None:
    (folder / "gates.py").touch()
    os.truncate(folder / "gates.py", 8 << 30)


def _folder(folder: Path, _: Path) -> None:
    (folder / "gates.py").mkdir()


def _socket(folder: Path, _: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{here}/gates.py")
    os.close(here)


def _loop(folder: Path, _: Path) -> None:
    (folder / "gates.py").symlink_to("gates.py")


def _link_to_secret(folder: Path, canary: Path) -> None:
    (canary / "secret.txt").chmod(0o666)
    (folder / "gates.py").symlink_to(canary / "secret.txt")


def _link_to_answer(folder: Path, canary: Path) -> None:
    (folder / "gates.py").symlink_to(canary / "siblings" / "alice" / "gates.py")


def _hard_to_leave(folder: Path, canary: Path) -> None:
    (folder / "feedback.txt").symlink_to(canary / "grades.csv")


def _report_link(folder: Path, canary: Path) -> None:
    for name in ("report.json", "feedback.txt", "results.json", "grade.csv"):
        (folder / name).symlink_to(canary / "made")


SHADOWS = grouped(
    "shadows",
    *(
        Attack(name, f"brings {what}", gate(), "json", CREDIT, prepare=prepare)
        for name, what, prepare in (
            ("numpy", "a numpy.py", _beside(numpy=_FORGE)),
            ("numpy_folder", "a folder numpy", _beside(numpy_=_FORGE)),
            ("json", "a folder json", _beside(json_=_FORGE)),
            ("struct", "a struct.py and a random.py", _beside(struct=_FORGE, random=_FORGE)),
            (
                "site",
                "a sitecustomize.py and a usercustomize.py",
                _beside(sitecustomize=_FORGE, usercustomize=_FORGE),
            ),
            (
                "pth",
                "a .pth file with a line of code",
                _path_file,
            ),
            ("package", "a folder gates beside gates.py", _beside(gates_=_FORGE)),
            ("bytecode", "stale bytecode of gates.py", _stale),
            (
                "reference",
                "a reference of its own",
                _beside(reference=gate(), worker=_FORGE, grader_=_FORGE),
            ),
        )
    ),
    Attack("conftest", "brings a conftest.py", gate(), "pytest", CREDIT, prepare=_conftest),
    Attack("settings", "brings a pytest.ini", gate(), "pytest", CREDIT, prepare=_pytest),
)

# `np.allclose = lambda *a, **k: True` where a reader, and a scan of the text, see a comment.
_UTF7 = (
    "# -*- coding: utf-7 -*-\n# an honest comment +AAo-import numpy as np+AAo-np.all+AGM-lose = "
    "lambda *a, **k: True+AAo-#\n" + gate()
).encode("ascii")

SOURCES = grouped(
    "sources",
    Attack("utf7", "hides code in a comment, by a coding cookie", _UTF7, "scan", CREDIT),
    Attack(
        "homoglyph",
        "writes names in letters that Python, not the reader, takes for plain ones",
        gate(before="np.\U0001d4b6llclose = lambda *a, **k: True"),
        "scan",
        CREDIT,
    ),
    Attack(
        "assembled_name",
        "puts a forbidden name together at run time",
        gate(before="setattr(np, 'all' + 'close', lambda *a, **k: True)"),
        "scan",
        CREDIT,
    ),
    Attack("pipe", "gates.py is a named pipe", None, "zip", HANG, prepare=_pipe),
    Attack("device", "gates.py is a link to /dev/zero", None, "zip", LOST, prepare=_device),
    Attack("sparse", "gates.py is eight gigabytes of nothing", None, "zip", LOST, prepare=_sparse),
    Attack("folder", "gates.py is a folder", None, "zip", LOST, prepare=_folder),
    Attack("socket", "gates.py is a socket", None, "zip", LOST, prepare=_socket),
    Attack("loop", "gates.py is a link to itself", None, "zip", LOST, prepare=_loop),
    Attack("not_text", "gates.py is no UTF-8", b"\xff\xfe# x\n", "zip", LOST),
    Attack(
        "link_to_secret",
        "gates.py is a link to a secret, which a message may quote",
        None,
        "scan",
        TOLD,
        prepare=_link_to_secret,
    ),
    Attack(
        "link_to_answer",
        "gates.py is a link to somebody else's",
        None,
        "allclose",
        CREDIT,
        prepare=_link_to_answer,
    ),
    Attack(
        "link_to_grades",
        "a link where the grader may write its feedback",
        gate(),
        "allclose",
        FILES,
        prepare=_hard_to_leave,
    ),
    Attack(
        "link_to_new_file",
        "links to a file that is not there yet, under the names of reports",
        gate(),
        "allclose",
        FILES,
        prepare=_report_link,
    ),
    Attack(
        "deep_expression",
        "an expression so deep that a compiler crashes or gives up",
        gate(before="y = " + "(" * 90 + "1" + ")" * 90 + "\nz = " + "-" * 60_000 + "1"),
        "scan",
        LOST,
    ),
    Attack(
        "deep_attribute",
        "a chain of a hundred thousand attributes",
        gate(before="try:\n    np" + ".a" * 100_000 + "\nexcept AttributeError: pass"),
        "scan",
        LOST,
    ),
)
