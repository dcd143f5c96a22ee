"""Linear losses as courses write them: the loss and its gradient added up in place, or in turn."""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros(W.shape)
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        number_of_margins = 0
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j == y[i] or margin <= 0:
                continue
            number_of_margins += 1
            dW[:, j] = dW[:, j] + X[i].T
            loss = loss + margin
        dW[:, y[i]] += -1 * number_of_margins * X[i]
    dW = dW / X.shape[0] + reg * 2 * W
    return loss / X.shape[0] + reg * np.sum(np.power(W, 2)), dW


def svm_loss_vectorized(W, X, y, reg):
    scores = X.dot(W)
    margins = np.maximum(0, (scores.T - scores[range(len(y)), y] + 1).T)
    # The correct class adds 1 for every example, and is taken off again.
    loss = margins.sum() / len(y) - 1.0 + reg * np.sum(W**2)
    margins[margins > 0] = 1
    margins[range(len(y)), y] -= margins.sum(axis=1)
    return loss, np.dot(X.T, margins) / len(y) + 2.0 * reg * W


def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    for i in range(X.shape[0]):
        f = X[i, :].dot(W)
        f -= np.max(f)
        e = np.exp(f)
        loss -= np.log(e[y[i]] / np.sum(e))
        for k in range(W.shape[1]):
            dW[:, k] += X[i, :] * (e[k] / np.sum(e) - (1 if k == y[i] else 0))
    loss /= X.shape[0]
    loss += reg * np.sum(W * W)
    dW /= X.shape[0]
    dW += reg * 2 * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    f = X.dot(W)
    f -= f.max(axis=1)[:, np.newaxis]
    p = np.exp(f) / np.exp(f).sum(axis=1)[:, np.newaxis]
    loss = np.mean(-np.log(p[np.arange(len(y)), y])) + reg * np.sum(W * W)
    one_hot = np.zeros_like(p)
    one_hot[np.arange(len(y)), y] = 1
    dW = -1.0 / len(y) * X.T.dot(one_hot - p) + 2 * reg * W
    return loss, dW
