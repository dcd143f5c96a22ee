"""From arguments to the command they name; each command lives in a file of its own."""

from __future__ import annotations

import importlib

from grader.cli.arguments import parse
from grader.errors import ExitCode

_MODULES = {
    "grade": "grading", "batch": "batching", "bundle": "bundling", "check": "proving",
    "diff": "comparing", "doctor": "doctor", "explain": "explaining", "export": "exporting",
    "init": "starting", "list": "listing", "pack": "packing", "release": "releasing",
}  # fmt: skip


def run(argv: list[str]) -> ExitCode:
    """Run one command, importing no other."""
    arguments = parse(argv)
    command = importlib.import_module(f"grader.cli.{_MODULES[arguments.command]}")
    return ExitCode(command.run(arguments))
