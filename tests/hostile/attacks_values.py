"""Wrong values that fool comparisons, inputs changed in place, and objects that lie."""

from __future__ import annotations

from attack import CREDIT, Attack, gate, grouped

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
_FRAMES = """
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
            _FRAMES
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

WALKS = grouped(
    "walks",
    Attack(
        "steal_from_frames",
        "returns the expected arrays found in the callers' frames",
        gate("return expected('z')", "return expected('dx')", _FRAMES),
        "allclose",
        CREDIT,
    ),
    Attack(
        "zero_in_frames",
        "zeroes every array in every caller's frame",
        gate(
            "return x * 0",
            "zero()\nreturn dz * 0",
            """
            import sys
            def zero():
                frame, seen = sys._getframe(1), []
                while frame:
                    seen += frame.f_locals.values()
                    frame = frame.f_back
                for value in seen:
                    for array in (value.values() if isinstance(value, dict) else [value]):
                        if type(array) is np.ndarray and array.dtype == float:
                            array[...] = 0
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "zero_by_gc",
        "zeroes every array that any container of the process holds",
        gate(
            "return x * 0",
            "zero()\nreturn dz * 0",
            """
            import gc
            def zero():
                seen = [h for h in gc.get_objects() if type(h) in (dict, list)]
                for held in [*seen, *(d for h in seen for d in h if type(d) is dict)]:
                    for array in list(held.values() if type(held) is dict else held):
                        if type(array) is np.ndarray and array.dtype == float and array.ndim:
                            if array.flags.writeable:
                                array[...] = 0
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "loaded_reference",
        "calls whatever loaded module has the class it should write",
        gate(
            "self.answer = find()\nreturn self.answer.forward(x) if self.answer else x * 0",
            "return self.answer.backward(dz) if self.answer else dz * 0",
            """
            import sys
            def find():
                for name, module in list(sys.modules.items()):
                    found = getattr(module, "SquareGate", None)
                    if name != "gates" and isinstance(found, type) and found is not SquareGate:
                        return found()
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "imported_reference",
        "imports the answers by the names they usually have",
        gate(
            "self.answer = find()\nreturn self.answer.forward(x) if self.answer else x * 0",
            "return self.answer.backward(dz) if self.answer else dz * 0",
            """
            import importlib
            def find():
                for name in ("reference", "reference.gates", "solution", "grader.oracle",
                             "grader.reference", "answers", "_answers"):
                    try:
                        return importlib.import_module(name).SquareGate()
                    except Exception:
                        pass
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "late_text",
        "an exception whose text, made in the grader, changes the score there",
        gate(
            "raise Late",
            before="""
            import sys
            class Late(Exception):
                def __str__(self):
                    frame = sys._getframe(1)
                    while frame:
                        score = frame.f_locals.get("score")
                        if isinstance(score, dict):
                            score["points"] = 4
                        frame = frame.f_back
                    return "late"
            """,
        ),
        "allclose",
        CREDIT,
    ),
    Attack(
        "predicted_inputs",
        "answers from a table of the inputs that a fixed seed draws",
        gate(
            "return X * X",
            "return 2 * X * dz",
            "X = np.random.RandomState(0).randn(4, 3)",
        )
        .replace("return X * X", "return X * X if x.shape == X.shape else x * 0")
        .replace("return 2 * X * dz", "return 2 * X * dz if dz.shape == X.shape else dz * 0"),
        "allclose",
        CREDIT,
    ),
    Attack(
        "seeded_inputs",
        "seeds the generator that the grader is going to draw from",
        gate(
            "return X * X if x.shape == X.shape else x * 0",
            "return 2 * X * dz if dz.shape == X.shape else dz * 0",
            "X = np.random.RandomState(5).randn(4, 3)\nnp.random.seed(5)",
        ),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "drawn_inputs",
        "replaces the generator, so that every input is 0",
        gate(before="np.random.randn = lambda *shape: np.zeros(shape)").replace("dz * 0", "dz * 0"),
        "maxerr",
        CREDIT,
    ),
    Attack(
        "learned",
        "keeps what it is called with, and answers later calls from that",
        gate(
            "SEEN.append(x.copy())\nreturn SEEN[0] * 3",
            "return dz * (SEEN[0] - SEEN[1]) * 0",
            "SEEN = []",
        ),
        "numeric",
        CREDIT,
    ),
)
