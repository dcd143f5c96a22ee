"""Wrong layers of a network."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_OUT, _LOSS = "forward V401", "forward V401"
_DX, _DW, _DB = "backward[dx] V402", "backward[dw] V402", "backward[db] V402"
_NEAR = "near_kink V402 dx"
_FLAT = (("cache = (x, w, b)", "cache = (rows, w, b)"),
         ("rows = x.reshape(x.shape[0], -1)\n    dx", "rows = x\n    dx"))  # fmt: skip
_ROWS = "x.reshape(x.shape[0], -1)\n    out"
_COUNT = "np.sum(dx, axis=1)"
_SVM_MEAN, _OWN = "    dx /= N\n", "    margins[rows, y] = 0\n"
_SOFT_LABEL = "    dx[rows, y] -= 1\n"
_NO_FORWARD = ("forward R201", "backward[dx]", "backward[dw]", "backward[db]")
_RAISES = ("forward R201", "backward[dx]")


def _affine(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("affine", mistake, edits, told)


def _rows(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("affine_of_rows", mistake, edits, told)


def _svm(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return Wrong("svm_loss", mistake, edits, told)


def _soft(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return Wrong("softmax_loss", mistake, edits, told)


def _slope(task: str, mistake: str, *edits: Edit, told: tuple[str, ...] = (_DX,)) -> Wrong:
    return Wrong(task, mistake, edits, told)


WRONG: tuple[Wrong, ...] = (
    _affine("bias forgotten", ("rows.dot(w) + b", "rows.dot(w)"), told=(_OUT,)),
    _affine("bias subtracted", ("rows.dot(w) + b", "rows.dot(w) - b"), told=(_OUT,)),
    _affine("bias forgotten, db of one example", ("rows.dot(w) + b", "rows.dot(w)"),
            ("dout.sum(axis=0)", "dout[0]"), told=(_OUT, _DB)),
    _affine("rows alone", (_ROWS, "x\n    out"), told=_NO_FORWARD),
    _affine("x for its rows in backward", ("rows.T.dot", "x.T.dot"),
            told=("backward[dw] S306",)),
    _affine("size written as a number", (_ROWS, "x.reshape(10, -1)\n    out"),
            told=_NO_FORWARD),
    _affine("the rows are cached: dx stays flat", *_FLAT, told=("backward[dx] S306",)),
    _affine("dx stays flat", (".reshape(x.shape)\n    dw", "\n    dw"),
            told=("backward[dx] S306",)),
    _affine("w not transposed",
            ("dx = dout.dot(w.T).reshape(x.shape)", "dx = dout.dot(w).reshape(x.shape)"),
            told=("backward[dx] R201", "backward[dw]", "backward[db]")),
    _affine("db of one example", ("dout.sum(axis=0)", "dout[0]"), told=(_DB,)),
    _affine("db is a mean", ("dout.sum(axis=0)", "dout.mean(axis=0)"), told=(_DB,)),
    _affine("db over the other axis", ("dout.sum(axis=0)", "dout.sum(axis=1)"),
            told=("backward[db] S306",)),
    _affine("db without an axis", ("dout.sum(axis=0)", "dout.sum()"), told=("backward[db] S306",)),
    _affine("db has an axis too many", ("dout.sum(axis=0)", "dout.sum(axis=0, keepdims=True)"),
            told=("backward[db] S307",)),
    _affine("dw is a mean", ("rows.T.dot(dout)", "rows.T.dot(dout) / len(x)"), told=(_DW,)),
    _affine("dw is transposed", ("rows.T.dot(dout)", "dout.T.dot(rows)"),
            told=("backward[dw] S306",)),
    _affine("db done, dx and dw not", ("dx = dout.dot(w.T).reshape(x.shape)", "dx = None"),
            ("dw = rows.T.dot(dout)", "dw = None"),
            told=("backward[dx] S301", "backward[dw] S301")),
    _affine("gradients in another order", ("return dx, dw, db", "return dw, dx, db"),
            told=("backward[dx] S306", "backward[dw] S306")),
    _affine("one gradient too few", ("return dx, dw, db", "return dx, dw"),
            told=("backward[dx] S303", "backward[dw]", "backward[db]")),
    _affine("cache forgotten", ("return out, cache", "return out"),
            told=("forward S302", *_NO_FORWARD[1:])),
    _affine("a name that is not there", ("cache = (x, w, b)", "cache = (x, W, b)"),
            told=_NO_FORWARD),
    _rows("bias by example", ("rows.dot(w) + b", "rows.dot(w) + b[:1]"), told=(_OUT,)),
    _rows("db of one example", ("dout.sum(axis=0)", "dout[0]"), told=(_DB,)),
    _rows("dw is a mean", ("rows.T.dot(dout)", "rows.T.dot(dout) / len(x)"), told=(_DW,)),
    _slope("relu", "upstream ignored", ("dout * (x > 0)", "1.0 * (x > 0)")),
    _slope("relu", "mask of the upstream", ("dout * (x > 0)", "dout * (dout > 0)")),
    _slope("relu", "times x", ("dout * (x > 0)", "dout * np.maximum(0, x)")),
    _slope("relu", "mask of the negative", ("dout * (x > 0)", "dout * (x < 0)")),
    _slope("relu", "magnitude", ("np.maximum(0, x)", "np.abs(x)"), told=(_OUT,)),
    _slope("relu", "np.max", ("np.maximum(0, x)", "np.max(0, x)"), told=_RAISES),
    _slope("relu", "sign", ("dout * (x > 0)", "-dout * (x > 0)")),
    _slope("leaky_relu", "alpha forgotten in backward", ("np.where(x > 0, 1, alpha)", "(x > 0)")),
    _slope("leaky_relu", "alpha forgotten in forward", ("x, alpha * x)", "x, 0)"), told=(_OUT,)),
    _slope("leaky_relu", "alpha forgotten", ("x, alpha * x)", "x, 0)"),
           ("np.where(x > 0, 1, alpha)", "(x > 0)"), told=(_OUT, _DX)),
    _slope("leaky_relu", "alpha of the notebook", ("x, alpha * x)", "x, 0.01 * x)"),
           ("np.where(x > 0, 1, alpha)", "np.where(x > 0, 1, 0.01)"), told=(_OUT, _DX)),
    _slope("leaky_relu", "alpha x for alpha", ("1, alpha)", "1, alpha * x)")),
    _slope("leaky_relu", "branches exchanged", ("1, alpha)", "alpha, 1)")),
    _slope("leaky_relu", "upstream ignored", ("dout * np.where", "np.where")),
    _slope("leaky_relu", "the smaller of the two",
           ("np.where(x > 0, x, alpha * x)", "np.minimum(x, alpha * x)"), told=(_OUT,)),
    _slope("tanh", "tanh of the cached tanh", ("1 - out**2", "1 - np.tanh(out) ** 2")),
    _slope("tanh", "not squared", ("1 - out**2", "1 - out")),
    _slope("tanh", "slope of the sigmoid", ("1 - out**2", "out * (1 - out)")),
    _slope("tanh", "x for its tanh", ("cache = out", "cache = x"),
           ("out = cache\n    dx = dout * (1 - out**2)", "x = cache\n    dx = dout * (1 - x**2)")),
    _slope("tanh", "upstream ignored", ("dout * (1 - out**2)", "1 - out**2")),
    _slope("tanh", "sigmoid", ("np.tanh(x)", "1 / (1 + np.exp(-x))"), told=(_OUT, _DX)),
    _slope("tanh", "sigmoid and its slope", ("np.tanh(x)", "1 / (1 + np.exp(-x))"),
           ("1 - out**2", "out * (1 - out)"), told=(_OUT, _DX)),
    _slope("tanh", "exp overflows",
           ("np.tanh(x)", "(np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))"),
           told=("stress V403",)),
    _slope("elu", "alpha forgotten in backward", ("alpha * np.exp(x))\n    return dx",
           "np.exp(x))\n    return dx")),
    _slope("elu", "alpha forgotten in forward", ("alpha * (np.exp(x) - 1)", "np.exp(x) - 1"),
           told=(_OUT,)),
    _slope("elu", "alpha forgotten", ("alpha * (np.exp(x) - 1)", "np.exp(x) - 1"),
           ("1, alpha * np.exp(x)", "1, np.exp(x)"), told=(_OUT, _DX)),
    _slope("elu", "alpha outside", ("alpha * (np.exp(x) - 1)", "alpha * np.exp(x) - 1"),
           told=(_OUT,)),
    _slope("elu", "slope is the value", ("1, alpha * np.exp(x)", "1, alpha * (np.exp(x) - 1)")),
    _slope("elu", "slope below 0 is alpha", ("1, alpha * np.exp(x)", "1, alpha")),
    _slope("elu", "exp overflows",
           ("np.where(x > 0, x, alpha * (np.exp(x) - 1))",
            "(x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1)"), told=("stress V403",)),
    _slope("gelu", "second term forgotten", (" + 0.5 * x * (1 - t**2) * inner", "")),
    _slope("gelu", "first term forgotten", ("0.5 * (1 + t) + 0.5 * x", "0.5 * x")),
    _slope("gelu", "inner derivative forgotten", ("(1 - t**2) * inner", "(1 - t**2)")),
    _slope("gelu", "exponent not brought down", ("3 * 0.044715", "0.044715")),
    _slope("gelu", "not squared", ("1 - t**2", "1 - t")),
    _slope("gelu", "the form of a sigmoid",
           ("0.5 * x * (1 + t)\n", "x / (1 + np.exp(-1.702 * x))\n"), told=(_OUT,)),
    _slope("gelu", "squared for cubed", ("0.044715 * x**3", "0.044715 * x**2"), told=(_OUT, _DX)),
    _slope("gelu", "upstream ignored", ("dx = dout * (", "dx = (")),
    _svm("not divided by N", (_SVM_MEAN, "")),
    _svm("not divided by N, nor the loss", (_SVM_MEAN, ""), ("np.sum(margins) / N",
         "np.sum(margins)"), told=(_LOSS, _DX)),
    _svm("correct class counted", (_OWN, ""), told=(_LOSS, _DX)),
    _svm("correct class counted in the loss", (_OWN, ""), ("(margins > 0).astype(float)",
         "(margins > 0).astype(float)\n    dx[rows, y] = 0"), told=(_LOSS,)),
    _svm("correct class missing in the gradient", (f"    dx[rows, y] = -{_COUNT}\n", "")),
    _svm("the correct class alone", (f"-{_COUNT}\n", f"-{_COUNT}\n    dx[dx > 0] = 0\n")),
    _svm("correct class always -1", (f"-{_COUNT}", "-1")),
    _svm("boolean mask as a number", (".astype(float)", ""), ("dx /= N", "dx = dx / N")),
    _svm("gradient not written yet", (_SVM_MEAN, "    dx = np.zeros_like(x)\n")),
    _svm("gradient is None", (_SVM_MEAN, "    dx = None\n"), told=("backward[dx] S301",)),
    _svm("10 classes", ("np.maximum(0, x - x[rows, y][:, None] + 1)",
         "np.maximum(0, x - x[rows, y][:, None] + 1).reshape(N, 10)"), told=_RAISES),
    _svm("margin forgotten", ("[:, None] + 1)", "[:, None])"), told=(_LOSS, _DX)),
    _svm("np.max for np.maximum", ("np.maximum(0,", "np.max(0,"), told=_RAISES),
    _svm("margins for their mask", ("(margins > 0).astype(float)", "margins.copy()")),
    _svm("margins over the wrong axis", ("[:, None] + 1)", "[:, None].mean() + 1)"),
         told=(_LOSS, _DX)),
    _svm("mask of margins above 1e-4", ("(margins > 0)", "(margins > 1e-4)"), told=(_NEAR,)),
    _svm("returned in another order", ("return loss, dx", "return dx, loss"),
         told=("forward S306", "backward[dx] S306")),
    _soft("not divided by N", ("    dx /= N\n", "")),
    _soft("label forgotten", (_SOFT_LABEL, "")),
    _soft("label added", ("] -= 1", "] += 1")),
    _soft("label after the mean", (_SOFT_LABEL + "    dx /= N\n", "    dx /= N\n" + _SOFT_LABEL)),
    _soft("labels as one-hot", (_SOFT_LABEL, "    dx -= y[:, None]\n")),
    _soft("the correct class alone",
          (_SOFT_LABEL, "    dx = (probs - 1) * np.eye(x.shape[1])[y]\n")),
    _soft("sums over the wrong axis", ("np.sum(np.exp(shifted), axis=1, keepdims=True)",
          "np.sum(np.exp(shifted), axis=0, keepdims=True)"), told=(_LOSS, _DX)),
    _soft("sum without an axis", ("np.sum(np.exp(shifted), axis=1, keepdims=True)",
          "np.sum(np.exp(shifted))"), told=(_LOSS, _DX)),
    _soft("logarithm forgotten", ("-np.sum(log_probs[rows, y])", "-np.sum(probs[rows, y])"),
          told=(_LOSS,)),
    _soft("sum of all classes", ("log_probs[rows, y]", "log_probs"), told=(_LOSS,)),
    _soft("sign", ("loss = -np", "loss = np"), told=(_LOSS,)),
    _soft("sum for mean in the loss", ("[rows, y]) / N", "[rows, y])"), told=(_LOSS,)),
    _soft("softmax twice", ("np.exp(log_probs)\n",
          "np.exp(log_probs)\n    probs = np.exp(probs) / np.exp(probs).sum(1, keepdims=True)\n")),
    _soft("gradient not written yet", ("dx = probs.copy()", "dx = np.zeros_like(x)"),
          (_SOFT_LABEL, "")),
    _soft("loss not written yet", ("loss = -np.sum(log_probs[rows, y]) / N", "loss = None"),
          told=("forward S301",)),
    _soft("no maximum subtracted", ("x - np.max(x, axis=1, keepdims=True)", "x"),
          told=("case.large_scores V403 loss", "case.large_scores V402 dx")),
    _soft("one maximum for all", ("np.max(x, axis=1, keepdims=True)", "np.max(x)"),
          told=("stress V403|stress V402",)),
    _soft("logarithm of a probability", ("np.sum(log_probs[rows, y])",
          "np.sum(np.log(probs[rows, y]))"), told=("stress V403 loss",)),
    _soft("label forgotten, not divided by N", (_SOFT_LABEL + "    dx /= N\n", "")),
    _soft("no maximum, and label forgotten", ("x - np.max(x, axis=1, keepdims=True)", "x"),
          (_SOFT_LABEL, "")),
)  # fmt: skip
