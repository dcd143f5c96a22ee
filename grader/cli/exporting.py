"""``grade export DIR --to FORMAT``: what other systems take, from the reports of a batch."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from grader.batch.journal import write_whole
from grader.batch.papers import PAPERS, paper
from grader.cli.folders import Batch, open_batch
from grader.cli.output import emit
from grader.errors import CourseError, ExitCode
from grader.escape import printable
from grader.grades import EXPORTERS, Export, Exported

_SHEETS = ("canvas", "moodle")  # what is filled in a file that was downloaded
_ONE_FILE = {
    **PAPERS, "canvas": "gradebook.csv", "moodle": "worksheet.csv", "nbgrader": "grades.csv",
}  # fmt: skip
_PLACE = "exports"  # in the folder of the batch
_FOR_SHEETS = ("sheet", "match_on", "is_scaled")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write an export and return 1 where something was held back."""
    _refuse_strangers(arguments)
    batch = open_batch(arguments.folder, arguments)
    if not batch.rows:
        raise CourseError(f"{arguments.folder}: nobody handed in anything, and there is no roster")
    found = _exported(batch, arguments)
    place = _write(found.files, arguments)
    problems = [*batch.regraded(), *found.problems]
    for problem in problems:
        print(f"grade: {printable(problem, 500)}", file=sys.stderr)
    count = "" if place.is_file() else f": {len(found.files)} files"
    emit(f"{place}{count}\n")
    return ExitCode.FINDINGS if problems else ExitCode.OK


def _refuse_strangers(arguments: argparse.Namespace) -> None:
    """Raise ``CourseError`` for flags that a format does not know, or cannot do without."""
    name = arguments.to
    problems = []
    given = [flag for flag in _FOR_SHEETS if getattr(arguments, flag)]
    if name not in _SHEETS:
        words = ", ".join(_flag(flag) for flag in given)
        problems += [f"{words}: for --to {' and --to '.join(_SHEETS)} alone"] if given else []
    elif not arguments.sheet:
        what = "the gradebook" if name == "canvas" else "the grading worksheet"
        problems.append(f"--to {name} needs --sheet FILE: {what} as it was downloaded")
    if arguments.column and name != "canvas":
        problems.append("--column: for --to canvas alone")
    if name == "canvas" and not arguments.column:
        problems.append("--to canvas needs --column NAME: title or number of the assignment there")
    own, out = Path(arguments.folder).resolve(), Path(arguments.out or arguments.folder).resolve()
    if arguments.pseudonyms and out.is_relative_to(own):
        problems.append("--pseudonyms needs --out PLACE outside DIR, where no name may be")
    if problems:
        raise CourseError(*problems)


def _flag(name: str) -> str:
    return {"is_scaled": "--scaled"}.get(name, f"--{name.replace('_', '-')}")


def _exported(batch: Batch, arguments: argparse.Namespace) -> Exported:
    if arguments.to in PAPERS:
        text = paper(arguments.to, batch.rows, batch.handed)
        content = text.encode() if isinstance(text, str) else text
        return Exported({PAPERS[arguments.to]: content})
    sheet = b""
    if arguments.sheet:
        try:
            sheet = Path(arguments.sheet).read_bytes()
        except OSError as error:
            told = f"--sheet {arguments.sheet}: cannot be read: {error.strerror}"
            raise CourseError(told) from error
    return EXPORTERS[arguments.to](
        Export(
            batch.rows, batch.document, sheet, arguments.column, arguments.match_on,
            is_scaled=arguments.is_scaled, rubrics=batch.rubrics, now=datetime.now(timezone.utc),
        )
    )  # fmt: skip


def _write(files: Mapping[str, bytes], arguments: argparse.Namespace) -> Path:
    """Write the files, all of them or none, and return where."""
    own = Path(arguments.folder)
    name = _ONE_FILE.get(arguments.to)
    default = own if arguments.to in PAPERS else own / _PLACE / arguments.to
    place = Path(arguments.out) if arguments.out else default
    try:
        if name:
            return _write_one(place, name, files[name], is_stated=bool(arguments.out))
        return _write_all(place, files, is_ours=not arguments.out)
    except OSError as error:
        told = f"{error.filename or place}: cannot be written: {error.strerror}"
        raise CourseError(told) from error


def _write_one(place: Path, name: str, content: bytes, *, is_stated: bool) -> Path:
    """Write one file: into a folder, or as the file that has its ending."""
    if is_stated and not place.is_dir() and place.suffix == Path(name).suffix:
        target = place
        if not place.parent.is_dir():
            raise CourseError(f"--out {place}: there is no folder {place.parent}")
    else:
        place.mkdir(parents=True, exist_ok=True)
        target = place / name
    write_whole(target, content, is_forced=True)
    return target


def _write_all(place: Path, files: Mapping[str, bytes], *, is_ours: bool) -> Path:
    """Write a folder of files beside its place, then put it there; an export before is replaced."""
    if not is_ours and place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise CourseError(f"--out {place}: name a new or empty folder; there is something there")
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir()
        for name, content in files.items():
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_bytes(content)
        if place.exists():
            shutil.rmtree(place)
        part.replace(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return place
