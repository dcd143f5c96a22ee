"""Landlock over its three system calls: which files a process may still open.

``version`` asks the kernel, ``build`` makes a ruleset, ``enforce`` puts the caller under it. What
a newer kernel can forbid besides (network, signals, abstract sockets) is forbidden with it.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

# The same numbers on every architecture that still has users.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
# Bits that each version of the interface knows: files, network, scopes.
_FILE_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_BITS = {4: 2}
_SCOPE_BITS = {6: 2}


@lru_cache(maxsize=1)
def libc() -> ctypes.CDLL:
    """Return the C library: opened once, but not where there is none of this name."""
    return ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return the version of the kernel's interface, or 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(_syscall(_CREATE, None, 0, _VERSION_FLAG), 0)


def build(readable: Iterable[str], writable: Iterable[str] = ()) -> int:
    """Return a ruleset that leaves these files and trees: a descriptor, which forks inherit.

    A path that is not there is left out. Raises ``OSError`` where the kernel has no Landlock.
    """
    abi = version()
    words = [_bits(table, abi) for table in (_FILE_BITS, _NET_BITS, _SCOPE_BITS)]
    attribute = struct.pack("<3Q", *words)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    ruleset = _syscall(_CREATE, attribute, len(attribute), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "Landlock is not available")
    for path in readable:
        _allow(ruleset, path, _READ_FILE | _READ_DIR)
    for path in writable:
        _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
    return ruleset


def enforce(ruleset: int) -> bool:
    """Put this thread under the ruleset; needs ``no_new_privs``. Returns whether it worked."""
    return _syscall(_RESTRICT, ruleset, 0) == 0


def _allow(ruleset: int, path: str, access: int) -> None:
    with suppress(FileNotFoundError, PermissionError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):  # noqa: PTH112 - pathlib costs a child its start
                access &= ~_READ_DIR  # a rule on a file must not carry rights of a folder
            rule = struct.pack("<Qi", access, place)
            if _syscall(_ADD, ruleset, _PATH_BENEATH, rule, 0) < 0:
                raise OSError(ctypes.get_errno(), "a Landlock rule is refused", path)
        finally:
            os.close(place)


def _bits(table: dict[int, int], abi: int) -> int:
    known = [bits for since, bits in table.items() if since <= abi]
    return (1 << max(known, default=0)) - 1


def _syscall(number: int, *arguments: object) -> int:
    plain = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return int(libc().syscall(ctypes.c_long(number), *plain))
