"""Wrong values that fool comparisons, inputs changed in place, and objects that lie."""

from __future__ import annotations

from attack import CREDIT, EXPECTED, Attack, gate, grouped

_ALWAYS = """
class Always:
    def same(self, *others): return 0.0
    __sub__ = __rsub__ = __add__ = __radd__ = __abs__ = __truediv__ = __mul__ = same
    def __eq__(self, other): return True
    def __le__(self, other): return True
    def __gt__(self, other): return False
    def __float__(self): return 0.0
    __hash__ = None
"""
VALUES = grouped(
    "values",
    Attack(
        "nan",
        "NaN is not greater than any tolerance",
        gate("return x * np.nan", "return dz * np.nan"),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "one_nan",
        "one NaN hides every other wrong entry from a maximum",
        gate("z = x * 0\nz.flat[0] = np.nan\nreturn z", "d = dz * 7\nd.flat[0] = np.nan\nreturn d"),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "inf",
        "the relative error of inf is inf / inf, which is NaN",
        gate("return np.full_like(x, np.inf)", "return np.full_like(dz, -np.inf)"),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "empty",
        "no entries, no differences",
        gate("return np.empty(0)", "return np.empty(0)"),
        "zip",
        CREDIT,
    ),
    Attack(
        "prefix",
        "only the first entry, so that zip compares nothing else",
        gate("return (x * x).ravel()[:1]", "return (2 * self.x * dz).ravel()[:1]"),
        "zip",
        CREDIT,
    ),
    Attack(
        "masked",
        "masked entries are equal to everything",
        gate(
            "z = np.ma.masked_all(x.shape)\nz.data[...] = 0\nz[0, 0] = x[0, 0] ** 2\nreturn z",
            "d = np.ma.masked_all(dz.shape)\nd.data[...] = 0\n"
            "d[0, 0] = 2 * self.x[0, 0] * dz[0, 0]\nreturn d",
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "broadcast",
        "an extra axis that broadcasting forgives",
        gate("return (x * x)[None]", "return (2 * self.x * dz)[None, None]"),
        "allclose",
        CREDIT,
    ),
    Attack(
        "no_upstream",
        "the local gradient alone is right where the upstream gradient is all ones",
        gate("return x * x", "return 2 * self.x"),
        "allclose",
        CREDIT,
        honest=1,
    ),
    Attack(
        "constant_forward",
        "0 is the right derivative of a forward that returns 0",
        gate(),
        "numeric",
        CREDIT,
    ),
)

_HARD = """
import os
def is_hard(x):
    return x.shape[0] == 1 or abs(x).max() < 0.5
"""

HIDING = grouped(
    "hiding",
    *(
        Attack(
            name,
            f"its backward is right for easy cases only; in the others its forward {what}",
            gate(
                f"if is_hard(x): {code}\nreturn x * x",
                "return dz * 0 if is_hard(self.x) else 2 * self.x * dz",
                _HARD,
            ),
            "allclose",
            CREDIT,
        )
        for name, what, code in (
            ("by_raising", "raises", "raise ValueError(x.shape)"),
            ("by_ending", "ends the process", "os._exit(0)"),
            ("by_crashing", "crashes the process", "os.abort()"),
            ("by_waiting", "waits for ever", "__import__('time').sleep(30)"),
        )
    ),
)

IN_PLACE = grouped(
    "in_place",
    Attack(
        "zero_input",
        "zeroes its input, so that an answer computed later is 0",
        gate("x[...] = 0\nreturn x * 0"),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "zero_upstream",
        "zeroes the upstream gradient, so that an answer computed later is 0",
        gate("return x * x", "dz[...] = 0\nreturn dz * 0"),
        "maxerr",
        CREDIT,
        honest=1,
    ),
    Attack(
        "shrink",
        "makes its input empty, so that there is nothing left to compare",
        gate(
            "x.resize((0,), refcheck=False)\nreturn np.empty(0)",
            "dz.resize((0,), refcheck=False)\nreturn np.empty(0)",
        ),
        "zip",
        CREDIT,
    ),
    Attack(
        "through_memory",
        "writes through the address of a read-only copy of its input",
        gate(
            "view = x.view()\nview.flags.writeable = False\n"
            "ctypes.memset(view.ctypes.data, 0, view.nbytes)\nreturn view * 0",
            before="import ctypes",
        ),
        "maxerr",
        CREDIT,
    ),
)

LYING = grouped(
    "lying",
    Attack(
        "ufunc_subclass",
        "an ndarray subclass whose differences are 0",
        gate(
            "return (x * 0).view(Liar)",
            "return (dz * 0).view(Liar)",
            """
            class Liar(np.ndarray):
                def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
                    return np.zeros(self.shape)
            """,
        ),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "array_function",
        "an object that answers np.allclose itself",
        gate(
            "return Liar()",
            "return Liar()",
            """
            class Liar:
                def __array_function__(self, function, types, args, kwargs):
                    return True
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "array_method",
        "an object that looks up the answer when it is asked for its array",
        gate(
            "return Liar('z')",
            "return Liar('dx')",
            EXPECTED
            + """
class Liar:
    def __init__(self, name): self.name = name
    def __array__(self, dtype=None, copy=None): return expected(self.name)
""",
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "always_equal",
        "an array of objects that differ from nothing",
        gate(
            "return np.full(x.shape, Always(), dtype=object)",
            "return np.full(dz.shape, Always(), dtype=object)",
            _ALWAYS,
        ),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "list_of_liars",
        "a list of objects that differ from nothing",
        gate("return [Always()] * x.size", "return [Always()] * dz.size", _ALWAYS),
        "zip",
        CREDIT,
    ),
    Attack(
        "false_class",
        "an object that says it is an ndarray and subtracts to 0",
        gate(
            "return Liar(x.shape)",
            "return Liar(dz.shape)",
            """
            class Liar:
                __class__ = np.ndarray
                dtype, ndim = np.dtype(float), 2
                def __init__(self, shape): self.shape = shape
                def zeros(self, *others): return np.zeros(self.shape)
                __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = zeros
            """,
        ),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "float_subclass",
        "floats of a subclass with its own arithmetic, in an array-like",
        gate(
            "return Many([Near(0.0)] * x.size)",
            "return Many([Near(0.0)] * dz.size)",
            """
            class Near(float):
                def __sub__(self, other): return 0.0
            class Many(list):
                def __array__(self, dtype=None, copy=None):
                    out = np.empty(len(self), dtype=object)
                    out[:] = list.copy(self)
                    return out
            """,
        ),
        "zip",
        CREDIT,
    ),
)
