"""Losses that compute in place and reuse their arguments for their results."""

import numpy as np


def l2_regulariser(W, reg):
    loss = reg * np.sum(W * W)
    W *= 2 * reg
    return loss, W


def svm_loss(W, X, y, reg):
    N = len(y)
    rows = np.arange(N)
    scores = X @ W
    scores -= scores[rows, y].reshape(N, 1).copy()
    scores += 1
    scores[rows, y] = 0
    scores[scores < 0] = 0
    loss = scores.sum() / N + reg * np.sum(W * W)
    scores[scores > 0] = 1
    scores[rows, y] -= scores.sum(axis=1)
    W *= 2 * reg
    X /= N
    W += X.T @ scores
    return loss, W


def svm_staged(W, X, y, reg):
    N = len(y)
    rows = np.arange(N)
    scores = X @ W
    margins = scores.copy()
    margins -= scores[rows, y][:, None]
    margins += 1
    margins[rows, y] = 0
    margins *= margins > 0
    out = {"scores": scores, "margins": margins}
    out["data_loss"] = margins.sum() / N
    out["reg_loss"] = reg * np.sum(W * W)
    out["loss"] = out["data_loss"] + 0
    out["loss"] += out["reg_loss"]
    out["dmargins"] = np.ones((N, W.shape[1]))
    out["dmargins"] /= N
    out["dscores"] = out["dmargins"].copy()
    out["dscores"][margins == 0] = 0
    out["dscores"][rows, y] -= out["dscores"].sum(axis=1)
    W *= 2 * reg
    W += X.T @ out["dscores"]
    out["dW"] = W
    return out


def softmax_loss(W, X, y, reg):
    N = len(y)
    rows = np.arange(N)
    s = X @ W
    s -= s.max(axis=1, keepdims=True)
    loss = -s[rows, y].sum()
    np.exp(s, out=s)
    sums = s.sum(axis=1, keepdims=True)
    loss += np.log(sums).sum()
    loss /= N
    loss += reg * np.sum(W * W)
    s /= sums
    s[rows, y] -= 1
    s /= N
    W *= 2 * reg
    W += X.T @ s
    return loss, W


def softmax_staged(W, X, y, reg):
    N = len(y)
    rows = np.arange(N)
    scores = X @ W
    s = scores - scores.max(axis=1, keepdims=True)
    data_loss = -s[rows, y].sum()
    np.exp(s, out=s)
    sums = s.sum(axis=1, keepdims=True)
    data_loss += np.log(sums).sum()
    data_loss /= N
    reg_loss = reg * np.sum(W * W)
    probs = s
    probs /= sums
    dscores = np.array(probs)
    dscores[rows, y] -= 1
    dscores /= N
    dW = 2 * reg * W
    dW += X.T @ dscores
    X[:] = 0
    W[:] = 0
    return {
        "scores": scores,
        "probs": probs,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": data_loss + reg_loss,
        "dscores": dscores,
        "dW": dW,
    }
