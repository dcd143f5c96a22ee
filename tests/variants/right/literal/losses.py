"""The losses as the statement writes them; `softmax_staged` takes -log(probs[i, y_i])."""

import numpy as np


def l2_regulariser(W, reg):
    return reg * (W * W).sum(), 2 * reg * W


def hinge(scores, y):
    N = len(y)
    margins = np.clip(scores - scores[range(N), y][:, None] + 1, 0, None)
    margins[range(N), y] = 0
    return margins


def svm_loss(W, X, y, reg):
    out = svm_staged(W, X, y, reg)
    return out["loss"], out["dW"]


def svm_staged(W, X, y, reg):
    N = len(y)
    scores = X @ W
    margins = hinge(scores, y)
    data_loss = 1 / N * margins.sum()
    reg_loss = reg * (W * W).sum()
    dscores = np.where(margins > 0, 1 / N, 0)
    dscores[range(N), y] = -dscores.sum(axis=1)
    return {
        "scores": scores,
        "margins": margins,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": data_loss + reg_loss,
        "dmargins": np.full(scores.shape, 1 / N),
        "dscores": dscores,
        "dW": X.T @ dscores + 2 * reg * W,
    }


def softmax_loss(W, X, y, reg):
    N = len(y)
    s = X @ W
    s = s - s.max(axis=1)[:, None]
    L = np.log(np.exp(s).sum(axis=1)) - s[range(N), y]
    d = np.exp(s) / np.exp(s).sum(axis=1)[:, None]
    d[range(N), y] -= 1
    return L.mean() + reg * (W * W).sum(), X.T @ d / N + 2 * reg * W


def softmax_staged(W, X, y, reg):
    N = len(y)
    scores = X @ W
    # Subtract the largest score of each row before exp.
    e = np.exp(scores - scores.max(axis=1)[:, None])
    probs = e / e.sum(axis=1)[:, None]
    data_loss = np.sum(-np.log(probs[range(N), y])) / N
    reg_loss = reg * (W * W).sum()
    dscores = probs.copy()
    dscores[range(N), y] -= 1
    dscores /= N
    return {
        "scores": scores,
        "probs": probs,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": data_loss + reg_loss,
        "dscores": dscores,
        "dW": X.T @ dscores + 2 * reg * W,
    }
