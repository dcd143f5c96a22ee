"""Wrong networks of two layers.

``WRONG``          neural_net.py.
``WRONG_HALF``     those of the regulariser, which are the same with half of it.
``WRONG_FC_NET``   fc_net.py: half the regulariser, examples of any shape.
"""

from __future__ import annotations

from variants.wrong.record import Edit, Wrong

_LOSS, _SCORES = "forward V401", "forward V401"
_W1, _B1, _W2, _B2 = (f"backward[d{name}] V402" for name in ("W1", "b1", "W2", "b2"))
_UNREACHED = tuple(f"backward[d{name}]" for name in ("W1", "b1", "W2", "b2"))
_RAISES = ("forward R201", *_UNREACHED)
_BOTH_REG = "(np.sum(W1 * W1) + np.sum(W2 * W2))"
_HIDDEN = "np.maximum(0, X.dot(W1) + b1)"
_MASK = "        dhidden[hidden <= 0] = 0\n"
_LABEL, _MEAN = "        dscores[np.arange(N), y] -= 1\n", "        dscores /= N\n"


def _net(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("loss", mistake, edits, told)


def _scores(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("scores", mistake, edits, told)


def _images(mistake: str, *edits: Edit, told: tuple[str, ...]) -> Wrong:
    return Wrong("loss_of_images", mistake, edits, told)


# What is written the same way in both files.
_OF_BOTH: tuple[tuple[str, tuple[Edit, ...], tuple[str, ...]], ...] = (
    ("W1 alone is regularised in the loss", ((_BOTH_REG, "np.sum(W1 * W1)"),), (_LOSS,)),
    ("biases are regularised", ((_BOTH_REG, _BOTH_REG[:-1] + " + np.sum(b1 * b1))"),), (_LOSS,)),
    ("no ReLU in backward", ((_MASK, ""),), (_W1, _B1)),
    ("ReLU of the gradient", ((_MASK, "        dhidden[dhidden <= 0] = 0\n"),), (_W1, _B1)),
    ("no ReLU at all", (("np.maximum(0, ", "("), (_MASK, "")), (_LOSS, _W1, _B1, _W2, _B2)),
    ("hidden for its mask", ((_MASK, "        dhidden *= hidden\n"),), (_W1, _B1)),
    ("b1 forgotten", ((".dot(W1) + b1", ".dot(W1)"),), (_LOSS, _W1, _B1, _W2, _B2)),
    ("a ReLU on the scores", (("scores = hidden.dot(W2) + b2",
     "scores = np.maximum(0, hidden.dot(W2) + b2)"),), (_LOSS, _W1, _B1, _W2, _B2)),
    ("b2 of one example", (("np.sum(dscores, axis=0)", "dscores[0]"),), (_B2,)),
    ("b1 is a mean", (("np.sum(dhidden, axis=0)", "np.mean(dhidden, axis=0)"),), (_B1,)),
    ("b1 over the other axis", (("np.sum(dhidden, axis=0)", "np.sum(dhidden, axis=1)"),),
     ("backward[db1] S306",)),
    ("b2 has an axis too many", (("np.sum(dscores, axis=0)",
     "np.sum(dscores, axis=0, keepdims=True)"),), ("backward[db2] S307",)),
    ("both biases have an axis too many", (("np.sum(dscores, axis=0)",
     "np.sum(dscores, axis=0, keepdims=True)"), ("np.sum(dhidden, axis=0)",
     "np.sum(dhidden, axis=0, keepdims=True)")), ("backward[db1] S307", "backward[db2] S307")),
    ("gradient not divided by N", ((_MEAN, ""),), (_W1, _B1, _W2, _B2)),
    ("loss not divided by N", ((", y]) / N\n", ", y])\n"),), (_LOSS,)),
    ("nothing divided by N", ((", y]) / N\n", ", y])\n"), (_MEAN, "")),
     (_LOSS, _W1, _B1, _W2, _B2)),
    ("label forgotten", ((_LABEL, ""),), (_W1, _B1, _W2, _B2)),
    ("sums over the wrong axis", (("np.sum(np.exp(shifted), axis=1, keepdims=True)",
     "np.sum(np.exp(shifted), axis=0, keepdims=True)"), ("sums[:, 0]", "sums[0, 0]")),
     (_LOSS, _W1, _B1, _W2, _B2)),
    ("W2 not transposed", (("dscores.dot(W2.T)", "dscores.dot(W2)"),), _RAISES),
    ("scores for hidden", (("hidden.T.dot(dscores)", "scores.T.dot(dscores)"),),
     ("forward R201", *_UNREACHED)),
    ("no gradients yet", (("return loss, grads", "return loss, {}"),),
     tuple(f"{name} S304" for name in _UNREACHED)),
    ("b1 not written yet", (('        grads["b1"] = np.sum(dhidden, axis=0)\n', ""),),
     ("backward[db1] S304",)),
    ("first layer not written yet", (('grads["b1"] = np.sum(dhidden, axis=0)', 'grads["b1"] = 0 * b1'),
     ("        dhidden = dscores.dot(W2.T)\n", "        dhidden = 0 * dscores.dot(W2.T)\n")),
     (_W1, _B1)),
    ("a gradient is None", (('grads["b2"] = np.sum(dscores, axis=0)', 'grads["b2"] = None'),),
     ("backward[db2] S301",)),
    ("the loss alone", (("return loss, grads", "return loss"),), ("forward S302", *_UNREACHED)),
    ("keys of another name", (('grads["b1"] =', 'grads["B1"] ='),), ("backward[db1] S304",)),
    ("globals of the notebook", (("if y is None", "if y_train is None"),), _RAISES),
    ("10 classes", (("np.arange(N), y] -= 1", "np.arange(10), y] -= 1"),), _RAISES),
)  # fmt: skip
_OF_LOSS = tuple(_net(label, *edits, told=told) for label, edits, told in _OF_BOTH)
_OF_SCORES = (
    _scores("b2 forgotten", ("hidden.dot(W2) + b2", "hidden.dot(W2)"), told=(_SCORES,)),
    _scores("no ReLU", ("np.maximum(0, ", "("), told=(_SCORES,)),
    _scores("probabilities", ("return scores", "return np.exp(scores) / np.exp(scores).sum()"),
            told=(_SCORES,)),
    _scores("labels are wanted", ("        if y is None:\n            return scores\n", ""),
            told=("forward R201", "forward S303 scores")),
    _scores("W2 transposed", ("hidden.dot(W2)", "hidden.dot(W2.T)"), told=("forward R201",)),
    _scores("the classes", ("return scores", "return np.argmax(scores, axis=1)"),
            told=("forward S306",)),
    _scores("nothing", ("return scores", "return"), told=("forward S301",)),
)  # fmt: skip

WRONG_HALF: tuple[Wrong, ...] = (
    _net("factor 2 missing in the gradient of W1", ("2 * reg * W1", "reg * W1"), told=(_W1,)),
    _net("factor 2 missing in both gradients", ("2 * reg * W1", "reg * W1"),
         ("2 * reg * W2", "reg * W2"), told=(_W1, _W2)),
    _net("half the regulariser: another year", ("reg * (", "0.5 * reg * ("),
         ("2 * reg * W1", "reg * W1"), ("2 * reg * W2", "reg * W2"), told=(_LOSS, _W1, _W2)),
    _net("half the regulariser in the loss", ("reg * (", "0.5 * reg * ("), told=(_LOSS,)),
    _net("regulariser missing in the loss",
         ("        loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))\n", ""), told=(_LOSS,)),
    _net("regulariser missing in the gradients", (" + 2 * reg * W1", ""), (" + 2 * reg * W2", ""),
         told=(_W1, _W2)),
    _net("W1 for W2 in the regulariser", ("+ np.sum(W2 * W2)", "+ np.sum(W1 * W1)"),
         told=(_LOSS,)),
    _net("no ReLU in backward, factor 2 missing", (_MASK, ""), ("2 * reg * W2", "reg * W2"),
         told=(_W1, _B1, _W2)),
    *_OF_SCORES[:2],
)  # fmt: skip
WRONG: tuple[Wrong, ...] = (
    *_OF_LOSS,
    *_OF_SCORES,
    *WRONG_HALF[:-2],
    _net("mask of the hidden above 1e-4", ("hidden <= 0", "hidden <= 1e-4"),
         told=("near_kink V402 dW1|backward[dW1] V402", "near_kink V402 db1|backward[db1] V402")),
)  # fmt: skip
WRONG_FC_NET: tuple[Wrong, ...] = (
    *_OF_LOSS,
    *_OF_SCORES,
    _net("whole regulariser in the loss", ("0.5 * self.reg", "self.reg"), told=(_LOSS,)),
    _net("gradient of the whole regulariser", ("+= self.reg * W1", "+= 2 * self.reg * W1"),
         ("+= self.reg * W2", "+= 2 * self.reg * W2"), told=(_W1, _W2)),
    _net("whole regulariser: another year", ("0.5 * self.reg", "self.reg"),
         ("+= self.reg * W1", "+= 2 * self.reg * W1"),
         ("+= self.reg * W2", "+= 2 * self.reg * W2"), told=(_LOSS, _W1, _W2)),
    _net("W1 in the gradient of W2", ("+= self.reg * W2", "+= self.reg * W2 * 0"), told=(_W2,)),
    _net("reg is not kept", ("self.reg = reg", "pass"), told=_RAISES),
    _net("reg is always 0", ("self.reg = reg", "self.reg = 0.0"), told=(_LOSS, _W1, _W2)),
    _net("no parameters", ("self.params = {}", "self.params = None\n        return"),
         told=("forward S302", *_UNREACHED)),
    _images("rows alone", ("X.reshape(N, -1)", "X"), told=_RAISES),
    _images("pixels mixed", ("X.reshape(N, -1)", "X.transpose(0, 2, 1).reshape(N, -1)"),
            told=(_LOSS, _W1, _B1, _W2, _B2)),
    _images("gradient of pixels mixed", ("rows.T.dot(dhidden)",
            "X.transpose(0, 2, 1).reshape(N, -1).T.dot(dhidden)"), told=(_W1,)),
)  # fmt: skip
