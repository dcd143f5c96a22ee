"""The rung ``macos``: the child under ``sandbox-exec``. Written from documentation, not tested.

Apple calls the program deprecated and describes its language nowhere; coding agents still use it.
Its children are not forked from a warm process, because Apple's libraries do not survive a fork.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from grader.isolation.archive import worker_command, worker_zip
from grader.isolation.packages import Packages, paths_of
from grader.isolation.policy import mounted_paths

_PROGRAM = "/usr/bin/sandbox-exec"

_PROFILE = """(version 1)
(deny default)
(allow process-exec*)
(allow signal (target self))
(allow sysctl-read)
(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))
(allow file-read*)
(deny file-read* (subpath "/Users") (subpath "/Volumes") (subpath "/private/etc"))
{readable}
(allow file-write* (literal "/dev/null"))
(deny network*)
(deny process-fork)
"""


def command(packages: Packages = ()) -> list[str]:
    """Return the command line of a child process; Python and packages may lie anywhere."""
    readable = (*mounted_paths()[0], *paths_of(packages), str(worker_zip()))
    allowed = "\n".join(f'(allow file-read* (subpath "{_quoted(path)}"))' for path in readable)
    return [_PROGRAM, "-p", _PROFILE.format(readable=allowed), *worker_command()]


@cache
def problem() -> str:
    """Return why this rung is not to be had, or nothing; a child that is asked nothing tells."""
    if sys.platform != "darwin":
        return "sandbox-exec is a program of macOS"
    try:
        tried = subprocess.run(command(), input=b"", capture_output=True, check=False)
    except OSError:
        return "there is no sandbox-exec"
    return "" if tried.returncode == 0 else "Python does not start in sandbox-exec"


def _quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')
