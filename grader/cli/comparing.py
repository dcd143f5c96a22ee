"""``grade diff OLD NEW``: each score that is not what it was, and why."""

from __future__ import annotations

import argparse

from grader.cli.folders import open_batch
from grader.cli.output import emit
from grader.errors import ExitCode
from grader.escape import printable
from grader.grades import describe, diff

_MOST = 2000  # characters of a line


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print every change, the dropped scores first, and return 1 where there is one."""
    old, new = (open_batch(place, arguments) for place in (arguments.old, arguments.new))
    changes = diff(old.rows, new.rows)
    lines = [printable(describe(change), _MOST) for change in changes]
    dropped = sum(change.amount < 0 for change in changes)
    rose = sum(change.amount > 0 for change in changes)
    counts = f"{len(changes)} changed: {dropped} dropped, {rose} rose"
    emit("\n".join([*lines, counts if changes else "no score changed"]) + "\n")
    return ExitCode.FINDINGS if changes else ExitCode.OK
