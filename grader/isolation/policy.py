"""What a locked child may still do: the files it may read, its user, its system calls."""

from __future__ import annotations

import base64
import os
import stat
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from grader.isolation.seccomp import build_filter

_FOREIGN = {"site-packages", "dist-packages"}  # other people's packages, our own among them
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_LIBRARIES = ("/lib64", "/usr/lib64", "/etc/ld.so.cache")
# Ids that Debian's policy leaves to nobody; one for each warm process, so that no two children
# share their limits or can signal each other.
_FIRST_SPARE_USER, _SPARE_USERS = 64100, 800


@dataclass(frozen=True)
class Policy:
    """Sent to a warm process at its start; None is a wall that this machine does not have."""

    readable: tuple[str, ...]
    user: int | None
    filter: str | None

    def message(self) -> dict[str, Any]:
        """Return what the warm process reads."""
        return asdict(self)


def make_policy(
    readable: tuple[str, ...], slot: int, *, is_mounted: bool, declared: tuple[str, ...] = ()
) -> Policy:
    """Return the policy of a warm process; ``is_mounted`` where it sees only these paths.

    ``declared`` are those of packages, which a spare user must be able to read too.
    """
    code = build_filter()
    return Policy(
        readable=readable,
        user=_spare_user(slot, (*python_paths(), *declared), is_mounted=is_mounted),
        filter=base64.b64encode(code).decode() if code else None,
    )


@lru_cache(maxsize=1)
def readable_paths() -> tuple[str, ...]:
    """Return the files and trees that Python and numpy need, without any package but numpy."""
    stdlib = _stdlib()
    own = (str(path) for path in sorted(stdlib.iterdir()) if path.name not in _FOREIGN)
    return (*own, *_beside_stdlib())


def mounted_paths() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the same as few trees, and the folders in them that hold other packages."""
    stdlib = _stdlib()
    foreign = tuple(str(stdlib / name) for name in sorted(_FOREIGN) if (stdlib / name).is_dir())
    return (str(stdlib), interpreter(), *_beside_stdlib()), foreign


def _stdlib() -> Path:
    # sysconfig knows it too, but reads a file of a thousand settings first.
    return Path(os.__file__).parent


def _beside_stdlib() -> tuple[str, ...]:
    numpy_home = Path(np.__file__).resolve().parent
    multiarch = getattr(sys.implementation, "_multiarch", "")  # as Debian names its folders
    wanted = [
        numpy_home,
        numpy_home.with_name("numpy.libs"),
        *sorted(Path(sys.base_prefix, "lib").glob("lib*.so*")),
        *(Path(place, multiarch) for place in ("/lib", "/usr/lib") if multiarch),
        *map(Path, (*_LIBRARIES, *_DEVICES)),
    ]
    return tuple(str(path) for path in wanted if path.exists())


def interpreter() -> str:
    """Return the path of the program itself: a link to it says nothing inside a sandbox."""
    return os.path.realpath(sys.executable)


@lru_cache(maxsize=8)
def is_readable_by_all(paths: Iterable[str]) -> bool:
    """Return True when a user without any rights reaches these paths."""
    return all(_is_open(Path(path).resolve()) for path in paths)


def _is_open(path: Path) -> bool:
    try:
        folders = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
        return folders and bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _spare_user(slot: int, needed: tuple[str, ...], *, is_mounted: bool) -> int | None:
    """Return a user for the children of a root; None where only root can read what they need."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    # Folders above a mount are made by bubblewrap, so there only the paths themselves count.
    if not is_mounted and not is_readable_by_all(needed):
        return None
    return _FIRST_SPARE_USER + (os.getpid() + slot) % _SPARE_USERS


def python_paths() -> tuple[str, ...]:
    """Return a file of Python and one of numpy."""
    return (os.__file__, str(np.__file__))
