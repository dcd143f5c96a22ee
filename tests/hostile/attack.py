"""What an attack is: a small record, and a few ways to write its source.

In a source these stand for what the suite made, and are filled in by ``world.World.fill``:
``@WORLD@`` a folder of files to leave alone, ``@PID@`` a process, ``@PORT@``, ``@UDP@``,
``@SOCKET@`` and ``@ABSTRACT@`` listeners, ``@TTY@`` a terminal, ``@MARK@`` the name that every
process of an attack gives itself, ``@TOLD@`` what ``tell()`` prints once something forbidden
has worked.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Effect(str, Enum):
    """What an attack can achieve."""

    CREDIT = "credit"  # points for wrong work
    LOST = "lost"  # the right submission, graded beside it, lost points, or the grader died
    HANG = "hang"  # the grader did not end in time
    PROCESS = "process"  # a process stayed behind
    FILES = "files"  # a file outside was changed, made or removed
    CONNECTION = "connection"  # a listener was reached
    TOLD = "told"  # a secret was read, or something forbidden worked
    KILLED = "killed"  # another process was ended, stopped or changed
    TEXT = "text"  # something that is not plain text, or too much of it, came into a report


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    ``beats`` names a grader of ``naive.py`` on which it has the effect ``gains``: the proof that
    a test of it can fail. ``weak`` are the effects it may have below ``confined``, where files and
    network are open. ``needs`` is the lowest rung it may run on at all, where a success would end
    the test itself. ``honest`` is what it earns by work that is right.
    """

    id: str
    tries: str
    source: str | bytes | None
    beats: str
    gains: Effect
    weak: frozenset[Effect] = frozenset()
    needs: str = "process"
    honest: int = 0
    prepare: Callable[[Path, Path], None] | None = None  # of submission and canary folder
    folder: str | bytes = "attack"
    group: str = ""


CREDIT, LOST, HANG, PROCESS, FILES, CONNECTION, TOLD, KILLED, TEXT = Effect
NOTHING: frozenset[Effect] = frozenset()

TELL = "def tell():\n    print('reached-' + '@TOLD@', flush=True)\n"
MARK = "import ctypes\ndef mark():\n    ctypes.CDLL(None).prctl(15, b'@MARK@', 0, 0, 0)\n"
BOUNDED = 8  # seconds that a process of an attack lives when nobody ends it

EXPECTED = """
import sys
def expected(name):
    frame = sys._getframe(1)
    while frame:
        found = frame.f_locals.get("expected")
        if isinstance(found, dict) and name in found:
            return found[name]
        frame = frame.f_back
    return np.zeros((4, 3))
"""
FORGE = """
import os, struct, json
def framed(message):
    text = json.dumps(message).encode()
    return struct.pack("<4sIQ", b"GRD1", len(text), 0) + text
def everywhere(data):
    for fd in range(1, 256):
        try:
            os.set_blocking(fd, False)
            rest = data[os.write(fd, data):]
            os.set_blocking(fd, True)
            while rest:
                rest = rest[os.write(fd, rest):]
        except OSError:
            pass
"""


def gate(forward: str = "return x * 0", backward: str = "return dz * 0", before: str = "") -> str:
    """Write a gate, a wrong one unless told otherwise."""

    def body(text: str) -> str:
        return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * 8)

    return (
        f"import numpy as np\n{textwrap.dedent(before)}\nclass SquareGate:\n"
        f"    def forward(self, x):\n        self.x = x\n{body(forward)}\n"
        f"    def backward(self, dz):\n{body(backward)}\n"
    )


def at_import(code: str) -> str:
    """Write a wrong gate whose file does something when it is imported."""
    return gate(before=f"{TELL}{textwrap.dedent(code)}")


def in_call(code: str, before: str = "") -> str:
    """Write a wrong gate whose forward does something."""
    return gate(
        forward=f"{textwrap.dedent(code)}\nreturn x * 0",
        before=f"{TELL}{textwrap.dedent(before)}",
    )


def attempt(code: str) -> str:
    """Wrap code so that being refused is no fault, and a kernel without it says so."""
    inner = textwrap.indent(textwrap.dedent(code).strip("\n"), "    ")
    return f"try:\n{inner}\nexcept OSError as error:\n    print('absent', error, flush=True)\n"


def grouped(group: str, *attacks: Attack) -> tuple[Attack, ...]:
    """Return the attacks of one class, their ids and class filled in."""
    filled = []
    for attack in attacks:
        record = {**vars(attack), "id": f"{group}-{attack.id}", "group": group}
        filled.append(Attack(**record))
    return tuple(filled)
