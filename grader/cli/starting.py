"""``grade init DIR``: a new course with one assignment."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.errors import ExitCode
from grader.new_course import write_course


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the files of a new course and say what to do next."""
    folder = Path(arguments.folder)
    for path in write_course(folder):
        print(path.relative_to(folder).as_posix())
    print(f"\nnext: cd {folder} && grade check first && grade examples/mistake")
    return ExitCode.OK
