"""Submissions that know one public run by heart: right on its numbers, zero on any other."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
from in_process import prepared

from grader.model import Battery, Task
from grader.styles import STYLES

PUBLIC_SEED = 987_654  # of the run whose answers are known; no test grades under it
_HEADER = "import numpy as np\n"
_TEXT = """import functools
import zlib

KNOWN = {known}


def key(args):
    seen = args[{first}:{last}]
    return zlib.crc32(b"".join(np.asarray(a, dtype=float).tobytes() for a in seen))


def spoilt(value):
    if isinstance(value, dict):
        return {{name: spoilt(v) for name, v in value.items()}}
    return tuple(map(spoilt, value)) if isinstance(value, (tuple, list)) else 0.0 * value


def by_heart(call):
    @functools.wraps(call)
    def known(*args):
        return call(*args) if key(args) in KNOWN else spoilt(call(*args))

    return known
"""
_WHERE = {
    "gate_class": "    def backward(",
    "function_pair": "def {backward}(",
    "function": "def {backward}(",
    "jacobian_function": "def {backward}(",
    "torch7_module": "    def updateGradInput(",
    "loss_function": "def {target}(",
    "circuit": "def {target}(",
}


def decorated(assignment: str, task: Task) -> tuple[tuple[str, str], ...]:
    """Return the edits that make right/plain answer what it saw in the public run alone."""
    battery = prepared(assignment, PUBLIC_SEED).batteries[task.id]
    assert isinstance(battery, Battery)
    names = task.call.backward_args or task.call.forward_args
    first = int(STYLES[task.call.style].is_class)  # behind self, and before a cache
    last = first + names.index("cache") if "cache" in names else None
    header = _TEXT.format(known=sorted(set(_keys(battery))), first=first, last=last)
    where = _WHERE[task.call.style].format(backward=task.call.backward, target=task.call.target)
    indent = where[: len(where) - len(where.lstrip())]
    return (_HEADER, _HEADER + header), (where, f"{indent}@by_heart\n{where}")


def _keys(battery: Battery) -> Iterator[int]:
    """Yield what the decorated function sees in each case and under each upstream."""
    call = battery.task.call
    names = [name for name in call.backward_args or call.forward_args if name != "cache"]
    for cases in battery.expected.values():
        for expected in cases:
            for upstream in expected.case.upstreams:
                known = {**expected.case.inputs, **upstream}
                args = [np.asarray(known[name], dtype=float) for name in names]
                yield zlib.crc32(b"".join(a.tobytes() for a in args))
