"""Realistic submissions against what was written down for them, each in a real child.

    python benchmarks/submissions.py --count 240

Prints the share of functions whose verdict is as written, and every one that is not.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from realistic import composed, graded, unlike  # noqa: E402 - found beside the tests

from grader.isolation import choose  # noqa: E402


def main() -> int:
    """Grade and compare; return 1 if any verdict is not as written down."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rung", default="")
    asked = parser.parse_args()
    rung = asked.rung or choose()[0]
    functions, lines, began = 0, [], time.monotonic()
    for handed in composed(asked.count, seed=asked.seed):
        report = graded(handed, rung)
        functions += len(handed.due)
        lines += unlike(handed, report)
    seconds = time.monotonic() - began
    print(f"{asked.count} submissions, {functions} functions, {rung}, {seconds:.0f} s")
    print(f"{len(lines)} not as written down")
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
