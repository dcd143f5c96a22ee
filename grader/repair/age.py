"""What a repaired copy can call: Python 2 and an older NumPy, as far as courses used them.

``HELPER`` is the text of a module. It runs beside the student's code, in the child alone.
"""

from __future__ import annotations

MODULE = "_another_age"
AGE = f'__import__("{MODULE}")'  # an expression: nothing is added at the top of a file
HELPER = '''\
"""Python 2 and an older NumPy, for a repaired copy of a submission."""

import builtins
import functools

import numpy as np

reduce = functools.reduce


def _is_whole(value):
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iub"
    return isinstance(value, (builtins.int, np.integer))


def quotient(a, b):
    return a // b if _is_whole(a) and _is_whole(b) else a / b


class _Half:
    """The first half of a quotient: `a / over`, to be divided by b."""

    def __init__(self, a):
        self.a = a

    def __truediv__(self, b):
        return quotient(self.a, b)


class _Over:
    """`a / over / b` is a / b as Python 2 has it, with the precedence of any division."""

    def __rtruediv__(self, a):
        return _Half(a)

    def __array_ufunc__(self, ufunc, method, *inputs, **named):
        return _Half(inputs[0])


over = _Over()


class by:
    """`a /= by(b)` is a /= b as Python 2 has it."""

    def __init__(self, b):
        self.b = b

    def __rtruediv__(self, a):
        return quotient(a, self.b)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **named):
        value = quotient(inputs[0], self.b)
        if out is None:
            return value
        np.copyto(out[0], value)  # which refuses what /= refuses
        return out[0]


def index(value):
    """Return the index that an older NumPy took a list with slices or lists in it for."""
    is_tuple = type(value) is list and builtins.any(
        isinstance(v, (slice, type(None), type(Ellipsis), list, np.ndarray)) for v in value
    )
    return tuple(value) if is_tuple else value


def scalar(value):
    """Return the entry of an array that has one."""
    return value.reshape(-1)[0] if isinstance(value, np.ndarray) and value.size == 1 else value


def float(value=0.0):
    return builtins.float(scalar(value))


def int(value=0, *base):
    return builtins.int(scalar(value), *base)


def floor(value):
    return np.floor(value) if np.ndim(value) else builtins.int(np.floor(value))


def ceil(value):
    return np.ceil(value) if np.ndim(value) else builtins.int(np.ceil(value))


def item(value):
    return np.asarray(value).item()


def map(*arguments):
    return list(builtins.map(*arguments))


def zip(*arguments):
    return list(builtins.zip(*arguments))


def filter(*arguments):
    return list(builtins.filter(*arguments))


def range(*arguments):
    return list(builtins.range(*arguments))
'''
