"""The command line that puts a warm process in a world with Python and numpy in it, and no more."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

_NEEDED_BY_ROOT = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL")  # to give a child a user, and to end it


def problem() -> str:
    """Return why bubblewrap cannot even be tried, or nothing."""
    if sys.platform != "linux":
        return "bubblewrap needs Linux"
    return "" if _program() else "bubblewrap is not installed"


def _program() -> str | None:
    return shutil.which("bwrap", path=os.defpath)


def prefix(paths: Iterable[str], hidden: Iterable[str]) -> list[str]:
    """Return the words before a command: these paths, read-only, are all that it will see.

    Folders in ``hidden`` are empty but for those paths.
    """
    words = [
        _program() or "bwrap",
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        *("--as-pid-1", "--die-with-parent", "--new-session"),
    ]
    if os.geteuid() == 0:
        words += ["--cap-drop", "ALL"]
        for capability in _NEEDED_BY_ROOT:
            words += ["--cap-add", capability]
    else:
        words += ["--unshare-user"]
    made: set[str] = set()
    for path in paths:
        # Otherwise bubblewrap makes the folders above with mode 0700, for its own user.
        for above in reversed(PurePosixPath(path).parents[:-1]):
            if str(above) not in made:
                made.add(str(above))
                words += ["--perms", "0755", "--dir", str(above)]
        words += ["--dev-bind" if path.startswith("/dev/") else "--ro-bind", path, path]
        # At once: numpy may lie in one of them, and is mounted later.
        for folder in hidden:
            if PurePosixPath(path) in PurePosixPath(folder).parents:
                words += ["--perms", "0755", "--tmpfs", folder]
    for folder in (*hidden, "/"):
        words += ["--remount-ro", folder]
    return [*words, "--chdir", "/"]
