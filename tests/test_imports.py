"""The architecture as a table: which room may import which, exhaustive."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GRADER = ROOT / "grader"

DATA = {"errors", "model", "escape"}
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "errors": set(),
    "model": set(),
    "escape": set(),
    "numeric": {"model"},
    "styles": set(),
    "checks": {"model", "styles"},
    "codes": {"model"},
    "spec": {*DATA, "checks", "styles"},
    "cases": {"model", "checks"},
    "compare": {"model", "numeric", "checks", "codes", "styles"},
    "score": {"model", "checks", "compare"},
    "oracle": {*DATA, "numeric", "checks", "cases", "compare", "styles", "worker"},
    "isolation": {*DATA, "worker"},
    "observe": {"model", "cases", "checks", "isolation", "seeding", "styles", "unwritten"},
    "unwritten": {"model", "styles"},
    "witness": {"model", "checks", "compare", "isolation", "observe", "oracle", "styles"},
    "seeding": {"model", "checks", "isolation"},
    "repair": set(),
    "submission": {*DATA, "codes", "spec", "worker"},
    "intake": {*DATA, "spec", "submission"},
    "course": {*DATA, "spec"},
    "new_course": {"errors"},
    "prepare": {*DATA, "__init__", "codes", "course", "isolation", "oracle"},
    "asides": {*DATA, "codes", "compare", "isolation", "submission", "worker"},
    "apart": {"model", "asides", "checks", "isolation", "observe"},
    "mending": {"model", "checks", "codes", "repair", "score", "worker"},
    "leaning": {"model", "checks", "codes", "isolation", "oracle", "score", "styles"},
    "review": {"model", "codes", "checks", "compare", "isolation", "observe", "oracle"},
    "grade": {
        *DATA, "apart", "asides", "codes", "checks", "compare", "isolation", "leaning", "mending",
        "observe", "prepare", "review", "score", "submission", "witness",
    },
    "soundness": {
        *DATA, "cases", "checks", "codes", "compare", "course", "grade", "numeric", "oracle",
        "prepare", "spec", "styles", "submission",
    },
    "batch": {
        *DATA, "cases", "codes", "course", "grade", "grades", "intake", "isolation", "prepare",
        "report", "soundness", "submission",
    },
    "bundle": {*DATA, "batch", "course", "grades", "intake", "isolation", "zipping"},
    "kit": {*DATA, "checks", "course", "spec"},
    "selfcheck": {
        *DATA, "asides", "checks", "codes", "compare", "grade", "isolation", "kit", "numeric",
        "observe", "prepare", "styles", "submission",
    },
    "report": {"model", "escape", "checks"},
    "grades": {"model", "errors", "report", "spec"},
    "release": {
        *DATA, "cases", "checks", "course", "grade", "kit", "prepare", "report", "selfcheck",
        "spec", "styles", "submission", "zipping",
    },
    "cli": {
        *DATA, "__init__", "batch", "bundle", "cases", "codes", "compare", "course", "grade",
        "grades", "handin", "intake", "isolation", "kit", "new_course", "observe", "prepare",
        "release", "report", "selfcheck", "soundness", "spec", "styles", "submission", "zipping",
    },
    "pytest_plugin": {
        *DATA, "checks", "cli", "course", "grade", "isolation", "kit", "prepare", "report",
        "selfcheck", "submission",
    },
    "zipping": set(),
    "handin": {"model", "report", "submission"},
    "worker": set(),
}  # fmt: skip
ONLY_PRINTER = "cli"


def room_of(path: Path) -> str:
    """Return the room of a source file."""
    return path.relative_to(GRADER).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Return the rooms that a source file imports, found in its syntax tree."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
            if node.module == "grader":
                names = [f"grader.{alias.name}" for alias in node.names]
        for name in names:
            if name.split(".")[0] == "grader":
                room = [*name.split("."), "__init__"][1]
                rooms.add("__init__" if room == "__version__" else room)
    return rooms


SOURCES = sorted(GRADER.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(GRADER)))
def test_room_imports_only_its_neighbours(path: Path) -> None:
    """A file imports its own room and those the table allows; a new room needs a row."""
    room = room_of(path)
    assert room in MAY_IMPORT, f"give {room} a row in the table"
    assert imports_of(path) - {room} <= MAY_IMPORT[room]


def test_table_has_no_dead_rows() -> None:
    """Every row of the table is a room that exists."""
    assert {room_of(path) for path in SOURCES} == set(MAY_IMPORT)


def test_worker_imports_nothing_of_the_host() -> None:
    """The code beside the student's uses relative imports, numpy and the standard library."""
    import sys

    allowed = {*sys.stdlib_module_names, "numpy"}
    for path in (GRADER / "worker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert {a.name.split(".")[0] for a in node.names} <= allowed, path
            elif isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").split(".")[0] in allowed, path


def test_only_the_command_line_prints() -> None:
    """No room but the command line calls print; the worker has its own pipes."""
    for path in SOURCES:
        if room_of(path) == ONLY_PRINTER:
            continue
        calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
        assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"], path


def test_references_import_numpy_alone() -> None:
    """A reference must run in the student's place, so it may import nothing else."""
    for path in (ROOT / "reference").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = (
                    [a.name for a in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                )
                assert set(names) <= {"numpy", "__future__"}, path


def test_no_file_is_long_and_no_name_is_vague() -> None:
    """Rooms stay small, and no file is called after nothing in particular."""
    for path in [*SOURCES, *(ROOT / "reference").rglob("*.py"), *(ROOT / "tests").glob("*.py")]:
        assert len(path.read_text().splitlines()) <= 350, path
        assert path.stem not in {"utils", "helpers", "manager", "common", "base"}, path
