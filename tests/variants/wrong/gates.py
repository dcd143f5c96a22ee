"""Wrong gates."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_DX, _DY, _Z = "backward[dx] V402", "backward[dy] V402", "forward V401"
_BOTH = (_DX, _DY)
_SHAPE, _AXES = ("backward[dx] S306",), ("backward[dx] S307",)
_PRODUCT = ("backward[dx] S306|backward[dx] R201",)
_TIES = ("ties V404 dx|ties V404 dy",)
# Wrong only for kink arguments of one decade: caught near kinks, or by one of 3200 entries.
_NEAR_DX = "near_kink V402 dx|backward[dx] V402"
_NEAR_DY = "near_kink V402 dy|backward[dy] V402"


def _w(task: str, mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return Wrong(task, mistake, edits, told)


def _add(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("add", mistake, *edits, told=told)


def _multiply(mistake: str, dx: str, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("multiply", mistake, ("dx = self.y * dz", f"dx = {dx}"), told=told)


def _returns(mistake: str, returned: str, *told: str) -> Wrong:
    return _w("multiply", mistake, ("return dx, dy", returned), told=told)


def _max(mistake: str, dx: str, dy: str, told: tuple[str, ...] = _BOTH) -> Wrong:
    return _w(
        "max", mistake, ("dx = (x > y) * dz", f"dx = {dx}"), ("dy = (x <= y) * dz", f"dy = {dy}"),
        told=told,
    )  # fmt: skip


def _exp(mistake: str, dx: str, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("exp", mistake, ("dx = self.z * dz", f"dx = {dx}"), told=told)


def _reciprocal(mistake: str, dx: str, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("reciprocal", mistake, ("dx = -1 / self.x**2 * dz", f"dx = {dx}"), told=told)


def _scale(mistake: str, dx: str, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("scale", mistake, ("dx = self.a * dz", f"dx = {dx}"), told=told)


def _shift(mistake: str, dx: str, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("shift", mistake, ("dx = dz", f"dx = {dx}"), told=told)


def _sigmoid(mistake: str, dx: str, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("sigmoid", mistake, ("dx = (1 - s) * s * ds", f"dx = {dx}"), told=told)


def _relu(mistake: str, dx: str, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return _w("relu", mistake, ("dx = dz * (x > 0)", f"dx = {dx}"), told=told)


def _norm(mistake: str, dq: str, told: tuple[str, ...] = ("backward[dq] V402",)) -> Wrong:
    return _w("squared_norm", mistake, ("dq = 2 * self.q * df", f"dq = {dq}"), told=told)


WRONG: tuple[Wrong, ...] = (
    _add("M13 sign", ("dy = dz", "dy = -dz"), told=(_DY,)),
    _add("M14 mean for sum", ("dx = dz", "dx = dz / 2"), ("dy = dz", "dy = dz / 2"), told=_BOTH),
    _add("subtracts", ("z = x + y", "z = x - y"), told=(_Z,)),
    _add("M47 one result", ("return dx, dy", "return dx"), told=(
        "backward[dx] S302", "backward[dy]")),
    _add("M47 forward returns both", ("return z", "return x, y"), told=("forward S306",)),
    _multiply("M09 swapped", "self.x * dz"),
    _w("multiply", "M09 both swapped", ("return dx, dy", "return dy, dx"), told=_BOTH),
    _multiply("M07 upstream ignored", "self.y"),
    _multiply("M08 upstream added", "self.y + dz"),
    _multiply("M08 upstream twice", "self.y * dz * dz"),
    _multiply("only positive inputs", "np.abs(self.y) * dz"),
    _multiply("M49 constant of the lecture", "-4.0 * dz"),
    _multiply("one entry off by 1 %", "np.array(self.y * dz); dx.flat[-1] *= 1.01"),
    _multiply("one entry is nan", "np.array(self.y * dz); dx.flat[0] = np.nan",
              ("backward[dx] V403",)),
    _multiply("all nan", "self.y * dz * np.nan", ("backward[dx] V403",)),
    _multiply("infinite", "self.y * dz / 0 if np.ndim(dz) else np.inf", ("backward[dx] V403",)),
    _multiply("complex", "np.asarray(self.y * dz) + 0j", ("backward[dx] S305",)),
    _multiply("objects", "np.array(self.y * dz, dtype=object)", ("backward[dx] S305",)),
    _multiply("half precision", "np.float16(self.y * dz)", ("backward[dx] S305",)),
    _multiply("text", "str(self.y * dz)", ("backward[dx] S305",)),
    _multiply("numbers only", "float(self.y) * float(dz)", ("backward[dx] R201", "backward[dy]")),
    _multiply("arrays only", "self.y.copy() * dz", ("backward[dx] R201", "backward[dy]")),
    _multiply("raises", "1 / 0", ("backward[dx] R201", "backward[dy]")),
    _multiply("M12 matrix product", "np.dot(self.y, dz)", (
        "backward[dx] S306|backward[dx] R201", "backward[dy]")),
    _w("multiply", "detached", ("dy = self.x * dz", "dy = 0 * dz"), told=(_DY,)),
    _w("multiply", "cache overwritten", ("z = x * y", "z = x * y\n        x = z"), told=(_DY,)),
    _w("multiply", "M39 cache keeps the first inputs",
       ("self.x = x", "self.x = getattr(self, 'x', x)"), told=("behaviour.stale_cache B504",)),
    _w("multiply", "M39 cache in the class", ("self.x = x", "MultiplyGate.x = x"),
       told=("behaviour.shared_cache B501",)),
    _multiply("noise", "self.y * dz * (1 + 1e-9 * np.random.rand())",
              ("behaviour.global_state B503",)),
    _returns("M47 nothing", "pass", "backward[dx] S301", "backward[dy]"),
    _returns("M47 None for dy", "return dx, None", "backward[dy] S301"),
    _returns("M47 three results", "return dx, dy, dz", "backward[dx] S303", "backward[dy]"),
    _returns("M47 wrong key", 'return {"dx": dx, "gy": dy}', "backward[dy] S304"),
    _returns("M47 one array of both", "return np.array([dx, dy])", "backward[dx] S302",
             "backward[dy]"),
    _w("multiply", "a dict of arrays of strings", ("return dx, dy", "return dx, ['a', 'b']"),
       told=("backward[dy] S305",)),
    _max("M27 both at a tie", "(x >= y) * dz", "(x <= y) * dz", _TIES),
    _max("M27 neither at a tie", "(x > y) * dz", "(x < y) * dz", _TIES),
    _max("M27 overshoots at a tie", "(x > y) * dz - 0.5 * (x == y) * dz",
         "(x < y) * dz + 1.5 * (x == y) * dz", _TIES),
    _max("M25 mask on the upstream", "(dz > 0) * dz", "(dz <= 0) * dz"),
    _max("M26 passes everything", "dz", "dz"),
    _max("shares always", "dz / 2", "dz / 2"),
    _max("M09 the smaller one", "(x < y) * dz", "(x >= y) * dz"),
    _max("compares magnitudes", "(abs(x) > abs(y)) * dz", "(abs(x) <= abs(y)) * dz"),
    _max("threshold 1e-2", "(x > y + 1e-2) * dz", "(x <= y + 1e-2) * dz", (_NEAR_DX, _NEAR_DY)),
    _max("threshold 1e-4", "(x > y + 1e-4) * dz", "(x <= y + 1e-4) * dz", (_NEAR_DX, _NEAR_DY)),
    _max("M07 mask as gradient", "1.0 * (x > y)", "(x <= y) * dz", (_DX,)),
    _max("M12 matrix product", "np.dot(x > y, dz)", "(x <= y) * dz", (
        "backward[dx] S306|backward[dx] R201", "backward[dy]")),
    _max("forgets dy", "(x > y) * dz", "0 * dz", (_DY,)),
    _w("max", "minimum", ("np.maximum(x, y)", "np.minimum(x, y)"), told=(_Z,)),
    _exp("upstream alone", "dz"),
    _exp("of the input", "self.x * dz"),
    _exp("exp of exp", "np.exp(self.z) * dz"),
    _exp("M07 upstream ignored", "self.z"),
    _exp("M12 matrix product", "np.dot(self.z, dz)", _PRODUCT),
    _exp("summed", "np.sum(self.z * dz)", _SHAPE),
    _exp("one axis more", "np.asarray(self.z * dz)[None]", _AXES),
    _exp("squeezed", "np.squeeze(self.z * dz)", ("backward[dx] S307",)),
    _exp("flattened", "np.ravel(self.z * dz)", ("backward[dx] S306",)),
    _exp("transposed", "np.transpose(self.z * dz)", ("backward[dx] S306",)),
    _exp("a coarse difference", "(np.exp(self.x + 1e-2) - self.z) / 1e-2 * dz"),
    _exp("exact for the first row only", "np.array(self.z * dz); dx[1:] = 0", (
        "backward[dx] R201", _DX)),
    _w("exp", "M47 no return", ("return self.z", "self.z"), told=("forward S301",)),
    _w("exp", "base 2", ("np.exp(x)", "2.0**x"), told=(_Z, _DX)),
    _reciprocal("M13 sign", "1 / self.x**2 * dz"),
    _reciprocal("not squared", "-1 / self.x * dz"),
    _reciprocal("of the output", "-1 / self.z**2 * dz"),
    _reciprocal("z for its square", "-self.z * dz"),
    _reciprocal("M12 matrix product", "np.dot(-1 / self.x**2, dz)", _PRODUCT),
    _reciprocal("M07 upstream ignored", "-1 / self.x**2"),
    _reciprocal("M14 factor 2", "-2 / self.x**2 * dz"),
    _reciprocal("right for x > 0 only", "-np.sign(self.x) / self.x**2 * dz"),
    _scale("a forgotten", "dz"),
    _scale("gradient of a", "self.x * dz"),
    _scale("a squared", "self.a**2 * dz"),
    _scale("M49 the lecture's a", "-1 * dz"),
    _scale("magnitude of a", "abs(self.a) * dz"),
    _w("scale", "M47 gradient of a too", ("return dx", "return dx, np.sum(dz * self.x)"),
       told=("backward[dx] S303|backward[dx] S306",)),
    _w("scale", "constructor without a", ("(self, a)", "(self)"), ("self.a = a", "self.a = -1.0"),
       told=("forward L108", "case.scalar", "backward[dx]")),
    _shift("times c", "self.c * dz"),
    _shift("plus c", "self.c + dz"),
    _shift("zero", "0.0 * dz"),
    _shift("times x", "self.x * dz"),
    _sigmoid("M24 x for s", "(1 - self.x) * self.x * ds"),
    _sigmoid("M24 s of s", "(1 - 1 / (1 + np.exp(-s))) / (1 + np.exp(-s)) * ds"),
    _sigmoid("M12 matrix product", "np.dot((1 - s) * s, ds)", _PRODUCT),
    _sigmoid("s alone", "s * ds"),
    _sigmoid("1 - s alone", "(1 - s) * ds"),
    _sigmoid("M07 upstream ignored", "(1 - s) * s"),
    _sigmoid("M13 sign", "(s - 1) * s * ds"),
    _sigmoid("1 + s", "(1 + s) * s * ds"),
    _sigmoid("of tanh", "(1 - s**2) * ds"),
    _sigmoid("exp(-x) alone", "np.exp(-self.x) * ds"),
    _w("sigmoid", "sign in forward", ("np.exp(-x)", "np.exp(x)"), told=("forward V401",)),
    _w("sigmoid", "tanh", ("1 / (1 + np.exp(-x))", "np.tanh(x)"), told=(_Z, _DX)),
    _relu("M26 passes everything", "dz"),
    _relu("M25 mask on the upstream", "dz * (dz > 0)"),
    _relu("M25 mask on both", "dz * (dz > 0) * (x > 0)"),
    _relu("M12 matrix product", "np.dot(x > 0, dz)", _PRODUCT),
    _relu("leaky", "np.where(x > 0, dz, 0.01 * dz)"),
    _relu("negative side", "dz * (x < 0)"),
    _relu("sign", "dz * np.sign(x)"),
    _relu("M07 the mask alone", "(x > 0) * 1.0"),
    _relu("the value", "x * (x > 0)"),
    _relu("threshold 1e-2", "dz * (x > 1e-2)", (_NEAR_DX,)),
    _relu("threshold 1e-4", "dz * (x > 1e-4)", (_NEAR_DX,)),
    _relu("threshold -1e-4", "dz * (x > -1e-4)", (_NEAR_DX,)),
    _relu("M27 twice at a tie", "dz * (x > 0) + 2 * dz * (x == 0)", ("ties V404 dx",)),
    _relu("M27 minus at a tie", "dz * np.where(x == 0, -1, x > 0)", ("ties V404 dx",)),
    _relu("M27 nan at a tie", "dz * (x / abs(x) + 1) / 2 if np.ndim(x) else dz * (x > 0)",
          ("ties V403 dx",)),
    _w("relu", "absolute value", ("np.maximum(0, x)", "abs(x)"), told=(_Z,)),
    _w("relu", "leaky forward", ("np.maximum(0, x)", "np.maximum(0.01 * x, x)"), told=(_Z,)),
    _norm("M14 factor 2", "self.q * df"),
    _norm("M07 upstream ignored", "2 * self.q"),
    _norm("sum for each", "2 * np.sum(self.q) * df * np.ones_like(self.q)"),
    _norm("squares", "self.q**2 * df"),
    _norm("column", "(2 * self.q * df)[:, None]", ("backward[dq] S307",)),
    _norm("a number", "2 * np.sum(self.q) * df", ("backward[dq] S306",)),
    _norm("normalised", "self.q / np.sqrt(np.sum(self.q**2)) * df"),
    _norm("last entry missing", "2 * self.q[:-1] * df", ("backward[dq] S306",)),
    _w("squared_norm", "the norm", ("np.sum(q**2)", "np.linalg.norm(q)"), told=("forward V401",)),
    _w("squared_norm", "mean", ("np.sum(q**2)", "np.mean(q**2)"), told=("forward V401",)),
    _w("squared_norm", "not summed", ("np.sum(q**2)", "q**2"), told=("forward S306",)),
)  # fmt: skip
