"""What a batch keeps: each report written whole, and a line for it, so that a kill loses nothing.

A report is written to a file beside its place, forced to the disk and renamed; its line in the
journal follows. A run that was killed between the two finds the report by its own digest. Only of
what is to be tried again the line comes first: its report must not pass for the last word.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

from grader.batch.order import Graded, Status, tries_due
from grader.errors import CourseError

SUBMISSIONS = "submissions"
REPORT = "report.json"
READABLE = "report.md"
_JOURNAL = "journal.jsonl"
_LOCK = "lock"
_WRITERS = 4  # each waits for the disk most of the time
_MOST_WAITING = 64


class Journal:
    """The output folder of a batch, held by one run at a time."""

    def __init__(self, folder: Path) -> None:
        """Open the folder; raises ``CourseError`` where it cannot be written or is in use."""
        self.folder = folder
        try:
            (folder / SUBMISSIONS).mkdir(parents=True, exist_ok=True)
            self._held = (folder / _LOCK).open("a+", encoding="utf-8")
        except OSError as error:
            raise CourseError(f"--out {folder}: cannot be written: {error.strerror}") from error
        _take(self._held, folder)
        self.known: dict[str, Mapping[str, Any]] = self._read()  # the last line of each key
        self._lines = (folder / _JOURNAL).open("a", encoding="utf-8")
        self._one_at_a_time = threading.Lock()
        self._writers = ThreadPoolExecutor(_WRITERS, "report")
        self._waiting: dict[str, Future[None]] = {}  # by key, the oldest first

    def holds(self, key: str, digest: str) -> bool:
        """Return True if this very submission was graded under these very conditions.

        What could not be graded by a fault of ours is tried again by the next run.
        """
        line = self.known.get(key)
        report = self.folder / SUBMISSIONS / key / REPORT
        if line is not None and line["digest"] == digest:
            is_settled = _number(line.get("tries")) >= _number(line.get("tries_due"))
            is_settled = is_settled and line["status"] != Status.FAULT.value
            return is_settled and report.is_file()
        found = _document(report)  # a kill may have come before its line
        if found.get("digest") != digest or not _is_settled(found):
            return False
        is_whole = all(told["complete"] for told in found["reports"])
        status = Status.GRADED if is_whole else Status.VOID
        self._note({"key": key, "digest": digest, "status": status.value})
        return True

    def store(self, graded: Graded) -> None:
        """Keep a report; returns at once, an earlier one's failure to be written is raised."""
        if graded.key in self._waiting:  # of two tries the second is the last word
            self._settle(graded.key)
        self._waiting[graded.key] = self._writers.submit(self._write, graded)
        while self._waiting:
            oldest = next(iter(self._waiting))
            if not self._waiting[oldest].done() and len(self._waiting) <= _MOST_WAITING:
                break
            self._settle(oldest)

    def keep_first(self, key: str, tries: int) -> None:
        """Note that an attempt was tried so often as is due, and what is kept of it stays."""
        if key in self._waiting:
            self._settle(key)
        self._note({**self.known[key], "tries": tries, "tries_due": tries})

    def finish(self) -> None:
        """Wait until everything is on the disk."""
        for key in list(self._waiting):
            self._settle(key)
        try:
            self._lines.flush()
            os.fsync(self._lines.fileno())
        except OSError as error:
            raise self._full(error) from error

    def __enter__(self) -> Journal:  # noqa: PYI034 - Self is of Python 3.11
        """Return the journal itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for the disk, unless something went wrong already, and give the folder free."""
        try:
            if kind is None:
                self.finish()
        finally:
            self.close()

    def keep(self, write: Callable[[Path], object]) -> None:
        """Write something else into the folder; raises ``CourseError`` where that fails."""
        try:
            write(self.folder)
        except OSError as error:
            raise self._full(error) from error

    def close(self) -> None:
        """Give the folder free, whatever is still to be written."""
        self._writers.shutdown(wait=True, cancel_futures=False)
        for file in (self._lines, self._held):
            try:
                file.close()
            except OSError:  # a full disk: said already
                continue

    def _settle(self, key: str) -> None:
        try:
            self._waiting.pop(key).result()
        except OSError as error:
            raise self._full(error) from error

    def _full(self, error: OSError) -> CourseError:
        return CourseError(
            f"--out {self.folder}: cannot be written: {error.strerror}; what is graded so far is "
            "kept: make room and run the same command again"
        )

    def _write(self, graded: Graded) -> None:
        line = {
            "key": graded.key,
            "digest": graded.digest,
            "status": graded.status.value,
            "score": graded.score,
            "max_score": graded.max_score,
            "tries": graded.tries,
            "tries_due": graded.tries_due,
            "seconds": round(graded.seconds, 3),
        }
        is_settled = graded.tries >= graded.tries_due
        if not is_settled:  # first, since the report alone does not tell of every death
            self._note(line, is_forced=True)
        home = self.folder / SUBMISSIONS / graded.key
        home.mkdir(exist_ok=True)
        write_whole(home / READABLE, graded.markdown, is_forced=False)
        write_whole(home / REPORT, _with_digest(graded), is_forced=True)
        if is_settled:
            self._note(line)

    def _note(self, line: Mapping[str, Any], *, is_forced: bool = False) -> None:
        with self._one_at_a_time:
            self.known[str(line["key"])] = line
            try:
                self._lines.write(json.dumps(line) + "\n")
                self._lines.flush()
                if is_forced:
                    os.fsync(self._lines.fileno())
            except OSError as error:
                raise self._full(error) from error

    def _read(self) -> dict[str, Mapping[str, Any]]:
        known: dict[str, Mapping[str, Any]] = {}
        try:
            text = (self.folder / _JOURNAL).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise CourseError(
                f"{self.folder / _JOURNAL}: cannot be read: {error.strerror}"
            ) from error
        for line in text.splitlines():
            try:
                entry = json.loads(line)
                known[entry["key"]] = {"status": "", **entry, "digest": entry["digest"]}
            except (ValueError, KeyError, TypeError):
                continue  # cut off by a kill; the report speaks for itself
        if text and not text.endswith("\n"):
            with (self.folder / _JOURNAL).open("a", encoding="utf-8") as lines:
                lines.write("\n")
        return known


def _with_digest(graded: Graded) -> str:
    """Return the report with the digest it was graded under as its last key."""
    body = graded.json.rstrip()
    return f'{body.removesuffix("}").rstrip()},\n  "digest": "{graded.digest}"\n}}\n'


def _document(report: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(stated: Any) -> int:
    return stated if isinstance(stated, int) else 1


def _is_settled(found: Mapping[str, Any]) -> bool:
    """Return True for a report that says all: it was graded, and need not be tried once more."""
    try:
        reports = found.get("reports") or []
        tasks = [task for told in reports for task in told["tasks"]]
        codes = {told["code"] for task in tasks for told in task.get("findings", ())}
        is_told = bool(reports) and all("complete" in told for told in reports)
        return is_told and tries_due({task["outcome"] for task in tasks}, codes) == 1
    except (KeyError, TypeError, AttributeError):  # of another form: graded again
        return False


def write_whole(path: Path, content: str | bytes, *, is_forced: bool) -> None:
    """Write a file whole or not at all; ``is_forced`` waits until it is on the disk."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            if is_forced:
                os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _take(lock: TextIO, folder: Path) -> None:
    """Hold the lock until the process ends, however it ends; raises if another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows alone

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - not on Windows

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise CourseError(f"--out {folder}: another run is grading into this folder") from error
