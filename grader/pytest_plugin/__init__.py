"""Checks as pytest items: plain ``pytest`` in a kit, ``pytest --grade SUBMISSION`` in a course.

pytest loads this file in every project of an environment that has the grader. So it imports
nothing of it, and looks at nothing but the names of files, until there is something to grade.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_KIT = "kit.yaml"
_MARKED = re.compile(r"^kit: \d+$", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names a submission."""
    parser.getgroup("backgrade").addoption(
        "--grade",
        metavar="SUBMISSION",
        help="collect the checks of this folder or file: of its kit, or of the assignments/ID.yaml "
        "of a course that are collected",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a kit that was asked for, and with ``--grade`` the assignments of a course."""
    if file_path.suffix != ".yaml":
        return None
    stated: str | None = parent.config.getoption("grade")
    submission = parent.config.invocation_params.dir / stated if stated else file_path.parent
    if file_path.name == _KIT and _is_asked_for(file_path, parent.config):
        from grader.pytest_plugin.nodes import KitFile  # noqa: PLC0415 - see above

        return KitFile.from_parent(parent, path=file_path, submission=submission)
    if stated and file_path.parent.name == "assignments":
        from grader.pytest_plugin.nodes import AssignmentFile  # noqa: PLC0415 - see above

        return AssignmentFile.from_parent(parent, path=file_path, submission=submission)
    return None


def _is_asked_for(file: Path, config: pytest.Config) -> bool:
    """Return True for a kit of ours where pytest was called, or that it was called with."""
    named = {(config.invocation_params.dir / arg.split("::")[0]).resolve() for arg in config.args}
    places = {config.rootpath, config.invocation_params.dir, *named}
    if not {file.resolve(), file.parent.resolve()} & {place.resolve() for place in places}:
        return False
    if (file.parent / "public" / "cases.json").is_file():
        return True  # ours, however damaged: what is wrong is told
    try:
        return bool(_MARKED.search(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeError):
        return False
