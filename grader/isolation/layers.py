"""The layers that the rungs are made of: which of them are here, and how to get the others."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.isolation import bubblewrap, seccomp
from grader.isolation.forking import try_walls
from grader.isolation.policy import is_readable_by_all, python_paths
from grader.worker import landlock

_RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


@dataclass(frozen=True)
class Layer:
    """One part of isolation: what it is for, whether it works here, and what would help."""

    name: str
    purpose: str
    works: bool
    advice: str = ""


def layers() -> list[Layer]:
    """Try every layer."""
    return [_bubblewrap(), _landlock(), _seccomp(), _spare_user(), _limits()]


def _bubblewrap() -> Layer:
    name, purpose = "bubblewrap", "a world with Python and numpy in it, and no more"
    if bubblewrap.problem():
        advice = "apt install bubblewrap" if sys.platform == "linux" else "Linux only"
        return Layer(name, purpose, works=False, advice=advice)
    if not (problem := try_walls("bubblewrap").problem):
        return Layer(name, purpose, works=True)
    if _is_restricted():
        problem = "AppArmor keeps users from making namespaces: an AppArmor profile for bwrap"
        problem += " that allows `userns` lifts it"
    return Layer(name, purpose, works=False, advice=problem)


def _landlock() -> Layer:
    version = landlock.version()
    advice = f"interface {version}" if version else "Linux 5.13 or newer, with Landlock enabled"
    if 0 < version < 6:
        advice += "; from 6 on (Linux 6.12) it also stops signals"
    return Layer("Landlock", "no file but those of Python and numpy", bool(version), advice)


def _seccomp() -> Layer:
    _, advice = seccomp.library() if sys.platform == "linux" else (None, "Linux only")
    return Layer("seccomp", "no network, processes, signals", seccomp.build_filter() is not None,
                 advice)  # fmt: skip


def _spare_user() -> Layer:
    name, purpose = "spare user", "a user that owns nothing"
    if sys.platform == "win32" or os.geteuid() != 0:
        return Layer(name, purpose, works=False, advice="only root can give a child another user")
    if is_readable_by_all(python_paths()):
        return Layer(name, purpose, works=True)
    advice = "only root can read this Python, so outside bubblewrap its code runs as a root "
    return Layer(name, purpose, works=False, advice=advice + "without capabilities")


def _limits() -> Layer:
    works = os.name == "posix"
    advice = "" if works else "only time is limited on this system"
    return Layer("limits", "memory, processor time, files", works, advice)


def _is_restricted() -> bool:
    try:
        return _RESTRICTED.read_text().strip() == "1"
    except OSError:
        return False
