"""Wrong losses of linear classifiers.

``WRONG``        weights D x C, examples in rows.
``WRONG_HALF``   those of the regulariser, which are the same with half of it.
``WRONG_2015``   weights C x D, examples in columns, half the regulariser.
"""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_Mistakes = tuple[tuple[str, tuple[Edit, ...], tuple[str, ...]], ...]

_LOSS, _DW = "forward V401", "backward[dW] V402"
_RAISES = ("forward R201", "backward[dW]")
_DREG, _REG = "    dW += 2 * reg * W\n", "    loss += reg * np.sum(W * W)\n"
_REGULARISER: _Mistakes = (
    ("factor 2 missing in its gradient", (("2 * reg * W", "reg * W"),), (_DW,)),
    ("factor 4 in its gradient", (("2 * reg * W", "4 * reg * W"),), (_DW,)),
    ("half of it in the loss", (("reg * np.sum(W * W)", "0.5 * reg * np.sum(W * W)"),), (_LOSS,)),
    ("half of it: another year", (("reg * np.sum(W * W)", "0.5 * reg * np.sum(W * W)"),
     ("2 * reg * W", "reg * W")), (_LOSS, _DW)),
    ("it is missing in the loss", ((_REG, ""),), (_LOSS,)),
    ("it is missing in the gradient", ((_DREG, ""),), (_DW,)),
    ("it is missing in both", ((_REG, ""), (_DREG, "")), (_LOSS, _DW)),
    ("missing in the loss, half in the gradient", ((_REG, ""), ("2 * reg * W", "reg * W")),
     (_LOSS, _DW)),
    ("reg forgotten in its gradient", (("2 * reg * W", "2 * W"),), (_DW,)),
    ("reg forgotten in the loss", (("reg * np.sum(W * W)", "np.sum(W * W)"),), (_LOSS,)),
    ("a scalar for its gradient", (("2 * reg * W", "2 * reg * np.sum(W)"),), (_DW,)),
    ("magnitudes for its gradient", (("2 * reg * W", "2 * reg * np.abs(W)"),), (_DW,)),
    ("sum of W W^T", (("np.sum(W * W)", "np.sum(W.dot(W.T))"),), (_LOSS,)),
    ("its gradient twice", ((_DREG, _DREG + _DREG),), (_DW,)),
    ("its gradient divided by N", (("2 * reg * W", "2 * reg * W / num_train"),), (_DW,)),
    ("in the loss divided by N", (("reg * np.sum(W * W)", "reg * np.sum(W * W) / num_train"),),
     (_LOSS,)),
    ("both divided by N", (("reg * np.sum(W * W)", "reg * np.sum(W * W) / num_train"),
     ("2 * reg * W", "2 * reg * W / num_train")), (_LOSS, _DW)),
    ("the bias is not regularised",
     (("2 * reg * W", "2 * reg * W * (np.arange(len(W)) > 0)[:, None]"),), (_DW,)),
    ("overwrites the gradient", (("dW += 2", "dW = 2"),), (_DW,)),
)  # fmt: skip
_RETURNS: _Mistakes = (
    ("gradient not written yet", (("return loss, dW", "return loss, np.zeros_like(W)"),), (_DW,)),
    ("gradient is None", (("return loss, dW", "return loss, None"),), ("backward[dW] S301",)),
    ("the loss alone", (("return loss, dW", "return loss"),), ("forward S302", "backward[dW]")),
    ("another order", (("return loss, dW", "return dW, loss"),),
     ("forward S306", "backward[dW] S306")),
    ("one value too many", (("return loss, dW", "return loss, dW, reg"),),
     ("forward S303", "backward[dW]")),
    ("dW is transposed", (("return loss, dW", "return loss, dW.T"),), ("backward[dW] S306",)),
    ("globals of the notebook", (("X.shape[0]", "X_train.shape[0]"),), _RAISES),
)  # fmt: skip
_TASKS = ("svm_loss_naive", "svm_loss_vectorized", "softmax_loss_naive", "softmax_loss_vectorized")


def _of_all(mistakes: _Mistakes) -> tuple[Wrong, ...]:
    return tuple(Wrong(task, *mistake) for task in _TASKS for mistake in mistakes)


WRONG_HALF = _of_all(_REGULARISER)


def _svm_n(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DW,)) -> Wrong:
    return Wrong("svm_loss_naive", mistake, edits, told)


def _svm_v(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DW,)) -> Wrong:
    return Wrong("svm_loss_vectorized", mistake, edits, told)


def _soft_n(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DW,)) -> Wrong:
    return Wrong("softmax_loss_naive", mistake, edits, told)


def _soft_v(mistake: str, *edits: Edit, told: tuple[str, ...] = (_DW,)) -> Wrong:
    return Wrong("softmax_loss_vectorized", mistake, edits, told)


_MEANS = "    loss /= num_train\n    dW /= num_train\n"
_OTHERS, _OWN = "                dW[:, j] += X[i]\n", "                dW[:, y[i]] -= X[i]\n"
_SKIP = "            if j == y[i]:\n                continue\n"
_COUNT, _ZERO = "-np.sum(mask, axis=1)", "    margins[rows, y] = 0\n"
_LARGE = ("case.large_scores V403 loss", "case.large_scores V403 dW")
_NAN_ALONE = ("stress V403 loss",)
_LABEL = "        dW[:, y[i]] -= X[i]\n"

WRONG: tuple[Wrong, ...] = (
    *WRONG_HALF,
    *_of_all(_RETURNS),
    _svm_n("regulariser in the loss before the division by N", (_MEANS, ""), (_REG, _REG + _MEANS),
           told=(_LOSS,)),
    _svm_n("regulariser before the division by N", (_MEANS, ""), (_DREG, _DREG + _MEANS),
           told=(_LOSS, _DW)),
    _svm_n("regulariser once a sample", (_REG, ""),
           ("        for j in", "        loss += reg * np.sum(W * W)\n        for j in"),
           ("    loss /= num_train\n", ""), told=(_LOSS,)),
    _svm_n("gradient not divided by N", ("    dW /= num_train\n", "")),
    _svm_n("gradient divided by N twice", ("    dW /= num_train\n", "    dW /= num_train**2\n")),
    _svm_n("nothing divided by N", (_MEANS, ""), told=(_LOSS, _DW)),
    _svm_n("overwritten, not accumulated", ("dW[:, j] += X[i]", "dW[:, j] = X[i]")),
    _svm_n("correct class overwritten", ("dW[:, y[i]] -= X[i]", "dW[:, y[i]] = -X[i]")),
    _svm_n("correct class missing", (_OWN, "")),
    _svm_n("other classes missing", (_OTHERS, "")),
    _svm_n("sign of the correct class", ("dW[:, y[i]] -=", "dW[:, y[i]] +=")),
    _svm_n("sign of both", ("dW[:, j] += X[i]", "dW[:, j] -= X[i]"),
           ("dW[:, y[i]] -= X[i]", "dW[:, y[i]] += X[i]")),
    _svm_n("correct class once a sample", (_OWN, ""),
           ("        for j in", "        dW[:, y[i]] -= X[i]\n        for j in")),
    _svm_n("gradient outside the margin", (_OTHERS + _OWN, ""),
           (_SKIP, f"{_SKIP}            dW[:, j] += X[i]\n            dW[:, y[i]] -= X[i]\n")),
    _svm_n("last example alone", (_OTHERS + _OWN, ""),
           (_MEANS, "    dW[:, j] += X[i]\n    dW[:, y[i]] -= X[i]\n" + _MEANS)),
    _svm_n("correct class counted", (_SKIP, ""), told=(_LOSS,)),
    _svm_n("10 classes", ("W.shape[1]", "10"), told=_RAISES),
    _svm_n("3 classes", ("W.shape[1]", "3"), told=(_LOSS, _DW)),
    _svm_n("classes of the batch", ("W.shape[1]", "len(set(y))"), told=(_LOSS, _DW)),
    _svm_n("500 examples", ("X.shape[0]", "500"), told=_RAISES),
    _svm_n("margin forgotten", ("correct_class_score + 1", "correct_class_score"),
           told=(_LOSS, _DW)),
    _svm_n("margin of 2", ("correct_class_score + 1", "correct_class_score + 2"),
           told=(_LOSS, _DW)),
    _svm_n("correct class missing, factor 2 missing", ("2 * reg * W", "reg * W"), (_OWN, "")),
    _svm_v("gradient not divided by N", ("(mask) / num_train", "(mask)")),
    _svm_v("loss not divided by N", ("np.sum(margins) / num_train", "np.sum(margins)"),
           told=(_LOSS,)),
    _svm_v("mean over all entries", ("np.sum(margins) / num_train", "np.mean(margins)"),
           told=(_LOSS,)),
    _svm_v("correct class counted", (_ZERO, ""), told=(_LOSS, _DW)),
    _svm_v("correct class counted in the loss", (_ZERO, ""), (".astype(float)\n",
           ".astype(float)\n    mask[rows, y] = 0\n"), told=(_LOSS,)),
    _svm_v("correct class missing", (f"    mask[rows, y] = {_COUNT}\n", "")),
    _svm_v("correct class always -1", (_COUNT, "-1")),
    _svm_v("count over the wrong axis", (_COUNT, "-np.sum(mask, axis=0)[y]")),
    _svm_v("count without an axis", (_COUNT, "-np.sum(mask)")),
    _svm_v("boolean mask as a number", (".astype(float)", "")),
    _svm_v("margins for their mask", ("(margins > 0).astype(float)", "margins.copy()")),
    _svm_v("10 classes", ("np.maximum(0, scores - correct + 1)",
           "np.maximum(0, scores - correct + np.ones((num_train, 10)))"), told=_RAISES),
    _svm_v("np.max for np.maximum", ("np.maximum(0,", "np.max(0,"), told=_RAISES),
    _svm_v("correct scores in a row", (".reshape(-1, 1)", ""), told=_RAISES),
    _svm_v("W transposed", ("X.dot(W)", "X.dot(W.T)"), told=_RAISES),
    _svm_v("an elementwise product", ("X.T.dot(mask)", "X.T * mask"), told=_RAISES),
    _svm_v("zero gradient and regulariser missing in the loss", (_REG, ""),
           ("X.T.dot(mask) / num_train", "np.zeros(W.shape)"), (_DREG, ""), told=(_LOSS, "backward[dW]")),
    _soft_n("label forgotten", (_LABEL, "")),
    _soft_n("label once a class", (_LABEL, ""), ("dW[:, j] += p[j] * X[i]\n",
            "dW[:, j] += p[j] * X[i]\n            dW[:, y[i]] -= X[i]\n")),
    _soft_n("p[y] for p[j]", ("+= p[j] *", "+= p[y[i]] *")),
    _soft_n("overwritten, not accumulated", ("dW[:, j] += p[j]", "dW[:, j] = p[j]")),
    _soft_n("p for p - 1", ("-= X[i]", "-= p[y[i]] * X[i]")),
    _soft_n("sign", ("dW[:, j] += p[j]", "dW[:, j] -= p[j]"),
            ("dW[:, y[i]] -= X", "dW[:, y[i]] += X")),
    _soft_n("gradient not divided by N", ("    dW /= num_train\n", "")),
    _soft_n("regulariser before the division by N", (_MEANS, ""), (_DREG, _DREG + _MEANS),
            told=(_LOSS, _DW)),
    _soft_n("logarithm forgotten", ("np.log(np.sum(np.exp(scores)))", "np.sum(np.exp(scores))"),
            told=(_LOSS,)),
    _soft_n("exp forgotten",
            ("np.exp(scores) / np.sum(np.exp(scores))", "scores / np.sum(scores)")),
    _soft_n("loss of every class", ("        for j in range(num_classes):\n",
            "        for j in range(num_classes):\n            loss -= scores[j] - scores[y[i]]\n"),
            told=(_LOSS,)),
    _soft_n("10 classes", ("W.shape[1]", "10"), told=_RAISES),
    _soft_n("classes of the batch", ("W.shape[1]", "np.max(y) + 1")),
    _soft_n("labels as one-hot", (_LABEL, "        dW -= X[i][:, None] * y[i]\n")),
    _soft_n("no maximum subtracted", ("        scores -= np.max(scores)\n", ""), told=_LARGE),
    _soft_n("logarithm of a probability",
            ("loss += np.log(np.sum(np.exp(scores))) - scores[y[i]]", "loss += -np.log(p[y[i]])"),
            told=_NAN_ALONE),
    _soft_n("label forgotten, factor 2 missing", (_LABEL, ""), ("2 * reg * W", "reg * W")),
    _soft_v("label forgotten", ("    dscores[rows, y] -= 1\n", "")),
    _soft_v("label added", ("dscores[rows, y] -= 1", "dscores[rows, y] += 1")),
    _soft_v("labels as one-hot", ("dscores[rows, y] -= 1", "dscores -= y.reshape(-1, 1)")),
    _soft_v("gradient not divided by N", ("(dscores) / num_train", "(dscores)")),
    _soft_v("sums over the wrong axis", ("sums = np.sum(np.exp(scores), axis=1, keepdims=True)",
            "sums = np.sum(np.exp(scores), axis=0, keepdims=True)"), told=(_LOSS, _DW)),
    _soft_v("sum without an axis", ("sums = np.sum(np.exp(scores), axis=1, keepdims=True)",
            "sums = np.sum(np.exp(scores))"), told=(_LOSS, _DW)),
    _soft_v("softmax twice", ("    dscores = p\n",
            "    p = np.exp(p)\n    p /= p.sum(1)[:, None]\n    dscores = p\n")),
    _soft_v("probabilities for their logarithm", ("np.sum(np.log(sums)) - np.sum(scores[rows, y])",
            "-np.sum(p[rows, y])"), told=(_LOSS,)),
    _soft_v("every class", ("scores[rows, y])", "scores)"), told=(_LOSS,)),
    _soft_v("keepdims missing", ("sums = np.sum(np.exp(scores), axis=1, keepdims=True)",
            "sums = np.sum(np.exp(scores), axis=1)"), told=_RAISES),
    _soft_v("all rows for each label", ("dscores[rows, y] -= 1", "dscores[:, y] -= 1")),
    _soft_v("no maximum subtracted", ("    scores -= np.max(scores, axis=1, keepdims=True)\n", ""),
            told=_LARGE),
    _soft_v("logarithm of a probability", ("np.sum(np.log(sums)) - np.sum(scores[rows, y])",
            "-np.sum(np.log(p[rows, y]))"), told=_NAN_ALONE),
    _soft_v("one maximum for all", ("np.max(scores, axis=1, keepdims=True)", "np.max(scores)"),
            told=("stress V403|stress V402",)),
)  # fmt: skip

_WHOLE, _BOTH = ("0.5 * reg * np.sum", "reg * np.sum"), ("dW += reg * W", "dW += 2 * reg * W")
_IN_COLUMNS: _Mistakes = (
    ("gradient of the whole regulariser", (_BOTH,), (_DW,)),
    ("loss with the whole regulariser", (_WHOLE,), (_LOSS,)),
    ("whole regulariser: another year", (_WHOLE, _BOTH), (_LOSS, _DW)),
    ("half of it in the gradient too", (("dW += reg", "dW += 0.5 * reg"),), (_DW,)),
    ("regulariser missing in the gradient", (("    dW += reg * W\n", ""),), (_DW,)),
    ("dW of another year's shape", (("return loss, dW", "return loss, dW.T"),),
     ("backward[dW] S306",)),
    ("gradient not written yet", (("return loss, dW", "return loss, np.zeros_like(W)"),), (_DW,)),
)  # fmt: skip
WRONG_2015: tuple[Wrong, ...] = (
    *_of_all(_IN_COLUMNS),
    _svm_n("examples counted in rows", ("X.shape[1]", "X.shape[0]"),
           told=("forward V401|forward R201", "backward[dW] V402|forward R201")),
    _svm_n("classes counted in columns", ("W.shape[0]", "W.shape[1]"),
           told=("forward V401|forward R201", "backward[dW] V402|forward R201")),
    _svm_v("examples in rows", ("W.dot(X)", "X.dot(W)"), told=_RAISES),
    _svm_v("count over the wrong axis", ("-np.sum(mask, axis=0)", "-np.sum(mask, axis=1)[y]")),
    _soft_n("label forgotten", ("        dW[y[i]] -= X[:, i]\n", "")),
    _soft_v("sums over the wrong axis", ("sums = np.sum(np.exp(scores), axis=0)",
            "sums = np.sum(np.exp(scores), axis=1, keepdims=True)"),
            told=(_LOSS, _DW)),
    _soft_v("X for its transpose", ("dscores.dot(X.T)", "dscores.dot(X)"),
            told=("forward R201", "backward[dW] V402|forward R201")),
)  # fmt: skip
