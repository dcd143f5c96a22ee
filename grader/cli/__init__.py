"""The command line: the only room that prints.

``main`` is the console script. It settles what must be settled before numpy is imported, turns
every error into a message and an exit code, and never shows a traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from grader.errors import CourseError, ExitCode, GraderFault

# One BLAS thread: repeatable sums, fair timing, and two cores left for two submissions.
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    gc.disable()  # a short run that keeps what it makes: collecting costs 4 % of it
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    from grader.cli.commands import run  # noqa: PLC0415  numpy reads the settings at import

    try:
        return int(run(sys.argv[1:] if argv is None else list(argv)))
    except CourseError as error:
        for problem in error.problems:
            print(f"grade: {problem}", file=sys.stderr)
        return ExitCode.USAGE
    except GraderFault as error:
        print(f"grade: a fault of the grader, not of the submission: {error}", file=sys.stderr)
        return ExitCode.FAULT
    except KeyboardInterrupt:
        print("grade: interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; nothing is left to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:  # the last door: a fault of ours, said as such
        if os.environ.get("GRADER_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        print(f"grade: a fault of the grader, not of the submission: {what}", file=sys.stderr)
        print("grade: set GRADER_DEBUG=1 to see where, and report it", file=sys.stderr)
        return ExitCode.FAULT
