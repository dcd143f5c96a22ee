"""The multiclass SVM loss of a linear classifier, with loops and without.

W [D, C], X [N, D] with one example a row, y [N] with labels 0 .. C-1, scores = X W [N, C].
The regularisation is reg sum(W W); with ``regulariser="half"`` half of that.
"""

import numpy as np


def svm_loss_naive(W, X, y, reg, *, regulariser="full"):
    """L_i = sum_{j != y_i} max(0, s_ij - s_i,y_i + 1), the mean over i, plus the regularisation."""
    n, c = X.shape[0], W.shape[1]
    strength = reg if regulariser == "full" else 0.5 * reg
    loss = 0.0
    dW = np.zeros_like(W)
    for i in range(n):
        scores = X[i].dot(W)
        for j in range(c):
            margin = scores[j] - scores[y[i]] + 1.0
            if j != y[i] and margin > 0:
                loss += margin / n
                dW[:, j] += X[i] / n
                dW[:, y[i]] -= X[i] / n
    loss += strength * np.sum(W * W)
    dW += 2.0 * strength * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg, *, regulariser="full"):
    """The same for all examples at once; dW = X^T dscores + that of the regularisation."""
    n, c = X.shape[0], W.shape[1]
    strength = reg if regulariser == "full" else 0.5 * reg
    own = y[:, None] == np.arange(c)
    scores = X.dot(W)
    margins = (scores - scores[own][:, None] + 1.0) * ~own
    active = margins > 0
    loss = np.sum(margins * active) / n + strength * np.sum(W * W)

    dscores = (active - own * active.sum(axis=1, keepdims=True)) / n
    dW = X.T.dot(dscores) + 2.0 * strength * W
    return loss, dW


def svm_kinks(W, X, y, **_):
    """The hinges bend where s_ij - s_i,y_i + 1 changes its sign, for the wrong classes j alone."""
    own = y[:, None] == np.arange(W.shape[1])
    scores = X.dot(W)
    return (scores - scores[own][:, None] + 1.0)[~own]
