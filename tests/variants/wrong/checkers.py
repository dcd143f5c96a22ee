"""Wrong gradient checkers."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_V, _SHAPE, _RAISED = "forward V401", "forward S306", "forward R201"
_WHOLE = "case.whole_numbers"
_FLOAT = ("x = x.astype(float)", "x = x.copy()")


def _fwd(mistake: str, *edits: Edit, told: tuple[str, ...] = (_V, _WHOLE)) -> Wrong:
    return Wrong("numerical_gradient_forward", mistake, edits, told)


def _mid(mistake: str, *edits: Edit, told: tuple[str, ...] = (_V, _WHOLE)) -> Wrong:
    return Wrong("numerical_gradient", mistake, edits, told)


def _err(mistake: str, *edits: Edit, told: tuple[str, ...] = (_V,)) -> Wrong:
    return Wrong("relative_error", mistake, edits, told)


def _check(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    """``told`` are the sub-cases that fail: the first says why, the others refer to it."""
    checks = [name if name == "forward" else f"case.{name}" for name in told]
    first = "|".join(f"{check} V401" for check in checks)
    return Wrong("check_gradient", mistake, edits, (first, *checks))


_ALL = "np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))"
_SCALARS = ("case.scalar",)
_LOST = "        x[ix] = old_value\n"
_SPECIAL = ("one_entry_off", "swapped", "shifted")
_SHAPES = ("transposed", "flattened", "broadcast")
_SIZES = ("tiny_gradient", "large_gradient")
_MOST = ("forward", "negated", "doubled", "zeros", *_SPECIAL, *_SHAPES, "zero_gradient",
         "partly_zero", *_SIZES, "near_a_kink")  # fmt: skip
_ERROR = "np.max(np.abs(numeric - dx) / scale)"
_SCALE = "np.maximum(floor, np.abs(numeric) + np.abs(dx))"
_VERDICT = "return bool(error < limit)"
_GUARD = "    if np.shape(dx) != x.shape:\n        return False\n"

WRONG: tuple[Wrong, ...] = (
    _fwd("central differences", ("x[ix] = old_value\n        grad", "x[ix] = old_value - h\n"
         "        fx = (fxh + f(x)) / 2\n        fx = f(x)\n        x[ix] = old_value\n"
         "        h2 = 2 * h\n        grad"), ("(fxh - fx) / h\n", "(fxh - fx) / h2\n")),
    _fwd("backward differences", ("old_value + h", "old_value - h"), ("(fxh - fx)", "(fx - fxh)")),
    _fwd("M13 sign", ("(fxh - fx)", "(fx - fxh)")),
    _fwd("not divided by h", ("(fxh - fx) / h", "fxh - fx")),
    _fwd("divided by 2h", ("(fxh - fx) / h", "(fxh - fx) / (2 * h)")),
    _fwd("a step of its own", ("    fx = f(x)\n", "    h = 1e-5\n    fx = f(x)\n")),
    _fwd("x not restored", (_LOST, "")),
    _fwd("x restored to 0", ("x[ix] = old_value\n        grad", "x[ix] = 0\n        grad")),
    _fwd("every entry moved at once", ("x[ix] = old_value + h\n        fxh = f(x)",
         "fxh = f(x + h)")),
    _fwd("f of the entry alone", ("fx = f(x)\n", "fx = 0.0\n"), ("fxh = f(x)", "fxh = f(x[ix]"
         " * np.ones(1)) - f(old_value * np.ones(1))")),
    _fwd("flat", ("return grad", "return grad.ravel()"), told=(_SHAPE, _WHOLE)),
    _fwd("f of the flat x", ("f(x)\n    it", "f(x.ravel())\n    it"), ("fxh = f(x)",
         "fxh = f(x.ravel())")),
    _fwd("transposed", ("return grad", "return grad.T"), told=("forward S306",)),
    _fwd("the sum", ("return grad", "return np.sum(grad)"), told=("forward S306", _WHOLE)),
    _fwd("first axis alone", ("        it.iternext()", "        it.iternext()\n"
         "        if ix[0] > 0:\n            break"), told=(_V, _WHOLE)),
    _fwd("M41 whole numbers cut off", _FLOAT, told=("case.whole_numbers V401",)),
    _fwd("M41 gradient of whole numbers", ("grad = np.zeros(x.shape)",
         "grad = np.zeros(x.shape, dtype=int)")),
    _fwd("matrices alone", ("    x = x.astype(float)", "    rows, _ = x.shape\n"
         "    x = x.astype(float)"), told=(_RAISED, _WHOLE)),
    _mid("forward differences", ("old_value - h", "old_value"), ("(2 * h)", "h")),
    _mid("divided by h", ("(2 * h)", "h")),
    _mid("divided by 2, times h", ("/ (2 * h)", "/ 2 * h")),
    _mid("M13 sign", ("(fxph - fxmh)", "(fxmh - fxph)")),
    _mid("half of it one-sided", ("old_value - h", "old_value")),
    _mid("2h on one side", ("x[ix] = old_value - h", "x[ix] -= 3 * h")),
    _mid("moved from the moved", ("x[ix] = old_value - h", "x[ix] -= h")),
    _mid("a step of its own", ("    grad = np.zeros", "    h = 1e-5\n    grad = np.zeros")),
    _mid("relative step", ("        old_value = x[ix]\n",
         "        old_value = x[ix]\n        h = h * max(1, abs(old_value))\n")),
    _mid("x not restored", (_LOST, "")),
    _mid("every entry moved at once", ("x[ix] = old_value + h\n        fxph = f(x)",
         "fxph = f(x + h)"), ("x[ix] = old_value - h\n        fxmh = f(x)", "fxmh = f(x - h)")),
    _mid("one number for all", ("grad[ix] = ", "grad[...] = ")),
    _mid("flat", ("return grad", "return grad.ravel()"), told=(_SHAPE, _WHOLE)),
    _mid("f of the flat x", ("fxph = f(x)", "fxph = f(x.ravel())"),
         ("fxmh = f(x)", "fxmh = f(x.ravel())")),
    _mid("M41 whole numbers cut off", _FLOAT, told=("case.whole_numbers V401",)),
    _mid("M41 gradient of whole numbers", ("grad = np.zeros(x.shape)",
         "grad = np.zeros(x.shape, dtype=int)")),
    _mid("last entry missing", ("return grad", "grad.flat[-1] = 0\n    return grad")),
    _err("mean", ("np.max(", "np.mean("), told=(_V, *_SCALARS)),
    _err("sum", ("np.max(", "np.sum("), told=(_V,)),
    _err("absolute", (_ALL, "np.max(np.abs(a - b))"), told=(_V, *_SCALARS)),
    _err("of the largest entries", (_ALL, "np.max(np.abs(a - b)) / max(1e-8, "
         "np.max(np.abs(a) + np.abs(b)))")),
    _err("of norms", (_ALL, "np.linalg.norm(a - b) / max(1e-8, np.linalg.norm(a) + "
         "np.linalg.norm(b))")),
    _err("of the larger", ("np.abs(a) + np.abs(b)", "np.maximum(np.abs(a), np.abs(b))"),
         told=(_V, *_SCALARS)),
    _err("of a alone", ("np.abs(a) + np.abs(b)", "np.abs(a)"), told=(_V, *_SCALARS)),
    _err("of b alone", ("np.abs(a) + np.abs(b)", "np.abs(b)"), told=(_V, *_SCALARS)),
    _err("of the mean", ("np.abs(a) + np.abs(b)", "(np.abs(a) + np.abs(b)) / 2"),
         told=(_V, *_SCALARS)),
    _err("of the sum with its sign", ("np.abs(a) + np.abs(b)", "a + b"), told=(_V, *_SCALARS)),
    _err("difference with its sign", ("np.abs(a - b)", "(a - b)"), told=(_V, *_SCALARS)),
    _err("difference of magnitudes, floor 1", ("1e-8", "1"), told=(_V, *_SCALARS)),
    _err("an array", ("np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))",
         "np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))"),
         told=("forward S306", "case.both_zero", "case.one_zero", "case.tiny", "case.exact")),
    _err("arrays alone", ("return ", "a.sum()\n    return "), told=("case.scalar R201",)),
    _err("no floor", ("np.maximum(1e-8, np.abs(a) + np.abs(b))", "(np.abs(a) + np.abs(b))"),
         told=("case.both_zero V403", "case.tiny V401", "case.one_zero")),
    _err("floor added", ("np.maximum(1e-8, np.abs(a) + np.abs(b))",
         "(1e-8 + np.abs(a) + np.abs(b))"), told=("forward V401|case.tiny V401", "case.tiny")),
    _err("floor 1e-12", ("1e-8", "1e-12"), told=("case.tiny V401",)),
    _err("0 against 0 is 1", (_ALL, _ALL.replace("np.abs(a - b) /",
         "np.where(np.abs(a) + np.abs(b) == 0, 1e-8, np.abs(a - b)) /")),
         told=("forward V401|case.both_zero V401",)),
    _err("zeros left out", (_ALL, f"{_ALL} if np.all(a) and np.all(b) else 0.0"),
         told=("forward V401|case.both_zero V401|case.one_zero V401", "case.one_zero")),
    _check("accepts everything", (_VERDICT, "return True"), ("return False", "return True"), told=_MOST),
    _check("rejects everything", (_VERDICT, "return False"), told=_MOST),
    _check("guesses", (_VERDICT, "return x.tobytes()[0] % 2 == 0"), told=_MOST),
    _check("the wrong way round", (_VERDICT, "return bool(error > limit)"), told=_MOST),
    _check("the error itself", (_VERDICT, "return error"), told=_MOST),
    _check("absolute error", ("/ scale)", ")"), told=_SIZES),
    _check("absolute tolerance", (_VERDICT, "return np.allclose(numeric, dx)"),
           told=("tiny_gradient",)),
    _check("no smaller scale than 1", ("floor = 1e-5, 1e-4, 1e-8", "floor = 1e-5, 1e-4, 1"),
           told=("tiny_gradient",)),
    _check("0 / 0", (_SCALE, "np.abs(numeric) + np.abs(dx)"),
           told=("zero_gradient", "partly_zero")),
    _check("nan is right", (_SCALE, "np.abs(numeric) + np.abs(dx)"),
           ("error < limit", "not error > limit"), told=("zero_gradient", "partly_zero")),
    _check("0 / 0 of norms", (_ERROR, "np.linalg.norm(numeric - dx) / "
           "(np.linalg.norm(numeric) + np.linalg.norm(dx))"), told=("zero_gradient",)),
    _check("0 is never right", (_VERDICT, "return bool(error < limit) and bool(np.any(dx))"),
           told=("zero_gradient",)),
    _check("0 is always right", (_VERDICT, "return bool(error < limit) or not np.any(dx)"),
           told=("forward", "zeros", *_SIZES)),
    _check("far too large a step", ("h, limit, floor = 1e-5", "h, limit, floor = 1e-2"),
           told=("forward", "near_a_kink", "negated", "doubled", "zeros", *_SPECIAL, *_SHAPES)),
    _check("a step over the kink", ("1e-5, 1e-4, 1e-8", "1e-2, 1e-3, 1e-8"),
           told=("near_a_kink",)),
    _check("far too small a step", ("h, limit, floor = 1e-5", "h, limit, floor = 1e-13"),
           told=_MOST),
    _check("far too strict", ("1e-5, 1e-4", "1e-5, 1e-13"), told=_MOST),
    _check("too loose", ("1e-5, 1e-4", "1e-5, 2e-2"), told=("one_entry_off", *_SIZES)),
    _check("far too loose", ("1e-5, 1e-4", "1e-5, 0.5"),
           told=("forward", "doubled", "one_entry_off", "swapped", "shifted", *_SIZES)),
    _check("mean error", ("np.max(np.abs(numeric", "np.mean(np.abs(numeric"),
           ("1e-5, 1e-4", "1e-5, 1e-3"), told=("one_entry_off", *_SIZES)),
    _check("sums compared", (_ERROR, "abs(np.sum(numeric - dx)) / max(floor, "
           "abs(np.sum(numeric)) + abs(np.sum(dx)))"), told=("swapped", "near_a_kink")),
    _check("lengths compared", (_ERROR, "abs(np.linalg.norm(numeric) - np.linalg.norm(dx)) / "
           "max(floor, np.linalg.norm(numeric) + np.linalg.norm(dx))"),
           told=("forward", "negated", "swapped", *_SIZES, "near_a_kink", "shifted")),
    _check("signs compared", (_VERDICT, "return bool((np.sign(numeric) == np.sign(dx)).all())"),
           told=("forward", "doubled", "one_entry_off", "shifted", "swapped", *_SIZES,
                 "near_a_kink")),
    _check("no magnitude", ("np.max(np.abs(numeric - dx)", "np.max((numeric - dx)"),
           told=_MOST),
    _check("2h on one side", ("old_value - h", "old_value - 2 * h"), told=_MOST),
    _check("divided by h", ("(2 * h)", "h"), told=_MOST),
    _check("any shape of that size", ("np.shape(dx) != x.shape", "np.size(dx) != x.size"),
           ("    x = x.copy()", "    dx = np.reshape(dx, x.shape)\n    x = x.copy()"),
           told=("flattened", "broadcast")),
    _check("whatever broadcasts", (_GUARD, ""), ("    scale =", "    try:\n"
           "        np.broadcast_shapes(dx.shape, x.shape)\n    except ValueError:\n"
           "        return False\n    scale ="), told=("broadcast",)),
    Wrong("check_gradient", "shape not looked at", ((_GUARD, ""),),
          ("case.transposed R201", "case.flattened R201", "case.broadcast V401")),
    Wrong("check_gradient", "M47 nothing", ((_VERDICT, "error < limit"),),
          ("forward S301", *(f"case.{name}" for name in _MOST[1:]))),
    Wrong("check_gradient", "a word", ((_VERDICT, "return 'yes' if error < limit else 'no'"),),
          ("forward S305", *(f"case.{name}" for name in _MOST[1:]))),
)  # fmt: skip
