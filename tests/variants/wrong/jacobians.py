"""Wrong Jacobians and vector-Jacobian products."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_DX, _DB = "backward[dx] V402", "backward[db] V402"
_DU, _DH = "backward[du] V402", "backward[dh] V402"
_SHAPE = "backward[dx] S306"
_BOTH_RAISE = ("backward[dx] R201", "backward[db]")
_NEAR = ("near_kink V402 dx|backward[dx] V402",)
_RETURN = "    return J\n"


def _w(task: str, mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong(task, mistake, edits, told)


def _mixed(mistake: str, old: str, new: str, *told: str) -> Wrong:
    return Wrong("mixed", mistake, ((old, new),), told or (_DX,))


def _mixed_as(mistake: str, returned: str, *told: str) -> Wrong:
    return _mixed(mistake, _RETURN, f"    return {returned}\n", *(told or (_SHAPE,)))


def _helicoid(mistake: str, old: str, new: str, *told: str) -> Wrong:
    return Wrong("helicoid", mistake, ((old, new),), told or (_DX,))


def _sigmoid(mistake: str, J: str, *told: str) -> Wrong:
    edit = ("np.diag(local)", J)
    return Wrong("sigmoid", mistake, (edit,), told or ("backward[dz] V402",))


def _slope(mistake: str, local: str) -> Wrong:
    return Wrong("sigmoid", mistake, (("h * (1 - h)", local),), ("backward[dz] V402",))


def _linear_x(mistake: str, dx: str, *told: str) -> Wrong:
    return Wrong("linear", mistake, (("W.copy()", dx),), told or (_SHAPE,))


def _linear_b(mistake: str, db: str, *told: str) -> Wrong:
    return Wrong("linear", mistake, (("np.eye(W.shape[0])", db),), told or (_DB,))


def _score(mistake: str, du: str, *told: str) -> Wrong:
    return Wrong("score", mistake, (("h.copy()", du),), told or (_DU,))


def _layer(mistake: str, old: str, new: str, *told: str) -> Wrong:
    return Wrong("layer", mistake, ((old, new),), told or (_DX, _DB))


def _vjp(mistake: str, dx: str, *told: str) -> Wrong:
    return Wrong("layer_vjp", mistake, (("J.T.dot(dh)", dx),), told or (_DX,))


def _relu(mistake: str, dx: str, *told: str) -> Wrong:
    return Wrong("relu", mistake, (("dx = dout * (x > 0)", f"dx = {dx}"),), told or (_DX,))


WRONG: tuple[Wrong, ...] = (
    _mixed_as("M10 layout transposed", "J.T"),
    _mixed_as("transposed by reshaping", "J.T.reshape(4, 3)", _DX),
    _mixed_as("last row missing", "J[:3]"),
    _mixed_as("a column missing", "J[:, :2]"),
    _mixed_as("rows added up", "J.sum(axis=0)"),
    _mixed_as("columns added up", "J.sum(axis=1)"),
    _mixed_as("flat", "J.ravel()"),
    _mixed_as("row by row squared", "J.dot(J.T)"),
    _mixed_as("an axis too many", "J[None]", "backward[dx] S307"),
    _mixed_as("M47 nothing", "None", "backward[dx] S301"),
    _mixed_as("rows in reverse", "J[::-1]", _DX),
    _mixed_as("columns in reverse", "J[:, ::-1]", _DX),
    _mixed_as("ragged rows", "[[1], [5], [8 * x[1], -2], [x[2] * np.cos(x[0]), np.sin(x[0])]]",
              "backward[dx] S305"),
    _mixed_as("nan for no derivative", "np.where(J == 0, np.nan, J)", "backward[dx] V403"),
    _mixed("M41 cut off to integers", "np.zeros((4, 3))", "np.zeros((4, 3), dtype=int)"),
    _mixed("M14 power rule without the 2", "8 * x[1]", "4 * x[1]"),
    _mixed("power rule with the power", "8 * x[1]", "8 * x[1] ** 2"),
    _mixed("M49 number of the example", "8 * x[1]", "-9.6"),
    _mixed("M13 sign of a linear term", "J[2, 2] = -2", "J[2, 2] = 2"),
    _mixed("a linear term forgotten", "    J[2, 2] = -2\n", ""),
    _mixed("value for a derivative", "J[1, 2] = 5", "J[1, 2] = 5 * x[2]"),
    _mixed("wrong column", "J[1, 2] = 5", "J[1, 1] = 5"),
    _mixed("product rule, one factor alone", "J[3, 2] = np.sin(x[0])", "J[3, 2] = 0"),
    _mixed("product rule, both in one entry", "J[3, 2] = np.sin(x[0])", "J[3, 0] += np.sin(x[0])"),
    _mixed("derivative of sin", "x[2] * np.cos(x[0])", "x[2] * np.sin(x[0])"),
    _mixed("M13 sign of cos", "x[2] * np.cos(x[0])", "-x[2] * np.cos(x[0])"),
    _mixed("outer derivative alone", "x[2] * np.cos(x[0])", "np.cos(x[0])"),
    _mixed("counts from 1", "x[2] * np.cos(x[0])", "x[3] * np.cos(x[1])", "backward[dx] R201"),
    _mixed("off by 1e-3", "x[2] * np.cos(x[0])", "x[2] * np.cos(x[0]) * 1.001"),
    _mixed("sign in forward", "4 * x[1] ** 2 - 2", "4 * x[1] ** 2 + 2", "forward V401"),
    _mixed("one output too few", ", x[2] * np.sin(x[0])]", "]", "forward S306"),
    _w("mixed", "M39 x kept in a global",
       ("def mixed(x):\n", "def mixed(x):\n    global x0\n    x0 = x\n"),
       ("8 * x[1]", "8 * x0[1]"), told=("behaviour.shared_cache B501",)),
    _helicoid("M10 numerator layout", _RETURN, "    return J.T\n", _SHAPE),
    _helicoid("reshaped into the layout", _RETURN, "    return J.T.reshape(2, 3)\n"),
    _helicoid("inputs in reverse", _RETURN, "    return J[::-1]\n"),
    _helicoid("last output forgotten", _RETURN, "    return J[:, :2]\n", _SHAPE),
    _helicoid("M13 sign of a derivative", "-r * np.sin(t)", "r * np.sin(t)"),
    _helicoid("r forgotten", "r * np.cos(t)\n    J", "np.cos(t)\n    J"),
    _helicoid("r differentiated away twice", "J[0, 0] = np.cos(t)", "J[0, 0] = 1"),
    _helicoid("derivative of t", "J[1, 2] = 1", "J[1, 2] = t"),
    _helicoid("entries transposed in place", "J[0, 1] = np.sin(t)", "J[0, 1] = -r * np.sin(t)"),
    _sigmoid("vector for the diagonal", "local", "backward[dz] S306"),
    _sigmoid("column for the diagonal", "local[:, None]", "backward[dz] S306"),
    _sigmoid("full of the derivative, by rows", "np.tile(local, (len(z), 1))"),
    _sigmoid("full of the derivative, by columns", "np.tile(local, (len(z), 1)).T"),
    _sigmoid("outer product", "np.outer(local, local)"),
    _sigmoid("the other diagonal", "np.fliplr(np.diag(local))"),
    _sigmoid("identity", "np.eye(len(z))"),
    _sigmoid("trace", "local.sum()", "backward[dz] S306"),
    _sigmoid("of softmax", "np.diag(h) - np.outer(h, h)"),
    _sigmoid("M13 negated", "-np.diag(local)"),
    _sigmoid("ones beside the diagonal", "np.diag(local) + (1 - np.eye(len(z)))"),
    _slope("M24 derivative of z", "z * (1 - z)"),
    _slope("M24 sigmoid of the sigmoid", "(1 - 1 / (1 + np.exp(-h))) / (1 + np.exp(-h))"),
    _slope("derivative of tanh", "1 - h**2"),
    _slope("h alone", "h"),
    _slope("sign of 1 - h", "h * (h - 1)"),
    _w("sigmoid", "sign in forward", ("return 1 / (1 + np.exp(-z))", "return 1 / (1 + np.exp(z))"),
       told=("forward V401",)),
    _linear_x("M10 W transposed", "W.T.copy()"),
    _linear_x("times x", "W * x", _DX),
    _linear_x("W x", "W.dot(x)"),
    _linear_x("rows added up", "W.sum(axis=0)"),
    _linear_x("columns added up", "W.sum(axis=1)"),
    _linear_x("Jacobian by W", "np.outer(np.ones(len(b)), x)", _DX),
    _linear_x("with the bias", "W + b[:, None]", _DX),
    _linear_x("zeros", "np.zeros(W.shape)", _DX),
    _linear_b("ones for the identity", "np.ones(W.shape[0])", "backward[db] S306"),
    _linear_b("full of ones", "np.ones((W.shape[0], W.shape[0]))"),
    _linear_b("identity of the inputs", "np.eye(W.shape[1])", "backward[db] S306"),
    _linear_b("identity as wide as W", "np.eye(*W.shape)", "backward[db] S306"),
    _linear_b("diagonal of b", "np.diag(b)"),
    _linear_b("one number", "1.0", "backward[db] S306"),
    _linear_b("zeros", "np.zeros((W.shape[0], W.shape[0]))"),
    _w("linear", "M09 swapped", ("return dx, db", "return db, dx"),
       told=(_SHAPE, "backward[db] S306")),
    _w("linear", "M47 db forgotten", ("return dx, db", "return dx"),
       told=("backward[dx] S302", "backward[db]")),
    _w("linear", "M47 None for db", ("return dx, db", "return dx, None"),
       told=("backward[db] S301",)),
    _w("linear", "no bias", ("W.dot(x) + b", "W.dot(x)"), told=("forward V401",)),
    _w("linear", "elementwise product", ("W.dot(x) + b", "(W * x).T + b"), told=("forward S306",)),
    _score("by itself", "u.copy()"),
    _score("ones, as noted by hand", "np.ones(len(h))"),
    _score("sum of h, as noted by hand", "np.full(len(h), h.sum())"),
    _score("product", "u * h"),
    _score("outer product", "np.outer(u, h)", "backward[du] S306"),
    _score("diagonal matrix", "np.diag(h)", "backward[du] S306"),
    _score("column", "h.reshape(-1, 1)", "backward[du] S307"),
    _score("sum", "h.sum()", "backward[du] S306"),
    _score("two axes too many", "h[None, None]", "backward[du] S307"),
    _score("absolute values", "np.abs(h)"),
    _w("score", "M09 swapped", ("return du, dh", "return dh, du"), told=(_DU, _DH)),
    _w("score", "elementwise product", ("u.dot(h)", "u * h"), told=("forward S306",)),
    _w("score", "outer product in forward", ("u.dot(h)", "np.outer(u, h)"),
       told=("forward S306",)),
    _layer("product in the other order", "local.dot(W)", "W.dot(local)", *_BOTH_RAISE),
    _layer("M12 elementwise in place of matmul", "local.dot(W)", "local * W", *_BOTH_RAISE),
    _layer("M10 W transposed", "local.dot(W)", "local.dot(W.T)", *_BOTH_RAISE),
    _layer("M10 layout transposed", "local.dot(W)", "W.T.dot(local)", _SHAPE),
    _layer("slope forgotten by x", "local.dot(W)", "W", _DX),
    _layer("slope twice", "local.dot(W)", "local.dot(local).dot(W)", _DX),
    _layer("slope of the first output", "local.dot(W)", "local[0, 0] * W", _DX),
    _layer("slope forgotten by b", "db = local", "db = np.eye(len(b))", _DB),
    _layer("times b", "db = local", "db = local.dot(b)", "backward[db] S306"),
    _layer("diagonal of db alone", "db = local", "db = np.diag(local)", "backward[db] S306"),
    _layer("vector for the diagonal", "np.diag(1 - h**2)", "1 - h**2", _SHAPE,
           "backward[db] S306"),
    _layer("slope of h", "np.diag(1 - h**2)", "np.diag(1 - np.tanh(h) ** 2)"),
    _layer("slope of z", "np.diag(1 - h**2)", "np.diag(1 - z**2)"),
    _layer("slope of the sigmoid", "np.diag(1 - h**2)", "np.diag(h * (1 - h))"),
    _layer("full of the slope", "np.diag(1 - h**2)", "np.tile(1 - h**2, (len(h), 1))"),
    _layer("bias forgotten at the slope", "z = W.dot(x) + b", "z = W.dot(x)"),
    _layer("M09 swapped", "return dx, db", "return db, dx", _SHAPE, "backward[db] S306"),
    _layer("bias forgotten in forward", "np.tanh(W.dot(x) + b)", "np.tanh(W.dot(x))",
           "forward V401"),
    _vjp("the slide's missing transpose", "J.dot(dh)", "backward[dx] R201"),
    _vjp("M07 upstream ignored", "J.sum(axis=0)"),
    _vjp("M07 upstream of ones", "J.T.dot(np.ones_like(dh))"),
    _vjp("the Jacobian itself", "J", _SHAPE),
    _vjp("M12 elementwise in place of matmul", "J.T * dh", _SHAPE),
    _vjp("rows not added up", "J * dh[:, None]", _SHAPE),
    _vjp("inverse for the transpose", "np.linalg.pinv(J).dot(dh)"),
    _vjp("slope forgotten", "W.T.dot(dh)"),
    _vjp("M11 W for W^T", "W.dot((1 - h**2) * dh)", "backward[dx] R201"),
    _vjp("slope after W^T", "W.T.dot(dh) * (1 - h**2)", "backward[dx] R201"),
    _vjp("M13 sign", "-J.T.dot(dh)"),
    _vjp("M08 upstream squared", "J.T.dot(dh * dh)"),
    _vjp("mean for sum", "J.T.dot(dh) / len(dh)"),
    _vjp("one output alone", "J[0] * dh[0]"),
    _vjp("row", "dh[None].dot(J)", "backward[dx] S307"),
    _vjp("gradient by b", "(1 - h**2) * dh", _SHAPE),
    _w("layer_vjp", "slope of h", ("1 - h**2", "1 - np.tanh(h) ** 2"), told=(_DX,)),
    _w("layer_vjp", "slope of z", ("1 - h**2", "1 - z**2"), told=(_DX,)),
    _w("layer_vjp", "slope of the upstream", ("1 - h**2", "1 - dh**2"), told=(_DX,)),
    _w("layer_vjp", "diagonal forgotten", ("np.diag(1 - h**2).dot(W)", "(1 - h**2).dot(W)"),
       told=("backward[dx] R201",)),
    _relu("M26 passes everything", "dout"),
    _relu("M25 mask of the upstream", "dout * (dout > 0)"),
    _relu("x for the upstream", "x * (x > 0)"),
    _relu("M07 upstream ignored", "(x > 0) * 1.0"),
    _relu("negative side", "dout * (x < 0)"),
    _relu("sign of x", "dout * np.sign(x)"),
    _relu("leaky", "np.where(x > 0, dout, 0.01 * dout)"),
    _relu("mask of the first row", "dout * (x[0] > 0)"),
    _relu("threshold 1e-2", "dout * (x > 1e-2)", *_NEAR),
    _relu("threshold 1e-4", "dout * (x > 1e-4)", *_NEAR),
    _relu("summed over the batch", "(dout * (x > 0)).sum(axis=0)", _SHAPE),
    _relu("Jacobian of every example", "dout[:, :, None] * np.eye(x.shape[1]) * (x > 0)[:, None]",
          _SHAPE),
    _relu("M12 matmul with the mask", "dout @ (x > 0)", "backward[dx] R201"),
    _relu("squeezed", "np.squeeze(dout * (x > 0))", "backward[dx] S307"),
    _relu("M27 twice at a tie", "dout * ((x > 0) + 2.0 * (x == 0))", "ties V404 dx"),
    _w("relu", "absolute value", ("np.maximum(0, x)", "np.abs(x)"), told=("forward V401",)),
    _w("relu", "the mask for the value", ("np.maximum(0, x)", "1.0 * (x > 0)"),
       told=("forward V401",)),
)  # fmt: skip
