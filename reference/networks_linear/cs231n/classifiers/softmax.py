"""The softmax loss of a linear classifier, with loops and without.

W [D, C], X [N, D] with one example a row, y [N] with labels 0 .. C-1, scores = X W [N, C].
The regularisation is reg sum(W W); with ``regulariser="half"`` half of that.
"""

import numpy as np


def softmax_loss_naive(W, X, y, reg, *, regulariser="full"):
    """L_i = log(sum_j exp(s_ij)) - s_i,y_i, the mean over i, plus the regularisation."""
    n, c = X.shape[0], W.shape[1]
    strength = reg if regulariser == "full" else 0.5 * reg
    loss = 0.0
    dW = np.zeros_like(W)
    for i in range(n):
        scores = X[i].dot(W)
        scores = scores - scores.max()
        log_sum = np.log(np.sum(np.exp(scores)))
        loss += (log_sum - scores[y[i]]) / n
        for j in range(c):
            dW[:, j] += (np.exp(scores[j] - log_sum) - (j == y[i])) * X[i] / n
    loss += strength * np.sum(W * W)
    dW += 2.0 * strength * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg, *, regulariser="full"):
    """The same for all examples at once; dscores = (probs - one_hot(y)) / N."""
    n, c = X.shape[0], W.shape[1]
    strength = reg if regulariser == "full" else 0.5 * reg
    own = y[:, None] == np.arange(c)
    scores = X.dot(W)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.sum(log_probs[own]) / n + strength * np.sum(W * W)

    dscores = (np.exp(log_probs) - own) / n
    dW = X.T.dot(dscores) + 2.0 * strength * W
    return loss, dW


def draw_scores(_rng, kind, values):
    """Large scores: the first feature is 1 and its weights are 1500 more, so all scores are."""
    if kind != "large_scores":
        return {}
    W, X = values["W"].copy(), values["X"].copy()
    W[0] += 1500.0
    X[:, 0] = 1.0
    return {"W": W, "X": X}
