"""Packages that an assignment lets students import besides numpy: each by its own path, no other.

They are looked for in the folders that pip installs to, and never imported by the host. What a
package itself needs must be declared too; `grade check` tries that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from importlib.machinery import PathFinder
from pathlib import Path

from grader.errors import CourseError
from grader.isolation.session import Session
from grader.model import Assignment, Call, Fault, FaultKind, Limits

_SITES = {"site-packages", "dist-packages"}
_PROBE = "probe"

Packages = tuple[tuple[str, str], ...]  # the name in an import, and the file that it runs


def find_packages(assignment: Assignment) -> Packages:
    """Return where the declared packages are; raises ``CourseError`` naming those that are not."""
    sites = [site for site in sys.path if Path(site).name in _SITES]
    found: dict[str, str] = {}
    problems = []
    for name in assignment.packages:
        spec = PathFinder.find_spec(name, sites)
        if spec is None:
            problems.append(f"`{name}` is not installed here; `pip install` it for this Python")
        elif spec.origin is None:
            problems.append(f"`{name}` is a folder without __init__.py, which is not supported")
        else:
            found[name] = str(Path(spec.origin).resolve())
    if problems:
        raise CourseError(*(f"{assignment.path}: packages: {problem}" for problem in problems))
    return tuple(found.items())


def paths_of(packages: Packages) -> tuple[str, ...]:
    """Return the files and trees of packages, and the libraries that a wheel brought along."""
    paths: list[Path] = []
    for name, file in packages:
        place = Path(file)
        if place.name.startswith("__init__."):
            paths += [place.parent, *_libraries(name, place.parent.parent)]
        else:
            paths.append(place)
    return tuple(map(str, paths))


def _libraries(name: str, site: Path) -> Iterator[Path]:
    """Yield the folder of shared libraries that lies beside a package, as wheels bring it.

    It is called like the distribution, which may have another name than the package.
    """
    for folder in sorted(site.glob("*.libs")):
        for record in site.glob(f"{folder.stem}-*.dist-info/RECORD"):
            if f"\n{name}/__init__.py," in f"\n{record.read_text(encoding='utf-8')}":
                yield folder


def version_of(package: str) -> str:
    """Return the version of an installed package, where it is called as it is imported."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  slow to import

    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def import_problems(
    assignment: Assignment,
    open_session: Callable[[Mapping[str, str], Limits], AbstractContextManager[Session]],
) -> list[str]:
    """Import each declared package as a student would; return what keeps it from working."""
    problems = []
    call = Call("loss_function", _PROBE, _PROBE, None, (), (), ())
    for name in assignment.packages:
        source = f"import {name}\n\n\ndef {_PROBE}():\n    return {name}\n"
        with open_session({f"{_PROBE}.py": source}, assignment.limits) as session:
            loaded = session.load(call)
        # A module that is missing is replaced, for students: here it must not be missed.
        needs = loaded.detail if isinstance(loaded, Fault) else ", ".join(loaded.absent)
        if needs:
            is_missing = not isinstance(loaded, Fault) or loaded.kind is FaultKind.NO_MODULE
            why = f"it needs `{needs}`, which is not declared" if is_missing else needs
            told = f"packages: `{name}` cannot be imported in isolation: {why}"
            problems.append(f"{assignment.path}: {told}")
    return problems
