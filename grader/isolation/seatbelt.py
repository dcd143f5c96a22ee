"""The rung ``macos``: the child under ``sandbox-exec``. Written from documentation, not tested.

Apple calls the program deprecated and describes its language nowhere; coding agents still use it.
Its children are not forked from a warm process, because Apple's libraries do not survive a fork.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache

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


def prefix(readable: list[str]) -> list[str]:
    """Return the words before a command: Python and numpy may be read wherever they lie."""
    allowed = "\n".join(f'(allow file-read* (subpath "{_quoted(path)}"))' for path in readable)
    return [_program(), "-p", _PROFILE.format(readable=allowed)]


@cache
def problem() -> str:
    """Return why this rung is not to be had, or nothing; tried with a program that does nothing."""
    if sys.platform != "darwin":
        return "sandbox-exec is a program of macOS"
    tried = subprocess.run([*prefix([]), "/usr/bin/true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "sandbox-exec does not start"


def _program() -> str:
    return shutil.which("sandbox-exec") or "/usr/bin/sandbox-exec"


def _quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')
