"""Losses whose gradients are lists of rows, and whose loss is a list of one number."""

import numpy as np


def l2_regulariser(W, reg):
    return [reg * np.sum(W * W)], (2 * reg * W).tolist()


def svm_loss(W, X, y, reg):
    out = svm_staged(W, X, y, reg)
    return out["loss"], [np.array(row) for row in out["dW"]]


def svm_staged(W, X, y, reg):
    scores, margins, dscores = [], [], []
    n = len(X)
    for row, label in zip(X, y):
        s = [float(row @ column) for column in W.T]
        m = [max(0.0, sj - s[label] + 1) for sj in s]
        m[label] = 0.0
        d = [1 / n if mj > 0 else 0.0 for mj in m]
        d[label] = -sum(d)
        scores.append(s)
        margins.append(m)
        dscores.append(d)
    data_loss = sum(map(sum, margins)) / n
    reg_loss = reg * sum(w * w for w in W.flat)
    return {
        "scores": scores,
        "margins": margins,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": data_loss + reg_loss,
        "dmargins": [[1 / n] * len(s) for s in scores],
        "dscores": dscores,
        "dW": (X.T @ np.array(dscores) + 2 * reg * W).tolist(),
    }


def softmax_loss(W, X, y, reg):
    out = softmax_staged(W, X, y, reg)
    return [out["loss"], out["dW"]]


def softmax_staged(W, X, y, reg):
    n = len(X)
    scores = X @ W
    log_probs = [s - max(s) - np.log(sum(np.exp(s - max(s)))) for s in scores]
    probs = [np.exp(row) for row in log_probs]
    dscores = [row.tolist() for row in probs]
    for d, label in zip(dscores, y):
        d[label] -= 1
        d[:] = [v / n for v in d]
    data_loss = -sum(row[label] for row, label in zip(log_probs, y)) / n
    reg_loss = reg * np.sum(W * W)
    return {
        "scores": scores.tolist(),
        "probs": probs,
        "data_loss": [data_loss],
        "reg_loss": float(reg_loss),
        "loss": [[data_loss + reg_loss]],
        "dscores": dscores,
        "dW": list(X.T @ np.array(dscores) + 2 * reg * W),
    }
