"""``grade --watch``: grade again whenever a file is saved, until Ctrl-C."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from grader.cli.grading import grade
from grader.cli.kept import Kept, Stamp, stamp_of
from grader.cli.output import emit
from grader.cli.showing import code_of, show
from grader.errors import CourseError, ExitCode, GraderFault
from grader.escape import printable
from grader.report import to_table
from grader.submission import list_sources

_POLL_SECONDS = 0.1
_SETTLE_SECONDS = 0.03  # a file that still grows is not read yet
_AWAY_SECONDS = 0.2  # between an editor's taking a file away and putting it back
_MOST_OF_TIME = 10  # looking at a folder of very many files takes a tenth of the time at most
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(arguments: argparse.Namespace) -> ExitCode:
    """Grade, wait for a change, grade again; Ctrl-C ends it with the code of the last result.

    What is wrong with the command or the course ends the first grading, as it would without
    ``--watch``. Later it is only told: whoever is editing will mend it.
    """
    watched = _Watched(arguments)
    watched.grade([])
    try:
        _say(f"watching {printable(arguments.submission)}; Ctrl-C ends it")
        while True:
            watched.grade_again(watched.next_change())
            gc.collect()  # which is off for short runs: this one lasts
    except KeyboardInterrupt:
        _say("")
        return watched.code


class _Watched:
    """A submission, what was last seen of its files, and what they were worth."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.code = ExitCode.INTERRUPTED  # until there is a result
        self._arguments = arguments
        self._path = Path(arguments.submission)
        self._kept = Kept()
        self._seen = self._state()

    def grade(self, changed: Sequence[Path]) -> None:
        """Show what was graded now in full, and the score of what is as it was."""
        self.code = ExitCode.INTERRUPTED  # until there is a result
        graded = grade(self._arguments, self._kept)
        self.code = code_of(graded, self._arguments)  # before it is seen, and answered by Ctrl-C
        _begin(changed)
        fresh = [each for each in graded if each.is_new] or graded
        show(fresh, self._arguments)
        if len(fresh) < len(graded):
            rest = (to_table.score_line(each.report) for each in graded if not each.is_new)
            emit("\n" + "".join(rest))

    def grade_again(self, changed: Sequence[Path]) -> None:
        """Grade; what is wrong with the command or the course is told and may be mended."""
        try:
            self.grade(changed)
        except (CourseError, GraderFault) as error:
            is_ours = isinstance(error, GraderFault)
            self.code = ExitCode.FAULT if is_ours else ExitCode.USAGE
            _begin(changed)
            for problem in str(error).splitlines():
                _say(f"grade: {problem}")

    def next_change(self) -> list[Path]:
        """Wait until files differ from what was seen, and stay as they are for a moment."""
        self._seen = {**self._kept.stamp, **self._seen}  # of the course, known once it was read
        pause = 0.0
        while True:
            time.sleep(pause)
            before = time.monotonic()
            now = self._state()
            pause = max(_POLL_SECONDS, _MOST_OF_TIME * (time.monotonic() - before))
            if now == self._seen:
                continue
            time.sleep(_SETTLE_SECONDS if self._seen.keys() <= now.keys() else _AWAY_SECONDS)
            if self._state() == now:
                seen, self._seen = self._seen, now
                self._kept.forget(seen.keys() - now.keys())
                return [place for place in {**seen, **now} if seen.get(place) != now.get(place)]
            pause = 0.0

    def _state(self) -> Stamp:
        """Return the state of every file that a grading may read."""
        path = self._path
        own = [path / place for place in list_sources(path).paths] if path.is_dir() else [path]
        return stamp_of([*own, *self._kept.places])


def _begin(changed: Sequence[Path]) -> None:
    """Clear a terminal; elsewhere draw a line that says when and why, but for the first time."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        emit(_CLEAR)
    elif changed:
        names = ", ".join(sorted({printable(path.name, 80) for path in changed}))
        emit(f"\n--- {time.strftime('%H:%M:%S')} {names}\n\n")


def _say(text: str) -> None:
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)
