"""Wrong functions and gradients."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_F, _DX, _DY, _DA = "forward V401", "backward[dx] V402", "backward[dy] V402", "backward[dA] V402"


def _w(task: str, mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong(task, mistake, edits, told)


def _bowl(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX, _DY)) -> Wrong:
    return _w("paraboloid", mistake, *edits, told=told)


def _prod(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX, _DY)) -> Wrong:
    return _w("product", mistake, *edits, told=told)


def _chain(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("composition", mistake, *edits, told=told)


def _lse(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("log_sum_exp", mistake, *edits, told=told)


def _quad(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("quadratic_form", mistake, *edits, told=told)


def _model(mistake: str, *edits: Edit, told: tuple[str, ...] = (_F, "case.scalar")) -> Wrong:
    return _w("first_order_model", mistake, *edits, told=told)


_GRADIENT = "2 * x, 2 * y"
_SHIFT = "x - shift"
_DX_SUM = "A.dot(x) + A.T.dot(x)"

WRONG: tuple[Wrong, ...] = (
    _bowl("M14 factor 2 missing", (_GRADIENT, "x, y")),
    _bowl("M13 sign", (_GRADIENT, "-2 * x, -2 * y")),
    _bowl("M09 swapped", (_GRADIENT, "2 * y, 2 * x")),
    _bowl("one power too many", (_GRADIENT, "2 * x**2, 2 * y**2")),
    _bowl("the sum in both", (_GRADIENT, "2 * (x + y), 2 * (x + y)")),
    _bowl("added up", (_GRADIENT, "2 * x + 2 * y"),
          told=("backward[dx] S302", "backward[dy]")),
    _bowl("of length one", (_GRADIENT, "x / np.hypot(x, y), y / np.hypot(x, y)")),
    _bowl("M49 the lecture's numbers", (_GRADIENT, "10.0, 6.0")),
    _bowl("M47 one argument alone", (_GRADIENT, "(2 * x,)"),
          told=("backward[dx] S303", "backward[dy]")),
    _bowl("M47 nothing", ("return 2 * x", "2 * x"),
          told=("backward[dx] S301", "backward[dy]")),
    _bowl("M41 cut off to whole numbers", (_GRADIENT, "int(2 * x), int(2 * y)")),
    _bowl("the square of the sum", ("x**2 + y**2", "(x + y)**2"), told=(_F,)),
    _bowl("M46 half the value", ("x**2 + y**2", "(x**2 + y**2) / 2"), told=(_F,)),
    _prod("M09 each its own factor", ("[y, x]", "[x, y]")),
    _prod("the product in both", ("[y, x]", "[x * y, x * y]")),
    _prod("ones", ("[y, x]", "[1.0, 1.0]")),
    _prod("M13 sign", ("[y, x]", "[-y, -x]")),
    _prod("magnitudes", ("[y, x]", "[abs(y), abs(x)]")),
    _prod("of a sum", ("return x * y", "return x + y"), ("[y, x]", "[1, 1]"),
          told=(_F, _DX, _DY)),
    _prod("of a quotient", ("[y, x]", "[y, -x]"), told=(_DY,)),
    _chain("inner derivative forgotten", ("outer * inner", "outer")),
    _chain("outer derivative at x", ("np.cos(u)", "np.cos(x)")),
    _chain("outer derivative at the inner one", ("np.cos(u)", "np.cos(2 * x)")),
    _chain("inner derivative alone", ("outer * inner", "inner")),
    _chain("sum for product", ("outer * inner", "outer + inner")),
    _chain("outer function in place of its derivative", ("np.cos(u)", "np.sin(u)")),
    _chain("M13 sign of the cosine", ("np.cos(u)", "-np.cos(u)")),
    _chain("M14 factor 2 missing", ("2 * x", "x")),
    _chain("inner derivative x^2", ("2 * x", "x**2")),
    _chain("order of the functions", ("np.sin(x**2)", "np.sin(x)**2"),
           ("np.cos(u)", "np.sin(x)"), ("    inner = 2 * x", "    inner = 2 * np.cos(x)"),
           told=(_F, _DX)),
    _chain("numerically, by forward differences", ("outer * inner",
           "(np.sin((x + 1e-3)**2) - np.sin(x**2)) / 1e-3")),
    _lse("not normalised", ("exps / np.sum(exps)", "exps"),
         told=(_DX,)),
    _lse("one for all", ("exps / np.sum(exps)", "np.ones_like(x)")),
    _lse("a mean", ("exps / np.sum(exps)", "exps / np.mean(exps)")),
    _lse("M23 derivative of a softmax", ("return exps / np.sum(exps)",
         "p = exps / np.sum(exps)\n    return p * (1 - p)")),
    _lse("logarithm", ("exps / np.sum(exps)", "np.log(exps / np.sum(exps))")),
    _lse("M13 sign", ("return exps /", "return -exps /")),
    _lse("the largest alone", ("exps / np.sum(exps)", "(x == np.max(x)).astype(float)")),
    _lse("its sum", ("return exps / np.sum(exps)", "return np.sum(exps / np.sum(exps))"),
         told=("backward[dx] S306|backward[dx] S307",)),
    _lse("mean in the forward", ("np.log(np.sum(", "np.log(np.mean("), told=(_F,)),
    _lse("shift not added again", ("shift + np.log", "np.log"), told=(_F,)),
    _lse("shift taken off", ("shift + np.log", "-shift + np.log"), told=(_F,)),
    _lse("no shift in the forward", (_SHIFT, "x"), ("shift + ", ""),
         told=("stress V403 f",)),
    _lse("no shift in the gradient", ("np.exp(x - np.max(x))", "np.exp(x)"),
         told=("stress V403 dx",)),
    _lse("shifted by the mean", ("np.exp(x - np.max(x))", "np.exp(x - np.mean(x))"),
         told=("stress V403 dx",)),
    _quad("2 A x, as for a symmetric A", (_DX_SUM, "2 * A.dot(x)")),
    _quad("A x alone", (_DX_SUM, "A.dot(x)")),
    _quad("A^T x alone", (_DX_SUM, "A.T.dot(x)")),
    _quad("2 A^T x", (_DX_SUM, "2 * A.T.dot(x)")),
    _quad("M14 halved", (_DX_SUM, "0.5 * (A + A.T).dot(x)")),
    _quad("M12 entry by entry", (_DX_SUM, "(A + A.T) * x"), told=("backward[dx] S306",)),
    _quad("A A", (_DX_SUM, "A.dot(A).dot(x)")),
    _quad("dA an inner product", ("np.outer(x, x)", "np.inner(x, x)"),
          told=("backward[dA] S306",)),
    _quad("dA is A", ("np.outer(x, x)", "A"), told=(_DA,)),
    _quad("dA doubled", ("np.outer(x, x)", "2 * np.outer(x, x)"), told=(_DA,)),
    _quad("dA off the diagonal alone", ("np.outer(x, x)", "np.outer(x, x) * (1 - np.eye(len(x)))"),
          told=(_DA,)),
    _quad("M09 swapped", ("return dx, dA", "return dA, dx"),
          told=("backward[dx] S306", "backward[dA] S306")),
    _quad("half the value", ("x.dot(A).dot(x)", "x.dot(A).dot(x) / 2"), told=(_F,)),
    _quad("A x", ("x.dot(A).dot(x)", "A.dot(x)"), told=("forward S306",)),
    _quad("a quadratic form of A^T A", ("x.dot(A).dot(x)", "np.sum(A.dot(x)**2)"), told=(_F,)),
    _model("the function itself", ("f(x) + change", "f(x + h)")),
    _model("value forgotten", ("f(x) + change", "change")),
    _model("gradient forgotten", ("f(x) + change", "f(x)")),
    _model("h forgotten", ("h * df(x)", "df(x)")),
    _model("M13 sign", ("f(x) + change", "f(x) - change")),
    _model("gradient at x + h", ("df(x)", "df(x + h)")),
    _model("value at x + h", ("f(x) + change", "f(x + h) + change")),
    _model("slope at h", ("df(x)", "df(h)")),
    _model("divided by h", ("h * df(x)", "df(x) / h")),
    _model("mean over the entries", ("np.sum(", "np.mean("), told=(_F,)),
    _model("not added up", ("np.sum(h * df(x))", "h * df(x)"), told=("forward S306",)),
    _model("sums multiplied", ("np.sum(h * df(x))", "np.sum(h) * np.sum(df(x))"), told=(_F,)),
    _model("second order on top", ("np.sum(h * df(x))", "np.sum(h * df(x) + h**2 / 2)")),
    _model("magnitude of h", ("h * df(x)", "abs(h) * df(x)")),
)  # fmt: skip
