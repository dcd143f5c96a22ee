"""Losses of a linear classifier: SVM, softmax and L2 regularisation (CS231n, lectures 3 and 4).

Shapes as stated: W [D, C], X [N, D], y [N] with labels 0 .. C-1, scores = X W of shape [N, C].
With ``orientation="WX"`` the examples are columns: W [C, D], X [D, N], scores = W X [C, N].

``loss = data_loss + reg_loss`` where the data loss is the mean over the examples
(``reduction="sum"``: their sum) and ``reg_loss = reg * sum(W * W)`` (``regulariser="half"``:
half of that).
"""

import numpy as np


def _own_class(y, scores, orientation):
    """Mark the entries of ``scores`` that belong to the correct class of their example."""
    if orientation == "XW":
        return y[:, None] == np.arange(scores.shape[1])
    return np.arange(scores.shape[0])[:, None] == y


def _divisor(y, reduction):
    """What the summed losses of the examples are divided by."""
    return len(y) if reduction == "mean" else 1


def _strength(reg, regulariser):
    """The factor before sum(W * W)."""
    return reg if regulariser == "full" else 0.5 * reg


def svm_loss(W, X, y, reg, *, regulariser="full", reduction="mean", orientation="XW"):
    """Multiclass SVM: L_i = sum_{j != y_i} max(0, s_j - s_{y_i} + 1) (CS231n, lecture 3).

    Backward: every positive margin pushes its own score up by one and pulls the correct
    class's score down by one; dW = X^T dscores + 2 reg W.
    """
    axis = 1 if orientation == "XW" else 0
    n = _divisor(y, reduction)
    strength = _strength(reg, regulariser)

    scores = X @ W if orientation == "XW" else W @ X
    own = _own_class(y, scores, orientation)
    correct = np.sum(scores * own, axis=axis, keepdims=True)
    margins = np.maximum(0.0, scores - correct + 1.0) * ~own
    loss = np.sum(margins) / n + strength * np.sum(W * W)

    active = np.ones_like(margins) / n * (margins > 0)
    dscores = active - own * np.sum(active, axis=axis, keepdims=True)
    dW = X.T @ dscores if orientation == "XW" else dscores @ X.T
    dW = dW + 2.0 * strength * W
    return loss, dW


def svm_kinks(W, X, y, *, orientation="XW", **_):
    """The hinges bend where s_j - s_{y_i} + 1 changes sign, for the wrong classes j alone."""
    axis = 1 if orientation == "XW" else 0
    scores = X @ W if orientation == "XW" else W @ X
    own = _own_class(y, scores, orientation)
    correct = np.sum(scores * own, axis=axis, keepdims=True)
    return (scores - correct + 1.0)[~own]


def softmax_loss(W, X, y, reg, *, regulariser="full", reduction="mean", orientation="XW"):
    """Softmax cross-entropy: L_i = -log(exp(s_{y_i}) / sum_j exp(s_j)) (CS231n, lecture 3).

    The largest score is subtracted first and the logarithm is taken before anything can become
    0. Backward: dscores = (P - Y) / N with the one-hot labels Y; dW = X^T dscores + 2 reg W.
    """
    axis = 1 if orientation == "XW" else 0
    n = _divisor(y, reduction)
    strength = _strength(reg, regulariser)

    scores = X @ W if orientation == "XW" else W @ X
    own = _own_class(y, scores, orientation)
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
    loss = -np.sum(log_probs * own) / n + strength * np.sum(W * W)

    dscores = (np.exp(log_probs) - own) / n
    dW = X.T @ dscores if orientation == "XW" else dscores @ X.T
    dW = dW + 2.0 * strength * W
    return loss, dW


def svm_staged(W, X, y, reg, *, regulariser="full", reduction="mean", orientation="XW"):
    """The SVM loss with every stage named (CS231n, lecture 4).

    margins and dmargins have the shape of scores. margins is 0 at the correct classes, and the
    data loss is the plain mean of its rows' sums, so dmargins is 1 / N in every entry.
    """
    axis = 1 if orientation == "XW" else 0
    n = _divisor(y, reduction)
    strength = _strength(reg, regulariser)

    scores = X @ W if orientation == "XW" else W @ X
    own = _own_class(y, scores, orientation)
    correct = np.sum(scores * own, axis=axis, keepdims=True)
    margins = np.maximum(0.0, scores - correct + 1.0) * ~own
    data_loss = np.sum(margins) / n
    reg_loss = strength * np.sum(W * W)
    loss = data_loss + reg_loss

    dmargins = np.ones_like(margins) / n  # the sum distributes
    active = dmargins * (margins > 0)  # through the max, 0 at the correct classes
    dscores = active - own * np.sum(active, axis=axis, keepdims=True)  # s_j - s_y + 1
    dW = X.T @ dscores if orientation == "XW" else dscores @ X.T
    dW = dW + 2.0 * strength * W  # W is used by the scores and by the regulariser
    return {
        "scores": scores,
        "margins": margins,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": loss,
        "dmargins": dmargins,
        "dscores": dscores,
        "dW": dW,
    }


def softmax_staged(W, X, y, reg, *, regulariser="full", reduction="mean", orientation="XW"):
    """The softmax loss with every stage named (CS231n, lecture 4).

    probs has the shape of scores. dscores = (probs - Y) / N with the one-hot labels Y.
    """
    axis = 1 if orientation == "XW" else 0
    n = _divisor(y, reduction)
    strength = _strength(reg, regulariser)

    scores = X @ W if orientation == "XW" else W @ X
    own = _own_class(y, scores, orientation)
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
    probs = np.exp(log_probs)
    data_loss = -np.sum(log_probs * own) / n
    reg_loss = strength * np.sum(W * W)
    loss = data_loss + reg_loss

    dscores = (probs - own) / n
    dW = X.T @ dscores if orientation == "XW" else dscores @ X.T
    dW = dW + 2.0 * strength * W  # W is used by the scores and by the regulariser
    return {
        "scores": scores,
        "probs": probs,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": loss,
        "dscores": dscores,
        "dW": dW,
    }


def l2_regulariser(W, reg, *, regulariser="full"):
    """L2 penalty: loss = reg * sum(W * W), so dW = 2 reg W (CS231n, lecture 3)."""
    strength = _strength(reg, regulariser)
    loss = strength * np.sum(W * W)
    dW = 2.0 * strength * W
    return loss, dW
