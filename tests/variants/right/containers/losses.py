"""Losses that return dicts of gradients, lists, numpy numbers and more names than asked for."""

import numpy as np


def l2_regulariser(W, reg):
    return [np.float64(reg * np.sum(W**2)), {"W": 2 * reg * W}]


def svm_loss(W, X, y, reg):
    N = len(y)
    scores = X @ W
    mask = np.ones(scores.shape, dtype=bool)
    mask[np.arange(N), y] = False
    correct = np.choose(y, scores.T)
    margins = np.where(mask, (scores.T - correct + 1).T, 0)
    active = (margins > 0) / N
    active -= np.where(mask, 0, active.sum(axis=1, keepdims=True))
    loss = np.maximum(margins, 0).sum(axis=1).mean() + reg * np.sum(W**2)
    return loss, {"dW": X.T @ active + 2 * reg * W, "dX": active @ W.T}


def svm_staged(W, X, y, reg):
    N = len(y)
    own = np.arange(W.shape[1]) == y[:, None]
    scores = X @ W
    raw = scores - scores[own][:, None] + 1
    margins = np.ma.array(raw, mask=own | (raw < 0)).filled(0.0)
    data_loss = np.mean(np.sum(margins, axis=1))
    reg_loss = reg * np.sum(W**2)
    dmargins = np.ones(scores.shape) * N**-1
    draw = np.where(own | (raw < 0), 0.0, dmargins)
    dcorrect = -draw.sum(axis=1)
    dscores = draw.copy()
    dscores[own] += dcorrect
    loss = data_loss + reg_loss
    dW = X.T @ dscores + 2 * reg * W
    return locals()


def softmax_loss(W, X, y, reg):
    scores = X @ W
    shifted = scores - np.amax(scores, axis=1).reshape(-1, 1)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1)).reshape(-1, 1)
    data = -log_probs[np.arange(len(y)), y].mean()
    P = np.exp(log_probs)
    np.subtract.at(P, (np.arange(len(y)), y), 1)
    return [np.array(data + reg * np.sum(W**2)), [X.T @ P / len(y) + 2 * reg * W]]


def softmax_staged(W, X, y, reg):
    out = {"scores": X @ W, "reg_loss": reg * np.sum(W**2)}
    shifted = out["scores"] - np.amax(out["scores"], axis=1).reshape(-1, 1)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1)).reshape(-1, 1)
    out["probs"] = np.exp(log_probs)
    out["data_loss"] = -log_probs[np.arange(len(y)), y].mean()
    out["loss"] = out["data_loss"] + out["reg_loss"]
    out["dscores"] = (out["probs"] - np.identity(W.shape[1])[y]) / len(y)
    out["dW"] = X.T @ out["dscores"] + 2 * reg * W
    out["unused"] = None
    return out
