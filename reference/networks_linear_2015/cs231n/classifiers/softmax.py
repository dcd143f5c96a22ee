"""The softmax loss of a linear classifier, with loops and without.

W [C, D], X [D, N] with one example a column, y [N] with labels 0 .. C-1, scores = W X [C, N].
"""

import numpy as np


def softmax_loss_naive(W, X, y, reg):
    """L_i = log(sum_j exp(s_ji)) - s_y_i,i, the mean over i, plus reg/2 sum(W W)."""
    n, c = X.shape[1], W.shape[0]
    loss = 0.0
    dW = np.zeros_like(W)
    for i in range(n):
        scores = W.dot(X[:, i])
        scores = scores - scores.max()
        log_sum = np.log(np.sum(np.exp(scores)))
        loss += (log_sum - scores[y[i]]) / n
        for j in range(c):
            dW[j] += (np.exp(scores[j] - log_sum) - (j == y[i])) * X[:, i] / n
    loss += 0.5 * reg * np.sum(W * W)
    dW += reg * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """The same for all examples at once; dscores = (probs - one_hot(y)) / N."""
    n, c = X.shape[1], W.shape[0]
    own = np.arange(c)[:, None] == y
    scores = W.dot(X)
    shifted = scores - scores.max(axis=0)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=0))
    loss = -np.sum(log_probs * own) / n + 0.5 * reg * np.sum(W * W)

    dscores = (np.exp(log_probs) - own) / n
    dW = dscores.dot(X.T) + reg * W
    return loss, dW


def draw_scores(_rng, kind, values):
    """Large scores: the first feature is 1 and its weights are 1500 more, so all scores are."""
    if kind != "large_scores":
        return {}
    W, X = values["W"].copy(), values["X"].copy()
    W[:, 0] += 1500.0
    X[0] = 1.0
    return {"W": W, "X": X}
