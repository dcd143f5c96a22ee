"""Wrong losses."""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_LOSS, _DW, _DS = "forward V401", "backward[dW] V402", "backward[dscores] V402"
_NEAR = ("near_kink V402 dW|backward[dW] V402",)
_NEAR_STAGED = (f"near_kink V402 dscores|{_DS}", f"near_kink V402 dW|{_DW}|{_DS}")
_DATA, _REG = ("forward[data_loss] V401",), ("forward[reg_loss] V401",)
_STRESS = ("stress V403 loss|stress V401 loss", "stress V403 dW|stress V402 dW")
# In the lecture's example W is square, so that there a transposed dW has the right shape.
_TRANSPOSED = ("backward[dW] S306",)
# In the lecture's example X is square too, and an elementwise product has a shape that fits.
_PRODUCT = ("forward R201", "backward[dW] V402|forward R201")
_RAISES = ("forward[scores] R201", "forward[data_loss]", "forward[reg_loss]", "forward[loss]",
           "backward[dscores]", "backward[dW]")  # fmt: skip
_OWN = "    dscores[rows, y] = -np.sum(dscores, axis=1)\n"
_LABEL = "    dscores[rows, y] -= 1\n"
_MEAN = "    dscores /= N\n"
_DREG = "    dW += 2 * reg * W\n"
_COUNT = "-np.sum(dscores, axis=1)"


def _make(task: str, mistake: str, edits: tuple[Edit, ...], told: tuple[str, ...]) -> Wrong:
    return Wrong(task, mistake, edits, told or (_DW,))


def _l2(mistake: str, *edits: Edit, told: tuple[str, ...] = ()) -> Wrong:
    return _make("l2_regulariser", mistake, edits, told)


def _svm(mistake: str, *edits: Edit, told: tuple[str, ...] = ()) -> Wrong:
    return _make("svm_loss", mistake, edits, told)


def _svms(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DS,)) -> Wrong:
    return _make("svm_staged", mistake, edits, told)


def _soft(mistake: str, *edits: Edit, told: tuple[str, ...] = ()) -> Wrong:
    return _make("softmax_loss", mistake, edits, told)


def _softs(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DS,)) -> Wrong:
    return _make("softmax_staged", mistake, edits, told)


_MASK = "(margins > 0)"
_RAW = "(scores - scores[rows, y][:, None] + 1 {})"

WRONG: tuple[Wrong, ...] = (
    _l2("M16 half gradient", ("2 * reg * W", "reg * W")),
    _l2("M16 reg forgotten", ("2 * reg * W", "2 * W")),
    _l2("of the magnitudes", ("2 * reg * W", "2 * reg * np.abs(W)")),
    _l2("M15 gradient missing", ("2 * reg * W", "0 * W")),
    _l2("M16 gradient divided by D", ("2 * reg * W", "2 * reg * W / len(W)")),
    _l2("a number", ("2 * reg * W", "2 * reg * np.sum(W)"), told=("backward[dW] S306",)),
    _l2("M10 transposed", ("2 * reg * W", "2 * reg * W.T"), told=_TRANSPOSED),
    _l2("M46 half loss", ("reg * np.sum", "0.5 * reg * np.sum"), told=(_LOSS,)),
    _l2("M16 half of both", ("reg * np.sum", "0.5 * reg * np.sum"), ("2 * reg * W", "reg * W"),
        told=(_LOSS, _DW)),
    _l2("L1", ("W * W", "np.abs(W)"), ("2 * reg * W", "reg * np.sign(W)"), told=(_LOSS, _DW)),
    _l2("M46 mean", ("np.sum(W * W)", "np.mean(W * W)"), told=(_LOSS,)),
    _l2("M47 loss alone", ("return loss, dW", "return loss"),
        told=("forward S302", "backward[dW]")),
    _l2("M47 order", ("return loss, dW", "return dW, loss"),
        told=("forward S306", "backward[dW] S306")),
    _l2("M47 a dict", ("return loss, dW", "return {'loss': loss, 'dW': dW}"),
        told=("forward S302", "backward[dW]")),
    _l2("M47 nothing", ("return loss, dW", "dW"), told=("forward S301", "backward[dW]")),
    _svm("M15 reg gradient missing", (_DREG, "")),
    _svm("M16 half reg gradient", ("dW += 2 * reg", "dW += reg")),
    _svm("M16 reg gradient divided by N", ("dW += 2 * reg * W", "dW += 2 * reg * W / N")),
    _svm("M16 reg squared", ("dW += 2 * reg * W", "dW += 2 * reg**2 * W")),
    _svm("M37 reg gradient alone", ("X.T.dot(dscores)", "np.zeros_like(W)")),
    _svm("M17 correct class missing", (_OWN, "")),
    _svm("M18 correct class -1 for its count", (_COUNT, "-1.0 * (dscores.sum(1) > 0)")),
    _svm("M18 correct class always -1", (_COUNT, "-1")),
    _svm("correct class + its count", (_COUNT, "np.sum(dscores, axis=1)")),
    _svm("M01 not divided by N", (_MEAN, "")),
    _svm("M02 divided by N twice", ("dscores /= N", "dscores /= N**2")),
    _svm("divided by C", ("dscores /= N", "dscores /= W.shape[1]")),
    _svm("M12 elementwise product", ("X.T.dot(dscores)", "X.T * dscores"), told=_PRODUCT),
    _svm("M13 sign", ("X.T.dot(dscores)", "-X.T.dot(dscores)")),
    _svm("M10 transposed", ("X.T.dot(dscores)", "dscores.T.dot(X)"), ("dW += 2 * reg * W", "dW"),
         told=_TRANSPOSED),
    _svm("margins for their indicator", ("(margins > 0).astype(float)", "margins.copy()")),
    _svm("M26 passes everything", ("(margins > 0).astype(float)", "np.ones_like(margins)")),
    _svm("M37 last example alone", ("X.T.dot(dscores)", "np.outer(X[-1], dscores[-1])")),
    _svm("largest margin alone",
         ("(margins > 0)", "((margins > 0) & (margins == margins.max(1, keepdims=True)))")),
    _svm("M20 margin 1 forgotten in backward",
         ("(margins > 0)", "(scores - scores[rows, y][:, None] > 0)")),
    _svm("margin 1 forgotten", ("[:, None] + 1)", "[:, None])"), told=(_LOSS, _DW)),
    _svm("margin 2", ("[:, None] + 1)", "[:, None] + 2)"), told=(_LOSS, _DW)),
    _svm("M19 own class in the sum", ("    margins[rows, y] = 0\n", ""), told=(
        _LOSS, _DW)),
    _svm("M46 sum for mean in the loss", ("np.sum(margins) / N", "np.sum(margins)"), told=(_LOSS,)),
    _svm("squared hinge", ("np.sum(margins) / N", "np.sum(margins**2) / N"), told=(_LOSS,)),
    _svm("reg loss missing", ("    loss += reg * np.sum(W * W)\n", ""), told=(_LOSS,)),
    _svm("M46 half reg loss", ("loss += reg", "loss += 0.5 * reg"), told=(_LOSS,)),
    _svm("last class wrong", (_MEAN, _MEAN + "    dscores[y == W.shape[1] - 1] = 0\n")),
    _svm("class 0 wrong", ("dscores /= N", "dscores /= N\n    dscores[y == 0] *= 0.5")),
    _svm("M41 cut off to integers", ("dscores /= N", "dscores = dscores // N")),
    _svm("M41 integer mask divided in place", (".astype(float)", ".astype(int)"),
         told=("forward R201", "backward[dW]")),
    _svm("squeezed scores", ("X.dot(W)", "np.squeeze(X.dot(W))"),
         told=("forward R201", "backward[dW]")),
    _svm("magnitudes of X", ("X.T.dot", "np.abs(X).T.dot")),
    _svm("threshold 1e-2 in backward", (_MASK, "(margins > 1e-2)"), told=_NEAR),
    _svm("threshold 1e-4 in backward", (_MASK, "(margins > 1e-4)"), told=_NEAR),
    _svm("M27 a tie counts for one side", (_MASK, _RAW.format(">= 0")), (
         "dscores[rows, y] = -np.sum(dscores, axis=1)",
         "dscores[rows, y] = -np.sum(margins > 0, axis=1)"), told=("ties V404 dW",)),
    _svms("M02 divided by N twice", ("dmargins * (margins > 0)", "dmargins * (margins > 0) / N")),
    _svms("M10 dW of examples in columns", ('"dW": dW', '"dW": dW.T'), told=_TRANSPOSED),
    _svms("M12 elementwise product", ("X.T.dot(dscores)", "X.T * dscores"), told=(
        *_RAISES, "forward[margins]", "backward[dmargins]", "backward[dW] V402|" + _RAISES[0])),
    _svms("M16 half reg gradient", ("dW += 2 * reg", "dW += reg"), told=(_DW,)),
    _svms("M20 margin 1 forgotten in backward", (
          _MASK, "(scores - scores[rows, y][:, None] > 0)")),
    _svms("M27 a tie counts for one side", (_MASK, _RAW.format(">= 0")), (
          _COUNT, "-np.sum(margins > 0, axis=1) / N"),
          told=("ties V404 dscores|ties V404 dW",)),
    _svms("M37 overwritten by the regulariser", ("dW += 2", "dW = 2"), told=(_DW,)),
    _svms("M17 correct class missing", (_OWN, "")),
    _svms("M18 correct class always -1/N", (_COUNT, "-1 / N")),
    _svms("M18 correct class -1/N for its count", (_COUNT, "-1.0 * (dscores.sum(1) > 0) / N")),
    _svms("dmargins 0 at the correct class", ("dscores = dmargins",
          "dmargins[rows, y] = 0\n    dscores = dmargins"), told=("backward[dmargins] V402",)),
    _svms("M01 dmargins not divided by N", ("np.ones_like(margins) / N", "np.ones_like(margins)"),
          told=("backward[dmargins] V402",)),
    _svms("dmargins of the active alone", ("np.ones_like(margins) / N", "(margins > 0) / N"),
          told=("backward[dmargins] V402",)),
    _svms("M15 reg gradient missing", (_DREG, ""), told=(_DW,)),
    _svms("M26 passes everything", ("dmargins * (margins > 0)", "dmargins.copy()")),
    _svms("M46 mean over all entries", ("np.sum(margins) / N", "np.mean(margins)"), told=_DATA),
    _svms("M46 half reg loss", ("reg_loss = reg", "reg_loss = 0.5 * reg"), told=_REG),
    _svms("M19 margin 1 at the correct class", ("    margins[rows, y] = 0\n", ""), told=(
        "forward[margins] V401", _DS)),
    _svms("loss without regularisation", ("data_loss + reg_loss", "data_loss"),
          told=("forward[loss] V401",)),
    _svms("M47 key missing", ('        "dmargins": dmargins,\n', ""),
          told=("backward[dmargins] S304",)),
    _svms("threshold 1e-2 in backward", (_MASK, "(margins > 1e-2)"), told=_NEAR_STAGED),
    _soft("M21 label missing", (_LABEL, "")),
    _soft("M02 divided by N twice", ("dscores /= N", "dscores /= N**2")),
    _soft("M12 elementwise product", ("X.T.dot(dscores)", "X.T * dscores"),
          told=("forward R201", "backward[dW]")),
    _soft("M16 reg gradient divided by N", ("dW += 2 * reg * W", "dW += 2 * reg * W / N")),
    _soft("M37 overwritten by the regulariser", ("dW += 2", "dW = 2")),
    _soft("M37 last example alone", ("X.T.dot(dscores)", "np.outer(X[-1], dscores[-1])")),
    _soft("label + 1", ("dscores[rows, y] -= 1", "dscores[rows, y] += 1")),
    _soft("label after the mean", (_LABEL + _MEAN, _MEAN + _LABEL)),
    _soft("M01 not divided by N", (_MEAN, "")),
    _soft("M15 reg gradient missing", (_DREG, "")),
    _soft("M16 half reg gradient", ("dW += 2 * reg", "dW += reg")),
    _soft("reg on nothing", ("dW += 2 * reg * W", "dW += 2 * reg")),
    _soft("M22 denominator not differentiated",
          ("dscores[rows, y] -= 1", "dscores = (probs - 1) * np.eye(W.shape[1])[y]")),
    _soft("M23 diagonal of the Jacobian", ("dscores[rows, y] -= 1", "dscores *= 1 - probs")),
    _soft("wrong for the last label",
          ("dscores[rows, y] -= 1", "dscores[rows, y] -= y < W.shape[1] - 1")),
    _soft("wrong for label 0", ("dscores[rows, y] -= 1", "dscores[rows, y] -= y > 0")),
    _soft("labels shifted by one", ("dscores[rows, y]", "dscores[rows, y - 1]")),
    _soft("M13 sign", ("X.T.dot(dscores)", "-X.T.dot(dscores)")),
    _soft("not normalised", ("dscores = probs", "dscores = exps"), told=(_DW,)),
    _soft("normalised over the batch", ("probs = exps / sums", "probs = exps / exps.sum(axis=0)")),
    _soft("M10 transposed", ("X.T.dot(dscores)", "dscores.T.dot(X)"), ("dW += 2 * reg * W", "dW"),
          told=("backward[dW] S306",)),
    _soft("gradient of the scores", ("return loss, dW", "return loss, dscores"),
          told=("backward[dW] S306|backward[dW] V402",)),
    _soft("M46 sum for mean in the loss", ("np.mean(", "np.sum("), told=(_LOSS,)),
    _soft("binary logarithm", ("np.log(", "np.log2("), told=(_LOSS,)),
    _soft("sign of the loss", ("loss = np.mean(", "loss = -np.mean("), told=(_LOSS,)),
    _soft("one nan", ("dW += 2 * reg * W", "dW += 2 * reg * W\n    dW[0, 0] = np.nan"),
          told=("backward[dW] V403",)),
    _soft("raises", ("np.exp(shifted)", "np.exq(shifted)"), told=("forward R201", "backward[dW]")),
    _soft("no shift", ("scores - scores.max(axis=1, keepdims=True)", "scores"), told=_STRESS),
    _soft("one shift for all", ("scores.max(axis=1, keepdims=True)", "scores.max()"), told=_STRESS),
    _soft("logarithm of a probability", ("np.log(sums[:, 0]) - shifted[rows, y]",
          "-np.log(probs[rows, y])"), told=("stress V403 loss",)),
    _soft("logarithm kept from 0", ("np.log(sums[:, 0]) - shifted[rows, y]",
          "-np.log(probs[rows, y] + 1e-15)"), told=("stress V401 loss|forward V401",)),
    _softs("M21 label missing", (_LABEL, "")),
    _softs("M01 not divided by N", (_MEAN, "")),
    _softs("M02 divided by N twice", ("dscores /= N", "dscores /= N**2")),
    _softs("M12 elementwise product", ("X.T.dot(dscores)", "X.T * dscores"), told=(
        *_RAISES, "forward[probs]")),
    _softs("M16 half reg gradient", ("dW += 2 * reg", "dW += reg"), told=(_DW,)),
    _softs("M16 reg forgotten in its gradient", ("2 * reg * W", "2 * W"), told=(_DW,)),
    _softs("M23 diagonal of the Jacobian", ("dscores[rows, y] -= 1", "dscores *= 1 - probs")),
    _softs("M37 overwritten by the regulariser", ("dW += 2", "dW = 2"), told=(_DW,)),
    _softs("M01 not divided by N in dscores alone", (_MEAN, ""), ("X.T.dot(dscores)",
           "X.T.dot(dscores) / N"), told=(_DS,)),
    _softs("M22 denominator not differentiated",
           ("dscores[rows, y] -= 1", "dscores = (probs - 1) * np.eye(W.shape[1])[y]")),
    _softs("scores returned shifted", ('"scores": scores', '"scores": shifted'),
           told=("forward[scores] V401",)),
    _softs("probs not normalised", ('"probs": probs', '"probs": exps'),
           told=("forward[probs] V401",)),
    _softs("M15 reg gradient missing", (_DREG, ""), told=(_DW,)),
    _softs("M46 half reg loss", ("reg_loss = reg", "reg_loss = 0.5 * reg"), told=_REG),
    _softs("M46 sum for mean", ("np.mean(", "np.sum("), told=_DATA),
    _softs("M47 dscores by name of W", ('"dscores": dscores', '"dprobs": dscores'),
           told=("backward[dscores] S304",)),
    _softs("M10 dW of examples in columns", ('"dW": dW', '"dW": dW.T'), told=_TRANSPOSED),
    _softs("M47 a pair", ("return {", "return loss, dW\n    {"), told=(
        "forward[scores] S303", "forward[probs]", "forward[data_loss]", "forward[reg_loss]",
        "forward[loss]", "backward[dscores]", "backward[dW]")),
)  # fmt: skip
