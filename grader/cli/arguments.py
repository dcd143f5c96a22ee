"""What the command line understands."""

from __future__ import annotations

import argparse
from typing import NoReturn

from grader import __version__
from grader.errors import CourseError
from grader.isolation import LADDER
from grader.report import FORMAT_OF_ENDING, WRITERS

COMMANDS = (
    "batch", "bundle", "check", "diff", "doctor", "explain", "export", "init", "list",
    "pack", "release",
)  # fmt: skip
_LATER = ("audit",)


class _Parser(argparse.ArgumentParser):
    """argparse, with its errors in our form."""

    def error(self, message: str) -> NoReturn:
        raise CourseError(f"{message}; see `{self.prog} --help`")


def parse(argv: list[str]) -> argparse.Namespace:
    """Return the parsed arguments; ``command`` is ``grade`` or one of ``COMMANDS``.

    A first word that is a command is the command; a folder of that name is ``./list``.
    """
    first = argv[0] if argv else ""
    if first in _LATER:
        raise CourseError(
            f"`grade {first}` is not part of this version; a folder of that name is ./{first}"
        )
    if first in COMMANDS:
        return _PARSERS[first]().parse_args(argv[1:], argparse.Namespace(command=first))
    return _checked(_grade_parser().parse_args(argv, argparse.Namespace(command="grade")))


def _checked(arguments: argparse.Namespace) -> argparse.Namespace:
    """Return the arguments of a grading; raises ``CourseError`` where they do not fit together."""
    if arguments.submission is None and not arguments.watch:
        raise CourseError("the following arguments are required: SUBMISSION; see `grade --help`")
    arguments.submission = arguments.submission or "."
    if arguments.watch and arguments.format and not arguments.report:
        raise CourseError("--watch shows a table; for programs, --report FILE is written each time")
    if arguments.debugger and not arguments.replay:
        raise CourseError("--debugger needs the case to stop in: --replay TASK:KIND:INDEX")
    if arguments.debugger and arguments.watch:
        raise CourseError("--debugger and --watch cannot be used together")
    return arguments


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--course", metavar="DIR", help="the course folder; default: found upward")


def _grade_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade",
        description="Grade one submission: a folder, or a single file.",
        epilog="Also: `grade check ASSIGNMENT` proves an assignment, `grade list` lists them, "
        "`grade doctor` shows what isolation this machine has, `grade init DIR` starts a course. "
        "`grade batch` grades a class; `grade export`, `grade diff` and `grade explain` read what "
        "it left; `grade bundle` makes an autograder, `grade release` a student kit, `grade pack` "
        "the zip that is handed in.",
    )
    add = parser.add_argument
    add("submission", metavar="SUBMISSION", nargs="?",
        help="folder or file to grade; with --watch this folder, if none is named")  # fmt: skip
    _common(parser)
    add("--assignment", metavar="ID|FILE.yaml", help="default: all whose files are there")
    add("--rubric", metavar="FILE", help="default: rubrics/ID.yaml of the course")
    add("--task", metavar="ID", help="grade this task only")
    add("--seed", metavar="N", type=int, help="a public seed instead of the course's secret")
    add("--replay", metavar="TASK:KIND:INDEX", help="run one case again and show its arrays")
    add("--watch", action="store_true", help="grade again whenever a file is saved; Ctrl-C ends it")
    add("--debugger", action="store_true",
        help="with --replay: open pdb where that case goes wrong")  # fmt: skip
    add("--isolation", metavar="NAME", default="auto", help=f"auto, or {', '.join(LADDER)}")
    endings = ", ".join(FORMAT_OF_ENDING)
    add("--report", metavar="FILE", action="append", default=[],
        help=f"also write the report to a file ({endings}); repeatable")  # fmt: skip
    add("--format", choices=sorted(WRITERS), help="format of the reports, or of stdout")
    add("--as-student", action="store_true",
        help="show what students see: nothing of hidden checks but points")  # fmt: skip
    add("--quiet", action="store_true", help="only the score")
    add("--verbose", action="store_true", help="show the evidence of every finding")
    add("--version", action="version", version=f"grade {__version__}")
    return parser


def _batch_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade batch",
        description="Grade a whole class into a folder. The same command goes on where it was "
        "stopped, and grades again only what has changed.",
    )
    add = parser.add_argument
    add("submissions", metavar="SUBMISSIONS", help="a folder of submissions, as it was downloaded")
    add("--out", metavar="DIR", required=True, help="where reports and grades go")
    add("--assignment", metavar="ID", action="append", default=[],
        help="what was handed in; repeatable")  # fmt: skip
    add("--rubric", metavar="FILE", help="default: rubrics/ID.yaml of the course")
    add("--layout", metavar="NAME[:PART]",
        help="how the folder is laid out, where that is not seen: plain, gradescope, canvas, "
        "moodle, nbgrader:ASSIGNMENT, github:PREFIX")  # fmt: skip
    add("--pseudonyms", metavar="KEYFILE", help="write a keyed pseudonym for every id")
    add("--roster", metavar="FILE.csv", help="ids, names, groups, extensions, time factors")
    add("--attempt", choices=["latest", "best"], default="latest",
        help="which of several attempts counts")  # fmt: skip
    add("--jobs", metavar="N", type=int, help="processes at once; default: the cores")
    add("--dask", metavar="ADDRESS", help="an existing dask cluster instead: tcp://HOST:PORT")
    add("--force", action="store_true", help="grade again what has not changed")
    add("--seed", metavar="N", type=int, help="a public seed instead of the course's secret")
    add("--isolation", metavar="NAME", default="auto", help=f"auto, or {', '.join(LADDER)}")
    _despite(parser)
    add("--quiet", action="store_true", help="no progress")
    _common(parser)
    return parser


def _check_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade check",
        description="Prove a spec, its reference and its rubric, before a student is graded.",
    )
    add = parser.add_argument
    add("assignment", metavar="ASSIGNMENT", nargs="?",
        help="id or FILE.yaml; default: every assignment of the course")  # fmt: skip
    add("--rubric", metavar="FILE", help="default: rubrics/ID.yaml of the course")
    add("--seed", metavar="N", type=int, help="draw other cases")
    add("--report", metavar="FILE.json", action="append", default=[],
        help="also write what was found to a file; repeatable")  # fmt: skip
    add("--format", choices=["json"], help="format of the reports, or of stdout")
    add("--verbose", action="store_true",
        help="say what was proven how, and what examples could not tell")  # fmt: skip
    _common(parser)
    return parser


def _release_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade release",
        description="Write what students get of an assignment: starter files, a README, and what "
        "they check themselves with. No solution is in it; the kit is proven before it is written.",
    )
    add = parser.add_argument
    add("assignment", metavar="ASSIGNMENT", help="id or FILE.yaml")
    add("--out", metavar="DIR|FILE.zip", required=True, help="a new or empty folder, or a zip")
    add("--rubric", metavar="FILE", help="default: rubrics/ID.yaml of the course")
    add("--seed", metavar="N", type=int, help="draw other public cases; default: 0")
    add("--allow-weak-spec", action="store_true",
        help="release what `grade check` calls weak")  # fmt: skip
    _common(parser)
    return parser


def _list_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade list", description="List the assignments and tasks of this course."
    )
    _common(parser)
    return parser


def _init_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade init",
        description="Write a new course: one assignment, its reference, its rubric, an example.",
    )
    parser.add_argument("folder", metavar="DIR", help="a new or empty folder")
    return parser


def _doctor_parser() -> argparse.ArgumentParser:
    return _Parser(
        prog="grade doctor",
        description="Show what isolation this machine offers, and what would lift it higher.",
    )


def _export_parser() -> argparse.ArgumentParser:
    from grader.grades import EXPORTERS  # noqa: PLC0415 - grading one submission needs none

    formats = (*EXPORTERS, "csv", "jsonl", "summary")
    parser = _Parser(
        prog="grade export",
        description="Write what another system takes, from the reports of a batch and its "
        "overrides.yaml as it is now. csv, jsonl and summary make the gradebook itself anew.",
    )
    add = parser.add_argument
    add("folder", metavar="DIR", help="the folder of a batch")
    add("--to", metavar="FORMAT", choices=formats, required=True, help=", ".join(formats))
    add("--sheet", metavar="FILE", default="",
        help="canvas, moodle: the gradebook or worksheet as it was downloaded")  # fmt: skip
    add("--column", metavar="NAME", default="",
        help="canvas: the assignment, by title or number")  # fmt: skip
    add("--match-on", metavar="COLUMN", default="",
        help="canvas, moodle: the column of ids; default: the one that knows most")  # fmt: skip
    add("--scaled", dest="is_scaled", action="store_true",
        help="canvas, moodle: scale scores to another maximum there")  # fmt: skip
    add("--out", metavar="PLACE", default="",
        help="a folder, or a file of the right ending; default: inside DIR")  # fmt: skip
    _of_a_batch(parser)
    return parser


def _diff_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade diff",
        description="List every score that changed between two batches and why, dropped ones "
        "first. The exit code is 0 where none did, 1 where some did.",
    )
    parser.add_argument("old", metavar="OLD", help="the folder of a batch")
    parser.add_argument("new", metavar="NEW", help="the folder of another one")
    _of_a_batch(parser)
    return parser


def _explain_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade explain",
        description="Print what an appeal needs: checks, findings, what the verdict rests on.",
    )
    parser.add_argument("folder", metavar="DIR", help="the folder of a batch")
    parser.add_argument("student", metavar="STUDENT", help="an id")
    parser.add_argument("task", metavar="TASK", help="as the column of grades.csv is called")
    _of_a_batch(parser)
    return parser


def _of_a_batch(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--roster", metavar="FILE.csv", help="ids, names, groups, extensions")
    add("--pseudonyms", metavar="KEYFILE", help="the key of the batch: ids instead of pseudonyms")
    add("--rubric", metavar="FILE", help="default: rubrics/ID.yaml of the course")
    _common(parser)


def _bundle_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade bundle",
        description="Write an autograder of one assignment, ready to be uploaded.",
    )
    add = parser.add_argument
    add("assignment", metavar="ASSIGNMENT", help="its id")
    add("--to", metavar="SYSTEM", choices=("gradescope",), required=True, help="gradescope")
    add("--out", metavar="FILE.zip", required=True, help="where it goes")
    add("--rubric", metavar="FILE", help="default: rubrics/ID.yaml of the course")
    add("--seed", metavar="N", type=int, help="a public seed instead of the course's secret")
    parser.set_defaults(isolation="auto")  # the strongest where it runs
    _despite(parser)
    _common(parser)
    return parser


def _pack_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="grade pack",
        description="Check that everything an assignment asks for is there and loads, and make "
        "the zip to hand in, with the report of a self-check in it.",
    )
    add = parser.add_argument
    add("submission", metavar="SUBMISSION", nargs="?", default=".",
        help="the folder of a student kit; default: this one")  # fmt: skip
    add("--out", metavar="FILE.zip", default="", help="default: ASSIGNMENT.zip in the kit")
    add("--anyway", action="store_true", help="pack also what is missing files or does not load")
    add("--isolation", metavar="NAME", default="auto", help=f"auto, or {', '.join(LADDER)}")
    return parser


def _despite(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--allow-weak-isolation", action="store_true",
        help="grade where other people's code could do harm")  # fmt: skip
    add("--allow-weak-spec", action="store_true",
        help="grade by a spec that `grade check` calls weak")  # fmt: skip


_PARSERS = {
    "batch": _batch_parser, "bundle": _bundle_parser, "check": _check_parser,
    "diff": _diff_parser, "doctor": _doctor_parser, "explain": _explain_parser,
    "export": _export_parser, "init": _init_parser, "list": _list_parser,
    "pack": _pack_parser, "release": _release_parser,
}  # fmt: skip
