"""``grade doctor``: what isolation this machine offers, and what would lift it higher."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tabulate import tabulate

from grader.errors import ExitCode
from grader.isolation import LADDER, choose, layers, problem_of


def run(_arguments: argparse.Namespace) -> ExitCode:
    """Try every layer and every rung, and print what came of it."""
    rows = [
        (layer.name, "works" if layer.works else "missing", layer.purpose, layer.advice)
        for layer in layers()
    ]
    print(_table(rows, ("layer", "here", "what it is for", "how to get it, or what to know")))
    rungs = [
        (rung, problem if (problem := problem_of(rung)) else "works", _BEST_FOR[rung])
        for rung in LADDER
    ]
    print(_table(rungs, ("isolation", "here", "enough for")))
    rung, note = choose()
    print(f"`--isolation auto` takes {rung}: {note}.")
    return ExitCode.OK


_BEST_FOR = {
    "sealed": "anybody's code, many submissions",
    "confined": "anybody's code, many submissions",
    "partial": "code you trust",
    "macos": "code you trust",
    "process": "code you trust",
}


def _table(rows: Sequence[tuple[str, ...]], headers: tuple[str, ...]) -> str:
    widths = [None] * (len(headers) - 1) + [48]
    return tabulate(rows, headers, disable_numparse=True, maxcolwidths=widths) + "\n"
