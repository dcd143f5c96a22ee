"""The command line: the only room that prints.

``main`` is the console script. It settles what must be settled before numpy is imported, turns
every error into a message and an exit code, and never shows a traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from grader.errors import CourseError, ExitCode, GraderFault
from grader.escape import printable

# One BLAS thread: repeatable sums, fair timing, and two cores left for two submissions.
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

_OURS = "a fault of the grader, not of the submission"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    gc.disable()  # a short run that keeps what it makes: collecting costs 4 % of it
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    if sys.stdout is None:
        return _say(ExitCode.USAGE, "stdout is closed: there is nowhere to write the result")
    try:
        from grader.cli.commands import run  # noqa: PLC0415  numpy reads the settings at import

        code = int(run(sys.argv[1:] if argv is None else list(argv)))
        sys.stdout.flush()
    except CourseError as error:
        return _say(ExitCode.USAGE, *error.problems)
    except GraderFault as error:
        return _say(ExitCode.FAULT, f"{_OURS}: {error}")
    except KeyboardInterrupt:
        return _say(ExitCode.INTERRUPTED, "interrupted")
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; nothing is left to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except OSError as error:
        place = printable(str(error.filename)) + ": " if error.filename else ""
        return _say(ExitCode.USAGE, f"{place}{error.strerror or error}")
    except Exception as error:  # the last door: a fault of ours, said as such
        if os.environ.get("GRADER_DEBUG"):
            raise
        what = f"{_OURS}: {type(error).__name__}: {error}"
        return _say(ExitCode.FAULT, what, "set GRADER_DEBUG=1 to see where, and report it")
    return code


def _say(code: ExitCode, *lines: str) -> int:
    """Say why on stderr, if there is one, and return the exit code."""
    with suppress(OSError, AttributeError):
        for line in lines:
            print(f"grade: {line}", file=sys.stderr)
    return code
