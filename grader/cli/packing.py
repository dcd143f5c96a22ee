"""``grade pack``: the zip that a course asks for, with the self-check of what is in it."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from grader.cli.output import emit, write_data
from grader.cli.settings import settings_of
from grader.cli.status import StatusLine
from grader.errors import CourseError, ExitCode
from grader.escape import printable
from grader.handin import MAX_PACKED, gather, problems, reports, written
from grader.kit import MARKER, find_kit, read_kit
from grader.report import to_table
from grader.selfcheck import self_check
from grader.submission import read_submission
from grader.zipping import zipped


def run(arguments: argparse.Namespace) -> ExitCode:
    """Check what is handed in, and pack it where all of it is there and loads."""
    path = Path(arguments.submission)
    own = path / MARKER
    root = path if own.is_file() else find_kit(None, os.environ)
    if root is None:
        raise CourseError(
            f"{printable(str(path))}: there is no {MARKER}; a hand-in is packed in the folder of "
            "its student kit"
        )
    kit = read_kit(root)
    out = _place(arguments.out, root, kit.assignment.id)
    asked = kit.assignment
    hand_in = gather(path, asked)
    if sum(map(len, hand_in.files.values())) > MAX_PACKED:
        raise CourseError(f"{printable(str(path))}: more than {MAX_PACKED >> 20} MiB to hand in")
    if not hand_in.files:
        raise CourseError(*(hand_in.missing or ("there is nothing to hand in",)))
    with written(hand_in) as folder, StatusLine(is_quiet=False) as status:
        packed = read_submission(folder, asked.files, is_tree=asked.is_tree)
        named = replace(packed, name=printable(path.resolve().name, 100))
        settings = settings_of(asked, arguments, "grade .", "", status)
        report = self_check(kit, named, settings)
    wrong = list(problems(hand_in, report))
    if wrong and not arguments.anyway:
        emit("".join(f"{line}\n" for line in ("nothing was packed:", *(f"  {w}" for w in wrong))))
        emit("mend that, or pack it all the same with --anyway\n")
        return ExitCode.FINDINGS
    files = {**hand_in.files, **reports(report)}
    write_data(out, zipped(files), "--out")
    emit("".join(f"{line}\n" for line in (f"{printable(str(out))}:", *(f"  {n}" for n in files))))
    emit("".join(f"packed all the same: {line}\n" for line in wrong))
    emit(to_table.score_line(report))
    return ExitCode.OK


def _place(stated: str, root: Path, name: str) -> Path:
    """Return where the zip goes; raises ``CourseError`` where it cannot."""
    out = Path(stated) if stated else root / f"{name}.zip"
    if out.suffix != ".zip" or out.is_dir() or not out.parent.is_dir():
        why = f"there is no folder {out.parent}" if not out.parent.is_dir() else "name a FILE.zip"
        raise CourseError(f"--out {out}: {why}")
    return out
