"""Losses in single precision throughout; the loss has shape (1, 1)."""

import numpy as np

f32 = np.float32


def l2_regulariser(W, reg):
    W, reg = f32(W), f32(reg)
    return (reg * np.sum(W * W)).reshape(1, 1), f32(2) * reg * W


def prepare(W, X, y):
    W, X = W.astype(f32), X.astype(f32)
    return W, X, X @ W, np.arange(len(y))


def svm_loss(W, X, y, reg):
    W, X, scores, rows = prepare(W, X, y)
    N, reg = f32(len(y)), f32(reg)
    margins = np.maximum(f32(0), scores - scores[rows, y][:, None] + f32(1))
    margins[rows, y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    d = (margins > 0).astype(f32)
    d[rows, y] -= d.sum(axis=1)
    return loss.reshape(1, 1), X.T @ d / N + f32(2) * reg * W


def svm_staged(W, X, y, reg):
    W, X, scores, rows = prepare(W, X, y)
    N, reg = f32(len(y)), f32(reg)
    raw = scores - scores[rows, y][:, None] + f32(1)
    raw[rows, y] = -1
    margins = np.maximum(f32(0), raw)
    data_loss = margins.sum() / N
    reg_loss = reg * np.sum(W * W)
    dmargins = np.ones_like(margins) / N
    dscores = dmargins * (raw >= 0)
    dscores[rows, y] -= dscores.sum(axis=1)
    return {
        "scores": scores,
        "margins": margins,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": data_loss + reg_loss,
        "dmargins": dmargins,
        "dscores": dscores,
        "dW": X.T @ dscores + f32(2) * reg * W,
    }


def softmax_parts(scores, y, rows):
    shifted = scores - scores.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    sums = e.sum(axis=1)
    data_loss = np.mean(np.log(sums) - shifted[rows, y])
    return data_loss, e / sums[:, None]


def softmax_loss(W, X, y, reg):
    W, X, scores, rows = prepare(W, X, y)
    reg = f32(reg)
    data_loss, probs = softmax_parts(scores, y, rows)
    probs[rows, y] -= f32(1)
    dW = X.T @ (probs / f32(len(y))) + f32(2) * reg * W
    return (data_loss + reg * np.sum(W * W)).reshape(1, 1), dW


def softmax_staged(W, X, y, reg):
    W, X, scores, rows = prepare(W, X, y)
    reg = f32(reg)
    data_loss, probs = softmax_parts(scores, y, rows)
    reg_loss = reg * np.sum(W * W)
    dscores = probs.copy()
    dscores[rows, y] -= f32(1)
    dscores /= f32(len(y))
    return {
        "scores": scores,
        "probs": probs,
        "data_loss": data_loss,
        "reg_loss": reg_loss,
        "loss": data_loss + reg_loss,
        "dscores": dscores,
        "dW": X.T @ dscores + f32(2) * reg * W,
    }
