"""What one grading leaves for the next, while what it was made of stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

# Of each path, what changes when a file is saved: also when it is replaced by another of its age.
Stamp = dict[Path, tuple[int, int, int]]


def stamp_of(paths: Iterable[Path]) -> Stamp:
    """Return the state of files; those that are not there have none."""
    stamp: Stamp = {}
    for path in paths:
        try:
            status = path.stat()
        except (OSError, ValueError):
            continue
        stamp[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return stamp


class Kept:
    """Things by name, each with what it rests on. A single grading begins and ends with none."""

    def __init__(self) -> None:
        """Begin without anything."""
        self.places: set[Path] = set()  # files of the course, whether they are there or not
        self.stamp: Stamp = {}  # their state when they were last read
        self._made: dict[Hashable, tuple[Stamp, Any]] = {}
        self._results: dict[Hashable, tuple[object, Any]] = {}

    def made_of(self, key: Hashable, paths: Iterable[Path], make: Callable[[], T]) -> T:
        """Return what was made of these files, or make it if one of them has changed."""
        stamp = stamp_of(paths := list(paths))  # before they are read: a later change is seen
        self.places.update(paths)
        if key not in self._made or self._made[key][0] != stamp:
            self._results.clear()
            self.stamp |= stamp
            self._made[key] = stamp, make()
        found: T = self._made[key][1]
        return found

    def forget(self, gone: Iterable[Path]) -> None:
        """Have no state of files that are gone: they are seen anew when they come back."""
        for path in gone:
            self.stamp.pop(path, None)

    def last(self, key: Hashable) -> Any:
        """Return what was made last, whatever has changed since; None if nothing was."""
        return self._made[key][1] if key in self._made else None

    def result_of(self, key: Hashable, given: object, make: Callable[[], T]) -> tuple[T, bool]:
        """Return the result for what is given, and whether it is a new one."""
        is_new = key not in self._results or self._results[key][0] != given
        if is_new:
            self._results[key] = given, make()
        found: T = self._results[key][1]
        return found, is_new
