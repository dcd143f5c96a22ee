"""Losses that compute in single precision; loss and gradients come back in double precision."""

import numpy as np


def l2_regulariser(W, reg):
    W = W.astype(np.float32)
    return float(np.float32(reg) * np.sum(W * W)), (2 * np.float32(reg) * W).astype(float)


def scores_of(W, X):
    return np.dot(X.astype(np.float32), W.astype(np.float32))


def svm_loss(W, X, y, reg):
    N = len(y)
    scores = scores_of(W, X)
    correct = scores[np.arange(N), y].reshape(-1, 1)
    margins = np.maximum(scores - correct + 1, 0)
    margins[np.arange(N), y] = 0
    loss = float(margins.sum() / N) + reg * np.sum(W**2)
    active = np.float32(margins > 0)
    active[np.arange(N), y] = -active.sum(1)
    return loss, np.dot(X.astype(np.float32).T, active) / N + 2 * reg * W


def svm_staged(W, X, y, reg):
    N = len(y)
    scores = scores_of(W, X)
    correct = scores[np.arange(N), y].reshape(-1, 1)
    margins = np.maximum(scores - correct + 1, 0)
    margins[np.arange(N), y] = 0
    data_loss = float(margins.sum() / N)
    reg_loss = reg * np.sum(W**2)
    dscores = np.float32(margins > 0) / N
    dscores[np.arange(N), y] = -dscores.sum(1)
    return {
        "scores": scores.astype(float),
        "margins": margins.astype(float),
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": data_loss + reg_loss,
        "dmargins": np.full(margins.shape, 1 / N),
        "dscores": dscores.astype(float),
        "dW": np.dot(X.T, dscores) + 2 * reg * W,
    }


def softmax_loss(W, X, y, reg):
    N = len(y)
    scores = scores_of(W, X)
    scores -= scores.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(scores).sum(axis=1, keepdims=True))
    log_probs = scores - log_sum
    loss = -log_probs[np.arange(N), y].sum() / N + reg * np.sum(W**2)
    d = np.exp(log_probs)
    d[np.arange(N), y] -= 1
    return float(loss), X.T @ (d / N) + 2 * reg * W


def softmax_staged(W, X, y, reg):
    N = len(y)
    scores = scores_of(W, X)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(e.sum(axis=1, keepdims=True))
    data_loss = float(-log_probs[np.arange(N), y].mean())
    reg_loss = reg * np.sum(W**2)
    dscores = probs.copy()
    dscores[np.arange(N), y] -= 1
    dscores /= N
    return {
        "scores": scores.astype(float),
        "probs": probs.astype(float),
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": data_loss + reg_loss,
        "dscores": dscores.astype(float),
        "dW": X.T @ dscores + 2 * reg * W,
    }
