"""The multiclass SVM loss of a linear classifier, with loops and without.

W [C, D], X [D, N] with one example a column, y [N] with labels 0 .. C-1, scores = W X [C, N].
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    """L_i = sum_{j != y_i} max(0, s_ji - s_y_i,i + 1), the mean over i, plus reg/2 sum(W W)."""
    n, c = X.shape[1], W.shape[0]
    loss = 0.0
    dW = np.zeros_like(W)
    for i in range(n):
        scores = W.dot(X[:, i])
        for j in range(c):
            margin = scores[j] - scores[y[i]] + 1.0
            if j != y[i] and margin > 0:
                loss += margin / n
                dW[j] += X[:, i] / n
                dW[y[i]] -= X[:, i] / n
    loss += 0.5 * reg * np.sum(W * W)
    dW += reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """The same for all examples at once; dW = dscores X^T + reg W."""
    n, c = X.shape[1], W.shape[0]
    own = np.arange(c)[:, None] == y
    scores = W.dot(X)
    margins = (scores - np.sum(scores * own, axis=0) + 1.0) * ~own
    active = margins > 0
    loss = np.sum(margins * active) / n + 0.5 * reg * np.sum(W * W)

    dscores = (active - own * active.sum(axis=0)) / n
    dW = dscores.dot(X.T) + reg * W
    return loss, dW


def svm_kinks(W, X, y, **_):
    """The hinges bend where s_ji - s_y_i,i + 1 changes its sign, for the wrong classes j alone."""
    own = np.arange(W.shape[0])[:, None] == y
    scores = W.dot(X)
    return (scores - np.sum(scores * own, axis=0) + 1.0)[~own]
