"""Wrong steps."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_W, _WN, _VN = "forward V401", "forward[w_next] V401", "forward[v_next] V401"
_X, _Y, _Z, _F = (f"forward[{name}_next] V401" for name in "xyzf")


def _gd(mistake: str, *edits: Edit, told: tuple[str, ...] = (_W,)) -> Wrong:
    return Wrong("gradient_descent", mistake, edits, told)


def _mom(mistake: str, *edits: Edit, told: tuple[str, ...] = (_WN, _VN)) -> Wrong:
    return Wrong("momentum", mistake, edits, told)


def _circ(mistake: str, *edits: Edit, told: tuple[str, ...] = (_X, _Y, _Z, _F)) -> Wrong:
    return Wrong("circuit_step", mistake, edits, told)


_STEP = "w - step * dw"
_BODY = "w_next = w - step * dw\n    return w_next"
_V = "mu * v - step * dw"
_OUT = "return w_next, v_next"
_OUT4 = "return x_next, y_next, z_next, f_next"

WRONG: tuple[Wrong, ...] = (
    _gd("M13 uphill", (_STEP, "w + step * dw")),
    _gd("step forgotten", (_STEP, "w - dw")),
    _gd("step divides", (_STEP, "w - dw / step")),
    _gd("step of w too", (_STEP, "step * (w - dw)")),
    _gd("the change alone", (_STEP, "-step * dw")),
    _gd("from the gradient", (_STEP, "dw - step * w")),
    _gd("sign of the gradient alone", (_STEP, "w - step * np.sign(dw)")),
    _gd("gradient of length one", (_STEP, "w - step * dw / np.linalg.norm(dw)")),
    _gd("mean of the gradient", (_STEP, "w - step * np.mean(dw)")),
    _gd("M01 divided by the batch", (_STEP, "w - step * dw / len(dw)")),
    _gd("step 0.1 whatever is asked", (_STEP, "w - 0.1 * dw")),
    _gd("clipped", (_STEP, "w - step * np.clip(dw, -1, 1)")),
    _gd("two steps", (_STEP, "w - 2 * step * dw")),
    _gd("w unchanged", (_BODY, "w_next = w - step * dw\n    return w")),
    _gd("a copy changed in place", (_BODY, "w = w.copy()\n    w -= step * dw")),
    _gd("bound to another name", (_BODY, "w = w - step * dw")),
    _gd("the gradient changed in place", (_BODY, "dw *= -step\n    dw += w")),
    _gd("flattened", (_STEP, "(w - step * dw).ravel()"), told=("forward S306",)),
    _gd("first row alone", (_BODY, "w[0] -= step * dw[0]")),
    _gd("M47 a pair", ("return w_next", "return w_next, dw"), told=("forward S306|forward S305",)),
    _mom("M13 uphill", (_V, "mu * v + step * dw")),
    _mom("velocity subtracted", ("w + v_next", "w - v_next"), told=(_WN,)),
    _mom("old velocity", ("w + v_next", "w + v"), told=(_WN,)),
    _mom("mu forgotten", (_V, "v - step * dw")),
    _mom("velocity forgotten", (_V, "-step * dw")),
    _mom("step forgotten", (_V, "mu * v - dw")),
    _mom("step in the second line", (_V, "mu * v + dw"), ("w + v_next", "w - step * v_next")),
    _mom("average of gradients", (_V, "mu * v - (1 - mu) * step * dw")),
    _mom("mu of the gradient too", (_V, "mu * (v - step * dw)")),
    _mom("mu and step exchanged", (_V, "step * v - mu * dw")),
    _mom("Nesterov", ("w + v_next", "w + mu * v_next - step * dw"), told=(_WN,)),
    _mom("step twice", ("w + v_next", "w + step * v_next"), told=(_WN,)),
    _mom("M09 order", (_OUT, "return v_next, w_next")),
    _mom("velocity lost", (_OUT, "return w_next"),
         told=("forward[w_next] S302", "forward[v_next]")),
    _mom("old velocity returned", (_OUT, "return w_next, v"), told=(_VN,)),
    _mom("velocity not changed in place", (_OUT, "w[...] = w_next"), told=(_VN,)),
    _mom("w not changed in place", (_OUT, "v[...] = v_next"), told=(_WN,)),
    _mom("w returned, velocity changed in place", (_OUT, "v[...] = v_next\n    return w_next"),
         told=("forward[w_next] S302", "forward[v_next]")),
    _circ("M13 uphill", ("- step * dx", "+ step * dx"), ("- step * dy", "+ step * dy"),
          ("- step * dz", "+ step * dz")),
    _circ("only downhill", ("    q = x + y\n", "    step = abs(step)\n    q = x + y\n")),
    _circ("only uphill", ("    q = x + y\n", "    step = -abs(step)\n    q = x + y\n")),
    _circ("step forgotten", ("    q = x + y\n", "    step = 1\n    q = x + y\n")),
    _circ("step 0.01 whatever is asked", ("    q = x + y\n", "    step = 0.01\n    q = x + y\n")),
    _circ("f of the old point", ("(x_next + y_next) * z_next", "q * z"), told=(_F,)),
    _circ("f of the new z and the old q", ("(x_next + y_next)", "q"), told=(_F,)),
    _circ("f by its first-order model", ("(x_next + y_next) * z_next",
          "q * z - step * (2 * z * z + q * q)"), told=(_F,)),
    _circ("the change of f", ("* z_next", "* z_next - q * z"), told=(_F,)),
    _circ("z moves by the new q", ("dz = q", "dz = q - 2 * step * z"), told=(_Z, _F)),
    _circ("z first", ("dx = z\n", "z = z - step * q\n    dx = z\n"),
          ("z - step * dz", "z"), told=(_X, _Y, _F)),
    _circ("dz missing", ("dz = q", "dz = 0.0"), told=(_Z, _F)),
    _circ("add gate gives half", ("dx = z", "dx = z / 2"), ("dy = z", "dy = z / 2"),
          told=(_X, _Y, _F)),
    _circ("switcher forgotten", ("dx = z", "dx = q"), ("dy = z", "dy = q"),
          ("dz = q", "dz = z")),
    _circ("gradients for the new point", (_OUT4, "return dx, dy, dz, f_next"),
          told=(_X, _Y, _Z)),
    _circ("f first", (_OUT4, "return f_next, x_next, y_next, z_next")),
    _circ("f missing", (_OUT4, "return x_next, y_next, z_next"), told=(
          "forward[x_next] S303", *(f"forward[{n}_next]" for n in "yzf"))),
    _circ("M49 the lecture's numbers", (_OUT4, "return -1.96, 5.04, -4.03, -12.4124")),
)  # fmt: skip
