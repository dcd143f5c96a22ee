"""Wrong circuits."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong


def _d(*names: str) -> tuple[str, ...]:
    return tuple(f"backward[d{name}] V402" for name in names)


def _f(*names: str) -> tuple[str, ...]:
    return tuple(f"forward[{name}] V401" for name in names)


def _am(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("add_multiply", mistake, edits, told)


def _amm(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("add_max_multiply", mistake, edits, told)


def _sn(mistake: str, old: str, new: str, *told: str) -> Wrong:
    return Wrong("sigmoid_neuron", mistake, ((old, new),), told)


def _short(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("sigmoid_neuron_short", mistake, edits, told)


def _mm(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("multiply_max", mistake, edits, told)


def _sr(mistake: str, old: str, new: str, *told: str) -> Wrong:
    return Wrong("staged_rational", mistake, ((old, new),), told)


def _ao(mistake: str, old: str, new: str, *told: str) -> Wrong:
    return Wrong("apples_and_oranges", mistake, ((old, new),), told)


def _hs(mistake: str, old: str, new: str, *told: str) -> Wrong:
    return Wrong("hidden_score", mistake, ((old, new),), told)


_NEAR = ("near_kink V402 dz|backward[dz] V402", "near_kink V402 dw|backward[dw] V402")
_TIE_SHARE = "    if y > z:\n        dy += db\n    else:\n        dz += db\n"

WRONG: tuple[Wrong, ...] = (
    _am("M09 dq and dz swapped", ("dq = z * df", "dq = q * df"), ("dz = q * df", "dz = z * df"),
        told=_d("q", "z")),
    _am("M07 upstream ignored", ("dq = z * df", "dq = z"), told=_d("q")),
    _am("M07 upstream ignored in dz", ("dz = q * df", "dz = q"), told=_d("z")),
    _am("dx of a multiply gate", ("dx = dq", "dx = y * dq"), told=_d("x")),
    _am("dy forgets dq", ("dy = dq", "dy = df"), told=_d("y")),
    _am("precedence", ("f = q * z", "f = x + y * z"), told=_f("f")),
    _am("M49 numbers of the lecture", ("dq = z * df", "dq = -4.0"), ("dz = q * df", "dz = 3.0"),
        told=_d("q", "x", "y", "z")),
    _am("M13 sign", ("dz = q * df", "dz = -q * df"), told=_d("z")),
    _am("M47 key missing", ('"dq": dq, ', ""), told=("backward[dq] S304",)),
    _am("value for its gradient", ('"dx": dx', '"dx": x'), told=_d("x")),
    _am("M47 gradients under their arguments", ('"dx": dx', '"x": dx'),
        told=("backward[dx] S304",)),
    _am("M47 None", ('"dy": dy', '"dy": None'), told=("backward[dy] S301",)),
    _am("nan", ('"dy": dy', '"dy": float("nan")'), told=("backward[dy] V403",)),
    _am("arrays of one", ("dz = q * df", "dz = np.array([q * df])"), told=("backward[dz] S307",)),
    _amm("M37 fork overwritten by the max", ("dy += db", "dy = db"), told=_d("y")),
    _amm("M37 fork without the max", (_TIE_SHARE, "    if y <= z:\n        dz += db\n"),
         told=_d("y")),
    _amm("M37 fork without the sum", ("dy = da", "dy = 0.0"), told=_d("y")),
    _amm("M26 max passes to both", (_TIE_SHARE, "    dy += db\n    dz += db\n"), told=_d("y", "z")),
    _amm("max to the smaller", ("if y > z", "if y < z"), told=(
        *_d("y", "z"),)),
    _amm("M27 both at a tie", (_TIE_SHARE,
         "    if y >= z:\n        dy += db\n    if z >= y:\n        dz += db\n"),
         told=("ties V404 dy|ties V404 dz",)),
    _amm("M27 neither at a tie", (_TIE_SHARE,
         "    if y > z:\n        dy += db\n    if z > y:\n        dz += db\n"),
         told=("ties V404 dy|ties V404 dz",)),
    _amm("M09 da and db swapped", ("da = b * df", "da = a * df"), ("db = a * df", "db = b * df"),
         told=_d("a", "b")),
    _amm("M07 upstream ignored", ("da = b * df", "da = b"), told=_d("a")),
    _amm("M07 upstream ignored in db", ("db = a * df", "db = a"), told=_d("b")),
    _amm("M08 upstream twice in da", ("da = b * df", "da = b * df * df"), told=_d("a")),
    _amm("M08 upstream twice in db", ("db = a * df", "db = a * df * df"), told=_d("b")),
    _amm("max of magnitudes", ("if y > z", "if abs(y) > abs(z)"), told=_d("y", "z")),
    _amm("M14 dx twice", ("dx = da", "dx = 2 * da"), told=_d("x")),
    _amm("minimum", ("max(y, z)", "min(y, z)"), told=_f("b")),
    _amm("threshold 1e-2", ("if y > z:", "if y > z + 1e-2:"), told=(
        "near_kink V402 dy|backward[dy] V402", "near_kink V402 dz|backward[dz] V402")),
    _sn("M13 sign of dden", '= -1 / out["den"] ** 2', '= 1 / out["den"] ** 2',
        *_d("den")),
    _sn("den not squared", '= -1 / out["den"] ** 2', '= -1 / out["den"]',
        *_d("den")),
    _sn("M24 exp of the wrong value", 'out["expneg"] * out["dexpneg"]',
        'out["neg"] * out["dexpneg"]', *_d("neg")),
    _sn("exp passes", 'out["expneg"] * out["dexpneg"]', 'out["dexpneg"]', *_d("neg")),
    _sn("M13 sign of ddot", 'out["ddot"] = -out', 'out["ddot"] = out', *_d("dot")),
    _sn("M07 upstream ignored", "** 2 * df", "** 2", *_d("den")),
    _sn("M08 upstream twice", "** 2 * df", "** 2 * df * df", *_d("den")),
    _sn("M09 dw0 and dx0 swapped", 'out["dw0"] = x0', 'out["dw0"] = w0', *_d("w0")),
    _sn("dx1 with the other weight", 'out["dx1"] = w1', 'out["dx1"] = w0', *_d("x1")),
    _sn("dw2 forgets the chain", 'out["dw2"] = out["ddot"]', 'out["dw2"] = df', *_d("w2")),
    _sn("dw2 times w2", 'out["dw2"] = out["ddot"]', 'out["dw2"] = w2 * out["ddot"]', *_d("w2")),
    _sn("M14 dprod1 halved", 'out["dprod1"] = out["ddot"]', 'out["dprod1"] = out["ddot"] / 2',
        *_d("prod1")),
    _sn("bias forgotten in forward", '+ out["prod1"] + w2', '+ out["prod1"]',
        *_f("dot")),
    _sn("M49 rounded to the lecture's digits", '= -1 / out["den"] ** 2 * df',
        '= round(float(-1 / out["den"] ** 2 * df), 2)',
        *_d("den")),
    _short("M24 dot for f", ("(1 - f) * f", "(1 - dot) * dot"), told=_d("dot")),
    _short("f alone", ("(1 - f) * f", "f"), told=_d("dot")),
    _short("M24 sigmoid of f", ("(1 - f) * f", "(1 - 1 / (1 + np.exp(-f))) / (1 + np.exp(-f))"),
           told=_d("dot")),
    _short("bias missing in dw", (", 1.0 * ddot]", "]"), told=("backward[dw] S306",)),
    _short("bias gradient 0", ("1.0 * ddot", "0.0"), told=_d("w")),
    _short("bias gradient 1", ("1.0 * ddot", "1.0"), told=_d("w")),
    _short("M09 swapped", ('"dx": dx, "dw": dw', '"dx": dw, "dw": dx'),
           told=("backward[dx] S306", "backward[dw] S306")),
    _short("chain forgotten in dx", ("[w[0] * ddot, w[1] * ddot]", "[w[0], w[1]]"), told=_d("x")),
    _short("row", ('"dw": dw', '"dw": dw.reshape(1, 3)'), told=("backward[dw] S307",)),
    _short("one number", ('"dx": dx', '"dx": dx.sum()'), told=("backward[dx] S306",)),
    _short("M49 numbers of the lecture", ('"dx": dx', '"dx": np.array([0.393224, -0.589836])'),
           told=_d("x")),
    _short("M41 cut off to integers", ('"dw": dw', '"dw": dw.astype(int)'), told=_d("w")),
    _mm("M14 factor 2 forgotten", ("ds = 2 * df", "ds = df"), told=_d("s")),
    _mm("M07 upstream ignored", ("ds = 2 * df", "ds = 2"),
        told=_d("s", "xy", "m")),  # a constant shows nothing
    _mm("M08 upstream twice", ("ds = 2 * df", "ds = 2 * df * df"), told=_d("s")),
    _mm("factor 2 forgotten in forward", ("f = 2 * s", "f = s"), told=_f("f")),
    _mm("M09 dx and dy swapped", ("dx = y * dxy", "dx = x * dxy"), ("dy = x * dxy", "dy = y * dxy"),
        told=_d("x", "y")),
    _mm("M26 max passes to both", ("dm * (z > w)", "dm"), ("dm * (w >= z)", "dm"),
        told=_d("z", "w")),
    _mm("M27 both at a tie", ("(z > w)", "(z >= w)"), told=("ties V404 dz|ties V404 dw",)),
    _mm("M27 neither at a tie", ("(w >= z)", "(w > z)"), told=("ties V404 dz|ties V404 dw",)),
    _mm("max by sign", ("(z > w)", "(z > 0)"), ("(w >= z)", "(z <= 0)"), told=_NEAR),
    _mm("w forgotten", ("dw = dm * (w >= z)", "dw = 0"), told=_d("w")),
    _mm("dm of s", ("dm = ds", "dm = m * ds"), told=_d("m")),
    _mm("threshold 1e-2", ("(z > w)", "(z > w + 1e-2)"), ("(w >= z)", "(w + 1e-2 >= z)"),
        told=_NEAR),
    _sr("M37 fork of x overwritten", "dx += dnum", "dx = dnum", *_d("x")),
    _sr("M37 fork of x without the sigmoid", "    dx += (1 - sigx) * sigx * dsigx\n", "", *_d("x")),
    _sr("M37 fork of y overwritten", "dy += (1", "dy = (1", *_d("y")),
    _sr("M37 fork of y without the square", "dy = dxpy", "dy = 0", *_d("y")),
    _sr("M14 factor 2", "dxpy = 2 * xpy", "dxpy = xpy", *_d("xpy")),
    _sr("M13 sign of dden", "dden = -1 /", "dden = 1 /", *_d("den")),
    _sr("den not squared", "-1 / den**2", "-1 / den", *_d("den")),
    _sr("M24 x for sigx", "(1 - sigx) * sigx", "(1 - x) * x", *_d("x")),
    _sr("local gradient of sigy", "(1 - sigy) * sigy", "sigy", *_d("y")),
    _sr("M07 upstream ignored in dnum", "dnum = invden * df", "dnum = invden",
        *_d("num")),
    _sr("M07 upstream ignored in dinvden", "dinvden = num * df", "dinvden = num",
        *_d("invden")),
    _sr("M08 upstream twice in dnum", "dnum = invden * df", "dnum = invden * df * df",
        *_d("num")),
    _sr("dsigy of x", "dsigy = dnum", "dsigy = dden", *_d("sigy")),
    _sr("not squared in forward", "xpysqr = xpy**2", "xpysqr = abs(xpy)",
        *_f("xpysqr")),
    _sr("M09 dx and dy swapped", '"dx": dx,\n        "dy": dy', '"dx": dy,\n        "dy": dx',
        *_d("x", "y")),
    _ao("factors of a multiply gate", "= apple_num * out", "= apple * out", *_d("apple")),
    _ao("M09 number and price swapped", '= orange * out["do', '= orange_num * out["do',
        *_d("orange_num")),
    _ao("M07 upstream ignored", "tax * dprice", "tax", *_d("all_price")),
    _ao("M07 upstream ignored in dtax", '"] * dprice', '"]', *_d("tax")),
    _ao("dtax of the price", 'out["all_price"] * dprice', 'out["price"] * dprice', *_d("tax")),
    _ao("tax forgotten", "tax * dprice", "dprice", *_d("all_price")),
    _ao("chain forgotten", 'apple_num * out["dapple_price"]', "apple_num", *_d("apple")),
    _ao("M14 halved at the add gate", '"dorange_price"] = out["dall_price"]',
        '"dorange_price"] = out["dall_price"] / 2', *_d("orange_price")),
    _ao("add gate as a multiply gate", '"dapple_price"] = out["dall_price"]',
        '"dapple_price"] = out["orange_price"] * out["dall_price"]', *_d("apple_price")),
    _ao("number of the other fruit", "= orange_num * out", "= apple_num * out", *_d("orange")),
    _ao("M49 numbers of the book", 'out["dapple_num"] = apple * out["dapple_price"]',
        'out["dapple_num"] = 110.0', *_d("apple_num")),
    _ao("tax as a rate", 'out["all_price"] * tax', 'out["all_price"] * (1 + tax)', *_f("price")),
    _ao("M47 an intermediate left out", '    return out\n',
        '    del out["dall_price"]\n    return out\n', "backward[dall_price] S304"),
    _ao("M13 sign", '"dtax"] = out', '"dtax"] = -out', *_d("tax")),
    _hs("M24 slope of h", "h * (1 - h)", "(1 - 1 / (1 + np.exp(-h))) / (1 + np.exp(-h))",
        *_d("z")),
    _hs("M24 slope of z", "h * (1 - h)", "z * (1 - z)", *_d("z")),
    _hs("slope forgotten", "dz = dh * local", "dz = dh", *_d("z")),
    _hs("slope of tanh", "h * (1 - h)", "1 - h**2", *_d("z")),
    _hs("scalar product for the slope", "dz = dh * local", "dz = dh.dot(local)",
        *(f"backward[d{name}] S306" for name in ("z", "W", "b", "x"))),
    _hs("M07 upstream ignored in du", "du = h * ds", "du = h", *_d("u")),
    _hs("M07 upstream ignored in dh", "dh = u * ds", "dh = u", *_d("h")),
    _hs("M07 upstream forgotten in delta", "dz = dh * local", "dz = u * local",
        *_d("z")),
    _hs("M08 upstream applied twice", "dz = dh * local", "dz = dh * local * ds",
        *_d("z")),
    _hs("M09 du and dh swapped", '"dh": dh', '"dh": du', *_d("h")),
    _hs("gradient of u by itself", "du = h * ds", "du = u * ds", *_d("u")),
    _hs("M10 outer product transposed", "np.outer(dz, x)", "np.outer(x, dz)", "backward[dW] S306"),
    _hs("outer product with h", "np.outer(dz, x)", "np.outer(dz, h)", "backward[dW] S306"),
    _hs("dW of dh", "np.outer(dz, x)", "np.outer(dh, x)", *_d("W")),
    _hs("M12 elementwise product for dW", "np.outer(dz, x)", "dz[:, None] * W", *_d("W")),
    _hs("rows of dW alike", "np.outer(dz, x)", "np.outer(np.ones(len(dz)), x)", *_d("W")),
    _hs("bias gradient forgotten", "dz.copy()", "np.zeros(len(b))", *_d("b")),
    _hs("bias gradient of ones", "dz.copy()", "np.ones(len(b)) * ds", *_d("b")),
    _hs("M04 bias gradient summed", "dz.copy()", "dz.sum()", "backward[db] S306"),
    _hs("M04 bias gradient summed, in every entry", "dz.copy()", "np.full(len(b), dz.sum())",
        *_d("b")),
    _hs("bias gradient times b", "dz.copy()", "dz * b", *_d("b")),
    _hs("M06 bias gradient a column", "dz.copy()", "dz[:, None]", "backward[db] S307"),
    _hs("M11 W for W^T", "W.T.dot(dz)", "W.dot(dz)", "forward[z] R201", "forward[h]", "forward[s]",
        *(f"backward[d{name}]" for name in ("h", "z", "u", "W", "b", "x"))),
    _hs("before the activation", "W.T.dot(dz)", "W.T.dot(dh)", *_d("x")),
    _hs("columns of W added up", "W.T.dot(dz)", "W.sum(axis=0)", *_d("x")),
    _hs("M12 elementwise product for dx", "W.T.dot(dz)", "W.T * dz", "backward[dx] S306"),
    _hs("M47 key missing", '        "dz": dz,\n', "", "backward[dz] S304"),
    _hs("bias forgotten", "W.dot(x) + b", "W.dot(x)",
        *_f("z")),
    _hs("no activation in s", "s = u.dot(h)", "s = u.dot(z)", *_f("s")),
    _hs("s not added up", "s = u.dot(h)", "s = u * h", "forward[s] S306"),
    _hs("shapes of columns", '"z": z', '"z": z[:, None]', "forward[z] S307"),
)  # fmt: skip
